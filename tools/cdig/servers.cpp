#include "tools/cdig/servers.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace cairn::cdig {

namespace {

using wire::IpAddress;

std::optional<IpAddress> address_of(const sockaddr* from) {
  const auto octets = [](const auto* field) {
    return reinterpret_cast<const std::uint8_t*>(field);
  };
  if (from->sa_family == AF_INET) {
    const auto* v4 = octets(&reinterpret_cast<const sockaddr_in*>(from)->sin_addr);
    return IpAddress::v4(std::span<const std::uint8_t, 4>(v4, 4));
  }
  if (from->sa_family == AF_INET6) {
    const auto* v6 = octets(&reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr);
    return IpAddress::v6(std::span<const std::uint8_t, 16>(v6, 16));
  }
  return std::nullopt;
}

std::string_view reason(int status) {
  switch (status) {
    case EAI_NONAME:
    case EAI_NODATA:
      return "not found";
    case EAI_ADDRFAMILY:
      return "address family not supported";
    case EAI_MEMORY:
      return "out of memory";
    default:
      return "failure";
  }
}

// RFC 4291 section 2.5.5.2.
bool is_v4_mapped(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> start{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto octets = address.octets();
  return address.is_v6() && std::equal(start.begin(), start.end(), octets.begin());
}

bool passed_over(const IpAddress& address, Family family) {
  return is_v4_mapped(address) || (family == Family::V6 && !address.is_v6());
}

wire::Result<std::vector<IpAddress>> look_up(const std::string& name, Family family) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_family = family == Family::V4 ? AF_INET : family == Family::V6 ? AF_INET6 : AF_UNSPEC;
  addrinfo* list = nullptr;
  const int status = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (status != 0) return wire::Error{std::string(reason(status))};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, ::freeaddrinfo);
  std::vector<IpAddress> addresses;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next)
    if (const auto address = address_of(each->ai_addr)) addresses.push_back(*address);
  return addresses;
}

}  // namespace

bool is_wanted(const IpAddress& address, Family family) {
  return family == Family::Any || address.is_v6() == (family == Family::V6);
}

std::vector<Server> system_servers(const ResolvConf& conf, std::uint16_t port, Family family) {
  std::vector<Server> servers;
  const auto add = [&](const IpAddress& address) {
    if (is_wanted(address, family)) servers.push_back({{address, port}, address.to_text()});
  };
  for (const IpAddress& address : conf.servers) add(address);
  if (servers.empty()) {
    add(*IpAddress::from_text("::1"));
    add(*IpAddress::from_text("127.0.0.1"));
  }
  return servers;
}

wire::Result<std::vector<Server>> ServerNames::find(const std::string& name, std::uint16_t port,
                                                    Family family) {
  // Plain addresses need no library that reads half of /etc first.
  if (const auto address = IpAddress::from_text(name)) {
    if (family == Family::V4 && address->is_v6())
      return wire::Error{"address family not supported"};
    return std::vector<Server>{{{*address, port}, name, passed_over(*address, family)}};
  }
  const auto key = std::pair(name, family);
  auto known = known_.find(key);
  if (known == known_.end()) known = known_.emplace(key, look_up(name, family)).first;
  if (!known->second) return wire::Error{known->second.error()};
  std::vector<Server> servers;
  for (const IpAddress& address : *known->second)
    servers.push_back({{address, port}, name, passed_over(address, family)});
  return servers;
}

}  // namespace cairn::cdig
