// Sockets as the operating system has them: descriptors that close themselves, addresses to and
// from their C form, and the sockets that cairn listens on.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>
#include <vector>

#include "wire/address.hpp"
#include "wire/result.hpp"

namespace cairn::server {

/// Owns a file descriptor.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// An Endpoint in the form of the system calls; `interface` only for link-local addresses.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;

  SocketAddress();
  explicit SocketAddress(const wire::Endpoint& endpoint, std::uint32_t interface = 0);
  socklen_t size() const;
  wire::Endpoint endpoint() const;
  std::uint32_t interface() const;
};

wire::IpAddress address_of(const in_addr& address);
wire::IpAddress address_of(const in6_addr& address);
/// What leaves by `file` carries no DF and heeds no path MTU (RFC 9715): our messages fit any path,
/// and a forged "fragmentation needed" must not make the kernel cut them.
void ignore_path_mtu(const File& file, bool v6);
bool is_wildcard(const wire::IpAddress& address);

/// The two sockets of one address that one worker listens on.
struct Listening {
  wire::Endpoint endpoint;
  File udp;
  File tcp;
};

/// One set for each worker, every socket with SO_REUSEPORT, so that the kernel spreads the
/// questions. An address that somebody else listens on is an error, also if that is another cairnd.
wire::Result<std::vector<std::vector<Listening>>> listen_on(
    const std::vector<wire::Endpoint>& endpoints, unsigned workers);

/// Sockets that a service manager opened for us (sd_listen_fds): given to the first worker, and
/// shared by the others.
wire::Result<std::vector<std::vector<Listening>>> adopt(const std::vector<int>& descriptors,
                                                        unsigned workers);

}  // namespace cairn::server
