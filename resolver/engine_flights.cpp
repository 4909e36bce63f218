// Jobs that wait for servers.
#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "resolver/engine_state.hpp"
#include "resolver/limits.hpp"

namespace cairn::resolver {

using wire::Instant;

void Engine::State::ask_another(Job& job, Instant now) {
  if (!std::exchange(job.impatient, false) || !job.budget->may_send() || job.budget->expired(now))
    return;
  const auto in_flight = static_cast<unsigned>(job.flights.size());
  for (;;) {
    const auto ask = job.iteration.another(in_flight, known, random, now);
    if (!ask || launch(job, *ask, now) != Room::FullServer) return;
  }
}

Room Engine::State::launch(Job& job, const Ask& ask, Instant now) {
  job.impatient = false;
  const AskKey key = flights.key_of(ask);
  Flight* flight = flights.equal_to(ask, key);
  const bool repeats = flight && std::ranges::count(job.flights, flight->id) > 0;
  const bool shared =
      flight && !repeats && flight->passengers.size() < limits::passengers_per_flight;
  if (const Room room = flights.room(key, now); !shared && room != Room::Enough) {
    turn_away(job, ask, room, now);
    return room;
  }
  ++job.attempts;
  // A copy: the oldest may be that very one.
  const auto before = repeats ? std::optional(flight->exchange) : std::nullopt;
  if (job.flights.size() >= limits::flights_per_job) {
    give_up_oldest(job, now);
    // Its silence has settled how to ask: the job is ready, and `ask` is out of date.
    if (job.flights.empty()) return Room::Enough;
  }
  if (!shared) {
    const cache::ServerState state = known.cache.server(ask.server, now);
    Exchange exchange(ask, state, known.settings, job.budget->deadline);
    if (before) exchange.repeats(*before);
    flight = &flights.start(std::move(exchange), key, now);
    let_rest(ask.server, state, now);
  }
  flights.board(*flight, job.id, job.budget->deadline, now);
  job.flights.push_back(flight->id);
  if (shared) {
    ++statistics.shared;
    begin_patience(job, *flight, now);
  } else {
    apply(*flight, flight->exchange.start(random, now), now);
  }
  return Room::Enough;
}

void Engine::State::let_rest(const wire::Endpoint& server, cache::ServerState state, Instant now) {
  if (state.retry_at == Instant{} || state.retry_at > now) return;
  state.retry_at = now + limits::longest_timeout;
  known.cache.put_server(server, state, now);
}

void Engine::State::turn_away(Job& job, const Ask& ask, Room room, Instant now) {
  ++statistics.turned_away;
  if (room == Room::FullServer) return job.iteration.pass_over(ask);
  if (!job.flights.empty()) return;
  Answer answer =
      failure(wire::ExtendedErrorCode::Other, "too many questions to the servers of " +
                                                  ask.zone.to_text() + " are unanswered already");
  answer.of_the_moment = answer.out_of_budget = true;
  finish(job, std::move(answer), now);
}

void Engine::State::begin_patience(Job& job, const Flight& flight, Instant now) {
  const auto patience = flight.exchange.patience() * (1U << std::min(job.attempts / 2, 4U));
  job.late_at = now + std::min({patience, job.iteration.most_patience(),
                                wire::Duration{limits::longest_timeout}});
  latenesses.push({job.late_at, job.id});
}

bool Engine::State::is_late(const Lateness& lateness) {
  const Job* job = find(lateness.job);
  return job && job->late_at == lateness.at && !job->flights.empty();
}

void Engine::State::end_of_patience(Instant now) {
  while (!latenesses.empty() && latenesses.top().at <= now) {
    const Lateness lateness = latenesses.top();
    latenesses.pop();
    if (!is_late(lateness)) continue;
    Job& job = *find(lateness.job);
    job.late_at = Instant::max();
    job.impatient = true;
    ready.push_back(job.id);
  }
}

void Engine::State::apply(Flight& flight, Exchange::Action action, Instant now) {
  for (;;) {
    if (auto* send = std::get_if<Exchange::Send>(&action)) {
      Job* payer = payer_of(flight);
      if (!payer) return break_off(flight, now);
      if (!flights.send(flight, *send)) {
        action = flight.exchange.on_unsendable(random, now);
        continue;
      }
      ++payer->budget->sends;
      ++(send->transport == Transport::Udp ? statistics.sends_udp : statistics.sends_tcp);
      for (const auto& passenger : flight.passengers)
        if (Job* job = find(passenger.job)) begin_patience(*job, flight, now);
      return;
    }
    if (auto* finished = std::get_if<Exchange::Finished>(&action))
      return conclude(flight, std::move(*finished), now);
    return;
  }
}

Job* Engine::State::payer_of(const Flight& flight) {
  for (const auto& passenger : flight.passengers)
    if (Job* job = find(passenger.job); job && job->budget->may_send()) return job;
  return nullptr;
}

void Engine::State::break_off(Flight& flight, Instant now) {
  const auto landed = flights.land(flight);
  for (const auto& passenger : landed->passengers) {
    Job* job = find(passenger.job);
    if (!job) continue;
    disembark(*job, *landed, passenger, now);
    if (!job->flights.empty()) continue;
    Answer answer = failure(wire::ExtendedErrorCode::NoReachableAuthority,
                            "the query has used up its budget of questions to servers");
    answer.out_of_budget = true;
    finish(*job, std::move(answer), now);
  }
}

void Engine::State::disembark(Job& job, const Flight& flight, const Flight::Passenger& its,
                              Instant now) {
  std::erase(job.flights, flight.id);
  job.trace.push_back(
      step_of(flight.exchange.ask(), as_seen_by(its, flight.exchange.overtaken(now)), now));
}

void Engine::State::disembark(Job& job, const Flight& flight, Instant now) {
  const auto its = std::ranges::find(flight.passengers, job.id, &Flight::Passenger::job);
  disembark(job, flight, *its, now);
}

Exchange::Finished Engine::State::as_seen_by(const Flight::Passenger& passenger,
                                             Exchange::Finished finished) {
  finished.packets -= std::min(passenger.packets_before, finished.packets);
  return finished;
}

void Engine::State::refresh(Flight& flight, Instant now) const {
  flight.exchange.learn(known.cache.server(flight.exchange.ask().server, now));
}

void Engine::State::conclude(Flight& flight, Exchange::Finished finished, Instant now) {
  flights.learn(flight, finished, now);
  const auto landed = flights.land(flight);
  const Ask& ask = landed->exchange.ask();
  statistics.ignored += finished.ignored;
  if (finished.why == ReplyKind::Timeout) ++statistics.timeouts;
  known.cache.put_server(ask.server, finished.learned, now);
  learn_of_ipv6(ask.server.address, finished, known.cache, now);
  for (const auto& passenger : landed->passengers) {
    Job* job = find(passenger.job);
    if (!job) continue;
    const bool last = &passenger == &landed->passengers.back();
    arrive(*job, *landed, as_seen_by(passenger, last ? std::move(finished) : finished), now);
  }
}

void Engine::State::arrive(Job& job, const Flight& flight, const Exchange::Finished& finished,
                           Instant now) {
  std::erase(job.flights, flight.id);
  const bool settled =
      job.iteration.absorb(flight.exchange.ask(), finished, known, random, job.trace, now);
  statistics.scrubbed += job.trace.back().scrubbed;
  if (settled) overtake_others(job, flight.exchange.ask().server, now);
  job.impatient = finished.why != ReplyKind::Timeout;
  if (job.flights.empty() || job.impatient) ready.push_back(job.id);
}

void Engine::State::overtake_others(Job& job, const wire::Endpoint& faster, Instant now) {
  job.attempts = 0;
  job.late_at = Instant::max();
  for (const FlightId id : std::exchange(job.flights, {})) {
    Flight* flight = flights.find(id);
    if (!flight) continue;
    disembark(job, *flight, now);
    if (flight->exchange.ask().server == faster)
      flights.leave(*flight, job.id);
    else
      flights.overtake(*flight, job.id);
  }
}

void Engine::State::give_up_oldest(Job& job, Instant now) {
  Flight* flight = flights.find(job.flights.front());
  if (flight->passengers.size() == 1) {
    refresh(*flight, now);
    return apply(*flight, flight->exchange.on_deadline(random, now), now);
  }
  disembark(job, *flight, now);
  flights.leave(*flight, job.id);
}

}  // namespace cairn::resolver
