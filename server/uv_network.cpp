#include "server/uv_network.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "server/clock.hpp"
#include "server/limits.hpp"
#include "wire/message.hpp"

namespace cairn::server {

using resolver::ExchangeId;
using resolver::Transport;

UvNetwork::UvNetwork(uv_loop_t& loop, resolver::Random& random,
                     std::vector<wire::IpAddress> outgoing, std::size_t most_sockets)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      random_(random),
      outgoing_(std::move(outgoing)),
      most_sockets_(most_sockets),
      buffer_(wire::max_message_octets) {
  uv_poll_init(&loop, &poll_, epoll_.get());
  poll_.data = this;
}

void UvNetwork::feed(resolver::Engine& engine, std::function<void(wire::Instant)> after) {
  engine_ = &engine;
  after_ = std::move(after);
  uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<UvNetwork*>(handle->data)->on_events();
  });
}

void UvNetwork::close_handles() {
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
}

bool UvNetwork::send(ExchangeId id, Transport transport, const wire::Endpoint& server,
                     std::span<const std::uint8_t> message) {
  close(id);
  if (open_.size() >= most_sockets_) return false;
  File socket = open_socket(transport, server);
  if (!socket) return false;
  const SocketAddress address(server);
  if (::connect(socket.get(), &address.any, address.size()) != 0 && errno != EINPROGRESS)
    return false;

  Upstream upstream{std::move(socket), transport, server, {}, {}};
  if (transport == Transport::Udp) {
    if (::send(upstream.socket.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0)
      return false;
    if (!watch(upstream.socket.get(), id, EPOLLIN)) return false;
  } else {
    upstream.outgoing.resize(2 + message.size());
    upstream.outgoing[0] = static_cast<std::uint8_t>(message.size() >> 8);
    upstream.outgoing[1] = static_cast<std::uint8_t>(message.size() & 0xff);
    std::copy(message.begin(), message.end(), upstream.outgoing.begin() + 2);
    if (!watch(upstream.socket.get(), id, EPOLLIN | EPOLLOUT)) return false;
  }
  open_.emplace(id, std::move(upstream));
  return true;
}

void UvNetwork::close(ExchangeId id) {
  open_.erase(id);  // closing the socket takes it out of the epoll set
}

File UvNetwork::open_socket(Transport transport, const wire::Endpoint& server) {
  const bool v6 = server.address.is_v6();
  const int type = transport == Transport::Udp ? SOCK_DGRAM : SOCK_STREAM;
  File socket(::socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || !bind_random_port(socket.get(), v6)) return File();
  if (transport == Transport::Udp) ignore_path_mtu(socket, v6);
  return socket;
}

/// A port that nobody can guess. The kernel's own choice is random as well, but its range is
/// smaller: the last resort.
bool UvNetwork::bind_random_port(int socket, bool v6) {
  wire::Endpoint source{
      v6 ? wire::IpAddress::v6(std::array<std::uint8_t, 16>{}) : wire::IpAddress(), 0};
  const auto of_family = [v6](const wire::IpAddress& address) { return address.is_v6() == v6; };
  if (const auto count = std::ranges::count_if(outgoing_, of_family)) {
    auto skip = random_.below(static_cast<std::uint64_t>(count));
    for (const wire::IpAddress& address : outgoing_)
      if (of_family(address) && skip-- == 0) source.address = address;
  }
  constexpr std::uint64_t first_port = 1024;
  for (unsigned tries = 0; tries <= limits::port_tries; ++tries) {
    source.port = tries < limits::port_tries
                      ? static_cast<std::uint16_t>(first_port + random_.below(65536 - first_port))
                      : 0;
    const SocketAddress address(source);
    if (::bind(socket, &address.any, address.size()) == 0) return true;
    if (errno != EADDRINUSE && errno != EACCES) return false;
  }
  return false;
}

bool UvNetwork::watch(int socket, ExchangeId id, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void UvNetwork::on_events() {
  std::array<epoll_event, limits::upstream_events> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 0);
  const wire::Instant now = clock_now();
  for (int at = 0; at < count; ++at) {
    const epoll_event& event = events[static_cast<std::size_t>(at)];
    const auto open = open_.find(event.data.u64);
    if (open == open_.end()) continue;  // closed by an earlier event of this round
    if (open->second.transport == Transport::Udp)
      on_datagram(event.data.u64, now);
    else
      on_stream(event.data.u64, event.events, now);
  }
  after_(now);
}

/// One datagram a round: most exchanges are over with the first, and epoll tells if there are more.
void UvNetwork::on_datagram(ExchangeId id, wire::Instant now) {
  const Upstream& upstream = open_.at(id);
  const ssize_t size = ::recv(upstream.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (size >= 0) {
    engine_->on_message(id, wire::Endpoint(upstream.server), Transport::Udp,
                        std::span(buffer_).first(static_cast<std::size_t>(size)), now);
  } else if (errno != EAGAIN && errno != EINTR) {
    close(id);
    engine_->on_unreachable(id, now);  // what ICMP said
  }
}

void UvNetwork::on_stream(ExchangeId id, std::uint32_t events, wire::Instant now) {
  Upstream& upstream = open_.at(id);
  bool alive = (events & EPOLLERR) == 0;
  if (alive && (events & EPOLLOUT) != 0) alive = send_rest(id, upstream);
  if (alive && (events & (EPOLLIN | EPOLLHUP)) != 0) {
    const ssize_t size = ::recv(upstream.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (size > 0) {
      upstream.incoming.insert(upstream.incoming.end(), buffer_.begin(), buffer_.begin() + size);
      return give_message(id, now);
    }
    alive = size < 0 && (errno == EAGAIN || errno == EINTR);
  }
  if (alive) return;
  close(id);
  engine_->on_unreachable(id, now);
}

bool UvNetwork::send_rest(ExchangeId id, Upstream& upstream) {
  const ssize_t sent = ::send(upstream.socket.get(), upstream.outgoing.data(),
                              upstream.outgoing.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  upstream.outgoing.erase(upstream.outgoing.begin(), upstream.outgoing.begin() + sent);
  if (!upstream.outgoing.empty()) return true;
  // All is sent: from now on only the reply matters.
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = id;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, upstream.socket.get(), &event) == 0;
}

void UvNetwork::give_message(ExchangeId id, wire::Instant now) {
  for (;;) {
    const auto open = open_.find(id);
    if (open == open_.end()) return;
    wire::Bytes& incoming = open->second.incoming;
    if (incoming.size() < 2) return;
    const std::size_t size = static_cast<std::size_t>(incoming[0] << 8 | incoming[1]);
    if (incoming.size() < 2 + size) return;
    const wire::Bytes message(incoming.begin() + 2,
                              incoming.begin() + 2 + static_cast<std::ptrdiff_t>(size));
    incoming.erase(incoming.begin(), incoming.begin() + 2 + static_cast<std::ptrdiff_t>(size));
    engine_->on_message(id, wire::Endpoint(open->second.server), Transport::Tcp, message, now);
  }
}

}  // namespace cairn::server
