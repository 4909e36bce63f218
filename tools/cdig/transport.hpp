// One query and its reply: over UDP, or over a connection (connection.hpp). cdig waits for one
// answer at a time, so plain sockets and poll() are all it takes.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <variant>

#include "tools/cdig/connection.hpp"

namespace cairn::cdig {

struct Arrival {
  wire::Bytes octets;
  std::chrono::microseconds elapsed{};
};

using Outcome = std::variant<Arrival, NoArrival>;

/// Says whether a datagram is the one that is waited for; the wait goes on when it is not.
using Accepts = std::function<bool(std::span<const std::uint8_t>)>;

Outcome ask_over_udp(const Route& route, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience, const Accepts& accepts);

/// Sends and receives one message over what connect() gave.
Outcome ask_over(Connection& connection, std::span<const std::uint8_t> query,
                 std::chrono::milliseconds patience);

/// By the clock of this host, which may be set.
std::chrono::sys_time<std::chrono::microseconds> time_of_day();

/// Octets from the kernel's random generator, for ids, cookies and orders.
void fill_randomly(std::span<std::uint8_t> octets);
/// Of a message: whoever guesses it may answer in the server's place.
std::uint16_t random_id();

}  // namespace cairn::cdig
