// /etc/resolv.conf (resolv.conf(5)) as dig takes it: the servers, the search list, and the options
// that a stub obeys. A pure function from text to values; a line that makes no sense makes the file
// unusable, unknown keywords do not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.hpp"

namespace cairn::cdig {

struct ResolvConf {
  static constexpr std::size_t most_servers = 3;  // MAXNS of every stub resolver

  std::vector<wire::IpAddress> servers;
  std::vector<std::string> search;  // of the last "search" or "domain"
  unsigned ndots = 1;

  /// nullopt: it cannot be used.
  static std::optional<ResolvConf> from_text(std::string_view text);

  bool operator==(const ResolvConf&) const = default;
};

}  // namespace cairn::cdig
