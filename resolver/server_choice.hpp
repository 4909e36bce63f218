// Whom to ask of one zone's servers: which addresses are known, which were tried in this resolution
// and with what success, and which name's address is worth looking up next.
//
// The fastest server, by its smoothed round trip, and those that are as good as equal to it are
// asked first, by chance: they share the load, and a forger has to guess whom. Now and then it is
// one of the others, so that a better one is found. Servers that have not answered several times in
// a row come last, and are only probed (server states are in the cache). So it is with IPv6 as a
// whole: where its packets vanish, each new zone would cost a timeout again.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "resolver/budget.hpp"
#include "resolver/exchange.hpp"
#include "resolver/known.hpp"
#include "resolver/random.hpp"
#include "wire/question.hpp"

namespace cairn::resolver {

class ServerChoice {
 public:
  ServerChoice(const cache::Delegation& delegation, Known& known, Random& random,
               wire::Instant now);
  /// The servers that the operator names: no address is denied, and none is looked up.
  ServerChoice(const ForwardZone& forward, const Settings& settings);

  const wire::Name& zone() const { return zone_; }

  /// A server that was not asked yet in this resolution; nullopt when none is left.
  std::optional<wire::Endpoint> fresh(Known& known, Random& random, wire::Instant now);
  /// For how long the one that was named last is worth waiting for alone, in view of the others:
  /// when a better one would have answered, that one is asked too, and an address of IPv6 gets a
  /// small head start until IPv6 is seen to work at all (RFC 8305 section 5).
  wire::Duration most_patience() const { return most_patience_; }
  /// One that did not reply, or that seems dead, once more.
  std::optional<wire::Endpoint> again(Known& known, Random& random, wire::Instant now);
  /// The next address question worth asking: of servers without any known address, or else
  /// (`doubted`) also of those whose known addresses were of no use, because glue can be wrong.
  /// nullopt when there is none, or enough were fruitless.
  std::optional<wire::Question> missing_address(bool doubted, const Settings& settings,
                                                Budget& budget);

  /// False if there was none.
  bool add_found(const wire::Question& lookup, const std::vector<wire::RRset>& answer,
                 Known& known);
  /// The server gave no usable reply; `counts` unless nothing could be sent to it at all.
  void failed(const wire::Endpoint& server, bool try_again, bool counts);
  /// The server has too much to do to be asked this question.
  void pass_over(const wire::Endpoint& server);
  /// Whether any server is.
  bool passed_over() const { return passed_over_; }
  /// The next question of this zone is another one: who was asked before may be asked again.
  void begin_again();
  /// Enough failures, of whatever kind, if those in the air come to nothing as well.
  bool exhausted(unsigned in_flight = 0) const;
  /// An address could be looked up.
  bool some_unknown(const Settings& settings) const;

 private:
  struct Candidate {
    wire::Endpoint server;
    std::uint8_t asks = 0;
    bool useless = false;  // does not serve this zone, or cannot be reached
    bool busy = false;     // passed over
    // As fresh() found it the last time.
    bool rests = false;                               // seems dead
    bool heard = false;                               // has answered, some time
    wire::Duration expected{};                        // until its reply comes
    wire::Duration patience = wire::Duration::max();  // until that is late, if it was heard
  };
  struct Server {
    wire::Name name;
    bool known;  // with addresses, right or wrong, from the start
    bool looked_up_a = false;
    bool looked_up_aaaa = false;
  };

  void add(const wire::IpAddress& address, const Known& known);
  /// Of a set of addresses not more than glue could give; false if there is none in it.
  bool add_some(const wire::RRset& addresses, const Known& known);
  bool worth_looking_up() const;
  std::optional<wire::RRType> missing_type(const Server& server, bool doubted,
                                           const Settings& settings) const;
  Candidate* find(const wire::Endpoint& server);
  static bool is_open(const Candidate& candidate);
  void weigh(Candidate& candidate, const cache::ServerState& state, wire::Instant now);
  /// Nobody if none is left.
  Candidate* first_listed();
  Candidate* one_by_chance(bool explore, Random& random);
  std::optional<wire::Endpoint> ask(Candidate& candidate);
  wire::Duration patience_beside_others(const Candidate& asked,
                                        const cache::ServerState& ipv6) const;

  wire::Name zone_;
  std::vector<Candidate> candidates_;
  std::vector<Server> servers_;
  bool listed_ = false;  // in the order of the candidates, not the fastest first
  unsigned lookups_ = 0;
  unsigned fruitless_ = 0;
  unsigned failures_ = 0;
  bool answered_before_ = false;  // one of them has, some time
  bool passed_over_ = false;
  unsigned probes_ = 0;  // of servers that seem dead
  wire::Duration most_patience_ = wire::Duration::max();
};

/// What an exchange says of IPv6 as a whole, to be remembered as of one server: whether a server
/// that never answered kept silent, or anyone replied.
void learn_of_ipv6(const wire::IpAddress& server, const Exchange::Finished& finished,
                   cache::Cache& cache, wire::Instant now);

}  // namespace cairn::resolver
