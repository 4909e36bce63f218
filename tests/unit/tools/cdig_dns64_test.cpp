#include <doctest/doctest.h>

#include "tools/cdig/dns64.hpp"
#include "wire/address.hpp"

using namespace cairn;
using namespace cairn::cdig;

// The places of the address are those of RFC 6052 section 2.4.
TEST_CASE("a synthesized address of ipv4only.arpa shows its prefix") {
  struct Case {
    const char* address;
    std::vector<std::string> prefixes;
  };
  const Case cases[] = {
      {"64:ff9b::192.0.0.170", {"64:ff9b::/96"}},
      {"2001:db8:122:344::192.0.0.171", {"2001:db8:122:344::/96"}},
      {"2001:db8:c000:aa::", {"2001:db8::/32"}},
      {"2001:db8:1c0:0:aa::", {"2001:db8:100::/40"}},
      {"2001:db8:122:c000:0:aa00::", {"2001:db8:122::/48"}},
      {"2001:db8:122:3c0:0:aa::", {"2001:db8:122:300::/56"}},
      {"2001:db8:122:344:c0:0:aa00::", {"2001:db8:122:344::/64"}},
      {"2001:db8::1", {}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.address);
    const auto address = wire::IpAddress::from_text(each.address).value();
    const auto octets = address.octets();
    wire::Message reply;
    wire::Record record;
    record.type = wire::RRType::AAAA;
    record.rdata.assign(octets.begin(), octets.end());
    reply.answer = {record, record};
    CHECK(dns64_prefixes(reply) == each.prefixes);
  }
}
