// A socket of cdig's own: opened towards one server, from one address if the user says so, closed
// with the value that holds it.
#pragma once

#include <optional>
#include <utility>

#include "wire/address.hpp"

namespace cairn::cdig {

class Socket {
 public:
  /// `kind` is SOCK_DGRAM or SOCK_STREAM; non-blocking. is_open() is false, and errno says why,
  /// when there is none to have.
  Socket(const wire::Endpoint& server, int kind);
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  /// As bind(2) and connect(2): whether it went well, else errno says why. EINPROGRESS for a stream
  /// that is on its way.
  bool bind_to(const wire::Endpoint& source) const;
  bool connect_to(const wire::Endpoint& server) const;

 private:
  int fd_;
};

/// Whether this host has a route to `address`; sends nothing.
bool has_route_to(const wire::IpAddress& address);

}  // namespace cairn::cdig
