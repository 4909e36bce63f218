#include "server/daemon.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

#include "resolver/limits.hpp"
#include "server/json.hpp"
#include "server/limits.hpp"
#include "server/notify.hpp"
#include "server/privileges.hpp"
#include "server/system_calls.hpp"
#include "server/version.hpp"

namespace cairn::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* default_config_file = "/etc/cairn/cairn.toml";

/// The default addresses, as far as this host has them: a host without IPv6 has no ::1.
std::vector<wire::Endpoint> addresses_of(const Config& config) {
  std::vector<wire::Endpoint> addresses = config.listen;
  if (config.listen_given) return addresses;
  std::erase_if(addresses, [](wire::Endpoint endpoint) {
    endpoint.port = 0;
    const SocketAddress address(endpoint);
    const File probe(::socket(address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return !probe || ::bind(probe.get(), &address.any, address.size()) != 0;
  });
  return addresses;
}

std::vector<std::vector<Listening>> open_sockets(const Config& config) {
  const auto activated = notify::activated_sockets();
  auto sockets = activated.empty() ? listen_on(addresses_of(config), worker_count(config))
                                   : adopt(activated, worker_count(config));
  if (!sockets) throw StartError{ExitCode::CannotBind, sockets.error()};
  return std::move(*sockets);
}

/// Lists of their own are for those who ask at one address; where no socket has it, as may be with
/// sockets of a service manager, they would count for nobody.
void check_lists_of_addresses(const Config& config, const std::vector<wire::Endpoint>& addresses) {
  for (const auto& [address, access] : config.access_at)
    if ((access.allow || access.deny) && std::ranges::count(addresses, address) == 0)
      throw StartError{ExitCode::Configuration,
                       "listen: no socket has the address " + address.to_text() +
                           ", so its own `allow` and `deny` would count for nobody; give a socket "
                           "of the service manager that address, or restart if it is new, or take "
                           "the lists away from it"};
}

void warn_about(const Config& config) {
  for (const std::string& warning : config.warnings) log::warning(warning);
}

/// How many descriptors may serve whom: clients get a quarter of what is left, so that however many
/// connections they hold, sockets for questions upstream remain.
struct FileShares {
  std::size_t upstream_of_each_worker;
  std::size_t connections;
};

FileShares share_files(std::size_t files, std::size_t workers) {
  const std::size_t reserved = std::max(limits::reserved_files, files / limits::reserved_share) +
                               workers * limits::files_of_worker;
  if (files < reserved + limits::least_shared_files)
    throw StartError{ExitCode::File, "only " + std::to_string(files) +
                                         " files may be open at once, too few for " +
                                         std::to_string(workers) + " workers; allow " +
                                         std::to_string(reserved + limits::least_shared_files) +
                                         " or more with `ulimit -n` or LimitNOFILE="};
  const std::size_t left = files - reserved;
  return {std::min(resolver::limits::jobs, left * 3 / 4 / workers),
          std::min(limits::connections, left / 4)};
}

/// From here on foreign bytes are read. Sanitizers make calls of their own.
void give_up_system_calls() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  if (!forbid_other_system_calls())
    log::warning("the kernel does not filter system calls (seccomp): none is forbidden");
#endif
}

/// What a reload cannot change.
bool needs_restart(const Config& old, const Config& now) {
  return old.listen != now.listen || old.workers != now.workers || old.user != now.user ||
         old.control != now.control || old.outgoing != now.outgoing ||
         old.cache.size != now.cache.size || old.cache.min_ttl != now.cache.min_ttl ||
         old.cache.max_ttl != now.cache.max_ttl ||
         old.cache.negative_max_ttl != now.cache.negative_max_ttl;
}

/// Finished answers hold what was told, and what was found of it.
bool tell_differently(const resolver::Settings& old, const resolver::Settings& now) {
  return old.dns64 != now.dns64 || old.rebinding != now.rebinding ||
         old.validation != now.validation;
}

}  // namespace

