// Where something stands on Earth: the RDATA of LOC (RFC 1876). Latitude and longitude count
// thousandths of a second of arc from 2^31, altitude centimetres from 100 km below the sea; size
// and precisions are one digit and a power of ten, in centimetres.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "wire/rdata_text.hpp"

namespace cairn::wire {

/// Another version than 0 may hold anything (RFC 1876 section 2); of version 0, angles and digits
/// lie in their ranges.
bool is_well_formed_location(std::span<const std::uint8_t> rdata);

/// Version 0: what section 3 can say.
bool location_has_text(std::span<const std::uint8_t> rdata);
/// `52 14 5.000 N 0 8 50.000 E 10.00m 1m 10000m 10m`
std::string location_to_text(std::span<const std::uint8_t> rdata);

/// Section 3's form: minutes, seconds, size and precisions may be left out. The index in an error
/// counts from the first of `words`.
std::variant<Bytes, RdataTextError> location_from_text(std::span<const Word> words);

}  // namespace cairn::wire
