// Where streams come from: accepts clients within the limits of how many there may be, in all and
// of one address, and closes those that are overdue.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "server/client_query.hpp"
#include "server/connection_quota.hpp"
#include "server/sockets.hpp"
#include "server/tcp_stream.hpp"

namespace cairn::server {

/// All streams of a worker, whichever of its sockets they came by.
class TcpListener {
 public:
  /// `after` runs after each wakeup that may have told the engine something.
  TcpListener(uv_loop_t& loop, ClientQueries& queries, ConnectionQuota& quota,
              std::function<void(wire::Instant)> after);

  void listen(Listening& listening, std::uint32_t index);
  void reply(const Client& client, std::span<const std::uint8_t> message);
  /// Nobody new, and each stream is closed after its answers.
  void stop();
  void close();
  std::size_t connections() const { return streams_.size(); }

 private:
  struct Listener {
    uv_tcp_t handle;
    TcpListener* owner;
    std::uint32_t index;
  };

  void accept(Listener& listener);
  bool may_stay(const wire::IpAddress& address);
  TcpStream* idle_one();
  void give_back(TcpStream& stream);
  void forget(std::uint64_t id);
  void close_overdue();

  uv_loop_t& loop_;
  ClientQueries& queries_;
  ConnectionQuota& quota_;
  std::function<void(wire::Instant)> after_;
  uv_timer_t check_{};  // runs only while there are streams
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::uint64_t sequence_ = 0;
  std::map<std::uint64_t, std::unique_ptr<TcpStream>> streams_;
  wire::Bytes scratch_;
};

}  // namespace cairn::server
