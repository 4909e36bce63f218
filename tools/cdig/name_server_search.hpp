// +nssearch: the SOA of a zone from each of its servers, so that one sees at a glance who lags
// behind. The servers are those of the zone's NS set; they are asked at the same time.
#pragma once

#include <span>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

/// Its exit code.
int search_name_servers(const Lookup& lookup, const wire::Question& question,
                        std::span<const Server> resolvers, Output& output);

}  // namespace cairn::cdig
