// The budget and who goes first, with the figures of the attacks that they answer: hash flooding
// and cache filling.
#include <malloc.h>

#include <algorithm>
#include <random>

#include "cache/store.hpp"
#include "tests/unit/cache/answer_builder.hpp"

namespace cairn::cache::test {

namespace {

wire::Name numbered(std::string_view prefix, std::size_t number) {
  return wire::Name::from_text(std::string{prefix} + std::to_string(number) + ".example.").value();
}

void put_set(Cache& cache, const wire::Name& owner, Instant now) {
  static const wire::RRset address = set_of("x. 3600 IN A 192.0.2.1");
  wire::RRset set = address;
  set.owner = owner;
  cache.put(set, Rank::AuthoritativeAnswer, now);
}

/// Asks, and fetches what is missing as the resolver would; whether it was there.
bool client_asks(Cache& cache, const wire::Name& name, Instant now) {
  const Answer answer(name, {{192, 0, 2, 1}}, 3600);
  if (!ask(cache, answer.key(), now).empty()) return true;
  put_set(cache, name, now);
  cache.rrset(name, wire::RRType::A, now);
  cache.put_answer(answer.key(), answer.ready(), now);
  return false;
}

}  // namespace

TEST_CASE("malloc takes what the budget counts for a block") {
  // Now and then 16 octets more: malloc does not cut off a rest that nobody could use.
  std::size_t blocks = 0, taken = 0, counted = 0;
  for (std::size_t octets = 1; octets < 300000; octets += 1 + octets / 200) {
    void* const block = ::operator new(octets);
    const std::size_t its = malloc_usable_size(block) + 8;
    CHECK(its <= allocated_octets(octets) + 16);
    ++blocks;
    taken += its;
    counted += allocated_octets(octets);
    ::operator delete(block);
  }
  CHECK(taken <= counted + blocks);
}

TEST_CASE("the cache is never above its size, whatever is put into it") {
  for (const std::size_t size : {300U << 10, 1U << 20, 3U << 20}) {
    Cache cache({.size = size, .key = sip_key});
    std::mt19937_64 random(size);
    Instant now = start;
    for (std::size_t i = 0; i < 30000; ++i) {
      now += 1ms;
      wire::RRset set = set_of("x. 30 IN TXT x");
      set.owner = numbered("name", random() % 20000);
      set.rdata.add(wire::Bytes(random() % (i % 500 == 0 ? 60000 : 200), 'x'));
      cache.put(set, Rank::AuthoritativeAnswer, now);
      REQUIRE(cache.statistics().bytes <= size);
    }
    CHECK(cache.statistics().evictions > 0);
    CHECK(cache.statistics().bytes > size / 10 * 7);
  }
}

TEST_CASE("a storm of one-time names does not push out what is asked for often") {
  constexpr std::size_t hot_names = 50;
  Cache cache({.size = 1U << 20, .key = sip_key});
  Instant now = start;
  for (std::size_t i = 0; i < 100000; ++i) {
    now += 100us;
    client_asks(cache, numbered("storm", i), now);
    if (i % 20 == 0) client_asks(cache, numbered("hot", i / 20 % hot_names), now);
  }
  std::size_t hits = 0;
  for (std::size_t i = 0; i < hot_names; ++i) hits += client_asks(cache, numbered("hot", i), now);
  CHECK(hits >= 45);
  CHECK(cache.statistics().evictions > 100000);
}

TEST_CASE("a name that comes back soon after it was pushed out stays the second time") {
  Cache cache({.size = 300U << 10, .key = sip_key});
  const wire::Name name = "returns.example."_name;
  std::size_t storm_names = 0;
  const auto storm = [&](std::size_t count) {
    while (count-- > 0) put_set(cache, numbered("storm", storm_names++), start);
  };
  const auto is_there = [&] { return cache.rrset(name, wire::RRType::A, start).has_value(); };
  storm(10000);
  put_set(cache, name, start);
  storm(3500);
  REQUIRE_FALSE(is_there());
  put_set(cache, name, start);
  storm(3500);
  CHECK(is_there());
}

TEST_CASE("expired entries go before live ones that were asked for as often") {
  Cache cache({.size = 300U << 10, .key = sip_key});
  wire::RRset brief = set_of("x. 1 IN A 192.0.2.1");
  for (std::size_t i = 0; i < 1300; ++i) {
    brief.owner = numbered("brief", i);
    cache.put(brief, Rank::AuthoritativeAnswer, start);
    put_set(cache, numbered("long", i), start);
    for (int hit = 0; hit < 3; ++hit) {
      cache.rrset(brief.owner, wire::RRType::A, start);
      cache.rrset(numbered("long", i), wire::RRType::A, start);
    }
  }
  for (std::size_t i = 0; i < 3000; ++i) put_set(cache, numbered("storm", i), start + 2s);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < 1300; ++i) {
    kept += cache.rrset(numbered("long", i), wire::RRType::A, start + 2s).has_value();
  }
  CHECK(kept == 1300);
}

TEST_CASE("names chosen to collide under one key spread under another") {
  // 100,000 names whose hashes under a key known to the attacker agree in 5 bits.
  constexpr wire::SipKey known{1, 2};
  Store store(64U << 20, 1, sip_key);
  std::size_t chosen = 0;
  for (std::size_t i = 0; chosen < 100000; ++i) {
    std::array<std::uint8_t, 10> label{8};
    for (std::size_t octet = 0; octet < 8; ++octet) {
      label[octet + 1] = static_cast<std::uint8_t>('a' + (i >> (4 * octet) & 15));
    }
    const Key key(Kind::RecordSet, label, wire::RRType::A);
    if ((wire::siphash13(known, key.octets()) & 31) != 0) continue;
    ++chosen;
    store.slot(key).write({}, start + 60s, start);
  }
  CHECK(store.statistics().entries == 100000);
  CHECK(store.longest_chain() <= 16);
}

TEST_CASE("what is looked for together stands in neighbouring buckets") {
  const wire::Name name = "www.example."_name;
  for (const Kind kind : {Kind::RecordSet, Kind::NoName, Kind::NoData, Kind::DeniesFalsely,
                          Kind::Failure, Kind::Delegation, Kind::Answer})
    for (const auto type : {wire::RRType{0}, wire::RRType::A, wire::RRType::CNAME}) {
      const Key key(kind, name.wire(), type);
      CHECK(key.place() < 8);
      CHECK(std::ranges::equal(key.about(), name.wire()));
    }
}

TEST_CASE("65,536 types of one name spread as well") {
  Store store(64U << 20, 1, sip_key);
  const wire::Name name = "one.example."_name;
  for (unsigned type = 0; type < 65536; ++type) {
    const Key key(Kind::NoData, name.wire(), static_cast<wire::RRType>(type));
    store.slot(key).write({}, start + 60s, start);
  }
  CHECK(store.statistics().entries == 65536);
  CHECK(store.longest_chain() <= 16);
}

}  // namespace cairn::cache::test
