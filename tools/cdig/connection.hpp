// A connection to one server: whole messages go out and come in, whatever carries them: TCP behind
// two octets of length (RFC 1035 section 4.2.2, RFC 7766), the same inside TLS (RFC 7858), or
// HTTP/2 (RFC 8484). cdig waits for one answer at a time, so every call simply waits.
#pragma once

#include "tools/cdig/octet_stream.hpp"
#include "tools/cdig/options.hpp"
#include "wire/types.hpp"

namespace cairn::cdig {

class Connection {
 public:
  virtual ~Connection() = default;

  virtual std::optional<NoArrival> send(std::span<const std::uint8_t> message,
                                        Deadline deadline) = 0;
  virtual std::variant<wire::Bytes, NoArrival> receive(Deadline deadline) = 0;
};

/// Where a connection leads, and how.
struct Route {
  wire::Endpoint server;
  std::string server_name;  // as it was asked for: what its certificate must show
  std::optional<wire::Endpoint> source;
  Encryption encryption;

  bool operator==(const Route&) const = default;
};

std::variant<std::unique_ptr<Connection>, NoArrival> connect(const Route& route, Deadline deadline);

/// What carries the messages, as dig's last lines name it: "TCP", "TLS", "HTTPS-GET", ...
std::string carrier_text(const Encryption& encryption);

/// Messages behind their length, over any stream.
std::unique_ptr<Connection> length_framed(std::unique_ptr<OctetStream> stream);

}  // namespace cairn::cdig
