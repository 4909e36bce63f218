// sim [--seeds A..B | --seed N] [--trace]
//
// Runs one random Internet per seed and checks the eight laws of run.hpp. A failing seed is the bug
// report: `--seed N --trace` plays the same run again, and shows all of it.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/sim/run.hpp"

namespace {

struct Arguments {
  std::uint64_t first = 1;
  std::uint64_t last = 1000;
  bool trace = false;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Arguments> parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--trace") {
      arguments.trace = true;
    } else if (words[i] == "--seed" && i + 1 < words.size()) {
      const auto seed = number(words[++i]);
      if (!seed) return std::nullopt;
      arguments.first = arguments.last = *seed;
    } else if (words[i] == "--seeds" && i + 1 < words.size()) {
      const auto range = words[++i];
      const auto dots = range.find("..");
      if (dots == std::string_view::npos) return std::nullopt;
      const auto first = number(range.substr(0, dots));
      const auto last = number(range.substr(dots + 2));
      if (!first || !last || *first > *last) return std::nullopt;
      arguments.first = *first;
      arguments.last = *last;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

struct Totals {
  std::mutex mutex;
  std::uint64_t failed = 0, questions = 0, servfails = 0, obstructed = 0, sends = 0, secure = 0;
};

void play(std::uint64_t seed, bool with_trace, Totals& totals) {
  auto outcome = cairn::sim::run(seed);
  // Law 5, for some: it costs as much as all the others together.
  if ((seed % 8 == 0 || with_trace) && cairn::sim::run(seed).trace != outcome.trace) {
    outcome.broken.emplace_back("law 5: the same seed made another trace");
  }
  const std::lock_guard lock(totals.mutex);
  totals.questions += outcome.questions;
  totals.servfails += outcome.servfails;
  totals.obstructed += outcome.obstructed_failures;
  totals.secure += outcome.secure;
  totals.sends += outcome.sends;
  if (with_trace) std::fputs(outcome.trace.c_str(), stdout);
  if (outcome.broken.empty()) return;
  ++totals.failed;
  std::printf("seed %llu broke\n", static_cast<unsigned long long>(seed));
  for (const auto& law : outcome.broken) std::printf("  %s\n", law.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = parse({argv + 1, argv + argc});
  if (!arguments) {
    std::fputs("usage: sim [--seeds A..B | --seed N] [--trace]\n", stderr);
    return 2;
  }
  Totals totals;
  std::atomic<std::uint64_t> next = arguments->first;
  std::vector<std::thread> workers;
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < cores; ++i) {
    workers.emplace_back([&] {
      for (auto seed = next++; seed <= arguments->last; seed = next++) {
        play(seed, arguments->trace, totals);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  const auto seeds = arguments->last - arguments->first + 1;
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf(
      "%llu questions, %llu packets, %llu explained failures (%llu with a server left), %llu "
      "secure answers\n",
      number(totals.questions), number(totals.sends), number(totals.servfails),
      number(totals.obstructed), number(totals.secure));
  std::printf("%llu passed, %llu failed\n", number(seeds - totals.failed), number(totals.failed));
  return totals.failed == 0 ? 0 : 1;
}
