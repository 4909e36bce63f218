// The daemon as a whole: starts in an order in which nothing is half started (configuration, zones,
// sockets, privileges, threads), then waits for signals and the operator.
#pragma once

#include <uv.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "cache/cache.hpp"
#include "server/config.hpp"
#include "server/control.hpp"
#include "server/loading.hpp"
#include "server/mailbox.hpp"
#include "server/named_servers.hpp"
#include "server/worker.hpp"

namespace cairn::server {

/// `file`, or the default place if there is a file, or the defaults.
Config read_config_or_default(const std::optional<std::filesystem::path>& file);

class Daemon {
 public:
  /// Binds every socket. Throws StartError, and then nothing is left behind.
  explicit Daemon(std::optional<std::filesystem::path> config_file);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Serves until a signal or the operator ends it.
  void run();

 private:
  /// Servers with names get their addresses: before the workers start, if that does not take long,
  /// and from time to time.
  void find_servers_at_start();
  void find_servers();
  void use_servers(const NamedServers::Result& result);
  void tell_servers();
  /// After a reload: what was cached by the old rules goes, once all workers have the new ones.
  void forget(std::vector<wire::Name> zones, const Control::Answer& answer);
  void start_workers();
  void watch_signal(uv_signal_t& handle, int signal);
  void start_watchdog();
  void reload(const Control::Answer& answer);
  void stop();

  // The operator's requests.
  void serve(std::string_view line, Control::Answer answer);
  void explain(const std::string& name, const std::string& type, Control::Answer answer);
  void report(Control::Answer answer);
  std::string status() const;
  void flush(const std::string& name, const Control::Answer& answer);

  std::optional<std::filesystem::path> config_file_;
  Config config_;
  wire::SipKey cookie_secret_;
  ServingPtr serving_;
  std::vector<std::vector<Listening>> sockets_;  // per worker, until it has them
  std::vector<wire::Endpoint> addresses_;        // of theirs
  File control_socket_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  uv_loop_t loop_{};
  std::unique_ptr<cache::Cache> cache_;
  std::unique_ptr<Mailbox> mailbox_;
  std::unique_ptr<ConnectionQuota> connections_;
  std::unique_ptr<RateLimit> rate_limit_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Control> control_;
  uv_signal_t terminate_{}, interrupt_{}, hang_up_{};
  uv_timer_t watchdog_{};
  uv_timer_t find_again_{};
  std::unique_ptr<NamedServers> named_servers_;
  std::vector<ForwardConfig> forwards_;  // as of the last reload
  FoundAddresses found_;
  bool servers_found_ = false;
  std::size_t silent_workers_ = 0;  // that have not answered the watchdog's last call
  bool stopping_ = false;
};

}  // namespace cairn::server
