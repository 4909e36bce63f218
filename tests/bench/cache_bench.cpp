// What the cache costs: nanoseconds for each of its common calls and octets for each cached name.
// Prints a table; a benchmark, not a test.
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <list>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "cache/cache.hpp"
#include "cache/store.hpp"

namespace {

using namespace cairn;

constexpr std::size_t name_count = 10000;
constexpr cache::Instant now{std::chrono::hours{1}};
constexpr std::uint8_t address[] = {192, 0, 2, 1};

struct Names {
  std::vector<wire::RRset> sets;
  std::vector<wire::Bytes> messages;
  std::vector<std::uint16_t> ttl_offsets;

  explicit Names(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      wire::RRset set;
      std::string owner = "host";
      owner.append(std::to_string(i)).append(".example.com.");
      set.owner = wire::Name::from_text(owner).value();
      set.ttl = {3600};
      set.rdata.add(address);
      wire::Bytes message{0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
      const auto append = [&message](std::span<const std::uint8_t> octets) {
        for (const std::uint8_t octet : octets) message.push_back(octet);
      };
      append(set.owner.wire());
      append(std::array<std::uint8_t, 10>{0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1});
      ttl_offsets.push_back(static_cast<std::uint16_t>(message.size()));
      append(std::array<std::uint8_t, 6>{0, 0, 14, 16, 0, 4});
      append(address);
      sets.push_back(set);
      messages.push_back(message);
    }
  }

  cache::AnswerKey key(std::size_t i) const { return {.name = sets[i].owner.wire()}; }
  cache::ReadyAnswer answer(std::size_t i) const {
    return {.message = messages[i],
            .ttl_offsets = {&ttl_offsets[i], 1},
            .lifetime = std::chrono::hours{1}};
  }
};

/// Of this thread: it does not count what others do meanwhile.
double cpu_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

template <class Call>
void time(const char* what, std::size_t calls, const Call& call) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double begin = cpu_nanoseconds();
    for (std::size_t i = 0; i < calls; ++i) call(i);
    best = std::min(best, (cpu_nanoseconds() - begin) / static_cast<double>(calls));
  }
  std::printf("%-44s %8.1f ns\n", what, best);
}

std::size_t heap_octets() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

void memory(const char* what, bool with_answers) {
  const Names names(name_count);
  const std::size_t before = heap_octets();
  cache::Cache cache({.key = {1, 2}});
  const std::size_t empty = heap_octets();
  for (std::size_t i = 0; i < name_count; ++i) {
    cache.put(names.sets[i], cache::Rank::AuthoritativeAnswer, now);
    if (with_answers) cache.put_answer(names.key(i), names.answer(i), now);
  }
  const std::size_t full = heap_octets();
  std::printf("%-44s %8.1f octets (counted %zu, malloc says %zu; empty %zu)\n", what,
              static_cast<double>(full - empty) / static_cast<double>(name_count),
              cache.statistics().bytes, full - before, empty - before);
}

constexpr std::size_t zipf_names = 300000;

/// Names by Zipf's law with exponent 0.9, and as many that are asked for once, by turns.
std::vector<std::size_t> questions(std::size_t count) {
  std::vector<double> cumulated;
  double sum = 0;
  for (std::size_t i = 1; i <= zipf_names; ++i) {
    sum += 1 / std::pow(static_cast<double>(i), 0.9);
    cumulated.push_back(sum);
  }
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> anywhere(0, sum);
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < count; ++i) {
    const auto rank = std::lower_bound(cumulated.begin(), cumulated.end(), anywhere(random));
    asked.push_back(i % 2 == 0 ? zipf_names + i
                               : static_cast<std::size_t>(rank - cumulated.begin()));
  }
  return asked;
}

class LeastRecentlyUsed {
 public:
  explicit LeastRecentlyUsed(std::size_t most) : most_(most) {}
  bool hit(std::size_t name) {
    const auto found = places_.find(name);
    if (found != places_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return true;
    }
    order_.push_front(name);
    places_[name] = order_.begin();
    if (order_.size() > most_) {
      places_.erase(order_.back());
      order_.pop_back();
    }
    return false;
  }

