// A record set as signatures see it (RFC 4034 section 6): RDATA in canonical form and order, each
// once. Made once for a set, however many signatures are tried on it.
#pragma once

#include <vector>

#include "dnssec/rrsig.hpp"

namespace cairn::dnssec {

class CanonicalSet {
 public:
  explicit CanonicalSet(const wire::RRset& set);

  /// What a RRSIG with these fields is over (RFC 4034 section 3.1.8.1). `owner` is
  /// signed_owner()'s.
  wire::Bytes signed_octets(const wire::Name& owner, const Rrsig& rrsig) const;

 private:
  wire::RRType type_;
  wire::RRClass rrclass_;
  std::vector<wire::Bytes> rdata_;
  std::size_t octets_ = 0;
};

}  // namespace cairn::dnssec
