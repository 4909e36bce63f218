// Lists of address prefixes: the RDATA of APL (RFC 3123). Each item is an address family, a prefix
// length, a mark for "not these", and the octets of the address without its trailing zeros.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "wire/rdata_text.hpp"

namespace cairn::wire {

bool are_well_formed_prefixes(std::span<const std::uint8_t> rdata);

/// Only IPv4 and IPv6 can be written as text; other families may stand on the wire.
bool prefixes_have_text(std::span<const std::uint8_t> rdata);
/// `1:192.168.32.0/21 !2:ff00::/8`
std::string prefixes_to_text(std::span<const std::uint8_t> rdata);

/// One word per item; the index in an error counts from the first of `words`.
std::variant<Bytes, RdataTextError> prefixes_from_text(std::span<const Word> words);

}  // namespace cairn::wire
