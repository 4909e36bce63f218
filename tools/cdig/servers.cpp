#include "tools/cdig/servers.hpp"

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace cairn::cdig {

namespace {

using wire::IpAddress;

// The library for the life of the program, as c-ares wants it.
bool library_ready() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status == ARES_SUCCESS;
}

struct Close {
  void operator()(ares_channel channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<ares_channeldata, Close>;

wire::Result<Channel> open_channel() {
  ares_channel channel = nullptr;
  const int status = library_ready() ? ares_init(&channel) : ARES_ENOTINITIALIZED;
  if (status != ARES_SUCCESS)
    return wire::Error{std::string("cannot read the resolver's settings: ") +
                       ares_strerror(status)};
  return Channel(channel);
}

bool wanted(const IpAddress& address, Family family) {
  return family == Family::Any || address.is_v6() == (family == Family::V6);
}

IpAddress v4(const void* octets) {
  return IpAddress::v4(
      std::span<const std::uint8_t, 4>(static_cast<const std::uint8_t*>(octets), 4));
}
IpAddress v6(const void* octets) {
  return IpAddress::v6(
      std::span<const std::uint8_t, 16>(static_cast<const std::uint8_t*>(octets), 16));
}

std::optional<IpAddress> address_of(const sockaddr* from) {
  if (from->sa_family == AF_INET) return v4(&reinterpret_cast<const sockaddr_in*>(from)->sin_addr);
  if (from->sa_family == AF_INET6)
    return v6(&reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr);
  return std::nullopt;
}

struct Addresses {
  int status = ARES_ETIMEOUT;
  std::vector<IpAddress> addresses;
};

void take_addresses(void* argument, int status, int, ares_addrinfo* found) {
  auto* result = static_cast<Addresses*>(argument);
  result->status = status;
  if (found == nullptr) return;
  for (const ares_addrinfo_node* node = found->nodes; node != nullptr; node = node->ai_next) {
    if (const auto address = address_of(node->ai_addr)) result->addresses.push_back(*address);
  }
  ares_freeaddrinfo(found);
}

// Until the channel has nothing more to wait for.
void run(ares_channel channel) {
  for (;;) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto mask = static_cast<unsigned>(
        ares_getsock(channel, sockets.data(), static_cast<int>(sockets.size())));
    std::vector<pollfd> waiting;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      const bool readable = (mask >> i & 1U) != 0;
      const bool writable = (mask >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0;
      const int events = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0);
      if (events != 0) waiting.push_back({sockets[i], static_cast<short>(events), 0});
    }
    if (waiting.empty()) return;
    timeval longest{5, 0};
    timeval buffer{};
    const timeval* left = ares_timeout(channel, &longest, &buffer);
    const auto milliseconds = left->tv_sec * 1000 + left->tv_usec / 1000 + 1;
    const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(milliseconds));
    if (ready <= 0) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (const pollfd& one : waiting) {
      ares_process_fd(channel, (one.revents & ~POLLOUT) != 0 ? one.fd : ARES_SOCKET_BAD,
                      (one.revents & POLLOUT) != 0 ? one.fd : ARES_SOCKET_BAD);
    }
  }
}

}  // namespace

wire::Result<std::vector<Server>> system_servers(Family family) {
  auto channel = open_channel();
  if (!channel) return wire::Error{channel.error()};
  ares_addr_port_node* list = nullptr;
  const int status = ares_get_servers_ports(channel->get(), &list);
  if (status != ARES_SUCCESS) return wire::Error{ares_strerror(status)};
  const std::unique_ptr<ares_addr_port_node, decltype(&ares_free_data)> owned(list, ares_free_data);

  std::vector<Server> servers;
  for (const ares_addr_port_node* node = list; node != nullptr; node = node->next) {
    const IpAddress address =
        node->family == AF_INET6 ? v6(&node->addr.addr6) : v4(&node->addr.addr4);
    if (!wanted(address, family)) continue;
    const int port = node->udp_port == 0 ? 53 : node->udp_port;
    servers.push_back({{address, static_cast<std::uint16_t>(port)}, address.to_text()});
  }
  if (servers.empty()) return wire::Error{"no servers are configured in /etc/resolv.conf"};
  return servers;
}

wire::Result<std::vector<Server>> servers_named(const std::string& name, std::uint16_t port,
                                                Family family) {
  Addresses found;
  if (const auto address = IpAddress::from_text(name)) {
    found.addresses.push_back(*address);
  } else {
    auto channel = open_channel();
    if (!channel) return wire::Error{channel.error()};
    ares_addrinfo_hints hints{};
    hints.ai_family = family == Family::V4 ? AF_INET : family == Family::V6 ? AF_INET6 : AF_UNSPEC;
    ares_getaddrinfo(channel->get(), name.c_str(), nullptr, &hints, take_addresses, &found);
    run(channel->get());
    if (found.addresses.empty())
      return wire::Error{"couldn't get address for '" + name + "': " + ares_strerror(found.status)};
  }
  std::vector<Server> servers;
  for (const IpAddress& address : found.addresses)
    if (wanted(address, family)) servers.push_back({{address, port}, name});
  if (servers.empty())
    return wire::Error{"couldn't get address for '" + name + "': address family not supported"};
  return servers;
}

}  // namespace cairn::cdig
