// +trace: the walk from the root to the answer, as a resolver without a cache would do it
// (RFC 1034 section 5.3.3), one zone cut a step. The resolver is asked for the root's servers and
// for the addresses that no referral gave; everything else comes from the authorities themselves,
// which are asked at port 53 whatever port the resolver has.
#pragma once

#include <span>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

/// Whether the walk ends here: an authority answered, or denied.
bool concludes(const wire::Message& reply);

/// Walks and shows each step; its exit code.
int trace(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
          const System& system, Output& output);

}  // namespace cairn::cdig
