// The addresses of a name server, asked from the resolver of a lookup: not from this host's own, so
// that a walk through another Internet (a lab's, or a resolver at another port) stays in it.
#pragma once

#include <span>
#include <vector>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

std::vector<wire::IpAddress> host_addresses(const wire::Name& host, const Lookup& lookup,
                                            std::span<const Server> resolvers, Output& output);

}  // namespace cairn::cdig
