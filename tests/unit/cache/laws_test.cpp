// Random histories, judged by what was put: nothing expired comes out, TTLs only fall between two
// puts, rank never drops in life, and without shortage of room nothing is lost.
#include <map>
#include <random>

#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

namespace {

struct Put {
  wire::RRset set;
  Rank rank;
  Instant expires;
};

class History {
 public:
  History(std::uint64_t seed, std::size_t size)
      : random_(seed),
        cache_({.size = size, .max_ttl = {50}, .key = {seed, ~seed}}),
        cache_size_(size) {}

  void step() {
    now_ += Duration{static_cast<std::int64_t>(below(400'000'000))};
    const std::size_t which = below(2000);
    const wire::Name name = wire::Name::from_text("n" + std::to_string(which) + ".").value();
    if (below(2) == 0) {
      put(name);
    } else {
      look(name);
    }
    REQUIRE(cache_.statistics().bytes <= size());
  }

  std::size_t missed() const { return missed_; }
  std::size_t found() const { return found_; }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::size_t size() const { return cache_size_; }

  void put(const wire::Name& name) {
    Put offered{set_of("x. 60 IN TXT x"), static_cast<Rank>(1 + below(4)), {}};
    offered.set.owner = name;
    offered.set.ttl = {static_cast<std::uint32_t>(below(60))};
    offered.set.rdata.add(wire::Bytes(1 + below(250), 'x'));
    const std::uint32_t ttl = std::min(offered.set.ttl.seconds, 50U);
    offered.expires = now_ + std::chrono::seconds{ttl};

    const auto before = cache_.rrset(name, wire::RRType::TXT, now_);
    const bool taken = cache_.put(offered.set, offered.rank, now_);
    const bool ranks_lower = before && before->rank > offered.rank;
    CHECK(taken == (ttl > 0 && !ranks_lower));
    if (taken) puts_.insert_or_assign(name, offered);
  }

  void look(const wire::Name& name) {
    const auto found = cache_.rrset(name, wire::RRType::TXT, now_);
    const auto last = puts_.find(name);
    const bool lives = last != puts_.end() && now_ < last->second.expires;
    if (!found) {
      missed_ += lives;
      return;
    }
    ++found_;
    REQUIRE(lives);
    CHECK(found->rank == last->second.rank);
    CHECK(found->rrset.rdata == last->second.set.rdata);
    const auto left = std::chrono::ceil<std::chrono::seconds>(last->second.expires - now_);
    CHECK(found->rrset.ttl.seconds == left.count());
  }

  std::mt19937_64 random_;
  Cache cache_;
  std::size_t cache_size_;
  Instant now_ = start;
  std::map<wire::Name, Put> puts_;
  std::size_t missed_ = 0, found_ = 0;
};

}  // namespace

TEST_CASE("the laws of record sets hold for random histories") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    History roomy(seed, 8U << 20);
    History tight(seed, 256U << 10);
    for (int i = 0; i < 5000; ++i) {
      roomy.step();
      tight.step();
    }
    CHECK(roomy.missed() == 0);
    CHECK(roomy.found() > 0);
    CHECK(tight.found() > 0);
  }
}

TEST_CASE("no history of parents' words prolongs a delegation, nor one below it") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    Cache cache({.key = {seed, ~seed}});
    const wire::Name zones[] = {"a."_name, "b.a."_name, "c.b.a."_name, "d.c.b.a."_name};
    const std::vector<NameServer> sets[] = {servers({"ns1.", "ns2."}), servers({"ns3."})};
    std::map<wire::Name, Delegation> known;
    Instant now = start;
    for (int i = 0; i < 500; ++i) {
      now += Duration{static_cast<std::int64_t>(random() % 1'000'000'000)};
      const wire::Name& zone = zones[random() % 4];
      const auto& offered = sets[random() % 2];
      const wire::Ttl ttl{static_cast<std::uint32_t>(random() % 20)};
      cache.put_delegation(zone, offered, ttl, now);

      Instant most = now + wire::as_duration(ttl);
      if (const auto old = known.find(zone);
          old != known.end() && now < old->second.expires && old->second.servers == offered) {
        most = std::min(most, old->second.expires);
      }
      for (const auto& [above, delegation] : known) {
        if (zone.is_below(above) && now < delegation.expires) {
          most = std::min(most, delegation.expires);
        }
      }
      const auto found = cache.deepest_delegation(zone, now);
      if (most > now) {
        REQUIRE(found);
        REQUIRE(found->zone == zone);
        CHECK(found->expires == most);
        known.insert_or_assign(zone, *found);
      }
      if (found) CHECK(found->expires > now);
    }
  }
}

}  // namespace cairn::cache::test
