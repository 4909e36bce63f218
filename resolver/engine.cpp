#include "resolver/engine.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "resolver/engine_state.hpp"
#include "resolver/limits.hpp"
#include "resolver/rebinding.hpp"
#include "resolver/recall.hpp"

namespace cairn::resolver {

using wire::Instant;

void Engine::State::run(Instant now) {
  if (now != turn_at) checks_of_turn = 0;
  turn_at = now;
  while (!ready.empty() && checks_of_turn < limits::checks_per_turn) {
    const JobId id = ready.front();
    ready.pop_front();
    if (Job* job = find(id)) advance(*job, now);
  }
  flights.tidy();
  while (!latenesses.empty() && !is_late(latenesses.top())) latenesses.pop();
  for (auto* deadlines : {&query_deadlines, &patiences})
    while (!deadlines->empty() && !find(deadlines->front().second)) deadlines->pop_front();
}

void Engine::State::advance(Job& job, Instant now) {
  if (job.waits_for != no_job) return;
  if (!job.flights.empty()) return ask_another(job, now);
  const JobId id = job.id;
  for (;;) {
    // What others wait for is on the way to an answer (dnssec/work.hpp).
    dnssec::Work& work = job.budget->work;
    work.on_the_way = job.depth > 0;
    const unsigned checks = work.checks + work.chain_checks;
    Next next = job.iteration.next(known, *job.budget, random, job.trace, now);
    checks_of_turn += work.checks + work.chain_checks - checks;
    if (auto* done = std::get_if<Done>(&next)) return finish(job, std::move(done->answer), now);
    if (auto* need = std::get_if<Need>(&next)) {
      const Waiting waiting = wait_for(job, *need, now);
      if (waiting == Waiting::Begun) return;
      Answer none = failure(wire::ExtendedErrorCode::NoReachableAuthority, {});
      none.out_of_budget = waiting == Waiting::TooMuch || waiting == Waiting::Full;
      none.of_the_moment = waiting == Waiting::Full;
      job.iteration.absorb(*need, none, known, *job.budget, job.trace, now);
      continue;
    }
    launch(job, std::get<Ask>(next), now);
    if (!find(id) || !job.flights.empty()) return;
    // Else nothing could be sent, or the server has too much to do: another one.
  }
}

Engine::Engine(Known known, Network& network, Random& random)
    : state_(std::make_unique<State>(known, network, random)) {}

Engine::~Engine() = default;

QueryId Engine::ask(const wire::Question& question, Instant now, Wishes wishes) {
  State& state = *state_;
  ++state.statistics.queries;
  const QueryId query = ++state.last_query;
  const bool unchecked = wishes.unchecked && state.known.settings.validation.on;
  const JobKind kind = unchecked ? JobKind::Unchecked : JobKind::Ordinary;
  Job* job = state.running_job(question, kind);
  if (job) {
    ++state.statistics.joined;
  } else if (state.jobs.size() >= limits::jobs) {
    ++state.statistics.refused;
    Answer answer = failure(wire::ExtendedErrorCode::Other, "too many questions in progress");
    Trace trace;
    if (state.known.settings.serve_stale)
      if (auto instead =
              expired_answer(question, state.known, answer.error->text, trace, now, unchecked))
        answer = std::move(*instead);
    take_out_private(answer, question, state.known);
    state.answered.push_back({query, question, std::move(answer), std::move(trace)});
    return query;
  } else {
    job = &state.start_for_client(question, State::new_budget(now), kind);
  }
  state.add_query(*job, query, wishes.as_it_is, now);
  state.run(now);
  return query;
}

void Engine::refresh(const wire::Question& question, wire::Duration left, Instant now) {
  State& state = *state_;
  if (!state.known.settings.prefetch) return;
  // One for all the links of an alias: one question of a client, one budget.
  const auto budget = std::make_shared<Budget>();
  budget->deadline = now + limits::query_time;
  budget->most_sends = limits::sends_per_refresh;
  auto pieces = aging(question, left, state.known, now);
  if (state.known.settings.dns64 && question.type == wire::RRType::AAAA)
    std::ranges::move(
        aging({question.name, wire::RRType::A, wire::RRClass::IN}, left, state.known, now),
        std::back_inserter(pieces));
  for (const wire::Question& piece : pieces) {
    if (state.refreshing.size() >= limits::refreshes || state.jobs.size() >= limits::jobs) break;
    if (state.refreshing.contains(piece) || state.running_job(piece)) continue;
    state.start(piece, budget, 0, JobKind::Refresh);
    ++state.statistics.refreshed;
  }
  state.run(now);
}

void Engine::cancel(QueryId query) {
  const auto at = state_->queries.find(query);
  if (at == state_->queries.end()) return;
  Job* job = state_->find(at->second.job);
  state_->queries.erase(at);
  if (!job) return;
  std::erase(job->queries, query);
  state_->abandon(job);
}

void Engine::on_message(ExchangeId id, const wire::Endpoint& from, Transport transport,
                        std::span<const std::uint8_t> octets, Instant now) {
  State& state = *state_;
  Flight* flight = state.flights.find_exchange(id);
  if (!flight) return;
  ++state.statistics.replies;
  for (const auto& passenger : flight->passengers)
    if (Job* job = state.find(passenger.job)) job->budget->received_octets += octets.size();
  state.refresh(*flight, now);
  state.apply(*flight, flight->exchange.on_message(from, transport, octets, state.random, now),
              now);
  state.run(now);
}

void Engine::on_unreachable(ExchangeId id, Instant now) {
  Flight* flight = state_->flights.find_exchange(id);
  if (!flight) return;
  state_->refresh(*flight, now);
  state_->apply(*flight, flight->exchange.on_unreachable(state_->random, now), now);
  state_->run(now);
}

void Engine::on_stream_lost(ExchangeId id, Instant now) {
  Flight* flight = state_->flights.find_exchange(id);
  if (!flight) return;
  state_->refresh(*flight, now);
  state_->apply(*flight, flight->exchange.on_stream_lost(state_->random, now), now);
  state_->run(now);
}

void Engine::on_deadline(Instant now) {
  State& state = *state_;
  state.checks_of_turn = 0;
  while (Flight* flight = state.flights.due(now)) {
    state.refresh(*flight, now);
    state.apply(*flight, flight->exchange.on_deadline(state.random, now), now);
  }
  state.end_of_patience(now);
  while (!state.patiences.empty() && state.patiences.front().first <= now) {
    Job* job = state.find(state.patiences.front().second);
    state.patiences.pop_front();
    if (job) state.end_patience(*job, now);
  }
  while (!state.query_deadlines.empty() && state.query_deadlines.front().first <= now) {
    Job* job = state.find(state.query_deadlines.front().second);
    state.query_deadlines.pop_front();
    if (!job) continue;
    Job* child = state.find(job->waits_for);
    const JobId id = job->id;
    state.tell_of_waiting(*job, now);
    state.finish(*job, job->iteration.out_of_time(), now);
    if (child) {
      std::erase(child->parents, id);
      state.abandon(child);
    }
  }
  state.run(now);
}

Instant Engine::next_deadline() const {
  const State& state = *state_;
  if (!state.ready.empty()) return state.turn_at;
  Instant at = state.flights.next_deadline();
  if (!state.latenesses.empty()) at = std::min(at, state.latenesses.top().at);
  for (const auto* deadlines : {&state.query_deadlines, &state.patiences})
    if (!deadlines->empty()) at = std::min(at, deadlines->front().first);
  return at;
}

std::vector<Engine::Finished> Engine::take_finished() {
  return std::exchange(state_->answered, {});
}

bool Engine::idle() const {
  return state_->jobs.size() == 0 && state_->flights.size() == 0;
}
bool Engine::goes_on() const {
  return state_->going_on > 0 || state_->flights.overtaken() > 0;
}
std::size_t Engine::jobs() const {
  return state_->jobs.size();
}
const EngineStatistics& Engine::statistics() const {
  return state_->statistics;
}

void Engine::use_zones(const zones::ZoneSet& zones) {
  state_->known.zones = &zones;
  state_->chain.forget();
}

void Engine::forget(const wire::Name& name) {
  state_->chain.forget(name);
}

void Engine::tell_time(std::chrono::sys_seconds time) {
  state_->known.wall_clock = time;
}

}  // namespace cairn::resolver
