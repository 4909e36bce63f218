// A public key of a zone: the RDATA of a DNSKEY (RFC 4034 section 2) as what can be asked of it.
// The cryptographic key is made from the octets when the first signature is tried, once, and is
// kept for as long as the record is: making it costs about as much as using it. Copies share it,
// and any thread may use it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "dnssec/algorithm.hpp"
#include "wire/types.hpp"

namespace cairn::dnssec {

/// RFC 4034 appendix B: 16 bits that name a key within its zone, not without collisions. Of a
/// whole DNSKEY RDATA.
std::uint16_t key_tag(std::span<const std::uint8_t> dnskey);

class PublicKey {
 public:
  static constexpr std::uint16_t zone_key_flag = 0x0100;      // RFC 4034 section 2.1.1
  static constexpr std::uint16_t revoke_flag = 0x0080;        // RFC 5011 section 2.1
  static constexpr std::uint16_t secure_entry_flag = 0x0001;  // SEP: tells people, decides nothing

  /// From the RDATA of a DNSKEY; RDATA that is none makes a key that verifies nothing.
  explicit PublicKey(std::span<const std::uint8_t> dnskey);

  std::uint16_t flags() const;
  std::uint8_t protocol() const;
  Algorithm algorithm() const;
  std::uint16_t key_tag() const;
  std::span<const std::uint8_t> rdata() const;

  bool is_zone_key() const { return (flags() & zone_key_flag) != 0; }
  bool is_revoked() const { return (flags() & revoke_flag) != 0; }
  bool is_secure_entry_point() const { return (flags() & secure_entry_flag) != 0; }
  /// It may sign data of its zone: a zone key of protocol 3 (RFC 4034 sections 2.1.1 and 2.1.2),
  /// of a known algorithm, and not revoked.
  bool may_sign() const;
  /// Bits of an RSA modulus; 0 for other algorithms and for octets that are no key.
  std::size_t rsa_bits() const;

  /// Whether `signature` (as it stands in a RRSIG) is this key's over `octets`. Always false for a
  /// malformed key, one beyond the limits of work.hpp, or of an unknown algorithm.
  bool verifies(std::span<const std::uint8_t> octets,
                std::span<const std::uint8_t> signature) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace cairn::dnssec
