// Where trust begins: keys of a zone, mostly the root, that came another way than by DNS (RFC 4033
// section 2, RFC 7958). An anchor is kept as the DS set that a parent would have given, so that
// judge_keys() makes no difference between the two; one given as DNSKEY is named by its SHA-256.
#pragma once

#include <string_view>
#include <vector>

#include "dnssec/ds.hpp"
#include "wire/result.hpp"
#include "wire/rrset.hpp"

namespace cairn::dnssec {

/// A DS set: its owner is the zone.
using TrustAnchor = wire::RRset;

/// IANA's keys of the root that this version was built with: 20326 (2017) and 38696 (2024).
const TrustAnchor& root_anchor();

/// From the text of a zone file: records DS and DNSKEY, TTL and class may be missing, names are
/// absolute, lines go on inside of parentheses, comments begin with ";". One anchor per zone, in
/// the order of first appearance. An error names the line. A revoked key is left out (RFC 5011
/// section 2.1), a DNSKEY that is no zone key is an error.
wire::Result<std::vector<TrustAnchor>> trust_anchors_from_text(std::string_view text);

}  // namespace cairn::dnssec
