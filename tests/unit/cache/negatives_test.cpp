#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

namespace {

constexpr auto a = wire::RRType::A;
constexpr auto mx = wire::RRType::MX;

std::vector<wire::RRset> soa(std::uint32_t ttl, std::uint32_t minimum) {
  return {set_of("example. " + std::to_string(ttl) + " IN SOA ns.example. host.example. 1 2 3 4 " +
                 std::to_string(minimum))};
}

}  // namespace

TEST_CASE("NXDOMAIN holds for every type of a name, NODATA for one type") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.example."_name, soa(60, 60), start);
  cache.put_nodata("www.example."_name, mx, soa(60, 60), start);
  for (const wire::RRType type : {a, mx, wire::RRType{0}}) {
    const auto found = cache.negative("NO.example."_name, type, start);
    REQUIRE(found);
    CHECK(found->rcode == wire::Rcode::NXDOMAIN);
    CHECK(found->authority == soa(60, 60));
  }
  REQUIRE(cache.negative("www.example."_name, mx, start));
  CHECK(cache.negative("www.example."_name, mx, start)->rcode == wire::Rcode::NOERROR);
  CHECK_FALSE(cache.negative("www.example."_name, a, start));
  CHECK_FALSE(cache.negative("www.example."_name, wire::RRType{0}, start));
  CHECK_FALSE(cache.negative("example."_name, a, start));
}

TEST_CASE("a negative answer lives for the least of the SOA's TTL, its MINIMUM and the bound") {
  struct {
    std::uint32_t ttl, minimum, expected;
  } const rows[] = {{60, 90, 60}, {90, 60, 60}, {900, 900, 300}, {60, 0, 0}, {0, 60, 0}};
  for (const auto& row : rows) {
    Cache cache({.negative_max_ttl = {300}, .key = sip_key});
    cache.put_nxdomain("no.example."_name, soa(row.ttl, row.minimum), start);
    const auto found = cache.negative("no.example."_name, a, start);
    REQUIRE(found.has_value() == (row.expected > 0));
    if (!found) continue;
    CHECK(found->authority.front().ttl.seconds == row.expected);
    const Duration lifetime = std::chrono::seconds{row.expected};
    CHECK(cache.negative("no.example."_name, a, start + 1s)->authority.front().ttl.seconds ==
          row.expected - 1);
    CHECK(cache.negative("no.example."_name, a, start + lifetime - 1ns));
    CHECK_FALSE(cache.negative("no.example."_name, a, start + lifetime));
  }
}

TEST_CASE("a proof that ends earlier ends the negative answer with it") {
  Cache cache({.key = sip_key});
  std::vector<wire::RRset> authority = soa(60, 60);
  authority.push_back(set_of("example. 20 IN NSEC z.example. A NS"));
  cache.put_nodata("example."_name, mx, authority, start);
  REQUIRE(cache.negative("example."_name, mx, start + 19s));
  CHECK(cache.negative("example."_name, mx, start)->authority.size() == 2);
  CHECK_FALSE(cache.negative("example."_name, mx, start + 20s));
}

TEST_CASE("without an SOA nothing negative is remembered (RFC 2308 section 5)") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.example."_name, {}, start);
  const wire::RRset ns = set_of("example. 60 IN NS ns.example.");
  cache.put_nodata("no.example."_name, a, {&ns, 1}, start);
  CHECK(cache.statistics().entries == 0);
}

TEST_CASE("an authoritative answer ends what was said to be missing, hearsay does not") {
  Cache cache({.key = sip_key});
  const wire::RRset set = set_of("new.example. 60 IN A 192.0.2.1");
  cache.put_nxdomain("new.example."_name, soa(60, 60), start);
  cache.put(set, Rank::NonAuthoritativeAdditional, start);
  CHECK(cache.negative("new.example."_name, a, start));
  cache.put(set, Rank::AuthoritativeAnswer, start);
  CHECK_FALSE(cache.negative("new.example."_name, a, start));

  cache.put_nodata("new.example."_name, a, soa(60, 60), start);
  cache.put_nodata("new.example."_name, mx, soa(60, 60), start);
  cache.put(set, Rank::AuthoritativeAnswer, start);
  CHECK_FALSE(cache.negative("new.example."_name, a, start));
  CHECK(cache.negative("new.example."_name, mx, start));
}

TEST_CASE("a failure is remembered with its reason, for at most five minutes (RFC 9520)") {
  Cache cache({.key = sip_key});
  const wire::Question question{.name = "broken.example."_name, .type = a};
  const Failure why{
      {wire::ExtendedErrorCode::NoReachableAuthority, "no server of broken.example. answered"}};
  cache.put_failure(question, why, 5s, start);
  CHECK(cache.failure(question, start + 4999ms) == why);
  CHECK_FALSE(cache.failure(question, start + 5s));
  CHECK_FALSE(cache.failure({.name = question.name, .type = mx}, start));
  CHECK_FALSE(
      cache.failure({.name = question.name, .type = a, .rrclass = wire::RRClass::CH}, start));

  cache.put_failure(question, why, 1h, start);
  CHECK(cache.failure(question, start + 5min - 1ns) == why);
  CHECK_FALSE(cache.failure(question, start + 5min));
}

