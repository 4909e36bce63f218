// Forward and stub zones as the operator writes them (`forward` and `stub` of cairn.toml(5)): a
// server is an address or a name, and names have no address yet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/forwarding.hpp"
#include "wire/address.hpp"

namespace cairn::server {

/// "10.0.0.1", "10.0.0.1:5353", "[2001:db8::1]:53", "dns.example.net", "dns.example.net:5353".
struct ForwardServer {
  std::optional<wire::Endpoint> endpoint;
  std::string name;  // where there is no endpoint
  std::uint16_t port = 53;

  /// nullopt if it is neither.
  static std::optional<ForwardServer> from_text(std::string_view text);
  std::string to_text() const;
  bool operator==(const ForwardServer&) const = default;
};

struct ForwardConfig {
  resolver::ForwardZone zone;  // but for its servers
  std::vector<ForwardServer> servers;
  std::string place;  // where it was written: "cairn.toml:12:1"
};

/// The addresses that names of servers have.
using FoundAddresses = std::map<std::string, std::vector<wire::IpAddress>>;

/// With the servers in the order in which they were written; those whose names have no address are
/// left out.
resolver::Forwarding forwarding_of(const std::vector<ForwardConfig>& zones,
                                   const FoundAddresses& found);
/// Names of servers, each once.
std::vector<std::string> server_names(const std::vector<ForwardConfig>& zones);
/// Those whose servers differ, and those that only one of them has: what is cached of these zones
/// comes from elsewhere.
std::vector<wire::Name> changed_zones(const std::vector<ForwardConfig>& before,
                                      const std::vector<ForwardConfig>& after);

}  // namespace cairn::server
