// The way out. Every datagram leaves from a socket of its own, which is closed with the exchange.
// Streams are shared by the questions to one server, and kept for a while (upstream_stream.hpp).
//
// All sockets of a worker stand in one epoll set of their own, which libuv watches as a single
// descriptor: a socket that lives for one datagram costs no libuv handle.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "resolver/engine.hpp"
#include "resolver/random.hpp"
#include "server/upstream_socket.hpp"
#include "server/upstream_stream.hpp"

namespace cairn::server {

class UvNetwork : public resolver::Network {
 public:
  /// At most `most_sockets` at a time. `outgoing` are the source addresses to choose from.
  UvNetwork(uv_loop_t& loop, resolver::Random& random, std::vector<wire::IpAddress> outgoing,
            std::size_t most_sockets);

  bool send(resolver::ExchangeId id, resolver::Transport transport, const wire::Endpoint& server,
            std::span<const std::uint8_t> message) override;
  void close(resolver::ExchangeId id) override;

  /// From now on what arrives goes to `engine`; `after` runs after each wakeup.
  void feed(resolver::Engine& engine, std::function<void(wire::Instant)> after);
  /// What has arrived by now goes to the engine, before it judges what is late: after a pause of
  /// the whole process, replies that lie here would seem never to have come, and be asked for
  /// again.
  void read_arrived();
  void close_handles();
  std::size_t sockets() const { return datagrams_.size() + streams_.size(); }

 private:
  using StreamId = std::uint64_t;  // never that of an exchange
  struct Datagram {
    File socket;
    wire::Endpoint server;
  };
  struct Stream {
    File socket;
    wire::Endpoint server;
    UpstreamStream questions;
    bool blocked = true;  // until it is connected, and while the kernel takes no more
  };

  bool send_datagram(resolver::ExchangeId id, const wire::Endpoint& server,
                     std::span<const std::uint8_t> message);
  bool share_stream(resolver::ExchangeId id, const wire::Endpoint& server,
                    std::span<const std::uint8_t> message);
  bool open_stream(resolver::ExchangeId id, const wire::Endpoint& server,
                   std::span<const std::uint8_t> message);
  bool watch(int operation, const File& socket, std::uint64_t id, std::uint32_t events);
  /// Whether each question to it gets a stream of its own, since it ended one with others open.
  bool goes_alone(const wire::Endpoint& server);
  void ask_alone(const wire::Endpoint& server, wire::Instant now);
  /// Whether there is room for one socket more; an idle stream gives way.
  bool make_room();

  /// False when there is nothing more to read.
  bool read_events(wire::Instant now);
  void on_datagram(resolver::ExchangeId id, wire::Instant now);
  void on_stream(StreamId id, std::uint32_t events, wire::Instant now);
  bool flush(StreamId id, Stream& stream);
  void give_replies(StreamId id, wire::Instant now);
  /// It ended or broke: those who wait on it are told.
  void lose(StreamId id, wire::Instant now);
  void remove(StreamId id);
  void remove_if_over(StreamId id, wire::Instant now);
  void watch_idle_streams();

  uv_poll_t poll_{};
  uv_timer_t idle_{};
  File epoll_;
  UpstreamSockets sources_;
  std::size_t most_sockets_;
  resolver::Engine* engine_ = nullptr;
  std::function<void(wire::Instant)> after_;
  std::unordered_map<resolver::ExchangeId, Datagram> datagrams_;
  std::unordered_map<resolver::ExchangeId, StreamId> asked_on_;
  std::unordered_map<StreamId, Stream> streams_;
  /// Of them, those that may carry more than one question, and stand idle between them: a few. All
  /// that is done for each stream looks at these alone.
  std::multimap<wire::Endpoint, StreamId> kept_to_;
  std::map<wire::Endpoint, wire::Instant> alone_until_;
  StreamId last_stream_ = 0;
  wire::Bytes buffer_;
};

}  // namespace cairn::server
