// Signatures of record sets (RFC 4034 section 3), and the judgement of one set by the keys of the
// zone that signed it (RFC 4035 section 5.3).
//
// A RRSIG is of use for a set when it says so of itself: covered type, signer at or above the
// owner, no more labels than the owner has, a time around now. Only then a key is looked for, and
// only then something is computed. One good signature is enough; of many bad ones a few are tried
// (work.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dnssec/algorithm.hpp"
#include "dnssec/work.hpp"
#include "dnssec/zone_keys.hpp"
#include "wire/edns.hpp"
#include "wire/rrset.hpp"

namespace cairn::dnssec {

/// RDATA of a RRSIG (RFC 4034 section 3.1). The times are seconds since 1970 modulo 2^32, compared
/// as serial numbers (section 3.1.5, RFC 1982).
struct Rrsig {
  wire::RRType covered = wire::RRType::A;
  Algorithm algorithm = Algorithm::ECDSAP256SHA256;
  std::uint8_t labels = 0;
  std::uint32_t original_ttl = 0;
  std::uint32_t expiration = 0;
  std::uint32_t inception = 0;
  std::uint16_t key_tag = 0;
  wire::Name signer;
  wire::Bytes signature;

  bool operator==(const Rrsig&) const = default;
};

std::optional<Rrsig> rrsig_from_rdata(std::span<const std::uint8_t> rdata);
wire::Bytes to_rdata(const Rrsig& rrsig);
/// The same without the signature: the head of what is signed.
wire::Bytes fields_to_rdata(const Rrsig& rrsig);

/// The labels that a RRSIG of this owner counts: without the root's and a leading "*" (RFC 4034
/// section 3.1.3).
std::uint8_t signed_labels(const wire::Name& owner);

/// The owner under which the set was signed: `owner` itself, or the wildcard that it was made from
/// (RFC 4035 section 5.3.2). nullopt: more labels are said than the owner has.
std::optional<wire::Name> signed_owner(const wire::Name& owner, std::uint8_t labels);

/// What a signature is over (RFC 4034 sections 3.1.8.1 and 6): the RRSIG's own fields, then the
/// records in canonical form and order, each once. nullopt as signed_owner().
std::optional<wire::Bytes> signed_octets(const wire::RRset& set, const Rrsig& rrsig);

/// Where the time `now` stands to the validity of a signature.
enum class Validity : std::uint8_t { Valid, NotYetValid, Expired, ExpiresBeforeInception };
Validity validity(const Rrsig& rrsig, std::chrono::sys_seconds now, const Policy& policy);
/// For how long it remains valid (at least 0), the skew included that let it pass.
std::chrono::seconds remaining_validity(const Rrsig& rrsig, std::chrono::sys_seconds now,
                                        const Policy& policy);

/// "2026-11-21 20:35:00", in UTC; `time_s` as a RRSIG has it.
std::string time_to_text(std::uint32_t time_s);

/// What became of one set.
struct SetVerdict {
  wire::Security security = wire::Security::Bogus;  // Secure or Bogus
  std::optional<wire::ExtendedError> why;           // when Bogus
  /// The set was made from a wildcard: "*." in front of this name (RFC 4035 section 5.3.4). That
  /// nothing closer to the owner exists is still to be proved. Never said of NSEC, NSEC3 and DS
  /// sets: those that were made from a wildcard are Bogus.
  std::optional<wire::Name> closest_encloser;
  /// Not to be believed for longer: the original TTL, and what is left of the signature's validity
  /// (RFC 4035 section 5.3.3).
  wire::Ttl most_ttl;
  /// Which of set.signatures it was, by its place; when Secure.
  std::size_t signature = 0;
};

/// The set by its zone's keys. Only signatures by `keys.zone` count.
SetVerdict judge_set(const wire::RRset& set, const ZoneKeys& keys, Work& work,
                     std::chrono::sys_seconds now, const Policy& policy);

}  // namespace cairn::dnssec
