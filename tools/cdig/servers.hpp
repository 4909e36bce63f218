// Which servers to ask: those of "@", or those that this system is configured with. Names of
// servers are looked up as every program of this host does it (getaddrinfo), because that is what
// dig does: /etc/hosts, mDNS and "127.1" count.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/cdig/options.hpp"
#include "tools/cdig/resolv_conf.hpp"
#include "wire/address.hpp"
#include "wire/result.hpp"

namespace cairn::cdig {

struct Server {
  wire::Endpoint endpoint;
  std::string name;     // as the footer shows it: what stood behind "@"
  bool mapped = false;  // an IPv4 server for whom IPv6 alone is allowed: dig passes it over
};

/// Of -4 and -6.
bool is_wanted(const wire::IpAddress& address, Family family);

/// Those of resolv.conf, in its order; this host itself when there are none of that family.
std::vector<Server> system_servers(const ResolvConf& conf, std::uint16_t port, Family family);

/// The addresses of servers by name, each looked up once in a run.
class ServerNames {
 public:
  /// The error is "not found" and the like.
  wire::Result<std::vector<Server>> find(const std::string& name, std::uint16_t port,
                                         Family family);

 private:
  std::map<std::pair<std::string, Family>, wire::Result<std::vector<wire::IpAddress>>> known_;
};

}  // namespace cairn::cdig
