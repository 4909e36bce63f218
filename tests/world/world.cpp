#include "tests/world/world.hpp"

#include <algorithm>
#include <iterator>

namespace cairn::world {

World::World(WorldOptions options, zones::ZoneSet zones)
    : options_(std::move(options)),
      zones_(std::move(zones)),
      random_(options_.seed),
      network_(options_.seed ^ 0x6e6574776f726bU),
      cache_(options_.cache),
      engine_({cache_, &zones_, options_.settings}, network_, random_) {}

void World::collect() {
  auto finished = engine_.take_finished();
  std::move(finished.begin(), finished.end(), std::back_inserter(finished_));
}

void World::begin_event() {
  network_.set_now(now_);
  engine_.tell_time(options_.wall_clock + std::chrono::floor<std::chrono::seconds>(now_ - start));
}

resolver::QueryId World::ask(const wire::Question& question, resolver::Engine::Wishes wishes) {
  begin_event();
  const auto query = engine_.ask(question, now_, wishes);
  collect();
  return query;
}

void World::refresh(const wire::Question& question, wire::Duration left) {
  begin_event();
  engine_.refresh(question, left, now_);
  collect();
}

void World::cancel(resolver::QueryId query) {
  begin_event();
  engine_.cancel(query);
  collect();
}

std::optional<wire::Instant> World::next_event() const {
  const auto deadline = engine_.next_deadline();
  const auto arrival = network_.next_arrival();
  if (!arrival && deadline == wire::Instant::max()) return std::nullopt;
  return std::min(arrival.value_or(wire::Instant::max()), deadline);
}

bool World::step() {
  const auto event = next_event();
  if (!event) return false;
  now_ = std::max(now_, *event);
  begin_event();
  const auto arrival = network_.next_arrival();
  if (!arrival || *arrival > now_) {
    engine_.on_deadline(now_);
  } else {
    const auto what = network_.take_arrival();
    if (network_.is_open(what) || (options_.late_arrivals && network_.is_over(what.id))) {
      if (what.unreachable) {
        engine_.on_unreachable(what.id, now_);
      } else if (what.stream_lost) {
        engine_.on_stream_lost(what.id, now_);
      } else {
        engine_.on_message(what.id, what.from, what.transport, what.octets, now_);
      }
    }
  }
  collect();
  return true;
}

bool World::run() {
  // A question ends after a few hundred events at most; one that spins must not hang the test.
  constexpr unsigned patience = 200000;
  for (unsigned events = 0; events < patience; ++events) {
    if (engine_.idle()) return true;
    if (!step()) return false;
  }
  return false;
}

void World::wait(wire::Duration duration) {
  const auto until = now_ + duration;
  for (auto event = next_event(); event && *event <= until; event = next_event()) step();
  now_ = until;
}

std::vector<resolver::Engine::Finished> World::take_finished() {
  return std::exchange(finished_, {});
}

}  // namespace cairn::world
