#include "server/sockets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "server/limits.hpp"

namespace cairn::server {
namespace {

using wire::Endpoint;
using wire::IpAddress;

std::string because(int error) {
  switch (error) {
    case EADDRINUSE:
      return "another program listens there already; stop it, or choose another address or port "
             "in `listen`";
    case EACCES:
      return "not permitted; ports below 1024 need root or CAP_NET_BIND_SERVICE, or choose another "
             "port in `listen`, as in \"127.0.0.1:5300\"";
    case EADDRNOTAVAIL:
      return "this host has no such address; see `ip address`, and correct `listen`";
    default:
      return std::strerror(error);
  }
}

/// Best effort: what the kernel does not allow is not needed.
void set(const File& file, int level, int option, int value) {
  ::setsockopt(file.get(), level, option, &value, sizeof value);
}

int family_of(const Endpoint& endpoint) {
  return endpoint.address.is_v6() ? AF_INET6 : AF_INET;
}

File open_socket(const Endpoint& endpoint, int type, bool shared) {
  File file(::socket(family_of(endpoint), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!file) return file;
  if (endpoint.address.is_v6()) set(file, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (type == SOCK_STREAM) set(file, SOL_SOCKET, SO_REUSEADDR, 1);
  if (shared) set(file, SOL_SOCKET, SO_REUSEPORT, 1);
  const SocketAddress address(endpoint);
  if (::bind(file.get(), &address.any, address.size()) != 0) return File();
  return file;
}

void prepare_udp(const File& file, const Endpoint& endpoint) {
  set(file, SOL_SOCKET, SO_RCVBUF, limits::socket_buffer_octets);
  set(file, SOL_SOCKET, SO_SNDBUF, limits::socket_buffer_octets);
  ignore_path_mtu(file, endpoint.address.is_v6());
  if (!is_wildcard(endpoint.address)) return;
  if (endpoint.address.is_v6())
    set(file, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  else
    set(file, IPPROTO_IP, IP_PKTINFO, 1);
}

wire::Error cannot_listen(const Endpoint& endpoint, const char* transport, int error) {
  return {"cannot listen on " + endpoint.to_text() + " (" + transport + "): " + because(error)};
}

wire::Result<File> bind_one(const Endpoint& endpoint, int type) {
  const char* transport = type == SOCK_DGRAM ? "UDP" : "TCP";
  File file = open_socket(endpoint, type, true);
  if (!file) return cannot_listen(endpoint, transport, errno);
  if (type == SOCK_DGRAM) {
    prepare_udp(file, endpoint);
  } else if (::listen(file.get(), limits::backlog) != 0) {
    return cannot_listen(endpoint, transport, errno);
  }
  return file;
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SocketAddress::SocketAddress() : v6{} {
  any.sa_family = AF_UNSPEC;
}

SocketAddress::SocketAddress(const Endpoint& endpoint, std::uint32_t interface) : v6{} {
  const auto octets = endpoint.address.octets();
  if (endpoint.address.is_v6()) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_scope_id = interface;
    std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
  } else {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, octets.data(), octets.size());
  }
}

socklen_t SocketAddress::size() const {
  return any.sa_family == AF_INET ? sizeof v4 : sizeof v6;
}

Endpoint SocketAddress::endpoint() const {
  if (any.sa_family == AF_INET) return {address_of(v4.sin_addr), ntohs(v4.sin_port)};
  return {address_of(v6.sin6_addr), ntohs(v6.sin6_port)};
}

std::uint32_t SocketAddress::interface() const {
  return any.sa_family == AF_INET6 ? v6.sin6_scope_id : 0;
}

IpAddress address_of(const in_addr& address) {
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &address, octets.size());
  return IpAddress::v4(octets);
}

IpAddress address_of(const in6_addr& address) {
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &address, octets.size());
  return IpAddress::v6(octets);
}

void ignore_path_mtu(const File& file, bool v6) {
  if (v6)
    set(file, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
  else
    set(file, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
}

bool is_wildcard(const IpAddress& address) {
  return std::ranges::all_of(address.octets(), [](std::uint8_t octet) { return octet == 0; });
}

wire::Result<std::vector<std::vector<Listening>>> listen_on(const std::vector<Endpoint>& endpoints,
                                                            unsigned workers) {
  // SO_REUSEPORT would share the port with another process of the same user as well, and each would
  // get half of the questions: so first see that it is free.
  for (const Endpoint& endpoint : endpoints) {
    if (!open_socket(endpoint, SOCK_DGRAM, false)) return cannot_listen(endpoint, "UDP", errno);
    if (!open_socket(endpoint, SOCK_STREAM, false)) return cannot_listen(endpoint, "TCP", errno);
  }
  std::vector<std::vector<Listening>> all(workers);
  for (auto& of_worker : all) {
    for (const Endpoint& endpoint : endpoints) {
      auto udp = bind_one(endpoint, SOCK_DGRAM);
      if (!udp) return wire::Error{udp.error()};
      auto tcp = bind_one(endpoint, SOCK_STREAM);
      if (!tcp) return wire::Error{tcp.error()};
      of_worker.push_back({endpoint, std::move(*udp), std::move(*tcp)});
    }
  }
  return all;
}

wire::Result<std::vector<std::vector<Listening>>> adopt(const std::vector<int>& descriptors,
                                                        unsigned workers) {
  std::vector<std::vector<Listening>> all(workers);
  for (const int descriptor : descriptors) {
    SocketAddress address;
    socklen_t size = sizeof address;
    int type = 0;
    socklen_t type_size = sizeof type;
    if (::getsockname(descriptor, &address.any, &size) != 0 ||
        ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0 ||
        (address.any.sa_family != AF_INET && address.any.sa_family != AF_INET6) ||
        (type != SOCK_DGRAM && type != SOCK_STREAM))
      return wire::Error{"descriptor " + std::to_string(descriptor) +
                         " from the service manager is no UDP or TCP socket; see cairnd.socket"};
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    for (auto& of_worker : all) {
      File file(&of_worker == &all.back() ? descriptor : ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
      if (type == SOCK_DGRAM) prepare_udp(file, address.endpoint());
      of_worker.push_back({address.endpoint(), {}, {}});
      (type == SOCK_DGRAM ? of_worker.back().udp : of_worker.back().tcp) = std::move(file);
    }
  }
  return all;
}

}  // namespace cairn::server
