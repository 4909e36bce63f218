// The algorithms of DNSSEC by their numbers (IANA, RFC 8624), and which of them this operator wants
// believed. A number that is not in these lists, or is switched off, makes what depends on it
// alone Insecure, never Bogus (RFC 4035 section 5.2, RFC 6840 section 5.2): a zone may sign with
// what we do not know.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::dnssec {

/// Of DNSKEY, DS and RRSIG. Any 8-bit value may stand in a record; only these are known.
enum class Algorithm : std::uint8_t {
  RSASHA1 = 5,             // RFC 3110
  RSASHA1_NSEC3_SHA1 = 7,  // RFC 5155 section 2: the same, by another number
  RSASHA256 = 8,           // RFC 5702
  RSASHA512 = 10,
  ECDSAP256SHA256 = 13,  // RFC 6605
  ECDSAP384SHA384 = 14,
  ED25519 = 15,  // RFC 8080
  ED448 = 16,
};

/// Of DS (RFC 3658, RFC 4509, RFC 6605 section 2).
enum class DigestType : std::uint8_t { SHA1 = 1, SHA256 = 2, SHA384 = 4 };

bool is_known(Algorithm algorithm);
bool is_known(DigestType type);
bool is_rsa(Algorithm algorithm);

/// "ECDSAP256SHA256"; the number for an unknown one.
std::string to_text(Algorithm algorithm);
/// "SHA-256"
std::string to_text(DigestType type);

/// What the operator lets count.
struct Policy {
  std::bitset<256> algorithms_off;
  std::bitset<256> digests_off;
  /// RSA keys of fewer bits are as if their algorithm were unknown: 512 bits have been factored in
  /// public since 1999, 829 bits since 2020.
  std::size_t least_rsa_bits = 1024;
  /// How far a signature may be beyond its times: clocks differ. A tenth of the time for which it
  /// is made, within these bounds (as Unbound does it).
  std::chrono::seconds least_skew{3600};
  std::chrono::seconds most_skew{86400};

  bool supports(Algorithm algorithm) const;
  bool supports(DigestType type) const;
  bool operator==(const Policy&) const = default;
};

}  // namespace cairn::dnssec
