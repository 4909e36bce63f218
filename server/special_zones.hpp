// Names that mean something else than a zone of the public DNS, or nothing at all: localhost, the
// reverse of private addresses, .onion and their like (RFC 6761, RFC 6303). Asked of the root and
// its children they only cost time and tell strangers what goes on here, so every resolver answers
// them itself. They are ordinary zones; what the operator hosts, at the same name or above it,
// takes their place.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "zones/zone.hpp"

namespace cairn::server {

/// All of them but those at or below one of `hosted`; a hosted root alone replaces none.
std::vector<std::shared_ptr<const zones::Zone>> special_zones(std::span<const wire::Name> hosted);

}  // namespace cairn::server
