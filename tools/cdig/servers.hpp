// Which servers to ask: those of "@", or those that this system is configured with. The one place
// of the tools that knows c-ares, which reads the system's settings as its own resolver does and
// turns a server's name into addresses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/cdig/options.hpp"
#include "wire/address.hpp"
#include "wire/result.hpp"

namespace cairn::cdig {

struct Server {
  wire::Endpoint endpoint;
  std::string name;  // as the footer shows it: what stood behind "@"
};

/// Those of the system's configuration (resolv.conf), in its order.
wire::Result<std::vector<Server>> system_servers(Family family);

/// The addresses of a server by its name or address.
wire::Result<std::vector<Server>> servers_named(const std::string& name, std::uint16_t port,
                                                Family family);

}  // namespace cairn::cdig
