// From the configuration to what is served: zone files and root hints are read and checked, and
// either all of it is good or nothing is used.
#pragma once

#include "server/config.hpp"
#include "server/serving.hpp"

namespace cairn::server {

unsigned worker_count(const Config& config);

/// Throws StartError with file, line and column.
/// `found`: the addresses of servers that have names.
ServingPtr load(const Config& config, const wire::SipKey& cookie_secret = {},
                const FoundAddresses& found = {});

}  // namespace cairn::server
