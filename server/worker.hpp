// One core's share: a thread, a loop, sockets of its own, an engine of its own. Workers share the
// cache and what they serve from, and nothing else; everything that others want of a worker comes
// through its mailbox.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "server/client_query.hpp"
#include "server/mailbox.hpp"
#include "server/sockets.hpp"
#include "server/system_random.hpp"
#include "server/tcp_listener.hpp"
#include "server/udp_listener.hpp"
#include "server/uv_network.hpp"

namespace cairn::server {

struct WorkerStatistics {
  QueryStatistics queries;
  resolver::EngineStatistics engine;
  std::size_t jobs = 0;
  std::size_t waiting = 0;
  std::size_t connections = 0;
  std::size_t upstream_sockets = 0;
};

/// What all workers have together; it outlives them.
struct Shared {
  cache::Cache& cache;
  ConnectionQuota& connections;
  RateLimit& rate_limit;
};

struct WorkerOptions {
  std::vector<wire::IpAddress> outgoing;
  std::size_t upstream_sockets = 1024;
};

class Worker : private Replies {
 public:
  Worker(ServingPtr serving, const Shared& shared, const WorkerOptions& options);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Starts the thread, which listens until stop() is done.
  void start(std::vector<Listening> sockets);

  // From any thread. `done` runs in the worker's thread.
  void use(ServingPtr serving);
  void use(const resolver::Forwarding& forwarding);
  void explain(const wire::Question& question,
               std::function<void(const resolver::Engine::Finished&)> done);
  void report(std::function<void(const WorkerStatistics&)> done);
  void forget(const wire::Name& name, std::function<void()> done);
  /// Nothing new; who waits is answered, for so long; then the thread ends.
  void stop();
  void join();

 private:
  void reply(const Client& client, std::span<const std::uint8_t> message) override;
  /// After anything was told to the engine: what it finished leaves, and the timer stands right.
  void settle(wire::Instant now);
  void begin_stop();
  void end_stop();

  uv_loop_t loop_{};
  uv_timer_t deadline_{};
  wire::Instant deadline_at_ = wire::Instant::max();
  uv_timer_t drain_{};
  bool stopping_ = false;
  bool ended_ = false;

  SystemRandom random_;
  UvNetwork network_;
  ClientQueries queries_;
  Mailbox mailbox_;
  std::vector<std::unique_ptr<UdpListener>> udp_;  // by Client::listener; some may be empty
  TcpListener tcp_;
  std::thread thread_;
};

}  // namespace cairn::server
