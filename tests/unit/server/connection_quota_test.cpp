#include "server/connection_quota.hpp"

#include <doctest/doctest.h>

namespace cairn::server {
namespace {

wire::IpAddress host(std::size_t number) {
  return *wire::IpAddress::from_text("10." + std::to_string(number / 65536) + "." +
                                     std::to_string(number / 256 % 256) + "." +
                                     std::to_string(number % 256));
}

bool taken(ConnectionQuota& quota, const wire::IpAddress& address) {
  return quota.take(address) == ConnectionQuota::Room::Taken;
}

TEST_CASE("one address holds its share of connections and no more, until it gives one back") {
  ConnectionQuota quota;
  for (std::size_t i = 0; i < limits::connections_per_address; ++i) CHECK(taken(quota, host(1)));
  CHECK_FALSE(taken(quota, host(1)));
  CHECK(taken(quota, host(2)));
  quota.give_back(host(1));
  CHECK(taken(quota, host(1)));
  CHECK_FALSE(taken(quota, host(1)));
}

TEST_CASE("all addresses together hold no more than all connections") {
  ConnectionQuota quota;
  for (std::size_t i = 0; i < limits::connections; ++i) CHECK(taken(quota, host(i)));
  CHECK_FALSE(taken(quota, host(limits::connections)));
  quota.give_back(host(limits::connections + 1));  // never taken: nothing changes
  CHECK_FALSE(taken(quota, host(limits::connections)));
  quota.give_back(host(0));
  CHECK(taken(quota, host(limits::connections)));
}

TEST_CASE("a host that has few descriptors has few connections") {
  ConnectionQuota quota(2);
  CHECK(taken(quota, host(1)));
  CHECK(taken(quota, host(2)));
  CHECK_FALSE(taken(quota, host(3)));
}

TEST_CASE("a place that is handed over is nobody else's in between") {
  ConnectionQuota quota(2);
  REQUIRE(taken(quota, host(1)));
  REQUIRE(taken(quota, host(2)));
  CHECK(quota.hand_over(host(1), host(3)) == ConnectionQuota::Room::Taken);
  CHECK(quota.take(host(4)) == ConnectionQuota::Room::Full);
  // Whoever has his share gets no more of it, and the place is free.
  CHECK(quota.hand_over(host(2), host(3)) == ConnectionQuota::Room::NotForThisClient);
  CHECK(taken(quota, host(4)));
}

TEST_CASE("a household of IPv6 is one holder, whichever of its addresses connects") {
  ConnectionQuota quota;
  const auto household = [](std::size_t number) {
    return *wire::IpAddress::from_text("2001:db8:0:11" + std::to_string(number % 90 + 10) + "::1");
  };
  for (std::size_t i = 0; i < limits::connections_per_address; ++i)
    CHECK(taken(quota, household(i)));
  CHECK(quota.take(household(50)) == ConnectionQuota::Room::NotForThisClient);
  CHECK(taken(quota, *wire::IpAddress::from_text("2001:db8:0:1200::1")));
}

TEST_CASE("nobody holds more than an eighth, however few there are") {
  ConnectionQuota quota(64);
  for (int i = 0; i < 8; ++i) CHECK(taken(quota, host(1)));
  CHECK(quota.take(host(1)) == ConnectionQuota::Room::NotForThisClient);
}

TEST_CASE("the fuller it gets, the shorter idle connections live") {
  using namespace std::chrono_literals;
  ConnectionQuota quota(100);
  auto fill_to = [&, held = 0](int count) mutable {
    for (; held < count; ++held) CHECK(taken(quota, host(static_cast<std::size_t>(held))));
  };
  CHECK(quota.patience(10s) == 10s);
  fill_to(50);
  CHECK(quota.patience(10s) == 10s);
  fill_to(75);
  CHECK(quota.patience(10s) == 5s);
  fill_to(90);
  CHECK(quota.patience(10s) == 2s);
  fill_to(100);
  CHECK(quota.patience(10s) == limits::least_patience);
  CHECK(quota.take(host(100)) == ConnectionQuota::Room::Full);
}

}  // namespace
}  // namespace cairn::server
