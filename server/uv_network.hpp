// The way out: every question leaves from a socket of its own with a random port (RFC 5452
// section 9.2), connected to the server, so that the kernel drops what comes from elsewhere and
// reports what ICMP says. The socket is closed with the exchange.
//
// All sockets of a worker stand in one epoll set of their own, which libuv watches as a single
// descriptor: a socket that lives for one datagram costs no libuv handle.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "resolver/engine.hpp"
#include "resolver/random.hpp"
#include "server/sockets.hpp"

namespace cairn::server {

class UvNetwork : public resolver::Network {
 public:
  /// At most `most_sockets` at a time. `outgoing` are the source addresses to choose from, at
  /// random; of a family without one the kernel chooses.
  UvNetwork(uv_loop_t& loop, resolver::Random& random, std::vector<wire::IpAddress> outgoing,
            std::size_t most_sockets);

  bool send(resolver::ExchangeId id, resolver::Transport transport, const wire::Endpoint& server,
            std::span<const std::uint8_t> message) override;
  void close(resolver::ExchangeId id) override;

  /// From now on what arrives goes to `engine`; `after` runs after each wakeup.
  void feed(resolver::Engine& engine, std::function<void(wire::Instant)> after);
  void close_handles();
  std::size_t sockets() const { return open_.size(); }

 private:
  struct Upstream {
    File socket;
    resolver::Transport transport = resolver::Transport::Udp;
    wire::Endpoint server;
    wire::Bytes outgoing;  // streams: what is not sent yet
    wire::Bytes incoming;  // streams: what is not a whole message yet
  };

  File open_socket(resolver::Transport transport, const wire::Endpoint& server);
  bool bind_random_port(int socket, bool v6);
  bool watch(int socket, resolver::ExchangeId id, std::uint32_t events);

  void on_events();
  void on_datagram(resolver::ExchangeId id, wire::Instant now);
  void on_stream(resolver::ExchangeId id, std::uint32_t events, wire::Instant now);
  bool send_rest(resolver::ExchangeId id, Upstream& upstream);
  /// Takes the first whole message off the stream and gives it to the engine.
  void give_message(resolver::ExchangeId id, wire::Instant now);

  uv_poll_t poll_{};
  File epoll_;
  resolver::Random& random_;
  std::vector<wire::IpAddress> outgoing_;
  std::size_t most_sockets_;
  resolver::Engine* engine_ = nullptr;
  std::function<void(wire::Instant)> after_;
  std::unordered_map<resolver::ExchangeId, Upstream> open_;
  wire::Bytes buffer_;
};

}  // namespace cairn::server
