#include "resolver/flights.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {

AskKey Flights::key_of(const Ask& ask) const {
  const Windows::Pair windows = windows_.of(ask);
  const std::uint64_t type = static_cast<std::uint64_t>(ask.question.type) * 0x9e3779b97f4a7c15U;
  return {ask.question.name.hash(key_) ^ std::rotl(windows.zone, 1) ^ windows.server ^ type,
          windows};
}

Flight* Flights::equal_to(const Ask& ask, const AskKey& key) const {
  const auto at = by_ask_.find(key.hash);
  Flight* flight = at == by_ask_.end() ? nullptr : find(at->second);
  return flight && flight->exchange.ask() == ask ? flight : nullptr;
}

Flight& Flights::start(Exchange exchange, const AskKey& key, wire::Instant now) {
  Flight& flight = flights_.emplace(std::move(exchange), key);
  by_ask_[key.hash] = flight.id;
  windows_.begin(key.windows, now);
  return flight;
}

void Flights::board(Flight& flight, JobId job, wire::Instant latest, wire::Instant now) {
  if (std::exchange(flight.overtaken, false)) {
    --overtaken_;
    windows_.begin(flight.key.windows, now);
  }
  flight.passengers.push_back({job, flight.exchange.packets()});
  const wire::Instant deadline = flight.exchange.deadline();
  flight.exchange.wait_until(latest);
  if (flight.exchange_id && flight.exchange.deadline() > deadline)
    deadlines_.push({flight.exchange.deadline(), flight.exchange_id});
}

Flight* Flights::find_exchange(ExchangeId id) const {
  Flight* flight = flights_.at_place_of(id);
  return flight && flight->exchange_id == id ? flight : nullptr;
}

bool Flights::send(Flight& flight, const Exchange::Send& what) {
  if (flight.exchange_id) network_.close(flight.exchange_id);
  flight.exchange_id = flights_.further_id(flight);
  if (!network_.send(flight.exchange_id, what.transport, flight.exchange.ask().server,
                     what.message))
    return false;
  deadlines_.push({what.deadline, flight.exchange_id});
  return true;
}

bool Flights::remove_passenger(Flight& flight, JobId job) {
  std::erase_if(flight.passengers, [job](const auto& passenger) { return passenger.job == job; });
  return flight.passengers.empty();
}

void Flights::leave(Flight& flight, JobId job) {
  if (remove_passenger(flight, job)) land(flight);
}

void Flights::overtake(Flight& flight, JobId job) {
  if (!remove_passenger(flight, job)) return;
  if (overtaken_ >= limits::overtaken) {
    land(flight);
    return;
  }
  flight.overtaken = true;
  ++overtaken_;
  windows_.end(flight.key.windows);  // its question has been answered
}

std::unique_ptr<Flight> Flights::land(Flight& flight) {
  if (flight.exchange_id) network_.close(flight.exchange_id);
  if (flight.overtaken)
    --overtaken_;
  else
    windows_.end(flight.key.windows);
  const auto at = by_ask_.find(flight.key.hash);
  if (at != by_ask_.end() && at->second == flight.id) by_ask_.erase(at);
  return flights_.take(flight);
}

Flight* Flights::due(wire::Instant now) {
  while (!deadlines_.empty() && deadlines_.top().at <= now) {
    const ExchangeId id = deadlines_.top().exchange;
    deadlines_.pop();
    Flight* flight = find_exchange(id);
    if (flight && flight->exchange.deadline() <= now) return flight;
  }
  return nullptr;
}

wire::Instant Flights::next_deadline() const {
  return deadlines_.empty() ? wire::Instant::max() : deadlines_.top().at;
}

void Flights::tidy() {
  while (!deadlines_.empty() && !find_exchange(deadlines_.top().exchange)) deadlines_.pop();
}

}  // namespace cairn::resolver
