// Values of the configuration with a unit or a meaning: "128 MiB", "30s", and the key that somebody
// may have meant.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn::server {

/// "128 MiB", "64KiB", "1 GiB", "4096 B" or "4096"; nullopt if it is none.
std::optional<std::uint64_t> octets_from_text(std::string_view text);
/// "30s", "5 m", "1h", "1d", "1w", or seconds without unit.
std::optional<std::uint64_t> seconds_from_text(std::string_view text);

/// The one of `known` that takes the fewest changes of letters, if they are few; empty if none is
/// near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace cairn::server