Config read_config_or_default(const std::optional<fs::path>& file) {
  if (file) return read_config(*file);
  std::error_code none;
  return fs::exists(default_config_file, none) ? read_config(default_config_file)
                                               : default_config();
}

Daemon::Daemon(std::optional<fs::path> config_file)
    : config_file_(std::move(config_file)), config_(read_config_or_default(config_file_)) {
  log::configure(config_.log_level, config_.log_format);
  cookie_secret_ = {SystemRandom().next(), SystemRandom().next()};
  serving_ = load(config_, cookie_secret_);
  forwards_ = config_.forwards;
  forbid_core_files();
  check_user(config_.user);
  share_files(raise_file_limit(), worker_count(config_));
  sockets_ = open_sockets(config_);
  for (const Listening& listening : sockets_.front()) addresses_.push_back(listening.endpoint);
  check_lists_of_addresses(config_, addresses_);
  if (!config_.control.empty()) control_socket_ = bind_control(config_.control);
  std::error_code none;
  fs::create_directories(config_.state_dir, none);  // nothing is written there yet
  drop_privileges(config_.user, config_.control);
  warn_about(config_);
}

Daemon::~Daemon() {
  std::error_code none;
  if (control_socket_ || control_) fs::remove(config_.control, none);
}

void Daemon::run() {
  std::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(&loop_);
  mailbox_ = std::make_unique<Mailbox>(loop_);
  find_servers_at_start();
  start_workers();
  tell_servers();
  if (control_socket_)
    control_ = std::make_unique<Control>(
        loop_, std::move(control_socket_),
        [this](std::string_view line, Control::Answer answer) { serve(line, std::move(answer)); });
  watch_signal(terminate_, SIGTERM);
  watch_signal(interrupt_, SIGINT);
  watch_signal(hang_up_, SIGHUP);
  start_watchdog();
  give_up_system_calls();
  notify::ready();
  log::info("serving", {{"version", version},
                        {"workers", std::to_string(workers_.size())},
                        {"zones", std::to_string(serving_->hosted_zones)}});
  uv_run(&loop_, UV_RUN_DEFAULT);

  for (const auto& worker : workers_) worker->join();
  workers_.clear();
  uv_loop_close(&loop_);
  // Taking a cache of gigabytes apart would only delay the end: the system takes it back at once.
  // Something points at it until then, so that it is no leak.
  [[gnu::used]] static const cache::Cache* left_to_the_system;
  left_to_the_system = cache_.release();
  log::info("stopped");
}

void Daemon::start_workers() {
  SystemRandom random;
  config_.cache.key = {random.next(), random.next()};
  cache_ = std::make_unique<cache::Cache>(config_.cache);
  const FileShares shares = share_files(raise_file_limit(), sockets_.size());
  connections_ = std::make_unique<ConnectionQuota>(shares.connections);
  rate_limit_ = std::make_unique<RateLimit>(wire::SipKey{random.next(), random.next()});
  const Shared shared{*cache_, *connections_, *rate_limit_};
  WorkerOptions options;
  options.outgoing = config_.outgoing;
  options.upstream_sockets = shares.upstream_of_each_worker;
  for (std::size_t count = 0; count < sockets_.size(); ++count)
    workers_.push_back(std::make_unique<Worker>(serving_, shared, options));
  for (std::size_t at = 0; at < workers_.size(); ++at) workers_[at]->start(std::move(sockets_[at]));
  sockets_.clear();
}

void Daemon::find_servers_at_start() {
  uv_timer_init(&loop_, &find_again_);
  find_again_.data = this;
  named_servers_ = std::make_unique<NamedServers>(loop_, config_.listen);
  if (server_names(forwards_).empty()) return;
  find_servers();
  bool late = false;
  uv_timer_t patience;
  uv_timer_init(&loop_, &patience);
  patience.data = &late;
  uv_timer_start(
      &patience, [](uv_timer_t* timer) { *static_cast<bool*>(timer->data) = true; },
      static_cast<std::uint64_t>(std::chrono::milliseconds{limits::name_lookup_at_start}.count()),
      0);
  while (!servers_found_ && !late) uv_run(&loop_, UV_RUN_ONCE);
  bool closed = false;
  patience.data = &closed;
  uv_close(reinterpret_cast<uv_handle_t*>(&patience),
           [](uv_handle_t* handle) { *static_cast<bool*>(handle->data) = true; });
  while (!closed) uv_run(&loop_, UV_RUN_NOWAIT);
}