TEST_CASE("what is below a denied name is denied with it, until its zone was seen to be wrong") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.EXAMPLE."_name, soa(60, 60), start);
  cache.put_nxdomain("example."_name, soa(60, 60), start);  // whose SOA it is: it exists
  const auto found = cache.nxdomain_above("a.b.NO.example."_name, start);
  REQUIRE(found);
  CHECK(found->rcode == wire::Rcode::NXDOMAIN);
  CHECK(found->authority == soa(60, 60));
  CHECK(cache.nxdomain_above("a.no.example."_name, start + 59s));
  CHECK_FALSE(cache.nxdomain_above("a.no.example."_name, start + 60s));
  CHECK_FALSE(cache.nxdomain_above("no.example."_name, start));
  CHECK_FALSE(cache.nxdomain_above("yes.example."_name, start));
  cache.put_denies_falsely("example."_name, 10s, start);
  CHECK_FALSE(cache.nxdomain_above("a.no.example."_name, start + 9s));
  CHECK(cache.nxdomain_above("a.no.example."_name, start + 10s));
}

TEST_CASE("who flushes a name is not answered from a denial above it") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.example."_name, soa(60, 60), start);
  CHECK(cache.flush("other.example."_name) == 0);
  CHECK(cache.nxdomain_above("a.no.example."_name, start));
  cache.flush("a.no.example."_name);
  CHECK_FALSE(cache.nxdomain_above("a.no.example."_name, start));
}

TEST_CASE("what has expired is there for those who allow for it, and marked") {
  Cache cache({.key = sip_key});
  cache.put(set_of("www.example. 60 A 192.0.2.1"), Rank::AuthoritativeAnswer, start);
  cache.put_nxdomain("no.example."_name, soa(60, 60), start);
  CHECK_FALSE(cache.rrset("www.example."_name, a, start + 59s, 10s)->expired);
  CHECK_FALSE(cache.rrset("www.example."_name, a, start + 60s));
  REQUIRE(cache.rrset("www.example."_name, a, start + 69s, 10s));
  CHECK(cache.rrset("www.example."_name, a, start + 69s, 10s)->expired);
  CHECK_FALSE(cache.rrset("www.example."_name, a, start + 70s, 10s));
  REQUIRE(cache.negative("no.example."_name, a, start + 69s, 10s));
  CHECK(cache.negative("no.example."_name, a, start + 69s, 10s)->expired);
  CHECK_FALSE(cache.negative("no.example."_name, a, start + 70s, 10s));
}

TEST_CASE("what has expired does not come back for an alias, or for data that nobody may keep") {
  Cache cache({.key = sip_key});
  const auto address = [&](Instant now) { return cache.rrset("x.example."_name, a, now, 1h); };
  cache.put(set_of("x.example. 60 A 192.0.2.1"), Rank::AuthoritativeAnswer, start);
  REQUIRE(address(start + 70s));
  cache.put(set_of("x.example. 60 CNAME y.example."), Rank::AuthoritativeAnswer, start + 70s);
  CHECK_FALSE(address(start + 70s));
  cache.put(set_of("x.example. 60 A 192.0.2.1"), Rank::AuthoritativeAnswer, start + 200s);
  cache.put(set_of("x.example. 0 A 192.0.2.2"), Rank::AuthoritativeAnswer, start + 270s);
  CHECK_FALSE(address(start + 270s));
}

TEST_CASE("the newer word removes a denial: a set, NODATA, or a delegation") {
  Cache cache({.key = sip_key});
  const auto deny = [&] { cache.put_nxdomain("x.example."_name, soa(60, 60), start); };
  const auto denied = [&](Instant now) {
    return cache.negative("x.example."_name, a, now, 1h).has_value();
  };
  deny();
  cache.put(set_of("x.example. 60 A 192.0.2.1"), Rank::NonAuthoritativeAnswer, start + 30s);
  CHECK(denied(start + 30s));  // not while it holds and the word is a weaker one
  cache.put(set_of("x.example. 60 A 192.0.2.1"), Rank::NonAuthoritativeAnswer, start + 90s);
  CHECK_FALSE(denied(start + 90s));
  deny();
  cache.put_nodata("x.example."_name, mx, soa(60, 60), start);
  CHECK_FALSE(denied(start));
  deny();
  cache.put_delegation("x.example."_name, servers({"ns.other."}), {60}, start);
  CHECK_FALSE(denied(start));
}

}  // namespace cairn::cache::test
