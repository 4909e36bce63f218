// From the configuration to what is served: zone files and root hints are read and checked, and
// either all of it is good or nothing is used.
#pragma once

#include "server/config.hpp"
#include "server/serving.hpp"

namespace cairn::server {

unsigned worker_count(const Config& config);

/// Throws StartError with file, line and column.
ServingPtr load(const Config& config, const wire::SipKey& cookie_secret = {});

}  // namespace cairn::server
