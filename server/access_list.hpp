// Who may ask: prefixes that are allowed and prefixes that are denied, looked through once per
// query; the longest that holds the client's address decides, and between equals denial. A resolver
// that answers everybody is a weapon (RFC 5358), so the default is this host and private networks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "wire/address.hpp"

namespace cairn::server {

class AccessList {
 public:
  explicit AccessList(std::span<const wire::Prefix> allowed,
                      std::span<const wire::Prefix> denied = {});

  bool allows(const wire::IpAddress& address) const;

  /// Loopback (RFC 1122, 4291), private (RFC 1918, 4193) and link-local (RFC 3927, 4291).
  static std::vector<wire::Prefix> default_prefixes();

 private:
  struct V4 {
    std::uint32_t bits, mask;
    bool allowed;
  };
  struct V6 {
    std::array<std::uint64_t, 2> bits, mask;
    bool allowed;
  };
  void add(const wire::Prefix& prefix, bool allowed);

  std::vector<V4> v4_;  // the longest first
  std::vector<V6> v6_;
};

/// Whether a prefix is a network that somebody can have: a larger one is a good part of the
/// Internet, as 0.0.0.0/0, 0.0.0.0/1 and 2000::/3 are.
bool is_one_network(const wire::Prefix& prefix);

/// 127.0.0.0/8 or ::1: nobody forges that source from outside.
bool is_loopback(const wire::IpAddress& address);

}  // namespace cairn::server
