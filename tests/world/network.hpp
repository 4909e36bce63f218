// The Internet of a test: servers at addresses, a way there and back that takes time, and a log of
// who was asked what. Nothing moves by itself: what was sent comes back as an arrival with an
// instant, in the order of these.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "resolver/engine.hpp"
#include "tests/world/seeded_random.hpp"
#include "tests/world/server.hpp"

namespace cairn::world {

/// One question as it left the resolver.
struct Sent {
  wire::Instant at;
  resolver::ExchangeId id;
  resolver::Transport transport;
  wire::Endpoint server;
  wire::Question question;
  std::uint16_t message_id;
  bool with_edns;
  bool recursion_desired;
  bool dnssec_ok;
  bool with_cookie;
  bool misbehaved;  // by the server or the way there: no fault of the resolver

  /// "192.5.6.30 www.example. A", with " with RD", " over TCP", " without EDNS" or
  /// " without cookie" where it is so; with the port where it is not 53.
  std::string to_text() const;
};

struct Arrival {
  wire::Instant at;
  std::uint64_t order;  // of two at the same instant, the one that was sent first
  resolver::ExchangeId id;
  std::uint64_t socket;
  resolver::Transport transport;
  wire::Endpoint from;
  bool unreachable;
  bool stream_lost;
  wire::Bytes octets;
};

class FakeNetwork final : public resolver::Network {
 public:
  explicit FakeNetwork(std::uint64_t seed) : random_(seed) {}

  void put_server(const wire::Endpoint& address, std::shared_ptr<Server> server) {
    servers_[address] = std::move(server);
  }
  void remove_servers() { servers_.clear(); }
  /// Nothing can be sent to these addresses at all.
  void cut_route(const wire::Prefix& prefix) { no_route_.push_back(prefix); }
  void set_round_trip(wire::Duration round_trip) { round_trip_ = round_trip; }

  /// send() happens now.
  void set_now(wire::Instant now) { now_ = now; }
  std::optional<wire::Instant> next_arrival() const;
  /// The next arrival, which is due; its socket may be closed by now.
  Arrival take_arrival();
  bool is_open(const Arrival& arrival) const;
  bool is_over(resolver::ExchangeId id) const { return !open_.contains(id); }

  const std::vector<Sent>& log() const { return log_; }
  void clear_log() { log_.clear(); }
  std::size_t open_sockets() const { return open_.size(); }

  // resolver::Network
  bool send(resolver::ExchangeId id, resolver::Transport transport, const wire::Endpoint& server,
            std::span<const std::uint8_t> message) override;
  void close(resolver::ExchangeId id) override { open_.erase(id); }

 private:
  struct Later {
    bool operator()(const Arrival& a, const Arrival& b) const {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  void deliver(Reaction& reaction, resolver::ExchangeId id);

  SeededRandom random_;
  wire::Instant now_{};
  wire::Duration round_trip_ = std::chrono::milliseconds{20};
  std::map<wire::Endpoint, std::shared_ptr<Server>> servers_;
  std::vector<wire::Prefix> no_route_;
  std::unordered_map<resolver::ExchangeId, std::uint64_t> open_;  // the socket of each exchange
  std::uint64_t sockets_ = 0;
  std::uint64_t order_ = 0;
  std::priority_queue<Arrival, std::vector<Arrival>, Later> arrivals_;
  std::vector<Sent> log_;
};

}  // namespace cairn::world
