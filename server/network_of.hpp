// The network that an address belongs to, as far as one can see from outside: who has one address
// of a /24, or of the /56 that a household gets, can have them all.
#pragma once

#include <algorithm>
#include <array>

#include "server/limits.hpp"
#include "wire/address.hpp"

namespace cairn::server {

/// Its first address.
inline wire::IpAddress network_of(const wire::IpAddress& address) {
  const auto octets = address.octets();
  if (address.is_v6()) {
    std::array<std::uint8_t, 16> first{};
    std::ranges::copy(octets.first(limits::network_bits_v6 / 8), first.begin());
    return wire::IpAddress::v6(first);
  }
  std::array<std::uint8_t, 4> first{};
  std::ranges::copy(octets.first(limits::network_bits_v4 / 8), first.begin());
  return wire::IpAddress::v4(first);
}

}  // namespace cairn::server
