// One query over one socket: UDP, or TCP behind two octets of length (RFC 1035 section 4.2.2,
// RFC 7766). cdig waits for one answer at a time, so plain sockets and poll() are all it takes.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <variant>

#include "wire/address.hpp"
#include "wire/name.hpp"

namespace cairn::cdig {

struct Arrival {
  wire::Bytes octets;
  std::chrono::microseconds elapsed{};
};

/// "timed out", "connection refused", "network unreachable", ...
struct NoArrival {
  std::string reason;
  bool before_sending = false;  // there was no way to the server at all
};

using Outcome = std::variant<Arrival, NoArrival>;

/// Says whether a datagram is the one that is waited for; the wait goes on when it is not.
using Accepts = std::function<bool(std::span<const std::uint8_t>)>;

Outcome ask_over_udp(const wire::Endpoint& server, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience, const Accepts& accepts);
Outcome ask_over_tcp(const wire::Endpoint& server, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience);

/// Octets from the kernel's random generator, for ids, cookies and orders.
void fill_randomly(std::span<std::uint8_t> octets);

}  // namespace cairn::cdig
