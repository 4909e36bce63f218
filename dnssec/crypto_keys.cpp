#include "dnssec/crypto_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "dnssec/work.hpp"

namespace cairn::dnssec {

namespace {

using Octets = std::span<const std::uint8_t>;

template <auto free_it>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free_it(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using HashContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

// Leaves OpenSSL's queue of errors as it was found, empty, however the work ends: the next one to
// look into it (TLS) must not find ours.
struct ErrorsCleared {
  ErrorsCleared() = default;
  ErrorsCleared(const ErrorsCleared&) = delete;
  ErrorsCleared& operator=(const ErrorsCleared&) = delete;
  ~ErrorsCleared() { ERR_clear_error(); }
};

struct Curve {
  const char* group = nullptr;  // of ECDSA
  const char* type = nullptr;   // OpenSSL's kind of key
  const char* hash = nullptr;   // EdDSA has its own
  std::size_t octets = 0;       // of a coordinate; of an EdDSA key
  std::size_t signature = 0;    // octets; 0: as RSA's modulus
};

Curve curve_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::RSASHA1:
    case Algorithm::RSASHA1_NSEC3_SHA1:
      return {nullptr, "RSA", "SHA1", 0, 0};
    case Algorithm::RSASHA256:
      return {nullptr, "RSA", "SHA256", 0, 0};
    case Algorithm::RSASHA512:
      return {nullptr, "RSA", "SHA512", 0, 0};
    case Algorithm::ECDSAP256SHA256:
      return {"P-256", "EC", "SHA256", 32, 64};
    case Algorithm::ECDSAP384SHA384:
      return {"P-384", "EC", "SHA384", 48, 96};
    case Algorithm::ED25519:
      return {nullptr, "ED25519", nullptr, 32, 64};
    case Algorithm::ED448:
      return {nullptr, "ED448", nullptr, 57, 114};
  }
  return {};
}

bool is_ecdsa(Algorithm algorithm) {
  return curve_of(algorithm).group != nullptr;
}

Number number(Octets octets) {
  return Number{BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr)};
}

Secret octets_of(const BIGNUM* number) {
  wire::Bytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return Secret(std::move(octets));
}

Secret octets_of(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &found) != 1) return {};
  const Number number{found};
  return octets_of(number.get());
}

Key key_from(const char* type, int selection, OSSL_PARAM_BLD* builder) {
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1)
    return nullptr;
  return Key{key};
}

Key import_rsa(Octets public_octets) {
  const auto numbers = rsa_numbers(public_octets);
  if (!numbers) return nullptr;
  const auto [exponent, modulus] = *numbers;
  // With an exponent of 1, every padded digest is its own signature; an even one has no inverse.
  const bool sound = bits(exponent) >= 2 && bits(exponent) <= limits::rsa_exponent_bits &&
                     exponent.back() % 2 == 1 && bits(modulus) <= limits::rsa_modulus_bits &&
                     bits(modulus) >= 512 && modulus.back() % 2 == 1;
  if (!sound) return nullptr;
  const Number n = number(modulus), e = number(exponent);
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return key_from("RSA", EVP_PKEY_PUBLIC_KEY, builder.get());
}

// The point as OpenSSL wants it: 4 in front says "both coordinates, in full" (SEC 1 section 2.3.3).
// That it lies on the curve is checked there.
Key import_ecdsa(const Curve& curve, Octets public_octets, const BIGNUM* secret = nullptr) {
  if (public_octets.size() != 2 * curve.octets) return nullptr;
  std::array<std::uint8_t, 97> point{4};
  std::ranges::copy(public_octets, point.begin() + 1);
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       1 + public_octets.size()) != 1)
    return nullptr;
  if (!secret) return key_from("EC", EVP_PKEY_PUBLIC_KEY, builder.get());
  if (OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret, curve.octets) !=
      1)
    return nullptr;
  return key_from("EC", EVP_PKEY_KEYPAIR, builder.get());
}

