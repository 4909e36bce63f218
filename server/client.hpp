// Who asked, and where the answer goes: values and ids, never sockets, because a client may be gone
// before its answer is there.
#pragma once

#include <cstdint>
#include <span>

#include "wire/address.hpp"
#include "wire/types.hpp"

namespace cairn::server {

struct Client {
  wire::Endpoint from;
  bool stream = false;
  std::uint32_t listener = 0;    // of this worker: its sockets in the order of the configuration
  std::uint64_t connection = 0;  // streams: which one
  wire::Duration patience{};     // streams: how long one may be idle
  /// Datagrams to a wildcard socket: the address that was asked, from which the answer leaves.
  wire::IpAddress asked_at;
  std::uint32_t interface = 0;  // of link-local addresses, and of asked_at
};

/// Where answers that took their time are sent.
class Replies {
 public:
  virtual ~Replies() = default;
  virtual void reply(const Client& client, std::span<const std::uint8_t> message) = 0;
};

}  // namespace cairn::server
