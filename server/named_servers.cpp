#include "server/named_servers.hpp"

#include <ares.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "server/limits.hpp"
#include "server/sockets.hpp"

namespace cairn::server {
namespace {

/// The library's own memory, once for the process.
struct Library {
  Library() { ares_library_init(ARES_LIB_INIT_ALL); }
  ~Library() { ares_library_cleanup(); }
};

/// A socket of c-ares that the loop watches. Lives until libuv has let go of it.
struct Watch {
  uv_poll_t poll{};
  ares_channel channel{};
  ares_socket_t socket{};
};

template <class Handle>
uv_handle_t* base(Handle& handle) {
  return reinterpret_cast<uv_handle_t*>(&handle);
}

std::optional<wire::IpAddress> address_of(const sockaddr& any) {
  SocketAddress address;
  if (any.sa_family == AF_INET)
    address.v4 = reinterpret_cast<const sockaddr_in&>(any);
  else if (any.sa_family == AF_INET6)
    address.v6 = reinterpret_cast<const sockaddr_in6&>(any);
  else
    return std::nullopt;
  return address.endpoint().address;
}

}  // namespace

/// One round of questions, with a channel of its own: resolv.conf may have changed since the last.
struct NamedServers::Lookup {
  struct Question {
    Lookup& lookup;
    std::string name;
  };

  Lookup(uv_loop_t& its_loop, Done its_done) : loop(its_loop), done(std::move(its_done)) {}

  bool open(const std::vector<wire::Endpoint>& own) {
    ares_options options{};
    options.flags = ARES_FLAG_NOSEARCH;
    options.timeout = static_cast<int>(std::chrono::milliseconds{limits::name_lookup_try}.count());
    options.tries = 2;
    options.sock_state_cb = [](void* its, ares_socket_t socket, int read, int write) {
      static_cast<Lookup*>(its)->watch(socket, read, write);
    };
    options.sock_state_cb_data = this;
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    if (ares_init_options(&channel, &options, mask) != ARES_SUCCESS) return false;
    is_open = true;
    leave_out(own);
    timer = new uv_timer_t{};
    uv_timer_init(&loop, timer);
    timer->data = this;
    const auto tick = [](uv_timer_t* its) {
      const auto keep = static_cast<Lookup*>(its->data)->self.lock();
      if (keep && keep->is_open) ares_process_fd(keep->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      if (keep) keep->conclude();
    };
    uv_timer_start(timer, tick, 100, 100);
    return true;
  }

  /// The servers of resolv.conf without ourselves.
  void leave_out(const std::vector<wire::Endpoint>& own) {
    ares_addr_port_node* servers = nullptr;
    if (ares_get_servers_ports(channel, &servers) != ARES_SUCCESS) return;
    const auto is_own = [&](const ares_addr_port_node& server) {
      SocketAddress address;
      if (server.family == AF_INET) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_addr = server.addr.addr4;
      } else {
        address.v6.sin6_family = AF_INET6;
        std::copy_n(reinterpret_cast<const std::uint8_t*>(&server.addr.addr6), 16,
                    address.v6.sin6_addr.s6_addr);
      }
      const wire::IpAddress its = address.endpoint().address;
      const int port = server.udp_port ? server.udp_port : 53;
      return std::ranges::any_of(own, [&](const wire::Endpoint& here) {
        return here.port == port && (here.address == its || is_wildcard(here.address));
      });
    };
    std::vector<ares_addr_port_node> others;
    for (const auto* server = servers; server; server = server->next)
      if (!is_own(*server)) others.push_back(*server);
    for (std::size_t i = 0; i < others.size(); ++i)
      others[i].next = i + 1 < others.size() ? &others[i + 1] : nullptr;
    none_to_ask = others.empty();
    ares_set_servers_ports(channel, others.empty() ? nullptr : others.data());
    ares_free_data(servers);
  }

