#include "resolver/dns64.hpp"

#include "resolver/rebinding.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

std::optional<Dns64> dns64(const char* prefix) {
  return Dns64::from_prefix(*wire::Prefix::from_text(prefix));
}

TEST_CASE("an IPv4 address stands in each prefix where RFC 6052 section 2.4 has it") {
  struct Row {
    const char* prefix;
    const char* address;
  };
  const Row rows[] = {
      {"2001:db8::/32", "2001:db8:c000:221::"},
      {"2001:db8:100::/40", "2001:db8:1c0:2:21::"},
      {"2001:db8:122::/48", "2001:db8:122:c000:2:2100::"},
      {"2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"},
      {"2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"},
      {"2001:db8:122:344::/96", "2001:db8:122:344::c000:221"},
      {"64:ff9b::/96", "64:ff9b::c000:221"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.prefix);
    const auto its = dns64(row.prefix);
    REQUIRE(its);
    CHECK(its->embed(address("192.0.2.33")) == address(row.address));
    CHECK(its->extract(address(row.address)) == address("192.0.2.33"));
    CHECK_FALSE(its->extract(address("2001:db9::1")));
    CHECK_FALSE(its->extract(address("192.0.2.33")));
  }
}

TEST_CASE("other lengths, IPv4, and a prefix with bits 64 to 71 set are no prefixes of DNS64") {
  for (const char* text : {"2001:db8::/33", "2001:db8::/128", "10.0.0.0/8", "::/0",
                           "2001:db8:0:0:100::/96", "2001:db8:0:0:ff00::/96"}) {
    CAPTURE(text);
    CHECK_FALSE(dns64(text));
  }
  CHECK(dns64("2001:db8:0:0:ff::/96"));
}

TEST_CASE("the name of an address below the prefix leads to that of the IPv4 address") {
  const auto its = *dns64("64:ff9b::/96");
  CHECK(its.reverse_zone() == "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0.ip6.arpa."_name);
  const char* below = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0.ip6.arpa.";
  const auto target = [&](const std::string& front) {
    const auto found = its.reverse_target(*wire::Name::from_text(front + below));
    return found ? found->to_text() : "none";
  };
  CHECK(target("1.2.2.0.0.0.0.c.") == "33.2.0.192.in-addr.arpa.");
  CHECK(target("f.F.f.f.f.f.f.F.") == "255.255.255.255.in-addr.arpa.");
  CHECK(target("2.2.0.0.0.0.c.") == "none");
  CHECK(target("1.1.2.2.0.0.0.0.c.") == "none");
  CHECK(target("g.2.2.0.0.0.0.c.") == "none");
  CHECK(target("11.2.2.0.0.0.c.") == "none");
  CHECK_FALSE(its.reverse_target("1.2.2.0.0.0.0.c.ip6.arpa."_name));
  const auto longer = *dns64("2001:db8:122:344::/64");
  const auto place = *wire::Name::from_text(
      "0.0.0.0.0.0.1.2.2.0.0.0.0.c.0.0.4.4.3.0.2.2.1.0.8.b.d.0.1.0.0.2.ip6.arpa.");
  CHECK(longer.reverse_target(place) == "33.2.0.192.in-addr.arpa."_name);
}

TEST_CASE("private is what no public name should have, in whatever clothes") {
  Settings settings;
  for (const char* text :
       {"0.0.0.0", "10.255.255.255", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1",
        "172.31.255.255", "192.168.0.1", "::", "::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1",
        "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::192.168.0.1"}) {
    CAPTURE(text);
    CHECK(is_private(address(text), settings));
  }
  for (const char* text : {"9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                           "172.15.255.255", "172.32.0.0", "192.0.2.1", "192.169.0.0", "2000::1",
                           "2001:db8::1", "::ffff:192.0.2.1", "64:ff9b::192.0.2.1", "fe00::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_private(address(text), settings));
  }
  CHECK_FALSE(is_private(address("2001:db8:64::10.0.0.1"), settings));
  settings.dns64 = dns64("2001:db8:64::/96");
  CHECK(is_private(address("2001:db8:64::10.0.0.1"), settings));
  settings.rebinding.allowed = {*wire::Prefix::from_text("10.1.0.0/16")};
  CHECK_FALSE(is_private(address("10.1.2.3"), settings));
  CHECK_FALSE(is_private(address("2001:db8:64::10.1.2.3"), settings));
  CHECK(is_private(address("10.2.2.3"), settings));
}

}  // namespace
}  // namespace cairn::resolver
