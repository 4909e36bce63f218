#include "server/connection_quota.hpp"

#include <doctest/doctest.h>

namespace cairn::server {
namespace {

wire::IpAddress host(std::size_t number) {
  return *wire::IpAddress::from_text("10." + std::to_string(number / 65536) + "." +
                                     std::to_string(number / 256 % 256) + "." +
                                     std::to_string(number % 256));
}

TEST_CASE("one address holds its share of connections and no more, until it gives one back") {
  ConnectionQuota quota;
  for (std::size_t i = 0; i < limits::connections_per_address; ++i) CHECK(quota.take(host(1)));
  CHECK_FALSE(quota.take(host(1)));
  CHECK(quota.take(host(2)));
  quota.give_back(host(1));
  CHECK(quota.take(host(1)));
  CHECK_FALSE(quota.take(host(1)));
}

TEST_CASE("all addresses together hold no more than all connections") {
  ConnectionQuota quota;
  for (std::size_t i = 0; i < limits::connections; ++i) CHECK(quota.take(host(i)));
  CHECK_FALSE(quota.take(host(limits::connections)));
  quota.give_back(host(limits::connections + 1));  // never taken: nothing changes
  CHECK_FALSE(quota.take(host(limits::connections)));
  quota.give_back(host(0));
  CHECK(quota.take(host(limits::connections)));
}

TEST_CASE("a host that has few descriptors has few connections") {
  ConnectionQuota quota(2);
  CHECK(quota.take(host(1)));
  CHECK(quota.take(host(2)));
  CHECK_FALSE(quota.take(host(3)));
}

}  // namespace
}  // namespace cairn::server