 private:
  std::size_t most_;
  std::list<std::size_t> order_;
  std::unordered_map<std::size_t, std::list<std::size_t>::iterator> places_;
};

bool hit(cache::Store& store, std::size_t name) {
  std::array<std::uint8_t, 10> owner{8};
  for (std::size_t octet = 0; octet < 8; ++octet) {
    owner[octet + 1] = static_cast<std::uint8_t>('a' + (name >> (4 * octet) & 15));
  }
  const cache::Key key(cache::Kind::RecordSet, owner);
  cache::Slot slot = store.slot(key);
  if (slot.hit(now)) return true;
  slot.write(address, now + std::chrono::hours{1}, now);
  return false;
}

void hit_ratio() {
  const std::vector<std::size_t> asked = questions(2000000);
  cache::Store store(2U << 20, 1, {1, 2});
  for (const std::size_t name : asked) hit(store, name);
  LeastRecentlyUsed lru(store.statistics().entries);
  std::size_t counted = 0, hits = 0, lru_hits = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {  // the second half counts, the popular names
    const bool here = hit(store, asked[i]), there = lru.hit(asked[i]);
    if (i < asked.size() / 2 || asked[i] >= zipf_names) continue;
    ++counted;
    hits += here;
    lru_hits += there;
  }
  const auto percent = [&](std::size_t count) {
    return 100 * static_cast<double>(count) / static_cast<double>(counted);
  };
  std::printf("%-44s %8.1f %% (least recently used: %.1f %%)\n",
              "hits among one-time names, Zipf 0.9", percent(hits), percent(lru_hits));
}

}  // namespace

int main() {
  const Names names(name_count);
  cache::Cache cache({.key = {1, 2}});
  for (std::size_t i = 0; i < name_count; ++i) {
    cache.put(names.sets[i], cache::Rank::AuthoritativeAnswer, now);
    cache.put_answer(names.key(i), names.answer(i), now);
  }
  std::vector<std::size_t> order(1 << 18);
  std::mt19937 random(1);
  for (std::size_t& i : order) i = random() % name_count;
  // One behind the other, as they would lie in a receive buffer.
  std::vector<wire::Name> asked;
  for (const std::size_t i : order) asked.push_back(names.sets[i].owner);

  std::array<std::uint8_t, 512> out;
  std::size_t found = 0;
  time("write_answer, hit, one name", order.size(),
       [&](std::size_t) { found += cache.write_answer(names.key(7), now, out).octets > 0; });
  time("write_answer, hit, 10,000 names", order.size(), [&](std::size_t i) {
    found += cache.write_answer({.name = asked[i].wire()}, now, out).octets > 0;
  });
  time("rrset, hit, 10,000 names", order.size(),
       [&](std::size_t i) { found += cache.rrset(asked[i], wire::RRType::A, now).has_value(); });
  time("rrset, miss", order.size(),
       [&](std::size_t i) { found += cache.rrset(asked[i], wire::RRType::MX, now).has_value(); });
  time("put of a set that is there", order.size(), [&](std::size_t i) {
    cache.put(names.sets[order[i]], cache::Rank::AuthoritativeAnswer, now);
  });
  time("put_answer of an answer that is there", order.size(),
       [&](std::size_t i) { cache.put_answer(names.key(order[i]), names.answer(order[i]), now); });
  {
    const Names many(200000);
    cache::Cache small({.size = 8U << 20, .key = {1, 2}});
    time("put of a new set into a full cache", many.sets.size(),
         [&](std::size_t i) { small.put(many.sets[i], cache::Rank::AuthoritativeAnswer, now); });
  }
  memory("memory per name: an A set", false);
  memory("memory per name: an A set and its answer", true);
  hit_ratio();
  return found > 0 ? 0 : 1;
}
