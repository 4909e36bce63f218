#include "tools/cdig/socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace cairn::cdig {
namespace {

// An endpoint in the system's form.
struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  explicit SystemAddress(const wire::Endpoint& endpoint) {
    const auto octets = endpoint.address.octets();
    if (endpoint.address.is_v6()) {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(endpoint.port);
      std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
      std::memcpy(&storage, &v6, size = sizeof v6);
    } else {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_port = htons(endpoint.port);
      std::memcpy(&v4.sin_addr, octets.data(), octets.size());
      std::memcpy(&storage, &v4, size = sizeof v4);
    }
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

}  // namespace

Socket::Socket(const wire::Endpoint& server, int kind)
    : fd_(::socket(server.address.is_v6() ? AF_INET6 : AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC,
                   0)) {}

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

bool Socket::bind_to(const wire::Endpoint& source) const {
  const SystemAddress address(source);
  // A port that is asked for by its number may still be held by the last connection from it.
  const int on = 1;
  ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return ::bind(fd_, address.get(), address.size) == 0;
}

bool Socket::connect_to(const wire::Endpoint& server) const {
  const SystemAddress address(server);
  return ::connect(fd_, address.get(), address.size) == 0;
}

bool has_route_to(const wire::IpAddress& address) {
  const wire::Endpoint endpoint{address, 53};
  const Socket socket(endpoint, SOCK_DGRAM);
  return socket.is_open() && socket.connect_to(endpoint);
}

}  // namespace cairn::cdig
