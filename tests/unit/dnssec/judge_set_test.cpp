#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;
using wire::ExtendedErrorCode;
using wire::Security;

namespace {

SetVerdict judged(const wire::RRset& set, const ZoneKeys& keys, Policy policy = {}) {
  Work work;
  return judge_set(set, keys, work, now, policy);
}

}  // namespace

TEST_CASE("a set that a key of its zone has signed is secure, whatever the algorithm") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(to_text(algorithm));
    const SigningKey mine = key("example."_name, algorithm);
    wire::RRset addresses = signed_set(
        set({"www.example. 300 IN A 192.0.2.2", "www.example. 300 IN A 192.0.2.1"}), mine);
    const SetVerdict good = judged(addresses, zone_keys({mine}));
    CHECK(good.security == Security::Secure);
    CHECK(good.most_ttl == wire::Ttl{300});
    CHECK_FALSE(good.closest_encloser);
    addresses.rdata.add(*wire::rdata_from_text(wire::RRType::A, "192.0.2.3"));
    const SetVerdict bad = judged(addresses, zone_keys({mine}));
    CHECK(bad.security == Security::Bogus);
    REQUIRE(bad.why);
    CHECK(bad.why->code == ExtendedErrorCode::DnssecBogus);
  }
}
