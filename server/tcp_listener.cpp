#include "server/tcp_listener.hpp"

#include <algorithm>
#include <utility>

#include "server/clock.hpp"
#include "server/limits.hpp"
#include "wire/message.hpp"

namespace cairn::server {

TcpListener::TcpListener(uv_loop_t& loop, ClientQueries& queries, ConnectionQuota& quota,
                         std::function<void(wire::Instant)> after)
    : loop_(loop),
      queries_(queries),
      quota_(quota),
      after_(std::move(after)),
      scratch_(wire::max_message_octets) {
  uv_timer_init(&loop_, &check_);
  check_.data = this;
}

void TcpListener::listen(Listening& listening, std::uint32_t index) {
  auto listener = std::make_unique<Listener>(Listener{{}, this, index});
  uv_tcp_init(&loop_, &listener->handle);
  uv_tcp_open(&listener->handle, listening.tcp.release());
  listener->handle.data = listener.get();
  // At the limit of descriptors libuv accepts and closes what waits, with one that it keeps in
  // reserve: no spinning.
  uv_listen(reinterpret_cast<uv_stream_t*>(&listener->handle), limits::backlog,
            [](uv_stream_t* handle, int status) {
              auto& self = *static_cast<Listener*>(handle->data);
              if (status == 0) self.owner->accept(self);
            });
  listeners_.push_back(std::move(listener));
}

void TcpListener::accept(Listener& listener) {
  const std::uint64_t id = ++sequence_;
  auto made = std::make_unique<TcpStream>(
      id, listener.index, queries_, quota_, scratch_, [this] { after_(clock_now()); },
      [this, id] { forget(id); });
  TcpStream& stream = *made;
  uv_tcp_init(&loop_, &stream.handle());
  streams_.emplace(id, std::move(made));
  SocketAddress address;
  int size = sizeof address;
  if (uv_accept(reinterpret_cast<uv_stream_t*>(&listener.handle),
                reinterpret_cast<uv_stream_t*>(&stream.handle())) != 0 ||
      uv_tcp_getpeername(&stream.handle(), &address.any, &size) != 0)
    return stream.close();

  const wire::Endpoint from = address.endpoint();
  if (!may_stay(from.address)) return stream.close();
  stream.start(from, clock_now());
  if (!uv_is_active(reinterpret_cast<uv_handle_t*>(&check_))) {
    const auto period =
        static_cast<std::uint64_t>(std::chrono::milliseconds{limits::connection_check}.count());
    uv_timer_start(
        &check_, [](uv_timer_t* timer) { static_cast<TcpListener*>(timer->data)->close_overdue(); },
        period, period);
  }
}

/// With all connections taken, an idle one gives way: connections that only stay are no way to keep
/// others out.
bool TcpListener::may_stay(const wire::IpAddress& address) {
  auto room = quota_.take(address);
  if (room == ConnectionQuota::Room::Full) {
    if (TcpStream* idle = idle_one(); idle && idle->uncount()) {
      room = quota_.hand_over(idle->from().address, address);
      idle->close();
    }
  }
  return room == ConnectionQuota::Room::Taken;
}

/// Of a few that stand next to each other in the table, and each time elsewhere: to look at all of
/// them for each newcomer would be a gift to whoever opens many.
TcpStream* TcpListener::idle_one() {
  const std::uint64_t oldest = streams_.begin()->first;
  const std::uint64_t spread = sequence_ * 0x9e3779b97f4a7c15U >> 32;
  auto at = streams_.lower_bound(oldest + spread % (sequence_ - oldest + 1));
  TcpStream* idle = nullptr;
  for (std::size_t seen = 0; seen < std::min(limits::eviction_sample, streams_.size()); ++seen) {
    if (at == streams_.end()) at = streams_.begin();
    TcpStream& stream = *at++->second;
    if (stream.idle() && (!idle || stream.less_wanted_than(*idle))) idle = &stream;
  }
  return idle;
}

void TcpListener::give_back(TcpStream& stream) {
  if (stream.uncount()) quota_.give_back(stream.from().address);
}

void TcpListener::forget(std::uint64_t id) {
  const auto at = streams_.find(id);
  if (at == streams_.end()) return;
  give_back(*at->second);
  streams_.erase(at);
  if (streams_.empty()) uv_timer_stop(&check_);
}

void TcpListener::close_overdue() {
  const wire::Instant now = clock_now();
  std::size_t held = 0;
  for (const auto& [id, stream] : streams_) {
    const std::size_t its = stream->held();
    held += its;
    if (stream->overdue(now) || (its > 0 && held > limits::held_octets)) stream->close();
  }
}

void TcpListener::reply(const Client& client, std::span<const std::uint8_t> message) {
  const auto at = streams_.find(client.connection);
  if (at != streams_.end()) at->second->reply(message);
}

void TcpListener::stop() {
  for (const auto& listener : listeners_)
    uv_close(reinterpret_cast<uv_handle_t*>(&listener->handle), nullptr);
  for (const auto& [id, stream] : streams_) stream->finish();
}

void TcpListener::close() {
  uv_close(reinterpret_cast<uv_handle_t*>(&check_), nullptr);
  for (const auto& [id, stream] : streams_) stream->close();
}

}  // namespace cairn::server
