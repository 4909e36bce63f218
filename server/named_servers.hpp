// The addresses of forwarders that the operator gives by name: asked for by c-ares, of the servers
// in the system's resolv.conf and of /etc/hosts, on a libuv loop that it never blocks. The only
// file pair that knows c-ares.
//
// We ourselves are never asked, though resolv.conf may name us: what we answer hangs on just these
// addresses.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/forward_config.hpp"
#include "wire/address.hpp"

namespace cairn::server {

class NamedServers {
 public:
  struct Result {
    FoundAddresses found;               // names without an address are not in it
    std::vector<std::string> troubles;  // one sentence each
    std::chrono::seconds ttl{};         // how long to believe it, within limits
  };
  using Done = std::function<void(const Result&)>;

  /// `own`: where we listen.
  NamedServers(uv_loop_t& loop, std::vector<wire::Endpoint> own);
  ~NamedServers();
  NamedServers(const NamedServers&) = delete;
  NamedServers& operator=(const NamedServers&) = delete;

  /// Once all names have been looked up `done` is called, from the loop. What an earlier call began
  /// ends without a word.
  void look_up(std::vector<std::string> names, Done done);
  /// Before the loop ends. Twice is allowed.
  void close();

 private:
  struct Lookup;
  uv_loop_t& loop_;
  std::vector<wire::Endpoint> own_;
  std::shared_ptr<Lookup> lookup_;
};

}  // namespace cairn::server
