// Which services of one protocol a host offers: protocol and port bitmap of WKS (RFC 1035
// section 3.4.2), and a name for the ports that zone files of its time spell out (RFC 1010).
#pragma once

#include <span>
#include <string>
#include <variant>

#include "wire/rdata_text.hpp"

namespace cairn::wire {

/// A protocol, and a bitmap of at most 65536 ports that does not end in a zero octet.
bool are_well_formed_services(std::span<const std::uint8_t> rdata);

/// `6 25 53`: the protocol, then its ports in ascending order.
std::string services_to_text(std::span<const std::uint8_t> rdata);

/// Protocol and ports by number or name. The index in an error counts from the first of `words`.
std::variant<Bytes, RdataTextError> services_from_text(std::span<const Word> words);

}  // namespace cairn::wire
