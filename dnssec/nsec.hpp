// NSEC (RFC 4034 section 4): the owner exists and has these types, and nothing exists between it
// and the next name of the zone in canonical order.
//
// A view of a set whose signature was found good: it borrows from the set. What it may prove is
// bounded by cuts: at a delegation the parent's NSEC speaks for the parent alone (RFC 6840 section
// 4.1), and below a DNAME nothing is the zone's own.
#pragma once

#include <optional>
#include <span>

#include "wire/rrset.hpp"

namespace cairn::dnssec {

/// The type bit maps of an NSEC or NSEC3 (RFC 4034 section 4.1.2), lent.
class TypeSet {
 public:
  TypeSet() = default;
  explicit TypeSet(std::span<const std::uint8_t> bitmap) : bitmap_(bitmap) {}
  bool has(wire::RRType type) const;
  bool empty() const { return bitmap_.empty(); }
  /// The owner is a zone cut, seen from above: NS, and no SOA.
  bool is_cut() const { return has(wire::RRType::NS) && !has(wire::RRType::SOA); }
  /// What is below the owner is not this zone's to deny (RFC 6840 section 4.1, RFC 6672 section
  /// 5.3.4).
  bool ends_zone() const { return is_cut() || has(wire::RRType::DNAME); }

 private:
  std::span<const std::uint8_t> bitmap_;
};

struct Nsec {
  const wire::Name* owner = nullptr;
  wire::Name next;
  TypeSet types;

  /// Nothing for a set that is no NSEC of exactly one record, and for one that leaves `zone`: an
  /// owner or a next name elsewhere would deny names of others (CVE-2026-13321).
  static std::optional<Nsec> of(const wire::RRset& set, const wire::Name& zone);

  /// `name` lies between owner and next, both excluded; `zone` is where the last NSEC leads back
  /// to.
  bool covers(const wire::Name& name, const wire::Name& zone) const;
  /// Of a name that is covered: it has names below it all the same (an empty non-terminal), since
  /// the next one is.
  bool next_is_below(const wire::Name& name) const { return next.is_below(name); }
};

}  // namespace cairn::dnssec
