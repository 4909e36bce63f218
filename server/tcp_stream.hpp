// One client's stream (RFC 7766): messages behind their 16-bit length, many in flight, answered in
// whatever order they become ready. A client that sends no question in time, stays idle or does not
// read its answers is closed; who asks how long it may stay idle is told (RFC 7828).
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <utility>

#include "server/client_query.hpp"
#include "server/connection_quota.hpp"

namespace cairn::server {

class TcpStream {
 public:
  /// `asked` is called after octets that may have been questions; `gone` once, when the stream may
  /// be destroyed.
  TcpStream(std::uint64_t id, std::uint32_t listener, ClientQueries& queries,
            const ConnectionQuota& quota, std::span<std::uint8_t> scratch,
            std::function<void()> asked, std::function<void()> gone);
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  uv_tcp_t& handle() { return handle_; }
  /// The handle is accepted.
  void start(const wire::Endpoint& from, wire::Instant now);
  void reply(std::span<const std::uint8_t> message);

  /// Whether it is time to close it: when it was late the last time already. In between what had
  /// arrived was read, however busy the worker is.
  bool overdue(wire::Instant now);
  /// Octets of questions that are not whole and of answers that are not read.
  std::size_t held() const;
  /// Whether no answer would be lost with it; and of two such, which one is missed less.
  bool idle() const;
  bool less_wanted_than(const TcpStream& other) const {
    return asked_ != other.asked_ ? !asked_ : active_ < other.active_;
  }
  /// No more questions; closed after the answers that are still to come.
  void finish();
  void close();
  const wire::Endpoint& from() const { return client_.from; }
  /// Whether the quota counted it; it does so no longer.
  bool uncount() { return std::exchange(counted_, false); }

 private:
  void read();
  void on_octets(std::span<const std::uint8_t> octets);
  void answer_questions();
  void write(std::span<const std::uint8_t> message);
  void send_all(wire::Bytes frame);
  void close_when_done();

  uv_tcp_t handle_{};
  ClientQueries& queries_;
  const ConnectionQuota& quota_;
  std::span<std::uint8_t> scratch_;  // the worker's: for reading and for one reply
  std::function<void()> after_asking_;
  std::function<void()> gone_;
  Client client_;
  wire::Bytes incoming_;
  std::size_t in_flight_ = 0;
  bool late_ = false;       // when it was last looked at
  bool counted_ = false;    // by the quota
  bool asked_ = false;      // a first question came
  bool finishing_ = false;  // the client has said all, or we are stopping
  bool shut_ = false;       // all answers are written, the end is on its way
  bool closed_ = false;
  wire::Instant active_{};  // last question or answer; drops of octets do not count
};

}  // namespace cairn::server
