#include "tools/cdig/connection.hpp"

#include <array>

#include "tools/cdig/https.hpp"
#include "tools/cdig/tls.hpp"

namespace cairn::cdig {

namespace {

class LengthFramed : public Connection {
 public:
  explicit LengthFramed(std::unique_ptr<OctetStream> stream) : stream_(std::move(stream)) {}

  // In one write: length and message must not travel apart (RFC 7766 section 8).
  std::optional<NoArrival> send(std::span<const std::uint8_t> message, Deadline deadline) override {
    wire::Bytes frame{static_cast<std::uint8_t>(message.size() >> 8),
                      static_cast<std::uint8_t>(message.size() & 0xff)};
    frame.insert(frame.end(), message.begin(), message.end());
    return stream_->write(frame, deadline);
  }

  std::variant<wire::Bytes, NoArrival> receive(Deadline deadline) override {
    std::array<std::uint8_t, 2> length{};
    if (auto trouble = stream_->read_fully(length, deadline)) return *trouble;
    wire::Bytes message(static_cast<std::size_t>(length[0] << 8 | length[1]));
    if (auto trouble = stream_->read_fully(message, deadline)) return *trouble;
    return message;
  }

 private:
  std::unique_ptr<OctetStream> stream_;
};

}  // namespace

std::string carrier_text(const Encryption& encryption) {
  const char* const get = encryption.http_get ? "-GET" : "";
  switch (encryption.carrier) {
    case Carrier::Plain:
      return "TCP";
    case Carrier::Tls:
      return "TLS";
    case Carrier::Https:
      return std::string("HTTPS") + get;
    case Carrier::PlainHttp:
      return std::string("HTTP") + get;
  }
  return "";
}

std::unique_ptr<Connection> length_framed(std::unique_ptr<OctetStream> stream) {
  return std::make_unique<LengthFramed>(std::move(stream));
}

std::variant<std::unique_ptr<Connection>, NoArrival> connect(const Route& route,
                                                             Deadline deadline) {
  const Carrier carrier = route.encryption.carrier;
  const bool encrypted = carrier == Carrier::Tls || carrier == Carrier::Https;
  const bool http = carrier == Carrier::Https || carrier == Carrier::PlainHttp;
  std::optional<TlsClient> tls;
  if (encrypted) {
    auto prepared = TlsClient::prepare(route.encryption);
    if (auto* trouble = std::get_if<NoArrival>(&prepared)) return std::move(*trouble);
    tls.emplace(std::move(std::get<TlsClient>(prepared)));
  }
  auto socket = connect_socket(route.server, route.source, deadline);
  if (auto* trouble = std::get_if<NoArrival>(&socket)) return std::move(*trouble);
  const std::string& named = route.encryption.host_name;
  MaybeStream maybe = tls ? tls->shake_hands(std::move(std::get<Socket>(socket)),
                                             named.empty() ? route.server_name : named, deadline)
                          : MaybeStream(plain_stream(std::move(std::get<Socket>(socket))));
  if (auto* trouble = std::get_if<NoArrival>(&maybe)) return std::move(*trouble);
  auto stream = std::move(std::get<std::unique_ptr<OctetStream>>(maybe));
  if (!http) return length_framed(std::move(stream));
  return http_connection(std::move(stream), route);
}

}  // namespace cairn::cdig
