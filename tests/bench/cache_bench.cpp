// What the cache costs: nanoseconds for each of its common calls and octets for each cached name.
// Prints a table; a benchmark, not a test.
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "cache/cache.hpp"

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
      set.owner = wire::Name::from_text("host" + std::to_string(i) + ".example.com.").value();
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

template <class Call>
void time(const char* what, std::size_t calls, const Call& call) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < calls; ++i) call(i);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count() / static_cast<double>(calls));
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

}  // namespace

int main() {
  const Names names(name_count);
  cache::Cache cache({.key = {1, 2}});
  for (std::size_t i = 0; i < name_count; ++i) {
    cache.put(names.sets[i], cache::Rank::AuthoritativeAnswer, now);
    cache.put_answer(names.key(i), names.answer(i), now);
  }
  std::vector<std::size_t> order(1 << 20);
  std::mt19937 random(1);
  for (std::size_t& i : order) i = random() % name_count;

  std::array<std::uint8_t, 512> out;
  std::size_t found = 0;
  time("write_answer, hit, one name", order.size(),
       [&](std::size_t) { found += cache.write_answer(names.key(7), now, out) > 0; });
  time("write_answer, hit, 10,000 names", order.size(),
       [&](std::size_t i) { found += cache.write_answer(names.key(order[i]), now, out) > 0; });
  time("rrset, hit, 10,000 names", order.size(), [&](std::size_t i) {
    found += cache.rrset(names.sets[order[i]].owner, wire::RRType::A, now).has_value();
  });
  time("rrset, miss", order.size(), [&](std::size_t i) {
    found += cache.rrset(names.sets[order[i]].owner, wire::RRType::MX, now).has_value();
  });
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
  return found > 0 ? 0 : 1;
}