void Daemon::find_servers() {
  named_servers_->look_up(server_names(forwards_),
                          [this](const NamedServers::Result& result) { use_servers(result); });
}

void Daemon::use_servers(const NamedServers::Result& result) {
  servers_found_ = true;
  for (const std::string& trouble : result.troubles) log::warning(trouble);
  // An address that cannot be found today was right yesterday.
  FoundAddresses found = result.found;
  for (const std::string& name : server_names(forwards_))
    if (const auto before = found_.find(name); before != found_.end()) found.insert(*before);
  if (found != found_) {
    found_ = std::move(found);
    tell_servers();
  }
  uv_timer_start(
      &find_again_, [](uv_timer_t* timer) { static_cast<Daemon*>(timer->data)->find_servers(); },
      static_cast<std::uint64_t>(std::chrono::milliseconds{result.ttl}.count()), 0);
}

void Daemon::tell_servers() {
  const auto forwarding = forwarding_of(forwards_, found_);
  for (const auto& worker : workers_) worker->use(forwarding);
}

void Daemon::forget(std::vector<wire::Name> zones, const Control::Answer& answer) {
  auto left = std::make_shared<std::size_t>(workers_.size());
  for (const auto& worker : workers_)
    worker->report([this, left, zones, answer](const WorkerStatistics&) {
      mailbox_->post([this, left, zones, answer] {
        if (--*left > 0) return;
        for (const wire::Name& zone : zones) cache_->flush(zone);
        answer(json::ok());
      });
    });
}

void Daemon::watch_signal(uv_signal_t& handle, int signal) {
  uv_signal_init(&loop_, &handle);
  handle.data = this;
  uv_signal_start(
      &handle,
      [](uv_signal_t* caught, int number) {
        Daemon& self = *static_cast<Daemon*>(caught->data);
        if (number == SIGHUP)
          self.reload([](const std::string&) {});
        else
          self.stop();
      },
      signal);
}

/// The service manager is told that all is well only when every worker still opens its letters.
void Daemon::start_watchdog() {
  uv_timer_init(&loop_, &watchdog_);
  watchdog_.data = this;
  const auto period = notify::watchdog_period();
  if (!period) return;
  const auto half = static_cast<std::uint64_t>(period->count() / 2);
  uv_timer_start(
      &watchdog_,
      [](uv_timer_t* timer) {
        Daemon& self = *static_cast<Daemon*>(timer->data);
        if (self.silent_workers_ > 0) return;
        notify::alive();
        self.silent_workers_ = self.workers_.size();
        for (const auto& worker : self.workers_)
          worker->report([&self](const WorkerStatistics&) {
            self.mailbox_->post([&self] { --self.silent_workers_; });
          });
      },
      0, half);
}

/// All or nothing: a mistake leaves everything as it was.
void Daemon::reload(const Control::Answer& answer) {
  notify::reloading();
  try {
    Config config = read_config_or_default(config_file_);
    check_lists_of_addresses(config, addresses_);
    auto changed = changed_zones(forwards_, config.forwards);
    const ServingPtr old = std::exchange(serving_, load(config, cookie_secret_, found_));
    if (tell_differently(old->resolver, serving_->resolver)) changed = {wire::Name()};
    forwards_ = config.forwards;
    log::configure(config.log_level, config.log_format);
    warn_about(config);
    if (needs_restart(config_, config))
      log::warning("some changes need a restart: addresses, workers, user, control and cache");
    for (const auto& worker : workers_) worker->use(serving_);
    log::info("reloaded", {{"zones", std::to_string(serving_->hosted_zones)}});
    find_servers();
    forget(std::move(changed), answer);
  } catch (const StartError& error) {
    log::error("not reloaded, the old configuration stays in use", {{"why", error.message}});
    answer(json::error(error.message));
  }
  notify::ready();
}

