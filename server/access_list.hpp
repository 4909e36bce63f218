// Who may ask: a list of prefixes, looked through once per query. A resolver that answers everybody
// is a weapon (RFC 5358), so the default is this host and private networks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "wire/address.hpp"

namespace cairn::server {

class AccessList {
 public:
  explicit AccessList(std::span<const wire::Prefix> prefixes);

  bool allows(const wire::IpAddress& address) const;

  /// Loopback (RFC 1122, 4291), private (RFC 1918, 4193) and link-local (RFC 3927, 4291).
  static std::vector<wire::Prefix> default_prefixes();

 private:
  struct V4 {
    std::uint32_t bits, mask;
  };
  struct V6 {
    std::array<std::uint64_t, 2> bits, mask;
  };
  std::vector<V4> v4_;
  std::vector<V6> v6_;
};

/// 127.0.0.0/8 or ::1: nobody forges that source from outside.
bool is_loopback(const wire::IpAddress& address);

}  // namespace cairn::server
