#include "server/access_list.hpp"

#include <algorithm>
#include <functional>

#include "server/limits.hpp"

namespace cairn::server {
namespace {

std::uint64_t big_endian(std::span<const std::uint8_t> octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

std::uint64_t mask64(unsigned length) {
  if (length == 0) return 0;
  return ~std::uint64_t{0} << (length >= 64 ? 0 : 64 - length);
}

std::array<std::uint64_t, 2> halves(const wire::IpAddress& address) {
  const auto octets = address.octets();
  return {big_endian(octets.first(8)), big_endian(octets.last(8))};
}

}  // namespace

AccessList::AccessList(std::span<const wire::Prefix> allowed,
                       std::span<const wire::Prefix> denied) {
  // Of equally long ones those that deny stand first, because the sorting is stable.
  for (const wire::Prefix& prefix : denied) add(prefix, false);
  for (const wire::Prefix& prefix : allowed) add(prefix, true);
  std::ranges::stable_sort(v4_, std::greater(), &V4::mask);
  std::ranges::stable_sort(v6_, std::greater(), &V6::mask);
}

void AccessList::add(const wire::Prefix& prefix, bool allowed) {
  const unsigned length = prefix.length;
  if (prefix.address.is_v6()) {
    const std::array mask{mask64(length), mask64(length > 64 ? length - 64 : 0)};
    v6_.push_back({halves(prefix.address), mask, allowed});
  } else {
    v4_.push_back({static_cast<std::uint32_t>(big_endian(prefix.address.octets())),
                   static_cast<std::uint32_t>(mask64(length) >> 32), allowed});
  }
}

bool AccessList::allows(const wire::IpAddress& address) const {
  if (address.is_v6()) {
    const auto bits = halves(address);
    for (const V6& prefix : v6_)
      if ((bits[0] & prefix.mask[0]) == prefix.bits[0] &&
          (bits[1] & prefix.mask[1]) == prefix.bits[1])
        return prefix.allowed;
    return false;
  }
  const auto bits = static_cast<std::uint32_t>(big_endian(address.octets()));
  for (const V4& prefix : v4_)
    if ((bits & prefix.mask) == prefix.bits) return prefix.allowed;
  return false;
}

std::vector<wire::Prefix> AccessList::default_prefixes() {
  std::vector<wire::Prefix> prefixes;
  for (const char* text : {"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12",
                           "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"})
    prefixes.push_back(*wire::Prefix::from_text(text));
  return prefixes;
}

bool is_one_network(const wire::Prefix& prefix) {
  const bool v6 = prefix.address.is_v6();
  if (prefix.length >= (v6 ? limits::widest_network_v6 : limits::widest_network_v4)) return true;
  const auto near = AccessList::default_prefixes();  // fc00::/7
  return std::ranges::any_of(near, [&](const wire::Prefix& known) {
    return known.length <= prefix.length && known.contains(prefix.address);
  });
}

bool is_loopback(const wire::IpAddress& address) {
  const auto octets = address.octets();
  if (!address.is_v6()) return octets[0] == 127;
  for (std::size_t at = 0; at < 15; ++at)
    if (octets[at] != 0) return false;
  return octets[15] == 1;
}

}  // namespace cairn::server
