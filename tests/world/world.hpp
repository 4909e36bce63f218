// A whole world with a clock of its own: the production engine, cache and zones on the one side,
// a fake network on the other. Time passes only when run() or wait() lets it, and everything that
// happens follows from the seed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/engine.hpp"
#include "tests/world/network.hpp"
#include "tests/world/seeded_random.hpp"
#include "zones/zone_set.hpp"

namespace cairn::world {

struct WorldOptions {
  resolver::Settings settings;
  cache::CacheOptions cache;
  std::uint64_t seed = 1;
  /// Whether what arrives for a closed exchange is shown to the engine all the same, which must not
  /// be moved by it.
  bool late_arrivals = false;
  /// What the resolver's wall clock says when the world begins.
  std::chrono::sys_seconds wall_clock = dawn;
};

class World {
 public:
  explicit World(WorldOptions options, zones::ZoneSet zones = {});

  resolver::QueryId ask(const wire::Question& question, resolver::Engine::Wishes wishes = {});
  void refresh(const wire::Question& question, wire::Duration left);
  void cancel(resolver::QueryId query);
  /// One event: an arrival or a deadline, whichever is due first. False when nothing will ever
  /// happen again.
  bool step();
  /// Until nobody waits for anything. False if the engine never comes to rest.
  bool run();
  /// Lets time pass, and what is due in it happen.
  void wait(wire::Duration duration);

  std::vector<resolver::Engine::Finished> take_finished();
  wire::Instant now() const { return now_; }
  FakeNetwork& network() { return network_; }
  cache::Cache& cache() { return cache_; }
  resolver::Engine& engine() { return engine_; }

 private:
  std::optional<wire::Instant> next_event() const;
  void collect();
  void begin_event();

  WorldOptions options_;
  zones::ZoneSet zones_;
  SeededRandom random_;
  FakeNetwork network_;
  cache::Cache cache_;
  resolver::Engine engine_;
  static constexpr wire::Instant start{std::chrono::hours{1}};  // the machine has been up a while
  wire::Instant now_ = start;
  std::vector<resolver::Engine::Finished> finished_;
};

}  // namespace cairn::world
