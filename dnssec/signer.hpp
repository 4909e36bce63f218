// Private keys, and signatures made with them (RFC 4034 section 3, RFC 4035 section 2): what signs
// a zone. Keys are read and written as the text of BIND's private key files ("K*.private",
// "Private-key-format: v1.3"), which dnssec-signzone, ldns-signzone and Knot's keymgr speak too.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dnssec/ds.hpp"
#include "dnssec/rrsig.hpp"
#include "wire/result.hpp"

namespace cairn::dnssec {

class PrivateKey {
 public:
  /// A fresh key from the system's randomness. `rsa_bits` is for RSA alone. nullopt: the algorithm
  /// is unknown, or RSA of so many bits cannot be made.
  static std::optional<PrivateKey> generate(Algorithm algorithm, std::size_t rsa_bits = 2048);
  /// The same key for the same seed, for tests and simulations: of ECDSA and EdDSA; nullopt for
  /// RSA. (Signatures of ECDSA differ each time all the same.)
  static std::optional<PrivateKey> from_seed(Algorithm algorithm,
                                             std::span<const std::uint8_t> seed);
  static wire::Result<PrivateKey> from_text(std::string_view text);
  std::string to_text() const;

  Algorithm algorithm() const;
  /// The "public key" field of its DNSKEY.
  wire::Bytes public_octets() const;
  wire::Bytes sign(std::span<const std::uint8_t> octets) const;

 private:
  struct State;
  explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A private key in its place: of a zone, with the flags of its DNSKEY.
struct SigningKey {
  wire::Name zone;
  std::uint16_t flags = 257;  // 257: key signing key; 256: zone signing key
  PrivateKey key;

  wire::Bytes dnskey() const;  // RDATA
  wire::Bytes ds(DigestType type = DigestType::SHA256) const;
  std::uint16_t key_tag() const;
};

/// From when to when signatures are to be valid.
struct Period {
  std::chrono::sys_seconds inception, expiration;
};

/// The RDATA of a RRSIG over the set; its TTL is the original TTL.
wire::Bytes sign(const wire::RRset& set, const SigningKey& key, Period period);

/// The fields taken as they are, whether they are right or not; only `signature` is made, over a
/// set whose owner is written by `fields.labels`. nullopt if the owner has fewer.
std::optional<wire::Bytes> sign_as(const wire::RRset& set, const PrivateKey& key, Rrsig fields);

}  // namespace cairn::dnssec
