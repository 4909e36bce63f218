// A message read by one who only wants to look at it. parse() refuses whatever a resolver must not
// believe; a diagnostic tool shows just that: two questions, a second OPT, records of a foreign
// class, octets behind the end, and the part of a message in front of the place where it breaks
// off. What is tolerated and what is not follows dig 9.18, whose words for a message that cannot be
// shown at all are the errors here.
//
// Law: what parse() reads, read_loosely() reads as the same message.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "wire/message.hpp"
#include "wire/result.hpp"

namespace cairn::wire {

/// As a Message, but its records keep their TTLs as they came (32 bits), and those that break a
/// rule (an OPT in the answer section, a TSIG in the midst) stand in their sections as any other.
struct LooseMessage : Message {
  RawHeader claimed;                // the counts of the header, right or wrong
  std::optional<Record> signature;  // TSIG (RFC 8945) or SIG(0) (RFC 2931), when at its place
  bool malformed = false;           // a rule was broken, or the octets ended too early
  bool cut_off = false;             // that they ended is what is wrong first
  std::size_t unread = 0;           // octets behind what was read
  bool half_question = false;       // a name without type and class ends it all

  bool operator==(const LooseMessage&) const = default;
};

/// "bad label type", "extra input data", "FORMERR", ... when not even a part of it can be shown.
Result<LooseMessage> read_loosely(std::span<const std::uint8_t> octets);

/// A message of our own in the same shape.
LooseMessage as_loose(const Message& message);

/// A record whose RDATA has no known form, because the type is the Internet's (RFC 1035 section
/// 3.4) and the class is not.
bool is_opaque(const Record& record);

/// An address of the class CH: a name, and 16 bits that are written in octal.
bool is_chaos_address(const Record& record);

}  // namespace cairn::wire