Key import_public(Algorithm algorithm, Octets public_octets) {
  if (is_rsa(algorithm)) return import_rsa(public_octets);
  const Curve curve = curve_of(algorithm);
  if (!curve.type) return nullptr;
  if (curve.group) return import_ecdsa(curve, public_octets);
  if (public_octets.size() != curve.octets) return nullptr;
  return Key{EVP_PKEY_new_raw_public_key_ex(nullptr, curve.type, nullptr, public_octets.data(),
                                            public_octets.size())};
}

// r and s one behind the other (RFC 6605 section 4) as the ASN.1 that OpenSSL reads.
wire::Bytes to_asn1(Octets signature) {
  const EcdsaSignature both{ECDSA_SIG_new()};
  Number r = number(signature.first(signature.size() / 2));
  Number s = number(signature.subspan(signature.size() / 2));
  if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.release(), s.release()) != 1) return {};
  wire::Bytes encoded(static_cast<std::size_t>(std::max(0, i2d_ECDSA_SIG(both.get(), nullptr))));
  std::uint8_t* at = encoded.data();
  if (!encoded.empty()) i2d_ECDSA_SIG(both.get(), &at);
  return encoded;
}

wire::Bytes from_asn1(Octets encoded, std::size_t coordinate) {
  const std::uint8_t* at = encoded.data();
  const EcdsaSignature both{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(encoded.size()))};
  wire::Bytes signature(2 * coordinate);
  const int octets = static_cast<int>(coordinate);
  if (!both || BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), signature.data(), octets) != octets ||
      BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), signature.data() + coordinate, octets) != octets)
    return {};
  return signature;
}

// Making a signature fails when memory or randomness is missing, which nobody can mend.
void require(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "libcrypto: %s failed\n", what);
  std::abort();
}

}  // namespace

std::size_t bits(Octets number) {
  return number.empty() ? 0 : 8 * (number.size() - 1) + std::bit_width(number[0]);
}

std::optional<RsaNumbers> rsa_numbers(Octets public_octets) {
  // One octet of length, or 0 and two of them (RFC 3110 section 2).
  if (public_octets.empty()) return std::nullopt;
  std::size_t length = public_octets[0], at = 1;
  if (length == 0) {
    if (public_octets.size() < 3) return std::nullopt;
    length = static_cast<std::size_t>(public_octets[1] << 8 | public_octets[2]);
    at = 3;
  }
  if (public_octets.size() <= at + length) return std::nullopt;
  const auto without_zeros = [](Octets octets) {
    while (!octets.empty() && octets[0] == 0) octets = octets.subspan(1);
    return octets;
  };
  RsaNumbers numbers{without_zeros(public_octets.subspan(at, length)),
                     without_zeros(public_octets.subspan(at + length))};
  if (numbers.exponent.empty() || numbers.modulus.empty()) return std::nullopt;
  return numbers;
}

struct VerifyingKey::State {
  Algorithm algorithm;
  Key key;
  /// Ready to verify with the key: a copy of it costs less than beginning anew.
  HashContext ready;
};

std::optional<VerifyingKey> VerifyingKey::import(Algorithm algorithm, Octets public_octets) {
  const ErrorsCleared cleared;
  State state{algorithm, import_public(algorithm, public_octets), HashContext{EVP_MD_CTX_new()}};
  if (!state.key || !state.ready ||
      EVP_DigestVerifyInit_ex(state.ready.get(), nullptr, curve_of(algorithm).hash, nullptr,
                              nullptr, state.key.get(), nullptr) != 1)
    return std::nullopt;
  return VerifyingKey{std::make_shared<const State>(std::move(state))};
}

