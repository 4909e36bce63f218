// The questions in progress: starts them, joins equal ones, lets one wait for another (never in a
// circle), runs their exchanges, and keeps time and budgets. No clock, no socket: it is told the
// time and what arrived, and it tells the network what to send.
//
// One Engine belongs to one worker. After each call, take_finished() has what became ready.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "resolver/answer.hpp"
#include "resolver/exchange.hpp"
#include "resolver/iteration.hpp"
#include "resolver/known.hpp"
#include "resolver/random.hpp"
#include "resolver/step.hpp"

namespace cairn::resolver {

/// An index and its generation: an id that has ended never means another one. Zero is none.
using ExchangeId = std::uint64_t;
using QueryId = std::uint64_t;

/// The way out. Calls come from within Engine's calls and must not call back into it.
class Network {
 public:
  virtual ~Network() = default;
  /// Udp: one datagram from a fresh socket with a random port of its own, connected to `server`.
  /// Tcp: one message on a stream, which others may use as well. A second send() with the same id
  /// replaces what the id had open. False: cannot be sent at all (no route, no socket left).
  virtual bool send(ExchangeId id, Transport transport, const wire::Endpoint& server,
                    std::span<const std::uint8_t> message) = 0;
  /// The exchange is over; whatever arrives for it is nobody's. Closing twice is allowed.
  virtual void close(ExchangeId id) = 0;
};

struct EngineStatistics {
  std::uint64_t queries = 0;  // asked by clients
  std::uint64_t joined =
      0;  // of them (and of children), those that found their question in progress
  std::uint64_t shared = 0;  // questions to servers that were in the air already, for others
  std::uint64_t sends_udp = 0;
  std::uint64_t sends_tcp = 0;
  std::uint64_t replies = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t ignored = 0;        // datagrams that did not match
  std::uint64_t scrubbed = 0;       // records that were not believed
  std::uint64_t failures = 0;       // queries that ended in SERVFAIL
  std::uint64_t out_of_budget = 0;  // of them, those that had spent what a query may
  std::uint64_t stale = 0;          // queries that were answered with what had expired
  std::uint64_t refreshed = 0;      // questions asked again before their answers expired
  std::uint64_t turned_away = 0;    // by the windows of zones and servers (windows.hpp)
  std::uint64_t refused = 0;        // queries beyond limits::jobs
};

class Engine {
 public:
  struct Finished {
    QueryId query;
    wire::Question question;
    Answer answer;
    Trace trace;
  };

  /// `known`, `network` and `random` outlive the engine.
  Engine(Known known, Network& network, Random& random);
  ~Engine();

  /// How a client wants the answer.
  struct Wishes {
    bool as_it_is = false;   // nothing is made of it for clients that cannot use it (dns64.hpp)
    bool unchecked = false;  // judged by nobody (CD, RFC 4035 section 3.2.2)
  };
  /// Starts or joins. The answer comes by take_finished(), perhaps at once.
  QueryId ask(const wire::Question& question, wire::Instant now, Wishes wishes);
  QueryId ask(const wire::Question& question, wire::Instant now) {
    return ask(question, now, Wishes{});
  }
  /// The cached answer to the question is popular and expires after `left`: what of it ends then is
  /// fetched again. Nobody hears of it, and nobody joins it: what is cached answers until then.
  void refresh(const wire::Question& question, wire::Duration left, wire::Instant now);
  /// The client went away; its work stops unless others wait for it. Twice is allowed.
  void cancel(QueryId query);

  void on_message(ExchangeId id, const wire::Endpoint& from, Transport transport,
                  std::span<const std::uint8_t> octets, wire::Instant now);
  /// The exchange's socket reported an error or its stream ended.
  void on_unreachable(ExchangeId id, wire::Instant now);
  /// The stream ended that had carried other questions before.
  void on_stream_lost(ExchangeId id, wire::Instant now);
  /// Runs what is due. next_deadline() says when to call; Instant::max() if nothing waits.
  void on_deadline(wire::Instant now);
  wire::Instant next_deadline() const;

  std::vector<Finished> take_finished();
  bool idle() const;  // no job left, and no exchange
  std::size_t jobs() const;
  /// Whether work is done that nobody waits for: what it finds is for the cache.
  bool goes_on() const;
  const EngineStatistics& statistics() const;

  /// For a new set of zones, or new settings: what was borrowed before is not used after this, and
  /// nobody's keys are known any more.
  void use_zones(const zones::ZoneSet& zones);
  /// The keys of zones at and below a name are not known any more (cache::Cache::flush).
  void forget(const wire::Name& name);
  /// What the wall clock says: for signatures alone.
  void tell_time(std::chrono::sys_seconds time);

  struct State;  // engine_state.hpp

 private:
  std::unique_ptr<State> state_;
};

}  // namespace cairn::resolver
