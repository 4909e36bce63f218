// A whole DNS message, both ways (RFC 1035 section 4.1): parse() turns foreign bytes into a value
// that cannot be malformed; build() writes it back with names compressed, within a limit of octets.
//
// Laws (fuzz/message.cpp): parse(build(m)) == m, and build(parse(bytes)) is a fixed point.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/edns.hpp"
#include "wire/question.hpp"
#include "wire/result.hpp"
#include "wire/rrset.hpp"
#include "wire/types.hpp"

namespace cairn::wire {

inline constexpr std::size_t header_octets = 12;
inline constexpr std::size_t max_message_octets = 65535;

/// RFC 1035 section 4.1.1, AD and CD from RFC 4035 section 3. `rcode` has the bits of EDNS.
struct Header {
  std::uint16_t id = 0;
  bool response = false;  // QR
  Opcode opcode = Opcode::Query;
  bool authoritative = false;        // AA
  bool truncated = false;            // TC
  bool recursion_desired = false;    // RD
  bool recursion_available = false;  // RA
  bool reserved = false;             // Z, kept as it came
  bool authentic_data = false;       // AD
  bool checking_disabled = false;    // CD
  Rcode rcode = Rcode::NOERROR;

  bool operator==(const Header&) const = default;
};

struct Message {
  Header header;
  std::vector<Question> questions;
  std::vector<Record> answer;
  std::vector<Record> authority;
  std::vector<Record> additional;  // without OPT
  std::optional<Edns> edns;

  bool operator==(const Message&) const = default;
};

/// The fixed part alone, with counts: what can be said of a datagram before it is parsed.
struct RawHeader {
  Header header;  // rcode without the bits of EDNS
  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;

  bool operator==(const RawHeader&) const = default;
};
std::optional<RawHeader> parse_header(std::span<const std::uint8_t> octets);

/// The whole message: trailing octets, more than one question (RFC 9619), a second OPT, an OPT
/// outside additional, RDATA that does not fit its type's layout are errors. A dynamic update's or
/// TSIG's records are carried as they are.
Result<Message> parse(std::span<const std::uint8_t> octets);

/// An OPT record taken apart (RFC 6891 section 6.1.3): its upper bits of the response code go into
/// `header`. nullopt when the lengths of its options do not add up. parse() has done it already.
std::optional<Edns> edns_of(const Record& opt, Header& header, std::size_t most_options = 32);

/// At most `limit` octets. What does not fit is left out as whole RRsets from the end, with TC set
/// when it was from answer or authority (RFC 2181 section 9); the OPT always stays. An rcode that
/// only EDNS can carry becomes SERVFAIL in a message without it.
Bytes build(const Message& message, std::size_t limit = max_message_octets);

}  // namespace cairn::wire
