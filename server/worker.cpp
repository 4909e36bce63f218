#include "server/worker.hpp"

#include <csignal>
#include <utility>

#include "server/clock.hpp"
#include "server/limits.hpp"

namespace cairn::server {
namespace {

uv_loop_t& initialised(uv_loop_t& loop) {
  uv_loop_init(&loop);
  return loop;
}

std::uint64_t milliseconds_until(wire::Instant at, wire::Instant now) {
  if (at <= now) return 0;
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(at - now).count());
}

}  // namespace

Worker::Worker(ServingPtr serving, const Shared& shared, const WorkerOptions& options)
    : network_(initialised(loop_), random_, options.outgoing, options.upstream_sockets),
      queries_(std::move(serving), shared.cache, shared.rate_limit, {network_, random_, *this}),
      mailbox_(loop_),
      tcp_(loop_, queries_, shared.connections, [this](wire::Instant now) { settle(now); }) {
  queries_.tell_time(wall_clock_now());
  uv_timer_init(&loop_, &deadline_);
  uv_timer_init(&loop_, &drain_);
  deadline_.data = drain_.data = this;
  network_.feed(queries_.engine(), [this](wire::Instant now) { settle(now); });
}

Worker::~Worker() {
  // A worker that never ran has handles to close as well.
  if (!ended_) {
    stopping_ = true;
    end_stop();
    uv_run(&loop_, UV_RUN_DEFAULT);
  }
  uv_loop_close(&loop_);
}

void Worker::start(std::vector<Listening> sockets) {
  std::vector<wire::Endpoint> endpoints;
  for (const Listening& listening : sockets) endpoints.push_back(listening.endpoint);
  queries_.listen_on(std::move(endpoints));
  for (std::uint32_t index = 0; index < sockets.size(); ++index) {
    Listening& listening = sockets[index];
    udp_.push_back(listening.udp
                       ? std::make_unique<UdpListener>(loop_, listening, index, queries_,
                                                       [this](wire::Instant now) { settle(now); })
                       : nullptr);
    if (listening.tcp) tcp_.listen(listening, index);
  }
  thread_ = std::thread([this] {
    // Signals are for the main thread.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    uv_run(&loop_, UV_RUN_DEFAULT);
  });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::reply(const Client& client, std::span<const std::uint8_t> message) {
  if (client.stream)
    tcp_.reply(client, message);
  else
    udp_[client.listener]->reply(client, message);
}

void Worker::settle(wire::Instant now) {
  queries_.tell_time(wall_clock_now());
  queries_.deliver_finished(now);
  if (stopping_) {
    if (queries_.idle()) end_stop();
    if (ended_) return;
  }
  // A timer that rings too early costs less than moving it with every question.
  const wire::Instant next = queries_.engine().next_deadline();
  if (next >= deadline_at_) return;
  deadline_at_ = next;
  uv_update_time(&loop_);
  uv_timer_start(
      &deadline_,
      [](uv_timer_t* timer) {
        Worker& self = *static_cast<Worker*>(timer->data);
        self.deadline_at_ = wire::Instant::max();
        self.network_.read_arrived();
        const wire::Instant at = clock_now();
        self.queries_.engine().on_deadline(at);
        self.settle(at);
      },
      milliseconds_until(next, now), 0);
}

void Worker::use(ServingPtr serving) {
  mailbox_.post([this, serving = std::move(serving)] { queries_.use(serving); });
}

void Worker::use(const resolver::Forwarding& forwarding) {
  mailbox_.post([this, forwarding] { queries_.use(forwarding); });
}

void Worker::explain(const wire::Question& question,
                     std::function<void(const resolver::Engine::Finished&)> done) {
  mailbox_.post([this, question, done = std::move(done)] {
    const wire::Instant now = clock_now();
    queries_.explain(question, now, done);
    settle(now);
  });
}

void Worker::report(std::function<void(const WorkerStatistics&)> done) {
  mailbox_.post([this, done = std::move(done)] {
    done({queries_.statistics(), queries_.engine().statistics(), queries_.engine().jobs(),
          queries_.waiting(), tcp_.connections(), network_.sockets()});
  });
}

void Worker::forget(const wire::Name& name, std::function<void()> done) {
  mailbox_.post([this, name, done = std::move(done)] {
    queries_.engine().forget(name);
    done();
  });
}

void Worker::stop() {
  mailbox_.post([this] { begin_stop(); });
}

void Worker::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  for (const auto& listener : udp_)
    if (listener) listener->stop();
  tcp_.stop();
  uv_update_time(&loop_);
  uv_timer_start(
      &drain_,
      [](uv_timer_t* timer) {
        Worker& self = *static_cast<Worker*>(timer->data);
        const wire::Instant now = clock_now();
        self.queries_.give_up(now);
        self.end_stop();
      },
      static_cast<std::uint64_t>(std::chrono::milliseconds{limits::drain}.count()), 0);
  settle(clock_now());
}

void Worker::end_stop() {
  if (ended_) return;
  ended_ = true;
  for (const auto& listener : udp_)
    if (listener) listener->close();
  tcp_.close();
  network_.close_handles();
  mailbox_.close();
  uv_close(reinterpret_cast<uv_handle_t*>(&deadline_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&drain_), nullptr);
}

}  // namespace cairn::server
