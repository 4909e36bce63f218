#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

namespace {

using wire::Security;

constexpr auto a = wire::RRType::A;

wire::RRset address(const char* text, Security security) {
  wire::RRset set = set_of(std::string("www.example. 300 IN A ") + text);
  set.security = security;
  return set;
}

std::vector<wire::RRset> denial(Security security) {
  std::vector<wire::RRset> sets{set_of("example. 300 IN SOA ns.example. h.example. 1 2 3 4 300"),
                                set_of("example. 300 IN NSEC zz.example. NS SOA RRSIG NSEC")};
  for (wire::RRset& set : sets) set.security = Security::Secure;
  sets.front().security = security;
  return sets;
}

}  // namespace

TEST_CASE("what was found of a set comes back with it") {
  for (const Security security :
       {Security::Unchecked, Security::Indeterminate, Security::Insecure, Security::Secure}) {
    Cache cache({.key = sip_key});
    REQUIRE(cache.put(address("192.0.2.1", security), Rank::AuthoritativeAnswer, start));
    const auto found = cache.rrset("www.example."_name, a, start);
    REQUIRE(found);
    CHECK(found->rrset.security == security);
    CHECK(found->rank == Rank::AuthoritativeAnswer);
  }
}

TEST_CASE(
    "what nobody judged never replaces what somebody did, while that lives, whatever its rank") {
  Cache cache({.key = sip_key});
  REQUIRE(cache.put(address("192.0.2.1", Security::Secure), Rank::NonAuthoritativeAnswer, start));
  CHECK_FALSE(
      cache.put(address("192.0.2.66", Security::Unchecked), Rank::AuthoritativeAnswer, start));
  CHECK(cache.rrset("www.example."_name, a, start)->rrset.security == Security::Secure);
  CHECK(cache.put(address("192.0.2.66", Security::Unchecked), Rank::AuthoritativeAnswer,
                  start + 300s));
}

TEST_CASE("what was judged replaces what nobody judged, whatever its rank") {
  Cache cache({.key = sip_key});
  REQUIRE(cache.put(address("192.0.2.66", Security::Unchecked), Rank::AuthoritativeAnswer, start));
  REQUIRE(cache.put(address("192.0.2.1", Security::Insecure), Rank::NonAuthoritativeAnswer, start));
  CHECK(cache.rrset("www.example."_name, a, start)->rrset ==
        address("192.0.2.1", Security::Insecure));
}

TEST_CASE(
    "a denial is as secure as the least of its sets, and is not replaced by an unjudged one") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.example."_name, denial(Security::Insecure), start);
  REQUIRE(cache.negative("no.example."_name, a, start));
  CHECK(cache.negative("no.example."_name, a, start)->security == Security::Insecure);
  cache.put_nxdomain("no.example."_name, denial(Security::Unchecked), start);
  CHECK(cache.negative("no.example."_name, a, start)->security == Security::Insecure);
  cache.put_nxdomain("no.example."_name, denial(Security::Secure), start);
  const auto secure = cache.negative("no.example."_name, a, start);
  CHECK(secure->security == Security::Secure);
  CHECK(secure->authority.back().security == Security::Secure);
}

TEST_CASE("an answer that nobody judged does not wipe out a denial that was judged") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("www.example."_name, denial(Security::Secure), start);
  cache.put(address("192.0.2.66", Security::Unchecked), Rank::AuthoritativeAnswer, start);
  CHECK(cache.negative("www.example."_name, a, start));
  cache.put(address("192.0.2.1", Security::Secure), Rank::AuthoritativeAnswer, start);
  CHECK_FALSE(cache.negative("www.example."_name, a, start));
}

TEST_CASE("what nobody judged of a name does not wipe out that there is none, if that was judged") {
  Cache cache({.key = sip_key});
  const std::vector<NameServer> servers{{"ns.example."_name, {}}};
  cache.put_nxdomain("no.example."_name, denial(Security::Secure), start);
  cache.put_nodata("no.example."_name, a, denial(Security::Unchecked), start);
  cache.put_delegation("no.example."_name, servers, {300}, start);
  CHECK(cache.negative("no.example."_name, a, start)->rcode == wire::Rcode::NXDOMAIN);
  cache.put_nodata("no.example."_name, a, denial(Security::Insecure), start);
  CHECK(cache.negative("no.example."_name, a, start)->rcode == wire::Rcode::NOERROR);
}

TEST_CASE("an unjudged denial does not hide a judged one further up") {
  Cache cache({.key = sip_key});
  cache.put_nxdomain("no.example."_name, denial(Security::Secure), start);
  cache.put_nxdomain("b.no.example."_name, denial(Security::Unchecked), start);
  const wire::Name name = "a.b.no.example."_name;
  CHECK(cache.nxdomain_above(name, start)->security == Security::Unchecked);
  const auto judged = cache.nxdomain_above(name, start, {}, Security::Indeterminate);
  REQUIRE(judged);
  CHECK(judged->security == Security::Secure);
}

TEST_CASE("a set that a wildcard made brings its proofs back, with what is left of its TTL") {
  Cache cache({.key = sip_key});
  const std::vector proofs{set_of("a.example. 300 IN NSEC z.example. A RRSIG NSEC")};
  REQUIRE(
      cache.put(address("192.0.2.1", Security::Secure), Rank::AuthoritativeAnswer, start, proofs));
  const auto found = cache.rrset("www.example."_name, a, start + 100s);
  REQUIRE(found);
  CHECK(found->rrset.rdata == address("192.0.2.1", Security::Secure).rdata);
  REQUIRE(found->proofs.size() == 1);
  CHECK(found->proofs[0].rdata == proofs[0].rdata);
  CHECK(found->proofs[0].ttl.seconds == 200);
  CHECK(found->proofs[0].security == Security::Secure);
}

TEST_CASE("a delegation brings back what was said of the zone's keys, for as long as that holds") {
  Cache cache({.key = sip_key});
  const std::vector<NameServer> servers{{"ns.example."_name, {}}};
  const std::vector proof{set_of(
      "example. 60 IN DS 1 15 2 0000000000000000000000000000000000000000000000000000000000000000")};
  cache.put_delegation("example."_name, servers, {300}, start, Instant::max(), proof);
  const auto found = cache.delegation("example."_name, start + 10s);
  REQUIRE(found);
  CHECK(found->servers == servers);
  REQUIRE(found->ds_proof.size() == 1);
  CHECK(found->ds_proof[0].rdata == proof[0].rdata);
  CHECK(found->ds_proof[0].ttl.seconds == 50);
  CHECK(found->ds_proof[0].security == Security::Unchecked);
  CHECK(cache.deepest_delegation("www.example."_name, start + 60s)->ds_proof.empty());
  CHECK_FALSE(cache.delegation("www.example."_name, start));
}

TEST_CASE("a failure of judgement is nothing to those who want it unjudged") {
  Cache cache({.key = sip_key});
  const wire::Question question{"www.example."_name, a, wire::RRClass::IN};
  cache.put_failure(question, {{wire::ExtendedErrorCode::DnssecBogus, "bogus"}, true}, 5s, start);
  CHECK(cache.failure(question, start));
  CHECK_FALSE(cache.failure(question, start, true));
  cache.put_failure(question, {{wire::ExtendedErrorCode::NetworkError, "gone"}}, 5s, start, true);
  CHECK(cache.failure(question, start)->why.text == "bogus");
  CHECK(cache.failure(question, start)->bogus);
  CHECK(cache.failure(question, start, true)->why.text == "gone");
  CHECK_FALSE(cache.failure(question, start, true)->bogus);
}

}  // namespace cairn::cache::test
