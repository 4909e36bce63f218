// A client's query, decided: may this client ask, is the name in a zone of ours, is the answer
// known, and only then the engine. Bytes in, bytes out: no socket here. A query that a zone or the
// cache answers is answered inside the call, and allocates nothing.
//
// It owns the worker's engine, because an answer that is complete at once and one that takes a walk
// from the root leave by the same door.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/engine.hpp"
#include "server/client.hpp"
#include "server/cookies.hpp"
#include "server/query.hpp"
#include "server/rate_limit.hpp"
#include "server/reply.hpp"
#include "server/serving.hpp"
#include "server/waiting.hpp"

namespace cairn::server {

struct QueryStatistics {
  std::uint64_t queries_udp = 0;
  std::uint64_t queries_tcp = 0;
  std::uint64_t ignored = 0;      // no query at all: too short, or a reply
  std::uint64_t malformed = 0;    // FORMERR, NOTIMP, BADVERS and questions nobody may ask
  std::uint64_t not_allowed = 0;  // REFUSED by the access list
  std::uint64_t from_zones = 0;
  std::uint64_t from_cache = 0;   // finished answers
  std::uint64_t from_engine = 0;  // resolved, or put together from the cache
  std::uint64_t not_known = 0;    // REFUSED: without RD, and neither ours nor cached
  std::uint64_t too_many = 0;     // dropped: this client has enough questions waiting
  std::uint64_t too_late = 0;     // dropped: the answer took longer than a client waits
  std::uint64_t too_fast = 0;     // dropped or answered in short: the rate limit of a network
  std::uint64_t too_alike = 0;    // likewise: that of one kind of answer
  std::uint64_t sent_short = 0;   // of both, those that were sent to TCP or given a cookie
  std::uint64_t proven = 0;       // queries with a valid cookie
};

class ClientQueries {
 public:
  /// Whose they are: of one worker alone.
  struct Own {
    resolver::Network& network;
    resolver::Random& random;
    Replies& replies;
  };
  /// `cache` and `rate_limit` are shared by all workers.
  ClientQueries(ServingPtr serving, cache::Cache& cache, RateLimit& rate_limit, Own own);

  /// Writes the reply into `out` (65535 octets for streams, most_edns_octets for datagrams) and
  /// returns its size; 0: there is never one; nullopt: it comes later, through Replies.
  std::optional<std::size_t> answer(std::span<const std::uint8_t> octets, const Client& client,
                                    std::span<std::uint8_t> out, wire::Instant now);

  /// Sends what the engine has finished; after everything that was told to the engine.
  void deliver_finished(wire::Instant now);
  /// Resolves for the operator; `done` gets the answer with its trace, perhaps at once.
  void explain(const wire::Question& question, wire::Instant now,
               std::function<void(const resolver::Engine::Finished&)> done);
  /// Everybody who still waits is told SERVFAIL.
  void give_up(wire::Instant now);

  void use(ServingPtr serving);
  /// The same with other addresses of forwarders.
  void use(const resolver::Forwarding& forwarding) { settings_.forwarding = forwarding; }
  /// What is listened on: to Client::listener the endpoint of that number belongs.
  void listen_on(std::vector<wire::Endpoint> endpoints);
  /// What the wall clock says: of cookies and signatures alone.
  void tell_time(std::chrono::sys_seconds time) {
    wall_clock_ = time;
    engine_.tell_time(time);
  }
  resolver::Engine& engine() { return engine_; }
  bool idle() const { return waiting_.size() == 0 && explained_.empty(); }
  std::size_t waiting() const { return waiting_.size(); }
  const QueryStatistics& statistics() const { return statistics_; }

 private:
  /// One query while it is being decided.
  struct Request {
    const Query& query;
    const Client& client;
    std::span<std::uint8_t> out;  // as large as this client's limit
    wire::Instant now;
    std::size_t came;  // octets of the query
    bool forgeable;    // somebody elsewhere may have sent it in the name of this client
    bool authoritative = false;
  };

  bool allows(const Client& client) const;
  void find_access_lists();
  void answer_options(Query& query, const Client& client);

  std::optional<std::size_t> decided(Request& request);
  // The four decisions. Each returns the size of the reply, or 0 to go on; the first one may also
  // decide that there is none.
  std::optional<std::size_t> refused(Request& request);
  std::size_t ours(Request& request);
  std::size_t known(Request& request);
  std::optional<std::size_t> resolved(Request& request);

  bool forgeable(const Query& query, const Client& client) const;
  std::optional<std::size_t> too_fast(Request& request);
  std::size_t too_alike(const Query& query, const Client& client, std::span<std::uint8_t> reply,
                        wire::Instant now);
  std::size_t in_short(RateLimit::Verdict verdict, const Query& query, std::span<std::uint8_t> out);
  bool wants_translation(const Query& query) const;
  std::size_t about_us(Request& request);
  std::size_t recalled(Request& request);
  std::size_t no_room(Request& request);
  std::size_t write_answer(const Query& query, const Client& client, const resolver::Answer& answer,
                           bool authoritative, std::span<std::uint8_t> out);
  std::span<std::uint8_t> limited(const Query& query, bool stream,
                                  std::span<std::uint8_t> out) const;
  void deliver(const resolver::Engine::Finished& finished, wire::Instant now);
  void view(const resolver::Answer& answer, bool dnssec_ok);
  void view(const std::vector<wire::RRset>& sets, std::vector<wire::RRsetView>& views);
  void keep(const Query& query, const resolver::Engine::Finished& finished, wire::Instant now);
  bool touches_ours(const resolver::Answer& answer) const;

  ServingPtr serving_;
  std::vector<wire::Endpoint> listen_;
  std::vector<const AccessList*> access_;  // by Client::listener; empty: one for all
  cache::Cache& cache_;
  resolver::Settings settings_;  // the engine refers to it
  resolver::Known known_;
  resolver::Random& random_;
  Replies& replies_;
  resolver::Engine engine_;
  Waiting waiting_;
  RateLimit& rate_limit_;
  std::unordered_map<resolver::QueryId, std::function<void(const resolver::Engine::Finished&)>>
      explained_;
  QueryStatistics statistics_;
  Cookies cookies_;
  std::chrono::sys_seconds wall_clock_{};

  // Reused from query to query.
  zones::ZoneAnswer zone_answer_;
  std::vector<wire::RRsetView> answer_views_, authority_views_;
  ReplyLayout layout_;
  std::vector<std::uint8_t> scratch_;
  /// Whose turn it is to stand first, in answers that are not kept finished; by hash of the owner.
  std::array<std::uint32_t, 1024> turns_{};
  wire::SipKey turn_key_;
};

}  // namespace cairn::server
