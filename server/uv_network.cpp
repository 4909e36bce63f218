#include "server/uv_network.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>

#include "server/clock.hpp"
#include "server/limits.hpp"
#include "wire/message.hpp"

namespace cairn::server {

using resolver::ExchangeId;
using resolver::Transport;

namespace {

/// Exchanges and streams stand in the same epoll set.
constexpr std::uint64_t stream_bit = std::uint64_t{1} << 63;

bool try_later(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

UvNetwork::UvNetwork(uv_loop_t& loop, resolver::Random& random,
                     std::vector<wire::IpAddress> outgoing, std::size_t most_sockets)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      sources_(random, std::move(outgoing)),
      most_sockets_(most_sockets),
      buffer_(wire::max_message_octets) {
  uv_poll_init(&loop, &poll_, epoll_.get());
  uv_timer_init(&loop, &idle_);
  poll_.data = idle_.data = this;
}

void UvNetwork::feed(resolver::Engine& engine, std::function<void(wire::Instant)> after) {
  engine_ = &engine;
  after_ = std::move(after);
  uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* handle, int, int) {
    UvNetwork& self = *static_cast<UvNetwork*>(handle->data);
    const wire::Instant now = clock_now();
    self.read_events(now);
    self.after_(now);
  });
}

void UvNetwork::close_handles() {
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&idle_), nullptr);
}

bool UvNetwork::send(ExchangeId id, Transport transport, const wire::Endpoint& server,
                     std::span<const std::uint8_t> message) {
  close(id);
  if (transport == Transport::Tcp && !goes_alone(server) && share_stream(id, server, message))
    return true;
  if (!make_room()) return false;
  return transport == Transport::Udp ? send_datagram(id, server, message)
                                     : open_stream(id, server, message);
}

bool UvNetwork::send_datagram(ExchangeId id, const wire::Endpoint& server,
                              std::span<const std::uint8_t> message) {
  File socket = sources_.open(Transport::Udp, server);
  if (!socket || ::send(socket.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0 ||
      !watch(EPOLL_CTL_ADD, socket, id, EPOLLIN))
    return false;
  datagrams_.emplace(id, Datagram{std::move(socket), server});
  return true;
}

bool UvNetwork::share_stream(ExchangeId id, const wire::Endpoint& server,
                             std::span<const std::uint8_t> message) {
  const auto [first, last] = kept_to_.equal_range(server);
  for (auto at = first; at != last; ++at) {
    Stream& stream = streams_.at(at->second);
    if (!stream.questions.takes(message)) continue;
    stream.questions.ask(id, message);
    if (stream.blocked || flush(at->second, stream)) {
      asked_on_[id] = at->second;
      return true;
    }
    stream.questions.leave(id);  // it is broken: epoll says so to the others who wait on it
  }
  return false;
}

bool UvNetwork::open_stream(ExchangeId id, const wire::Endpoint& server,
                            std::span<const std::uint8_t> message) {
  File socket = sources_.open(Transport::Tcp, server);
  const StreamId stream_id = ++last_stream_ | stream_bit;
  if (!socket || !watch(EPOLL_CTL_ADD, socket, stream_id, EPOLLIN | EPOLLOUT)) return false;
  Stream stream{std::move(socket), server, UpstreamStream(clock_now())};
  stream.questions.ask(id, message);
  // One that comes on top of those that are kept carries this question alone.
  if (goes_alone(server) || kept_to_.count(server) >= limits::streams_per_server ||
      streams_.size() >= limits::kept_streams)
    stream.questions.retire();
  else
    kept_to_.emplace(server, stream_id);
  streams_.emplace(stream_id, std::move(stream));
  asked_on_[id] = stream_id;
  watch_idle_streams();
  return true;
}

bool UvNetwork::watch(int operation, const File& socket, std::uint64_t id, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll_.get(), operation, socket.get(), &event) == 0;
}

bool UvNetwork::make_room() {
  if (sockets() < most_sockets_) return true;
  for (const auto& [server, id] : kept_to_)
    if (streams_.at(id).questions.idle()) {
      remove(id);
      return true;
    }
  return false;
}

void UvNetwork::close(ExchangeId id) {
  datagrams_.erase(id);  // closing the socket takes it out of the epoll set
  const auto asked = asked_on_.find(id);
  if (asked == asked_on_.end()) return;
  const StreamId stream_id = asked->second;
  asked_on_.erase(asked);
  UpstreamStream& questions = streams_.at(stream_id).questions;
  questions.leave(id);
  if (questions.idle()) remove(stream_id);
}

void UvNetwork::remove(StreamId id) {
  const auto stream = streams_.find(id);
  const auto [first, last] = kept_to_.equal_range(stream->second.server);
  for (auto at = first; at != last; ++at)
    if (at->second == id) {
      kept_to_.erase(at);
      break;
    }
  streams_.erase(stream);
}

void UvNetwork::remove_if_over(StreamId id, wire::Instant now) {
  const auto stream = streams_.find(id);
  if (stream != streams_.end() && stream->second.questions.over(now)) remove(id);
}

