#include "dnssec/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cairn::dnssec {

namespace {

struct Hash {
  const char* name;  // OpenSSL's
  std::size_t octets;
};

const Hash& hash(HashAlgorithm algorithm) {
  static constexpr std::array<Hash, 6> hashes{
      {{"MD5", 16}, {"SHA1", 20}, {"SHA224", 28}, {"SHA256", 32}, {"SHA384", 48}, {"SHA512", 64}}};
  return hashes[static_cast<std::size_t>(algorithm)];
}

// HMAC fails when memory or a hash is missing (MD5 where the system forbids it): nothing that the
// caller could mend, and nothing to go on with.
void require(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "libcrypto: %s failed\n", what);
  std::abort();
}

}  // namespace

Secret::~Secret() {
  wipe(octets_);
}

bool Secret::operator==(const Secret& other) const {
  return equal_in_constant_time(octets_, other.octets_);
}

void ignore_system_configuration() {
  require(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1, "initialisation");
}

void wipe(std::span<std::uint8_t> octets) {
  if (!octets.empty()) ::explicit_bzero(octets.data(), octets.size());
}

bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::size_t hash_octets(HashAlgorithm algorithm) {
  return hash(algorithm).octets;
}

namespace {

// Fetched once: a fetch by name costs more than the hash of a domain name.
const EVP_MD* fetched(HashAlgorithm algorithm) {
  static const auto all = [] {
    std::array<EVP_MD*, 6> fetched{};
    for (std::size_t at = 0; at < fetched.size(); ++at)
      fetched[at] = EVP_MD_fetch(nullptr, hash(static_cast<HashAlgorithm>(at)).name, nullptr);
    ERR_clear_error();  // MD5 may be forbidden where nobody asks for it
    return fetched;
  }();
  return all[static_cast<std::size_t>(algorithm)];
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Digest digest(HashAlgorithm algorithm,
              std::initializer_list<std::span<const std::uint8_t>> pieces) {
  static thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  require(context && fetched(algorithm), hash(algorithm).name);
  bool done = EVP_DigestInit_ex2(context.get(), fetched(algorithm), nullptr) == 1;
  for (const auto piece : pieces)
    done = done && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  Digest digest;
  unsigned size = 0;
  done = done && EVP_DigestFinal_ex(context.get(), digest.octets.data(), &size) == 1;
  require(done, hash(algorithm).name);
  digest.size = size;
  return digest;
}

struct Hmac::State {
  struct Free {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  std::unique_ptr<EVP_MAC, Free> mac;
  std::unique_ptr<EVP_MAC_CTX, Free> context;
};

Hmac::Hmac(HashAlgorithm algorithm, const Secret& key) : state_(std::make_unique<State>()) {
  state_->mac.reset(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  require(state_->mac != nullptr, "HMAC");
  state_->context.reset(EVP_MAC_CTX_new(state_->mac.get()));
  require(state_->context != nullptr, "HMAC");
  std::array<char, 8> digest{};
  std::strncpy(digest.data(), hash(algorithm).name, digest.size() - 1);
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  // Without octets OpenSSL would take "no key" for "the same key as before".
  static constexpr std::uint8_t nothing = 0;
  const auto octets = key.octets();
  require(EVP_MAC_init(state_->context.get(), octets.empty() ? &nothing : octets.data(),
                       octets.size(), parameters.data()) == 1,
          hash(algorithm).name);
}

Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;
Hmac::~Hmac() = default;

void Hmac::add(std::span<const std::uint8_t> octets) {
  if (octets.empty()) return;
  require(EVP_MAC_update(state_->context.get(), octets.data(), octets.size()) == 1, "HMAC");
}

wire::Bytes Hmac::finish() {
  wire::Bytes mac(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  require(EVP_MAC_final(state_->context.get(), mac.data(), &size, mac.size()) == 1, "HMAC");
  mac.resize(size);
  require(EVP_MAC_init(state_->context.get(), nullptr, 0, nullptr) == 1, "HMAC");
  return mac;
}

}  // namespace cairn::dnssec
