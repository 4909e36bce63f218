// Octets in order, both ways, over one socket: plain TCP here, TLS in tls.hpp. What carries
// messages over it (length prefixes, HTTP/2) does not know which. Every call ends at a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "tools/cdig/socket.hpp"

namespace cairn::cdig {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

/// Why nothing came, in dig's words: "timed out", "connection refused", "end of file", ...
struct NoArrival {
  enum class Stage : std::uint8_t {
    Setup,        // there was no way to the server
    Handshake,    // a way, but no common TLS
    Certificate,  // TLS with somebody who is not who he should be
    Files,        // certificates or keys of our own that cannot be used: nobody was asked
    Exchange,     // something went out; nothing, or nothing whole, came back
  };
  std::string reason;
  Stage stage = Stage::Exchange;

  bool operator==(const NoArrival&) const = default;
};

/// The words of errno in the manner of dig: "connection refused".
NoArrival failure(int error, NoArrival::Stage stage = NoArrival::Stage::Exchange);

/// Waits until `fd` is ready for `events` of poll(2); nullopt when it is.
std::optional<NoArrival> await(int fd, short events, Deadline deadline);

class OctetStream {
 public:
  virtual ~OctetStream() = default;

  /// All of the octets; nullopt when they are on their way.
  virtual std::optional<NoArrival> write(std::span<const std::uint8_t> octets,
                                         Deadline deadline) = 0;
  /// As many as there are, at least one; "end of file" when none will come any more.
  virtual std::variant<std::size_t, NoArrival> read(std::span<std::uint8_t> octets,
                                                    Deadline deadline) = 0;
  /// Exactly that many.
  std::optional<NoArrival> read_fully(std::span<std::uint8_t> octets, Deadline deadline);
};

using MaybeStream = std::variant<std::unique_ptr<OctetStream>, NoArrival>;

/// A connected stream socket.
std::variant<Socket, NoArrival> connect_socket(const wire::Endpoint& server,
                                               const std::optional<wire::Endpoint>& source,
                                               Deadline deadline);
std::unique_ptr<OctetStream> plain_stream(Socket socket);

}  // namespace cairn::cdig
