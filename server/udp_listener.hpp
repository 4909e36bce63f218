// The first hop: a batch of datagrams arrives, each is decided, and the replies of the batch leave
// together. One system call for many datagrams in both directions (recvmmsg, sendmmsg), on a socket
// that libuv watches; every buffer exists from the start.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include <array>
#include <cstdint>
#include <memory>

#include "server/client_query.hpp"
#include "server/limits.hpp"
#include "server/sockets.hpp"

namespace cairn::server {

class UdpListener {
 public:
  /// `index` is what Client::listener says. `after` runs after each wakeup with the time that the
  /// batch was read at.
  UdpListener(uv_loop_t& loop, Listening& listening, std::uint32_t index, ClientQueries& queries,
              std::function<void(wire::Instant)> after);

  /// One reply by itself, to a client whose answer took its time.
  void reply(const Client& client, std::span<const std::uint8_t> message);
  /// No more questions are read; replies still leave.
  void stop();
  void close();

 private:
  using Control = std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))>;
  struct Datagram {
    SocketAddress from;
    alignas(cmsghdr) Control control;
    std::array<std::uint8_t, limits::query_octets> query;
    std::array<std::uint8_t, limits::most_edns_octets> reply;
    iovec query_vector, reply_vector;
  };

  void watch();
  void on_readable();
  bool read_batch(wire::Instant now);
  void prepare_to_receive();
  Client client_of(const Datagram& datagram, const msghdr& header) const;
  /// Fills `control` so that the reply leaves from the address that was asked; returns its size.
  std::size_t leave_from(const Client& client, Control& control) const;
  void send_replies(std::size_t count);

  uv_poll_t poll_{};
  File socket_;
  std::uint32_t index_;
  bool wildcard_;
  bool v6_;
  ClientQueries& queries_;
  std::function<void(wire::Instant)> after_;
  std::unique_ptr<std::array<Datagram, limits::batch>> datagrams_;
  std::array<mmsghdr, limits::batch> received_{};
  std::array<mmsghdr, limits::batch> replies_{};
};

}  // namespace cairn::server
