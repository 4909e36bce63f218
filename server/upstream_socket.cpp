#include "server/upstream_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "server/limits.hpp"

namespace cairn::server {

using resolver::Transport;

std::uint16_t random_port(resolver::Random& random) {
  constexpr std::uint64_t first = 1024;
  return static_cast<std::uint16_t>(first + random.below(65536 - first));
}

UpstreamSockets::UpstreamSockets(resolver::Random& random, std::vector<wire::IpAddress> sources)
    : random_(random), sources_(std::move(sources)), key_{random.next(), random.next()} {}

File UpstreamSockets::open(Transport transport, const wire::Endpoint& server) {
  const bool v6 = server.address.is_v6();
  const int type = transport == Transport::Udp ? SOCK_DGRAM : SOCK_STREAM;
  File socket(::socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || !bind_to_random_port(socket, source_for(server.address))) return File();
  if (transport == Transport::Udp) ignore_path_mtu(socket, v6);
  const SocketAddress address(server);
  if (::connect(socket.get(), &address.any, address.size()) != 0 && errno != EINPROGRESS)
    return File();
  return socket;
}

wire::IpAddress UpstreamSockets::source_for(const wire::IpAddress& server) const {
  const bool v6 = server.is_v6();
  const auto of_family = [v6](const wire::IpAddress& address) { return address.is_v6() == v6; };
  if (const auto count = std::ranges::count_if(sources_, of_family)) {
    auto skip = wire::siphash13(key_, server.octets()) % static_cast<std::uint64_t>(count);
    for (const wire::IpAddress& address : sources_)
      if (of_family(address) && skip-- == 0) return address;
  }
  return v6 ? wire::IpAddress::v6(std::array<std::uint8_t, 16>{}) : wire::IpAddress();
}

/// The kernel's own choice of a port is random as well, but its range is smaller: the last resort.
bool UpstreamSockets::bind_to_random_port(const File& socket, const wire::IpAddress& source) {
  for (unsigned tries = 0; tries <= limits::port_tries; ++tries) {
    const std::uint16_t port = tries < limits::port_tries ? random_port(random_) : std::uint16_t{0};
    const SocketAddress address(wire::Endpoint{source, port});
    if (::bind(socket.get(), &address.any, address.size()) == 0) return true;
    if (errno != EADDRINUSE && errno != EACCES) return false;
  }
  return false;
}

}  // namespace cairn::server
