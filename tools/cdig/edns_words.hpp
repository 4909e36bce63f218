// EDNS options as words of the command line: "+ednsopt=code:hex" and "+subnet=address/bits".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "wire/edns.hpp"

namespace cairn::cdig {

/// What dig prints about a word that it cannot read, and dies with.
struct WordError {
  std::string out;
  std::string fatal;
  int exit_code = 1;
};
using EdnsWord = std::variant<wire::EdnsOption, WordError>;

inline constexpr std::string_view bad_hex = "isc_hex_decodestring: bad hex encoding";

/// Hex digits in pairs, with blanks anywhere.
std::optional<wire::Bytes> hex_octets_in(std::string_view text);

/// "NSID", "3", "65001:00ff"
EdnsWord edns_option_in(std::string_view text);

/// "192.0.2.0/24", "10/8", "2001:db8::/32", "0" (RFC 7871 section 6). Bits beyond the prefix go out
/// as zero.
EdnsWord client_subnet_in(std::string_view text);

}  // namespace cairn::cdig
