// What the NSEC and NSEC3 records of a response prove not to be there (RFC 4035 section 5.4, RFC
// 5155 section 8, RFC 6840 section 4).
//
// A Denial is of one zone, made of sets that this zone's keys have signed. It answers the questions
// that a validator has: is there no such name, no such type, no DS, nothing closer than the
// wildcard that an answer was made from? Each proof stands or falls by rules of its own; what they
// share: no proof crosses a zone cut, none speaks for names outside of the zone, and a span with
// opt-out may hide delegations, so that what it proves is Insecure (RFC 5155 section 9.2).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "dnssec/nsec.hpp"
#include "dnssec/nsec3.hpp"
#include "dnssec/work.hpp"
#include "wire/edns.hpp"
#include "wire/rrset.hpp"

namespace cairn::dnssec {

namespace limits {

// NSEC and NSEC3 sets of one zone whose signatures are looked at in a response: a denial takes
// three, a chain of aliases made from wildcards one each (CVE-2026-11605: padded denials).
inline constexpr std::size_t proof_sets = 12;

}  // namespace limits

/// Whether something is proved.
struct Proof {
  /// Secure: it is so. Insecure: opt-out or iterations say that it may be otherwise. Bogus: it is
  /// not proved.
  wire::Security security = wire::Security::Bogus;
  std::optional<wire::ExtendedError> why;  // where it is not Secure
  /// Asked about DS: the name is a delegation, without DS. Otherwise (and if this is Secure) there
  /// is no zone cut at this name.
  bool cut = false;
  /// Insecure, since nothing of a zone with so many iterations is hashed: it was not even seen
  /// whether the records are about this name.
  bool unhashed = false;
};

class Denial {
 public:
  /// NSEC and NSEC3 sets that keys of `zone` have signed; others would prove what this zone has not
  /// said. `zone`, `work` and the sets must outlive it.
  Denial(const wire::Name& zone, std::span<const wire::RRset* const> sets, Work& work);

  /// NXDOMAIN: neither the name nor a wildcard that it would match exists.
  Proof no_name(const wire::Name& name);
  /// NODATA: the name exists, or a wildcard that it matches, or names below it; without this type
  /// and without CNAME.
  Proof no_data(const wire::Name& name, wire::RRType type);
  /// That `name` was to be made from the wildcard below `closest_encloser`: nothing on the way
  /// from there to `name` exists.
  Proof no_closer_match(const wire::Name& name, const wire::Name& closest_encloser);

  bool empty() const { return nsecs_.empty() && nsec3s_.empty(); }

 private:
  /// A name that is covered, and how much of it exists.
  struct Gap {
    std::size_t encloser_labels = 0;
    bool opt_out = false;
    wire::Name encloser_of(const wire::Name& name) const { return name.suffix(encloser_labels); }
  };

  const Nsec* nsec_at(const wire::Name& name) const;
  const Nsec* nsec_over(const wire::Name& name) const;
  std::optional<Gap> gap_at(const wire::Name& name) const;
  Proof no_name_by_nsec(const wire::Name& name) const;
  Proof no_data_by_nsec(const wire::Name& name, wire::RRType type) const;
  Proof no_closer_match_by_nsec(const wire::Name& name, std::size_t encloser_labels) const;

  std::optional<NameHash> hash(const wire::Name& name);
  const Nsec3* nsec3_at(const wire::Name& name);
  const Nsec3* nsec3_over(const wire::Name& name);
  std::optional<Gap> gap3_at(const wire::Name& name);
  Proof no_name_by_nsec3(const wire::Name& name);
  Proof no_data_by_nsec3(const wire::Name& name, wire::RRType type);
  Proof no_closer_match_by_nsec3(const wire::Name& name, std::size_t encloser_labels);

  /// Of the proofs by NSEC and by NSEC3 the better one, or why there is none.
  template <class ByNsec, class ByNsec3>
  Proof either(const wire::Name& name, ByNsec by_nsec, ByNsec3 by_nsec3);
  Proof unproved(const wire::Name& name) const;

  const wire::Name& zone_;
  Work& work_;
  std::vector<Nsec> nsecs_;
  std::vector<Nsec3> nsec3s_;
  std::vector<std::pair<wire::Name, NameHash>> hashes_;  // each name is hashed once
  bool spent_ = false;                                   // there is no more work for hashes
  std::optional<Proof> without_hashing_;  // what the parameters of the NSEC3 alone decide
};

}  // namespace cairn::dnssec
