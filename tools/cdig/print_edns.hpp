// The OPT pseudo-record (RFC 6891) and its options in dig's words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/message.hpp"

namespace cairn::cdig {

/// ";; OPT PSEUDOSECTION:" with its lines. `asked` is nullptr for a query of our own.
std::string edns_text(const wire::Edns& edns, const wire::Message* asked);

/// An option's name, what it says, and the sentence of an extended error (RFC 8914).
struct OptionWords {
  std::string name;
  std::string value;
  std::string sentence;
};
OptionWords option_words(const wire::EdnsOption& option, std::string_view cookie_verdict);

/// " do co"
std::string edns_flags_text(const wire::Edns& edns);
/// "0x0001": the flags that have no meaning yet; empty when none is set.
std::string unknown_edns_flags(const wire::Edns& edns);

/// " (good)": whether the server gave back our cookie (RFC 7873 section 5.3). The first cookie of a
/// message counts; empty when none was sent or given.
std::string_view cookie_verdict(const wire::Edns& edns, const wire::Message* asked);

/// Octets as "6e 73", and as their printable characters with dots for the others.
std::string spaced_hex(std::span<const std::uint8_t> octets, std::string_view between = " ");
std::string printable(std::span<const std::uint8_t> octets);

}  // namespace cairn::cdig
