// Keys of DNSSEC's signature algorithms over OpenSSL (libcrypto), in the forms that records carry:
// RSA's exponent and modulus (RFC 3110), ECDSA's point and r, s (RFC 6605), EdDSA's octets
// (RFC 8080). Nothing of OpenSSL shows in the interface, and no error stays in its queue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dnssec/algorithm.hpp"
#include "dnssec/crypto.hpp"

namespace cairn::dnssec {

/// RSA's numbers as they stand in a DNSKEY (RFC 3110 section 2), without leading zeros; nullopt if
/// the octets cannot be two numbers.
struct RsaNumbers {
  std::span<const std::uint8_t> exponent, modulus;
};
std::optional<RsaNumbers> rsa_numbers(std::span<const std::uint8_t> public_octets);
/// Bits of a number without leading zeros.
std::size_t bits(std::span<const std::uint8_t> number);

/// What verifies. May be used by several threads at once.
class VerifyingKey {
 public:
  /// From the public key field of a DNSKEY. nullopt: malformed, no point of the curve, RSA beyond
  /// the limits of work.hpp or with an exponent that any number would be a signature for.
  static std::optional<VerifyingKey> import(Algorithm algorithm,
                                            std::span<const std::uint8_t> public_octets);

  bool verifies(std::span<const std::uint8_t> octets,
                std::span<const std::uint8_t> signature) const;

 private:
  struct State;
  explicit VerifyingKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// One number of a private key, by its name in BIND's files: "Modulus", "PrivateKey".
struct KeyPart {
  std::string_view name;
  Secret value;
};

/// What signs.
class SigningSecret {
 public:
  static std::optional<SigningSecret> generate(Algorithm algorithm, std::size_t rsa_bits);
  /// nullopt: parts are missing or do not fit.
  static std::optional<SigningSecret> from_parts(Algorithm algorithm,
                                                 std::span<const KeyPart> parts);

  std::vector<KeyPart> parts() const;
  wire::Bytes public_octets() const;
  wire::Bytes sign(std::span<const std::uint8_t> octets) const;
  Algorithm algorithm() const;

 private:
  struct State;
  explicit SigningSecret(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace cairn::dnssec
