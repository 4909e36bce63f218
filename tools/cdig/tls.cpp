#include "tools/cdig/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include "tools/cdig/log_line.hpp"
#include "wire/address.hpp"

namespace cairn::cdig {

namespace {

using Stage = NoArrival::Stage;

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Session = std::unique_ptr<SSL, Free>;

NoArrival no_context() {
  return {"TLS context cannot be created", Stage::Files};
}

NoArrival unusable(const std::string& function, const std::string& file) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_peek_last_error(), reason.data(), reason.size());
  std::fputs(log_line(function + ": '" + file + "' failed: " + reason.data()).c_str(), stderr);
  return no_context();
}

// Who names the host, or shows a certificate of his own, wants to know the other side, as with dig.
bool wants_certificate(const Encryption& encryption) {
  return encryption.check_certificate || !encryption.certificate_file.empty() ||
         !encryption.host_name.empty();
}

std::variant<Context, NoArrival> context_for(const Encryption& encryption) {
  if (encryption.certificate_file.empty() != encryption.key_file.empty()) {
    return NoArrival{"both TLS client certificate and key file must be specified a the same time",
                     Stage::Files};
  }
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1)
    return no_context();
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  if (wants_certificate(encryption)) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const bool loaded =
        encryption.ca_file.empty()
            ? SSL_CTX_set_default_verify_paths(context.get()) == 1
            : SSL_CTX_load_verify_file(context.get(), encryption.ca_file.c_str()) == 1;
    if (!loaded) return no_context();
  }
  if (!encryption.certificate_file.empty()) {
    const std::string& certificate = encryption.certificate_file;
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1)
      return unusable("SSL_CTX_use_certificate_chain_file", certificate);
    if (SSL_CTX_use_PrivateKey_file(context.get(), encryption.key_file.c_str(), SSL_FILETYPE_PEM) !=
        1)
      return unusable("SSL_CTX_use_PrivateKey_file", encryption.key_file);
  }
  return context;
}

// The protocol that is offered, in ALPN's form: behind its length (RFC 7301).
std::string_view offered(const Encryption& encryption) {
  return encryption.carrier == Carrier::Https ? std::string_view("\2h2")
                                              : std::string_view("\3dot");
}

bool expect_host(SSL* session, const std::string& host_name) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
  if (wire::IpAddress::from_text(host_name))
    return X509_VERIFY_PARAM_set1_ip_asc(wanted, host_name.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(
      wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return X509_VERIFY_PARAM_set1_host(wanted, host_name.c_str(), 0) == 1;
}

class TlsStream : public OctetStream {
 public:
  TlsStream(Socket socket, Session session)
      : socket_(std::move(socket)), session_(std::move(session)) {}

  ~TlsStream() override {
    ERR_clear_error();
    SSL_shutdown(session_.get());
  }

  std::optional<NoArrival> shake_hands(Deadline deadline) {
    return finish([this] { return SSL_connect(session_.get()); }, deadline, "TLS error");
  }

  std::optional<NoArrival> write(std::span<const std::uint8_t> octets, Deadline deadline) override {
    while (!octets.empty()) {
      std::size_t count = 0;
      if (auto trouble = finish(
              [&] { return SSL_write_ex(session_.get(), octets.data(), octets.size(), &count); },
              deadline, "end of file"))
        return trouble;
      octets = octets.subspan(count);
    }
    return std::nullopt;
  }

  std::variant<std::size_t, NoArrival> read(std::span<std::uint8_t> octets,
                                            Deadline deadline) override {
    std::size_t count = 0;
    if (auto trouble = finish(
            [&] { return SSL_read_ex(session_.get(), octets.data(), octets.size(), &count); },
            deadline, "end of file"))
      return *trouble;
    return count;
  }

  SSL* session() const { return session_.get(); }

 private:
  // Repeats `step` until it succeeds; OpenSSL says what it waits for meanwhile.
  template <class Step>
  std::optional<NoArrival> finish(const Step& step, Deadline deadline, const char* broken) {
    for (;;) {
      if (Clock::now() >= deadline) return NoArrival{"timed out"};
      ERR_clear_error();
      errno = 0;
      const int done = step();
      const int error = errno;
      if (done == 1) return std::nullopt;
      short events = 0;
      switch (SSL_get_error(session_.get(), done)) {
        case SSL_ERROR_WANT_READ:
          events = POLLIN;
          break;
        case SSL_ERROR_WANT_WRITE:
          events = POLLOUT;
          break;
        case SSL_ERROR_ZERO_RETURN:
          return NoArrival{"end of file"};
        case SSL_ERROR_SYSCALL:
          return error == 0 ? NoArrival{"end of file"} : failure(error);
        default:
          // OpenSSL counts a stream that ends without a farewell among the protocol errors.
          if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            return NoArrival{"end of file"};
          return NoArrival{broken};
      }
      if (auto trouble = await(socket_.fd(), events, deadline)) return trouble;
    }
  }

  Socket socket_;
  Session session_;
};

}  // namespace

struct TlsClient::State {
  Context context;
  std::string_view protocol;
  bool wants_certificate = false;
  bool needs_protocol = false;
};

TlsClient::TlsClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsClient::TlsClient(TlsClient&&) noexcept = default;
TlsClient::~TlsClient() = default;

std::variant<TlsClient, NoArrival> TlsClient::prepare(const Encryption& encryption) {
  auto context = context_for(encryption);
  if (auto* trouble = std::get_if<NoArrival>(&context)) return std::move(*trouble);
  auto state = std::make_unique<State>();
  state->context = std::move(std::get<Context>(context));
  state->protocol = offered(encryption);
  state->wants_certificate = wants_certificate(encryption);
  state->needs_protocol = encryption.carrier == Carrier::Https;
  return TlsClient(std::move(state));
}

MaybeStream TlsClient::shake_hands(Socket socket, const std::string& host_name,
                                   Deadline deadline) const {
  Session session(SSL_new(state_->context.get()));
  const std::string_view protocol = state_->protocol;
  if (!session || SSL_set_fd(session.get(), socket.fd()) != 1 ||
      SSL_set_alpn_protos(session.get(), reinterpret_cast<const unsigned char*>(protocol.data()),
                          static_cast<unsigned>(protocol.size())) != 0)
    return no_context();
  if (state_->wants_certificate && !expect_host(session.get(), host_name)) return no_context();
  // A server with several certificates chooses by this; addresses are not allowed in it (RFC 6066).
  if (!wire::IpAddress::from_text(host_name)) {
    SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host_name.c_str()));
  }

  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(session));
  auto trouble = stream->shake_hands(deadline);
  if (state_->wants_certificate) {
    if (const long verdict = SSL_get_verify_result(stream->session()); verdict != X509_V_OK)
      return NoArrival{X509_verify_cert_error_string(verdict), Stage::Certificate};
  }
  if (trouble) {
    trouble->stage = Stage::Handshake;
    return *trouble;
  }
  const unsigned char* agreed = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(stream->session(), &agreed, &size);
  if (state_->needs_protocol && size == 0)
    return NoArrival{"ALPN for HTTP/2 failed", Stage::Handshake};
  return stream;
}

}  // namespace cairn::cdig
