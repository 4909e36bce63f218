// Sockets for questions to servers. Each has a random port of its own (RFC 5452 section 9.2) and is
// connected, so that the kernel drops what comes from elsewhere, reports what ICMP says, and shows
// a stranger no difference between an open port and a shut one (SAD DNS, 2020).
#pragma once

#include <vector>

#include "resolver/random.hpp"
#include "resolver/step.hpp"
#include "server/sockets.hpp"
#include "wire/siphash.hpp"

namespace cairn::server {

/// Any but those below 1024, which are somebody's.
std::uint16_t random_port(resolver::Random& random);

class UpstreamSockets {
 public:
  /// `sources` are the addresses to leave from; of a family without one the kernel chooses.
  UpstreamSockets(resolver::Random& random, std::vector<wire::IpAddress> sources);

  /// No file: there is no route, or no descriptor left. A stream may still be on its way.
  File open(resolver::Transport transport, const wire::Endpoint& server);
  /// The same one for the same server each time: its cookie holds for one address of ours (RFC 7873
  /// section 5.2). Which one, nobody else can tell.
  wire::IpAddress source_for(const wire::IpAddress& server) const;

 private:
  bool bind_to_random_port(const File& socket, const wire::IpAddress& source);

  resolver::Random& random_;
  std::vector<wire::IpAddress> sources_;
  wire::SipKey key_;
};

}  // namespace cairn::server
