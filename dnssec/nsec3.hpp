// NSEC3 (RFC 5155): as NSEC, by hashes of names in the order of the hashes, so that the zone cannot
// be read from end to end; and with opt-out, which lets delegations without DS be left out.
//
// Hashes are the price: one per name that is looked at, of as many rounds as the zone likes. Each
// SHA-1 block is counted in Work before it is hashed (CVE-2023-50868), and above a number of
// iterations nothing is hashed at all (RFC 9276 section 3.2).
#pragma once

#include <array>
#include <optional>
#include <span>

#include "dnssec/nsec.hpp"
#include "dnssec/work.hpp"

namespace cairn::dnssec {

namespace limits {

// Iterations above this are not hashed: what they would prove is Insecure (RFC 9276 section 3.2;
// BIND and Knot Resolver draw the same line).
inline constexpr unsigned nsec3_iterations = 50;
// And above this the zone is refused, with EDE 27: nobody ever had a reason for it.
inline constexpr unsigned nsec3_iterations_refused = 500;

}  // namespace limits

using NameHash = std::array<std::uint8_t, 20>;

/// How a zone hashes its names.
struct Nsec3Parameters {
  std::uint16_t iterations = 0;
  std::span<const std::uint8_t> salt;

  bool operator==(const Nsec3Parameters& other) const;
};

/// SHA-1 blocks of one hash.
unsigned sha1_blocks(const wire::Name& name, const Nsec3Parameters& parameters);
/// RFC 5155 section 5. nullopt when the work is spent.
std::optional<NameHash> hash_name(const wire::Name& name, const Nsec3Parameters& parameters,
                                  Work& work);

struct Nsec3 {
  NameHash owner{};
  NameHash next{};
  Nsec3Parameters parameters;
  bool opt_out = false;
  TypeSet types;

  /// Nothing for a set that is no NSEC3 of exactly one record directly below the apex of `zone`
  /// (RFC 5155 section 3), of another hash than SHA-1 or with unknown flags (sections 8.1 and 8.2).
  static std::optional<Nsec3> of(const wire::RRset& set, const wire::Name& zone);

  bool matches(const NameHash& hash) const { return owner == hash; }
  /// The hash lies between owner and next, both excluded; the last one leads back to the first.
  bool covers(const NameHash& hash) const;
};

}  // namespace cairn::dnssec
