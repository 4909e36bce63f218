#include "resolver/nxdomain_cut.hpp"

#include <algorithm>

namespace cairn::resolver {

using wire::RRset;
using wire::RRType;

bool denies_names_below(std::span<const RRset> authority, const Settings& settings) {
  if (settings.qname_minimization == QnameMinimization::Strict) return true;
  return std::ranges::any_of(authority, [](const RRset& set) {
    if (set.type == RRType::SOA) return set.owner.is_root();
    return (set.type == RRType::NSEC || set.type == RRType::NSEC3) && !set.signatures.empty();
  });
}

}  // namespace cairn::resolver
