// Exchanges in the air: which jobs wait for each, until when, and on which socket.
//
// One question may have several at a time: whoever is slower than is usual for it is not waited
// for alone, another server is asked as well, and the first usable reply counts (the idea of RFC
// 8305). Who was overtaken is listened to until its time is over, so that a late reply teaches its
// true round trip, and only silence counts as silence. And one exchange may have several jobs:
// equal questions to one server of one zone go out once, whichever client questions they are for,
// since each equal one in the air would be one more target for a forger (birthday attack,
// VU#457875). Only when very many wait for it, the next of them begins one more.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "resolver/engine.hpp"
#include "resolver/exchange.hpp"
#include "resolver/job.hpp"
#include "resolver/slots.hpp"
#include "resolver/windows.hpp"

namespace cairn::resolver {

/// By which a question to a server is found and counted; made once.
struct AskKey {
  std::uint64_t hash = 0;
  Windows::Pair windows;
};

struct Flight {
  struct Passenger {
    JobId job;
    unsigned packets_before;  // were sent when it came aboard: others tell of them
  };

  Flight(FlightId its_id, Exchange its_exchange, const AskKey& its_key)
      : id(its_id), exchange(std::move(its_exchange)), key(its_key) {}

  FlightId id;
  Exchange exchange;
  AskKey key;
  std::vector<Passenger> passengers;
  bool overtaken = false;      // no passenger is left, and it is listened to all the same
  ExchangeId exchange_id = 0;  // of what was sent last; zero before that
};

class Flights {
 public:
  Flights(Network& network, const wire::SipKey& key)
      : network_(network), key_(key), windows_(key) {}

  AskKey key_of(const Ask& ask) const;
  /// One in the air for the same question, zone and server; nullptr if there is none.
  Flight* equal_to(const Ask& ask, const AskKey& key) const;
  /// Whether one more may go to that zone and that server.
  Room room(const AskKey& key, wire::Instant now) const { return windows_.room(key.windows, now); }
  Flight& start(Exchange exchange, const AskKey& key, wire::Instant now);
  /// The job waits for it no longer than until `latest`; somebody else may.
  void board(Flight& flight, JobId job, wire::Instant latest, wire::Instant now);
  Flight* find(FlightId id) const { return flights_.find(id); }
  Flight* find_exchange(ExchangeId id) const;

  /// A new socket in place of the one before. False if nothing can be sent at all.
  bool send(Flight& flight, const Exchange::Send& what);
  /// The last passenger may leave; then nobody listens any more.
  void leave(Flight& flight, JobId job);
  /// As leave(), but what comes of it is still listened to, if not too many are.
  void overtake(Flight& flight, JobId job);
  /// What its end says of how many its zone and its server bear.
  void learn(const Flight& flight, const Exchange::Finished& finished, wire::Instant now) {
    windows_.learn(flight.key.windows, finished, now);
  }
  /// Its socket is closed; what it was is given back for a last look.
  std::unique_ptr<Flight> land(Flight& flight);

  /// The next one whose time is over.
  Flight* due(wire::Instant now);
  wire::Instant next_deadline() const;
  /// Takes away the deadlines of what has ended.
  void tidy();

  std::size_t size() const { return flights_.size(); }
  std::size_t overtaken() const { return overtaken_; }

 private:
  struct Deadline {
    wire::Instant at;
    ExchangeId exchange;
    bool operator>(const Deadline& other) const { return at > other.at; }
  };

  static bool remove_passenger(Flight& flight, JobId job);

  Network& network_;
  wire::SipKey key_;
  Slots<Flight> flights_;
  std::unordered_map<std::uint64_t, FlightId> by_ask_;
  Windows windows_;
  std::size_t overtaken_ = 0;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

}  // namespace cairn::resolver
