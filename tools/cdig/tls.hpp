// TLS as a client of DNS speaks it (RFC 7858, RFC 8310): opportunistic unless the user names
// authorities, then strict. The one place of cdig that knows OpenSSL's libssl.
#pragma once

#include "tools/cdig/octet_stream.hpp"
#include "tools/cdig/options.hpp"

namespace cairn::cdig {

class TlsClient {
 public:
  /// With the files that `encryption` names, or what is wrong with them, before anybody is asked.
  static std::variant<TlsClient, NoArrival> prepare(const Encryption& encryption);
  TlsClient(TlsClient&&) noexcept;
  ~TlsClient();

  /// Shakes hands over a connected socket: ALPN "dot", or "h2" for HTTPS, which then must be agreed
  /// on. `host_name` (a name or an address) is what the certificate must show, where one is wanted.
  MaybeStream shake_hands(Socket socket, const std::string& host_name, Deadline deadline) const;

 private:
  struct State;
  explicit TlsClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cairn::cdig
