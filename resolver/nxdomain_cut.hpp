// Whether the denial of a name also denies all names below it.
//
// It ought to: nothing is below what does not exist (RFC 8020). But there are servers that deny
// names which only have others below them, and believing these would hide whole subtrees. So it is
// believed of those who are known to do better: of the root, of zones whose denials come with
// signed proofs, because whoever signs a zone must know its empty names (RFC 4035 section 2.3), and
// of everybody where the operator wants it so (`qname-minimization = "strict"`).
#pragma once

#include <span>

#include "resolver/settings.hpp"
#include "wire/rrset.hpp"

namespace cairn::resolver {

/// `authority`: the SOA and the proofs of the denial.
bool denies_names_below(std::span<const wire::RRset> authority, const Settings& settings);

}  // namespace cairn::resolver
