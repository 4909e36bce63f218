// Why RDATA that does not fit its layout is refused. read_rdata() only says that it is; a tool that
// shows foreign messages must tell data that ends too early (what stands in front of it is shown)
// from data that is wrong (nothing is). Which is which for each type is what dig 9.18 finds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "wire/types.hpp"

namespace cairn::wire {

/// No trouble but the lack of more octets.
inline constexpr std::string_view cut_short = "unexpected end of input";
inline constexpr std::string_view formerr = "FORMERR";

/// What is wrong with RDATA of `type` in the `length` octets of `message` from `at`.
std::string_view rdata_trouble(std::span<const std::uint8_t> message, std::size_t at,
                               std::size_t length, RRType type);

/// What is wrong with the name at `at`, which may not take octets from `end` on; empty for nothing.
std::string_view name_trouble(std::span<const std::uint8_t> message, std::size_t at,
                              std::size_t end);

}  // namespace cairn::wire
