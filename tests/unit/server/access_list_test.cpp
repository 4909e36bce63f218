#include "server/access_list.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <random>
#include <vector>

namespace cairn::server {
namespace {

wire::IpAddress address(std::string_view text) {
  return wire::IpAddress::from_text(text).value();
}

TEST_CASE("by default this host and private networks may ask, and nobody else") {
  const AccessList list(AccessList::default_prefixes());
  for (const char* text :
       {"127.0.0.1", "127.255.255.255", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.255.1", "169.254.1.1", "fd00::1", "fe80::1"}) {
    CAPTURE(text);
    CHECK(list.allows(address(text)));
  }
  for (const char* text :
       {"126.255.255.255", "128.0.0.1", "::2", "::", "9.255.255.255", "11.0.0.1", "172.15.255.255",
        "172.32.0.0", "192.169.0.1", "8.8.8.8", "fec0::1", "2001:db8::1", "::ffff:127.0.0.1"}) {
    CAPTURE(text);
    if (const auto other = wire::IpAddress::from_text(text)) CHECK_FALSE(list.allows(*other));
  }
}

TEST_CASE("the compiled list says what each prefix says by itself") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const bool v6 = round % 2;
    std::array<std::uint8_t, 16> octets{};
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random() % 3);
    const auto length = static_cast<std::uint8_t>(random() % (v6 ? 129 : 33));
    auto network = octets;
    for (unsigned bit = length; bit < 128; ++bit)
      network[bit / 8] = static_cast<std::uint8_t>(network[bit / 8] & ~(0x80U >> bit % 8));
    for (auto& octet : octets)
      if (random() % 4 == 0) octet = static_cast<std::uint8_t>(random() % 3);
    const auto make = [v6](const std::array<std::uint8_t, 16>& from) {
      return v6 ? wire::IpAddress::v6(from) : wire::IpAddress::v4(std::span(from).first<4>());
    };
    const wire::Prefix prefix{make(network), length};
    CHECK(AccessList({{prefix}}).allows(make(octets)) == prefix.contains(make(octets)));
  }
}

TEST_CASE("the longest prefix decides, and between equals denial, in whatever order they stand") {
  const auto prefixes = [](std::initializer_list<const char*> texts) {
    std::vector<wire::Prefix> all;
    for (const char* text : texts) all.push_back(wire::Prefix::from_text(text).value());
    return all;
  };
  const AccessList list(
      prefixes(
          {"10.1.2.3/32", "10.0.0.0/8", "2001:db8::/32", "192.0.2.0/24", "2001:db8:0:1:8000::/65"}),
      prefixes({"10.1.0.0/16", "192.0.2.0/24", "2001:db8:0:1::/64", "0.0.0.0/0"}));
  CHECK(list.allows(address("10.2.0.1")));
  CHECK_FALSE(list.allows(address("10.1.0.1")));
  CHECK(list.allows(address("10.1.2.3")));
  CHECK_FALSE(list.allows(address("192.0.2.1")));
  CHECK_FALSE(list.allows(address("11.0.0.1")));
  CHECK(list.allows(address("2001:db8:1::1")));
  CHECK_FALSE(list.allows(address("2001:db8:0:1::1")));
  CHECK(list.allows(address("2001:db8:0:1:8000::1")));
}

TEST_CASE("what is larger than any network that one can have is a good part of the Internet") {
  for (const char* text : {"10.0.0.0/8", "9.0.0.0/8", "192.168.0.0/16", "fc00::/7", "fe80::/10",
                           "2001:db8::/32", "2a00::/16", "127.0.0.1"}) {
    CAPTURE(text);
    CHECK(is_one_network(wire::Prefix::from_text(text).value()));
  }
  for (const char* text :
       {"0.0.0.0/0", "128.0.0.0/1", "8.0.0.0/7", "::/0", "2000::/3", "fc00::/6"}) {
    CAPTURE(text);
    CHECK_FALSE(is_one_network(wire::Prefix::from_text(text).value()));
  }
}

TEST_CASE("an empty list allows nobody") {
  CHECK_FALSE(AccessList({}).allows(address("127.0.0.1")));
}

}  // namespace
}  // namespace cairn::server
