// The set of types that an NSEC, NSEC3 or CSYNC record lists: windows of 256 types, each a bitmap
// without trailing zeros (RFC 4034 section 4.1.2).
#pragma once

#include <span>
#include <vector>

#include "wire/types.hpp"

namespace cairn::wire {

/// Windows ascend, and none is empty or ends in a zero octet: so each set has one encoding only.
bool is_well_formed_bitmap(std::span<const std::uint8_t> bitmap);

/// In ascending order; what stands before the first broken window.
std::vector<RRType> types_of_bitmap(std::span<const std::uint8_t> bitmap);

/// In any order, with or without repetition.
Bytes bitmap_of_types(std::vector<RRType> types);

}  // namespace cairn::wire
