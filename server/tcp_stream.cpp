#include "server/tcp_stream.hpp"

#include <memory>
#include <utility>

#include "server/clock.hpp"
#include "server/limits.hpp"
#include "wire/message.hpp"

namespace cairn::server {
namespace {

constexpr std::size_t length_octets = 2;

template <class Handle>
uv_stream_t* stream(Handle& handle) {
  return reinterpret_cast<uv_stream_t*>(&handle);
}

}  // namespace

TcpStream::TcpStream(std::uint64_t id, std::uint32_t listener, ClientQueries& queries,
                     const ConnectionQuota& quota, std::span<std::uint8_t> scratch,
                     std::function<void()> asked, std::function<void()> gone)
    : queries_(queries),
      quota_(quota),
      scratch_(scratch),
      after_asking_(std::move(asked)),
      gone_(std::move(gone)) {
  client_.stream = true;
  client_.listener = listener;
  client_.connection = id;
  handle_.data = this;
}

void TcpStream::start(const wire::Endpoint& from, wire::Instant now) {
  client_.from = from;
  active_ = now;
  counted_ = true;
  uv_tcp_nodelay(&handle_, 1);
  read();
}

void TcpStream::read() {
  uv_read_start(
      stream(handle_),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        const auto& self = *static_cast<TcpStream*>(handle->data);
        *buffer = uv_buf_init(reinterpret_cast<char*>(self.scratch_.data()),
                              static_cast<unsigned>(self.scratch_.size()));
      },
      [](uv_stream_t* handle, ssize_t size, const uv_buf_t* buffer) {
        auto& self = *static_cast<TcpStream*>(handle->data);
        if (size > 0)
          self.on_octets({reinterpret_cast<const std::uint8_t*>(buffer->base),
                          static_cast<std::size_t>(size)});
        else if (size == UV_EOF)
          self.finish();
        else if (size < 0)
          self.close();
      });
}

void TcpStream::on_octets(std::span<const std::uint8_t> octets) {
  incoming_.insert(incoming_.end(), octets.begin(), octets.end());
  answer_questions();
  after_asking_();
}

/// Every whole message that has arrived, as long as not too many are in flight: then the client is
/// not read until answers have left.
void TcpStream::answer_questions() {
  std::size_t at = 0;
  while (!closed_ && in_flight_ < limits::questions_per_connection) {
    const std::span<const std::uint8_t> rest = std::span(incoming_).subspan(at);
    if (rest.size() < length_octets) break;
    const auto size = static_cast<std::size_t>(rest[0] << 8 | rest[1]);
    if (size > limits::stream_query_octets) return close();
    if (rest.size() < length_octets + size) break;
    at += length_octets + size;
    asked_ = true;
    active_ = clock_now();
    queries_.tell_time(wall_clock_now());
    client_.patience = quota_.patience(limits::idle_connection);
    const auto reply =
        queries_.answer(rest.subspan(length_octets, size), client_, scratch_, active_);
    if (!reply)
      ++in_flight_;
    else if (*reply == 0)
      return close();  // not DNS: nothing that follows will be
    else
      write(scratch_.first(*reply));
  }
  if (closed_) return;
  incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(at));
  if (incoming_.empty()) incoming_.shrink_to_fit();
  if (in_flight_ >= limits::questions_per_connection) uv_read_stop(stream(handle_));
}

void TcpStream::reply(std::span<const std::uint8_t> message) {
  if (closed_) return;
  const bool was_paused = in_flight_ >= limits::questions_per_connection;
  --in_flight_;
  active_ = clock_now();
  write(message);
  if (closed_) return;
  if (was_paused && !finishing_) {
    read();
    answer_questions();
  }
  if (finishing_) close_when_done();
}

void TcpStream::write(std::span<const std::uint8_t> message) {
  if (closed_) return;
  wire::Bytes frame;
  frame.reserve(length_octets + message.size());
  frame.push_back(static_cast<std::uint8_t>(message.size() >> 8));
  frame.push_back(static_cast<std::uint8_t>(message.size() & 0xff));
  frame.insert(frame.end(), message.begin(), message.end());
  send_all(std::move(frame));
  if (uv_stream_get_write_queue_size(stream(handle_)) > limits::unread_octets) close();
}

void TcpStream::send_all(wire::Bytes frame) {
  struct Write {
    uv_write_t request;
    wire::Bytes frame;
  };
  std::size_t sent = 0;
  if (uv_stream_get_write_queue_size(stream(handle_)) == 0) {
    const uv_buf_t whole =
        uv_buf_init(reinterpret_cast<char*>(frame.data()), static_cast<unsigned>(frame.size()));
    const int written = uv_try_write(stream(handle_), &whole, 1);
    if (written < 0 && written != UV_EAGAIN) return close();
    if (written > 0) sent = static_cast<std::size_t>(written);
    if (sent == frame.size()) return;
  }
  auto write = std::make_unique<Write>(Write{{}, std::move(frame)});
  write->request.data = write.get();
  const uv_buf_t rest = uv_buf_init(reinterpret_cast<char*>(write->frame.data() + sent),
                                    static_cast<unsigned>(write->frame.size() - sent));
  const auto done = [](uv_write_t* request, int) { delete static_cast<Write*>(request->data); };
  if (uv_write(&write->request, stream(handle_), &rest, 1, done) != 0) return close();
  write.release();  // `done` has it now
}

bool TcpStream::overdue(wire::Instant now) {
  const bool late =
      in_flight_ == 0 &&
      now - active_ > quota_.patience(asked_ ? wire::Duration{limits::idle_connection}
                                             : wire::Duration{limits::first_question});
  return std::exchange(late_, late) && late;
}

std::size_t TcpStream::held() const {
  if (closed_) return 0;
  return incoming_.capacity() +
         uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(&handle_));
}

bool TcpStream::idle() const {
  return counted_ && !closed_ && in_flight_ == 0 &&
         uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(&handle_)) == 0;
}

void TcpStream::finish() {
  if (closed_) return;
  finishing_ = true;
  uv_read_stop(stream(handle_));
  close_when_done();
}

/// Answers that the kernel does not take yet are written first; uv_shutdown waits for them.
void TcpStream::close_when_done() {
  if (closed_ || shut_ || in_flight_ > 0) return;
  auto request = std::make_unique<uv_shutdown_t>();
  request->data = this;
  const auto done = [](uv_shutdown_t* ended, int) {
    auto& self = *static_cast<TcpStream*>(ended->data);
    delete ended;
    self.close();
  };
  shut_ = uv_shutdown(request.get(), stream(handle_), done) == 0;
  if (!shut_) return close();
  request.release();
}

void TcpStream::close() {
  if (closed_) return;
  closed_ = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_), [](uv_handle_t* handle) {
    const auto gone = std::move(static_cast<TcpStream*>(handle->data)->gone_);
    gone();
  });
}

}  // namespace cairn::server
