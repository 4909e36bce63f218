#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

namespace {

constexpr auto a = wire::RRType::A;

std::optional<std::uint32_t> ttl_at(const Cache& cache, Instant now) {
  const auto found = cache.rrset("www.example."_name, a, now);
  if (!found) return std::nullopt;
  return found->rrset.ttl.seconds;
}

}  // namespace

TEST_CASE("a set comes back as it was put") {
  Cache cache({.key = sip_key});
  const wire::RRset set =
      set_of({"WWW.Example. 300 IN A 192.0.2.2", "WWW.Example. 300 IN A 192.0.2.1"});
  REQUIRE(cache.put(set, Rank::AuthoritativeAnswer, start));
  const auto found = cache.rrset("www.EXAMPLE."_name, a, start);
  REQUIRE(found);
  CHECK(found->rrset == set);
  CHECK(found->rrset.owner.is_identical("WWW.Example."_name));
  CHECK(found->rank == Rank::AuthoritativeAnswer);
  CHECK_FALSE(cache.rrset("www.example."_name, wire::RRType::AAAA, start));
  CHECK_FALSE(cache.rrset("ww.example."_name, a, start));
}

TEST_CASE("a set brings its signatures back") {
  Cache cache({.key = sip_key});
  const wire::RRset set =
      set_of({"www.example. 300 IN A 192.0.2.1",
              "www.example. 300 IN RRSIG A 8 2 300 20300101000000 20200101000000 1 example. AAAA"});
  REQUIRE(set.signatures.size() == 1);
  REQUIRE(cache.put(set, Rank::NonAuthoritativeAnswer, start));
  const auto found = cache.rrset("www.example."_name, a, start);
  REQUIRE(found);
  CHECK(found->rrset == set);
  CHECK(found->rank == Rank::NonAuthoritativeAnswer);
}

TEST_CASE("a set of the root, and one of a name of 255 octets, come back") {
  Cache cache({.key = sip_key});
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "A.";
  for (const wire::Name& owner : {wire::Name{}, wire::Name::from_text(longest).value()}) {
    wire::RRset set = set_of("x. 60 IN A 192.0.2.1");
    set.owner = owner;
    REQUIRE(cache.put(set, Rank::AuthoritativeAnswer, start));
    const auto found = cache.rrset(owner, a, start);
    REQUIRE(found);
    CHECK(found->rrset.owner.is_identical(owner));
  }
}

TEST_CASE("a TTL counts down by whole seconds, is never 0 in life, and ends exactly") {
  Cache cache({.key = sip_key});
  cache.put(set_of("www.example. 3 IN A 192.0.2.1"), Rank::AuthoritativeAnswer, start);
  struct {
    Duration after;
    std::optional<std::uint32_t> ttl;
  } const rows[] = {
      {0ns, 3},           {999ms, 3},         {1s, 2}, {1999ms, 2}, {2s, 1}, {2999999999ns, 1},
      {3s, std::nullopt}, {4h, std::nullopt},
  };
  for (const auto& row : rows) CHECK(ttl_at(cache, start + row.after) == row.ttl);
}

TEST_CASE("less trusted data does not replace what is believed more, while that lives") {
  Cache cache({.key = sip_key});
  const wire::RRset believed = set_of("www.example. 300 IN A 192.0.2.1");
  const wire::RRset other = set_of("www.example. 300 IN A 203.0.113.9");
  REQUIRE(cache.put(believed, Rank::AuthoritativeAnswer, start));
  for (const Rank rank : {Rank::NonAuthoritativeAdditional, Rank::NonAuthoritativeAnswer,
                          Rank::AuthoritativeAuthority}) {
    CHECK_FALSE(cache.put(other, rank, start + 299s));
  }
  CHECK(cache.rrset("www.example."_name, a, start)->rrset.rdata == believed.rdata);

  REQUIRE(cache.put(other, Rank::NonAuthoritativeAdditional, start + 300s));
  CHECK(cache.rrset("www.example."_name, a, start + 300s)->rrset.rdata == other.rdata);
  REQUIRE(cache.put(believed, Rank::NonAuthoritativeAnswer, start + 301s));
  CHECK(cache.rrset("www.example."_name, a, start + 301s)->rank == Rank::NonAuthoritativeAnswer);
}

