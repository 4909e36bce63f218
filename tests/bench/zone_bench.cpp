// How fast zones are read and answer: a zone of a million records made in memory, parsed, made a
// zone of, and asked. Prints one number a line.
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "zones/zone.hpp"
#include "zones/zone_loading.hpp"
#include "zones/zone_set.hpp"

using namespace cairn;

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string zone_text(std::size_t names) {
  std::string text =
      "$TTL 300\n@ SOA ns hostmaster 1 7200 3600 604800 60\n@ NS ns\nns A 192.0.2.1\n"
      "*.wild A 192.0.2.2\n";
  for (std::size_t i = 0; i < names; ++i) {
    const std::string host = "host" + std::to_string(i);
    text += host + " A 10." + std::to_string(i >> 16 & 255) + "." + std::to_string(i >> 8 & 255) +
            "." + std::to_string(i & 255) + "\n";
    if (i % 4 == 0) text += host + " A 192.0.2.7\n";
  }
  return text;
}

void measure_answers(const char* what, const zones::ZoneSet& set,
                     const std::vector<wire::Question>& questions) {
  constexpr std::size_t rounds = 2'000'000;
  zones::ZoneAnswer answer;
  std::size_t sets = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < rounds; ++i) {
    const wire::Question& question = questions[i % questions.size()];
    set.find(question)->answer(question, false, answer);
    sets += answer.answer.size() + answer.authority.size();
  }
  std::printf("%-34s %8.0f ns an answer (%.2f sets)\n", what, seconds_since(start) * 1e9 / rounds,
              static_cast<double>(sets) / rounds);
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t names = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 800'000;
  const wire::Name apex = *wire::Name::from_text("bench.example.");
  const std::string text = zone_text(names);

  auto start = std::chrono::steady_clock::now();
  std::size_t read = 0;
  const auto count_them = [&read](const zones::ZoneFileRecord&) {
    ++read;
    return std::string();
  };
  const auto errors = zones::read_zone_file(text, apex, "bench", count_them);
  const auto records = static_cast<double>(read);
  std::printf("%-34s %8.0f records a second (%.0f records, %zu errors)\n", "read_zone_file",
              records / seconds_since(start), records, errors.count());

  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  start = std::chrono::steady_clock::now();
  const auto loaded = zones::load_zone(text, apex, "bench", {.hash_key = {1, 2}});
  if (!loaded.zone) {
    std::fprintf(stderr, "%s\n", loaded.errors.errors.front().to_text().c_str());
    return 1;
  }
  std::printf("%-34s %8.0f records a second\n", "load_zone", records / seconds_since(start));
  std::printf("%-34s %8.0f octets a record\n", "memory of the zone",
              static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - before) / records);

  std::vector<wire::Question> hits, few, misses, wild;
  const auto named = [&](const std::string& label) {
    return *wire::Name::from_text(label + ".bench.example.");
  };
  for (std::size_t i = 0; i < 10'000; ++i) {
    const std::string number = std::to_string(i * 7919 % names);
    hits.push_back({named("host" + number)});
    few.push_back({named("host" + std::to_string(i % 16))});
    misses.push_back({named("no" + number)});
    wild.push_back({named("x" + number + ".wild")});
  }
  const zones::ZoneSet set({loaded.zone});
  measure_answers("hits, 16 names", set, few);
  measure_answers("hits, 10,000 names", set, hits);
  measure_answers("names that do not exist", set, misses);
  measure_answers("wildcards", set, wild);
}