/// A timer only while some are kept.
void UvNetwork::watch_idle_streams() {
  if (uv_is_active(reinterpret_cast<uv_handle_t*>(&idle_)) || kept_to_.empty()) return;
  const auto period =
      static_cast<std::uint64_t>(std::chrono::milliseconds{limits::idle_stream_check}.count());
  uv_timer_start(
      &idle_,
      [](uv_timer_t* timer) {
        UvNetwork& self = *static_cast<UvNetwork*>(timer->data);
        const wire::Instant now = clock_now();
        for (auto at = self.kept_to_.begin(); at != self.kept_to_.end();) {
          const StreamId id = at++->second;
          self.remove_if_over(id, now);
        }
        if (self.kept_to_.empty()) uv_timer_stop(timer);
      },
      period, period);
}

void UvNetwork::read_arrived() {
  const wire::Instant now = clock_now();
  for (unsigned round = 0; round < limits::upstream_rounds && read_events(now); ++round) {
  }
}

bool UvNetwork::read_events(wire::Instant now) {
  std::array<epoll_event, limits::upstream_events> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 0);
  for (int at = 0; at < count; ++at) {
    const epoll_event& event = events[static_cast<std::size_t>(at)];
    // Either may have been closed by an earlier event of this round.
    if (streams_.contains(event.data.u64))
      on_stream(event.data.u64, event.events, now);
    else if (datagrams_.contains(event.data.u64))
      on_datagram(event.data.u64, now);
  }
  return count == static_cast<int>(events.size());
}

/// One datagram a round: most exchanges are over with the first, and epoll tells if there are more.
void UvNetwork::on_datagram(ExchangeId id, wire::Instant now) {
  const Datagram& datagram = datagrams_.at(id);
  const ssize_t size = ::recv(datagram.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (size >= 0) {
    engine_->on_message(id, wire::Endpoint(datagram.server), Transport::Udp,
                        std::span(buffer_).first(static_cast<std::size_t>(size)), now);
  } else if (!try_later(errno)) {
    close(id);
    engine_->on_unreachable(id, now);  // what ICMP said
  }
}

void UvNetwork::on_stream(StreamId id, std::uint32_t events, wire::Instant now) {
  Stream& stream = streams_.at(id);
  // First what has arrived, even if the stream has broken since: a server that closes after its
  // answer, with more of our questions unread, resets it.
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
    const ssize_t size = ::recv(stream.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (size > 0) {
      stream.questions.receive(std::span(buffer_).first(static_cast<std::size_t>(size)));
      return give_replies(id, now);
    }
    if (size == 0 || !try_later(errno)) return lose(id, now);
  }
  if ((events & EPOLLOUT) != 0 && !flush(id, stream)) lose(id, now);
}

bool UvNetwork::flush(StreamId id, Stream& stream) {
  const auto unsent = stream.questions.unsent();
  if (!unsent.empty()) {
    const ssize_t sent = ::send(stream.socket.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
    if (sent < 0 && !try_later(errno)) return false;
    if (sent > 0) stream.questions.sent(static_cast<std::size_t>(sent));
  }
  const bool blocked = !stream.questions.unsent().empty();
  if (std::exchange(stream.blocked, blocked) == blocked) return true;
  const std::uint32_t events = blocked ? EPOLLIN | EPOLLOUT : EPOLLIN;
  return watch(EPOLL_CTL_MOD, stream.socket, id, events);
}

/// Each is told to an engine that may close exchanges, and with them this stream.
void UvNetwork::give_replies(StreamId id, wire::Instant now) {
  for (auto at = streams_.find(id); at != streams_.end(); at = streams_.find(id)) {
    const auto reply = at->second.questions.next_reply(now);
    if (!reply) break;
    const wire::Endpoint server = at->second.server;
    for (const ExchangeId exchange : reply->to) asked_on_.erase(exchange);
    for (const ExchangeId exchange : reply->to)
      engine_->on_message(exchange, server, Transport::Tcp, reply->message, now);
  }
  remove_if_over(id, now);
}

/// A server that answers one question and closes would lose all the others of a stream, again and
/// again.
void UvNetwork::ask_alone(const wire::Endpoint& server, wire::Instant now) {
  if (alone_until_.size() >= limits::servers_asked_alone) alone_until_.clear();
  alone_until_[server] = now + limits::asked_alone;
}

bool UvNetwork::goes_alone(const wire::Endpoint& server) {
  const auto at = alone_until_.find(server);
  if (at == alone_until_.end()) return false;
  if (clock_now() < at->second) return true;
  alone_until_.erase(at);
  return false;
}

void UvNetwork::lose(StreamId id, wire::Instant now) {
  const Stream& stream = streams_.at(id);
  const bool served = stream.questions.served();
  const std::vector<ExchangeId> waiting = stream.questions.open();
  if (served && !waiting.empty()) ask_alone(stream.server, now);
  // The others to this server have ended as well, more likely than not.
  const auto [first, last] = kept_to_.equal_range(stream.server);
  std::vector<StreamId> ended{id};
  for (auto at = first; at != last; ++at) {
    if (at->second == id) continue;
    UpstreamStream& questions = streams_.at(at->second).questions;
    questions.retire();
    if (questions.idle()) ended.push_back(at->second);
  }
  for (const StreamId one : ended) remove(one);
  for (const ExchangeId exchange : waiting) asked_on_.erase(exchange);
  for (const ExchangeId exchange : waiting) {
    if (served)
      engine_->on_stream_lost(exchange, now);
    else
      engine_->on_unreachable(exchange, now);
  }
}

}  // namespace cairn::server