bool VerifyingKey::verifies(Octets octets, Octets signature) const {
  const ErrorsCleared cleared;
  const Curve curve = curve_of(state_->algorithm);
  if (signature.empty() || (curve.signature != 0 && signature.size() != curve.signature))
    return false;
  wire::Bytes asn1;
  if (curve.group) signature = asn1 = to_asn1(signature);
  const HashContext context{EVP_MD_CTX_new()};
  return context && EVP_MD_CTX_copy_ex(context.get(), state_->ready.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), octets.data(),
                          octets.size()) == 1;
}

namespace {

struct RsaPart {
  const char* parameter;
  std::string_view name;
};
constexpr std::array<RsaPart, 8> rsa_parts{{{OSSL_PKEY_PARAM_RSA_N, "Modulus"},
                                            {OSSL_PKEY_PARAM_RSA_E, "PublicExponent"},
                                            {OSSL_PKEY_PARAM_RSA_D, "PrivateExponent"},
                                            {OSSL_PKEY_PARAM_RSA_FACTOR1, "Prime1"},
                                            {OSSL_PKEY_PARAM_RSA_FACTOR2, "Prime2"},
                                            {OSSL_PKEY_PARAM_RSA_EXPONENT1, "Exponent1"},
                                            {OSSL_PKEY_PARAM_RSA_EXPONENT2, "Exponent2"},
                                            {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, "Coefficient"}}};
constexpr std::string_view only_part = "PrivateKey";

Octets part(std::span<const KeyPart> parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &KeyPart::name);
  return found == parts.end() ? Octets{} : found->value.octets();
}

Key rsa_secret(std::span<const KeyPart> parts) {
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  std::array<Number, rsa_parts.size()> numbers;
  for (std::size_t at = 0; at < rsa_parts.size(); ++at) {
    const Octets octets = part(parts, rsa_parts[at].name);
    numbers[at] = number(octets);
    if (octets.empty() || !builder || !numbers[at] ||
        OSSL_PARAM_BLD_push_BN(builder.get(), rsa_parts[at].parameter, numbers[at].get()) != 1)
      return nullptr;
  }
  return key_from("RSA", EVP_PKEY_KEYPAIR, builder.get());
}

Key ecdsa_secret(const Curve& curve, Octets octets) {
  const int nid = curve.octets == 32 ? NID_X9_62_prime256v1 : NID_secp384r1;
  const std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>> group{EC_GROUP_new_by_curve_name(nid)};
  const Number secret = number(octets);
  if (!group || !secret || BN_is_zero(secret.get()) ||
      BN_cmp(secret.get(), EC_GROUP_get0_order(group.get())) >= 0)
    return nullptr;
  const std::unique_ptr<EC_POINT, Free<EC_POINT_free>> point{EC_POINT_new(group.get())};
  std::array<std::uint8_t, 97> encoded;
  if (!point ||
      EC_POINT_mul(group.get(), point.get(), secret.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                         encoded.size(), nullptr) != 2 * curve.octets + 1)
    return nullptr;
  return import_ecdsa(curve, Octets{encoded}.subspan(1, 2 * curve.octets), secret.get());
}

Key secret_from(Algorithm algorithm, std::span<const KeyPart> parts) {
  if (is_rsa(algorithm)) return rsa_secret(parts);
  const Curve curve = curve_of(algorithm);
  const Octets octets = part(parts, only_part);
  if (!curve.type || octets.size() != curve.octets) return nullptr;
  if (curve.group) return ecdsa_secret(curve, octets);
  return Key{
      EVP_PKEY_new_raw_private_key_ex(nullptr, curve.type, nullptr, octets.data(), octets.size())};
}

}  // namespace

struct SigningSecret::State {
  Algorithm algorithm;
  Key key;
};