TEST_CASE("newer data of the same rank replaces, with its own TTL, whatever its size") {
  Cache cache({.key = sip_key});
  for (const std::string_view line :
       {"www.example. 300 IN A 192.0.2.1", "www.example. 20 IN A 192.0.2.2"}) {
    REQUIRE(cache.put(set_of(line), Rank::AuthoritativeAnswer, start));
  }
  CHECK(ttl_at(cache, start) == 20);
  wire::RRset large = set_of("www.example. 7 IN A 192.0.2.1");
  for (std::uint8_t i = 2; i < 100; ++i) large.rdata.add(std::array<std::uint8_t, 4>{192, 0, 2, i});
  REQUIRE(cache.put(large, Rank::AuthoritativeAnswer, start));
  CHECK(cache.rrset("www.example."_name, a, start)->rrset == large);
  CHECK(cache.statistics().entries == 1);
}

TEST_CASE("TTLs are clamped to the bounds of the configuration, and a TTL of 0 is not kept") {
  Cache cache({.min_ttl = {10}, .max_ttl = {100}, .key = sip_key});
  cache.put(set_of("www.example. 1 IN A 192.0.2.1"), Rank::AuthoritativeAnswer, start);
  CHECK(ttl_at(cache, start) == 10);
  cache.put(set_of("www.example. 101 IN A 192.0.2.1"), Rank::AuthoritativeAnswer, start);
  CHECK(ttl_at(cache, start) == 100);

  Cache unclamped({.key = sip_key});
  CHECK_FALSE(
      unclamped.put(set_of("www.example. 0 IN A 192.0.2.1"), Rank::AuthoritativeAnswer, start));
  CHECK(unclamped.statistics().entries == 0);
}

TEST_CASE("a set of another class than IN is not kept") {
  Cache cache({.key = sip_key});
  CHECK_FALSE(cache.put(set_of("version.bind. 60 CH TXT x"), Rank::AuthoritativeAnswer, start));
}

TEST_CASE("a set above 64 kB is refused, and what was there stays") {
  Cache cache({.key = sip_key});
  const wire::RRset small = set_of("big.example. 60 IN TXT x");
  REQUIRE(cache.put(small, Rank::AuthoritativeAnswer, start));
  wire::RRset large = small;
  for (std::uint8_t i = 0; i < 33; ++i) large.rdata.add(wire::Bytes(2000, i));
  CHECK_FALSE(cache.put(large, Rank::AuthoritativeAnswer, start));
  CHECK(cache.rrset("big.example."_name, wire::RRType::TXT, start)->rrset == small);
}

TEST_CASE("flush forgets a name and all below it, of every kind, and nothing beside it") {
  Cache cache({.key = sip_key});
  const wire::IpAddress server = address("192.0.2.53");
  for (const std::string_view line :
       {"example. 60 IN A 192.0.2.1", "WWW.Example. 60 IN A 192.0.2.1",
        "www.example. 60 IN AAAA 2001:db8::1", "www2.example. 60 IN A 192.0.2.1",
        "a.b.www.example. 60 IN A 192.0.2.1", "xwww.example. 60 IN A 192.0.2.1"}) {
    REQUIRE(cache.put(set_of(line), Rank::AuthoritativeAnswer, start));
  }
  const wire::RRset soa = set_of("example. 60 IN SOA ns. host. 1 2 3 4 60");
  cache.put_nxdomain("no.www.example."_name, {&soa, 1}, start);
  cache.put_nodata("www.example."_name, wire::RRType::MX, {&soa, 1}, start);
  cache.put_failure({.name = "www.example."_name, .type = wire::RRType::TXT}, {}, 60s, start);
  cache.put_delegation("www.example."_name, servers({"ns.example."}), {60}, start);
  cache.put_lame({server}, "www.example."_name, 60s, start);
  cache.put_server({server}, {.timeouts = 1}, start);
  REQUIRE(cache.statistics().entries == 12);

  CHECK(cache.flush("Www.Example."_name) == 8);
  CHECK_FALSE(cache.rrset("www.example."_name, a, start));
  CHECK_FALSE(cache.rrset("a.b.www.example."_name, a, start));
  CHECK(cache.rrset("example."_name, a, start));
  CHECK(cache.rrset("www2.example."_name, a, start));
  CHECK(cache.rrset("xwww.example."_name, a, start));
  CHECK(cache.server({server}, start).timeouts == 1);

  CHECK(cache.flush(wire::Name{}) == 4);
  CHECK(cache.statistics().entries == 0);
}

}  // namespace cairn::cache::test