void Daemon::stop() {
  if (stopping_) return;
  stopping_ = true;
  notify::stopping();
  log::info("stopping");
  for (const auto& worker : workers_) worker->stop();
  for (uv_signal_t* handle : {&terminate_, &interrupt_, &hang_up_})
    uv_close(reinterpret_cast<uv_handle_t*>(handle), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&watchdog_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&find_again_), nullptr);
  named_servers_->close();
  if (control_) control_->close();
  mailbox_->close();
}

void Daemon::serve(std::string_view line, Control::Answer answer) {
  const auto request = json::parse_request(line);
  if (!request)
    return answer(json::error(R"(no request: expected an object of strings with "do")"));
  if (request->verb == "explain") return explain(request->name, request->type, std::move(answer));
  if (request->verb == "stats") return report(std::move(answer));
  if (request->verb == "status") return answer(status());
  if (request->verb == "flush") return flush(request->name, answer);
  if (request->verb == "reload") return reload(answer);
  if (request->verb == "stop") {
    answer(json::ok());
    return stop();
  }
  answer(json::error("unknown request \"" + request->verb +
                     "\"; expected explain, status, stats, flush, reload or stop"));
}

void Daemon::explain(const std::string& name, const std::string& type, Control::Answer answer) {
  const auto owner = wire::Name::from_text(name);
  if (!owner) return answer(json::error("\"" + name + "\" is no name: " + owner.error()));
  const auto rrtype = type.empty() ? wire::RRType::A : wire::rrtype_from_text(type);
  if (!rrtype || (wire::is_meta(*rrtype) && *rrtype != wire::RRType::ANY))
    return answer(json::error("\"" + type + "\" is no type to ask for"));
  workers_.front()->explain(
      {*owner, *rrtype, wire::RRClass::IN},
      [this, answer = std::move(answer)](const resolver::Engine::Finished& finished) {
        mailbox_->post([answer, line = json::explained(finished)] { answer(line); });
      });
}

void Daemon::report(Control::Answer answer) {
  auto gathered = std::make_shared<std::vector<WorkerStatistics>>();
  for (const auto& worker : workers_)
    worker->report([this, gathered, answer](const WorkerStatistics& its) {
      mailbox_->post([this, gathered, answer, its] {
        gathered->push_back(its);
        if (gathered->size() == workers_.size())
          answer(json::statistics(*gathered, cache_->statistics()));
      });
    });
}

std::string Daemon::status() const {
  json::Status status;
  status.version = version;
  status.pid = ::getpid();
  status.uptime_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  status.workers = workers_.size();
  for (const wire::Endpoint& endpoint : addresses_of(config_))
    status.listen.push_back(endpoint.to_text());
  for (const auto& zone : serving_->zones.zones().first(serving_->hosted_zones))
    status.zones.push_back({zone->apex().to_text(), zone->serial(), zone->record_count()});
  return json::status(status, cache_->statistics());
}

/// The cache first, or a worker could learn a zone's keys from it anew.
void Daemon::flush(const std::string& name, const Control::Answer& answer) {
  const auto owner = wire::Name::from_text(name);
  if (!owner) return answer(json::error("\"" + name + "\" is no name: " + owner.error()));
  const std::size_t flushed = cache_->flush(*owner);
  auto left = std::make_shared<std::size_t>(workers_.size());
  for (const auto& worker : workers_)
    worker->forget(*owner, [this, left, flushed, answer] {
      mailbox_->post([left, flushed, answer] {
        if (--*left == 0) answer(json::flushed(flushed));
      });
    });
}

}  // namespace cairn::server