  void watch(ares_socket_t socket, int read, int write) {
    const auto known = watches.find(socket);
    if (!read && !write) {
      if (known == watches.end()) return;
      uv_close(base(known->second->poll),
               [](uv_handle_t* handle) { delete static_cast<Watch*>(handle->data); });
      watches.erase(known);
      return;
    }
    Watch* its = known == watches.end() ? nullptr : known->second;
    if (!its) {
      its = new Watch{};
      its->channel = channel;
      its->socket = socket;
      uv_poll_init_socket(&loop, &its->poll, socket);
      its->poll.data = its;
      watches[socket] = its;
    }
    uv_poll_start(&its->poll, (read ? UV_READABLE : 0) | (write ? UV_WRITABLE : 0),
                  [](uv_poll_t* poll, int status, int events) {
                    const Watch& here = *static_cast<Watch*>(poll->data);
                    const bool readable = status != 0 || (events & UV_READABLE) != 0;
                    const bool writable = status != 0 || (events & UV_WRITABLE) != 0;
                    ares_process_fd(here.channel, readable ? here.socket : ARES_SOCKET_BAD,
                                    writable ? here.socket : ARES_SOCKET_BAD);
                  });
  }

  void ask(const std::string& name) {
    ++waiting;
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = ARES_AI_NOSORT;
    auto question = std::make_unique<Question>(Question{*this, name});
    std::string plain = name;
    if (plain.ends_with('.')) plain.pop_back();
    ares_getaddrinfo(
        channel, plain.c_str(), nullptr, &hints,
        [](void* asked, int status, int, ares_addrinfo* found) {
          const std::unique_ptr<Question> its(static_cast<Question*>(asked));
          its->lookup.take(its->name, status, found);
          if (found) ares_freeaddrinfo(found);
        },
        question.release());
  }

  void take(const std::string& name, int status, const ares_addrinfo* found) {
    --waiting;
    std::vector<wire::IpAddress> addresses;
    for (const auto* node = found ? found->nodes : nullptr; node; node = node->ai_next) {
      const auto address = address_of(*node->ai_addr);
      if (!address || std::ranges::find(addresses, *address) != addresses.end() ||
          addresses.size() == limits::addresses_of_name)
        continue;
      addresses.push_back(*address);
      ttl = std::min(ttl, std::chrono::seconds{std::max(node->ai_ttl, 0)});
    }
    if (addresses.empty())
      result.troubles.push_back(
          "the server " + name + " has no address that can be found: " +
          (none_to_ask ? "the system's resolv.conf names no server but this resolver itself"
                       : ares_strerror(status)));
    else
      result.found[name] = std::move(addresses);
  }

  /// Told from the timer alone, where no call of c-ares is under way.
  void conclude() {
    if (waiting > 0 || !is_open || !done) return;
    result.ttl = result.troubles.empty()
                     ? std::clamp(ttl, std::chrono::seconds{limits::least_name_lookup},
                                  std::chrono::seconds{limits::most_name_lookup})
                     : std::chrono::seconds{limits::name_lookup_again};
    const Done told = std::exchange(done, nullptr);
    const Result its = std::move(result);
    close();
    told(its);
  }

  void close() {
    done = nullptr;
    if (is_open) ares_destroy(channel);  // ends every question, and lets go of every socket
    is_open = false;
    if (timer)
      uv_close(base(*timer),
               [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
    timer = nullptr;
  }

  uv_loop_t& loop;
  Done done;
  std::weak_ptr<Lookup> self;
  ares_channel channel{};
  bool is_open = false;
  bool none_to_ask = false;
  uv_timer_t* timer = nullptr;  // until libuv has let go of it
  std::unordered_map<ares_socket_t, Watch*> watches;
  std::size_t waiting = 0;
  Result result;
  std::chrono::seconds ttl = std::chrono::seconds::max();
};

NamedServers::NamedServers(uv_loop_t& loop, std::vector<wire::Endpoint> own)
    : loop_(loop), own_(std::move(own)) {
  static const Library library;
}

NamedServers::~NamedServers() {
  close();
}

void NamedServers::look_up(std::vector<std::string> names, Done done) {
  close();
  if (names.empty()) return;
  lookup_ = std::make_shared<Lookup>(loop_, std::move(done));
  lookup_->self = lookup_;
  if (!lookup_->open(own_)) return;
  for (const std::string& name : names) lookup_->ask(name);
}

void NamedServers::close() {
  if (lookup_) lookup_->close();
  lookup_.reset();
}

}  // namespace cairn::server