std::optional<SigningSecret> SigningSecret::generate(Algorithm algorithm, std::size_t rsa_bits) {
  const ErrorsCleared cleared;
  const Curve curve = curve_of(algorithm);
  if (!curve.type || (is_rsa(algorithm) && rsa_bits > limits::rsa_modulus_bits))
    return std::nullopt;
  Key key{is_rsa(algorithm) ? EVP_PKEY_Q_keygen(nullptr, nullptr, curve.type, rsa_bits)
          : curve.group     ? EVP_PKEY_Q_keygen(nullptr, nullptr, curve.type, curve.group)
                            : EVP_PKEY_Q_keygen(nullptr, nullptr, curve.type)};
  if (!key) return std::nullopt;
  return SigningSecret{std::make_shared<const State>(State{algorithm, std::move(key)})};
}

std::optional<SigningSecret> SigningSecret::from_parts(Algorithm algorithm,
                                                       std::span<const KeyPart> parts) {
  const ErrorsCleared cleared;
  Key key = secret_from(algorithm, parts);
  if (!key) return std::nullopt;
  return SigningSecret{std::make_shared<const State>(State{algorithm, std::move(key)})};
}

Algorithm SigningSecret::algorithm() const {
  return state_->algorithm;
}

std::vector<KeyPart> SigningSecret::parts() const {
  const ErrorsCleared cleared;
  std::vector<KeyPart> parts;
  if (is_rsa(algorithm())) {
    for (const RsaPart& one : rsa_parts)
      parts.push_back({one.name, octets_of(state_->key.get(), one.parameter)});
    return parts;
  }
  wire::Bytes octets(curve_of(algorithm()).octets);
  if (is_ecdsa(algorithm())) {
    BIGNUM* secret = nullptr;
    require(EVP_PKEY_get_bn_param(state_->key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1,
            "private key");
    const Number owned{secret};
    BN_bn2binpad(secret, octets.data(), static_cast<int>(octets.size()));
  } else {
    std::size_t size = octets.size();
    require(EVP_PKEY_get_raw_private_key(state_->key.get(), octets.data(), &size) == 1,
            "private key");
  }
  parts.push_back({only_part, Secret(std::move(octets))});
  return parts;
}

wire::Bytes SigningSecret::public_octets() const {
  const ErrorsCleared cleared;
  const EVP_PKEY* key = state_->key.get();
  wire::Bytes octets;
  if (is_rsa(algorithm())) {
    const Secret exponent = octets_of(key, OSSL_PKEY_PARAM_RSA_E);
    const Secret modulus = octets_of(key, OSSL_PKEY_PARAM_RSA_N);
    octets.push_back(static_cast<std::uint8_t>(exponent.octets().size()));
    octets.insert(octets.end(), exponent.octets().begin(), exponent.octets().end());
    octets.insert(octets.end(), modulus.octets().begin(), modulus.octets().end());
    return octets;
  }
  const std::size_t coordinate = curve_of(algorithm()).octets;
  if (!is_ecdsa(algorithm())) {
    octets.resize(coordinate);
    std::size_t size = coordinate;
    require(EVP_PKEY_get_raw_public_key(key, octets.data(), &size) == 1, "public key");
    return octets;
  }
  octets.resize(2 * coordinate);
  BIGNUM *x = nullptr, *y = nullptr;
  require(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
              EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1,
          "public key");
  const Number own_x{x}, own_y{y};
  BN_bn2binpad(x, octets.data(), static_cast<int>(coordinate));
  BN_bn2binpad(y, octets.data() + coordinate, static_cast<int>(coordinate));
  return octets;
}

wire::Bytes SigningSecret::sign(Octets octets) const {
  const ErrorsCleared cleared;
  const Curve curve = curve_of(algorithm());
  const HashContext context{EVP_MD_CTX_new()};
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(state_->key.get()));
  wire::Bytes signature(size);
  require(
      context &&
          EVP_DigestSignInit_ex(context.get(), nullptr, curve.hash, nullptr, nullptr,
                                state_->key.get(), nullptr) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &size, octets.data(), octets.size()) == 1,
      "signature");
  signature.resize(size);
  return curve.group ? from_asn1(signature, curve.octets) : signature;
}

}  // namespace cairn::dnssec
