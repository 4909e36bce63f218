// What all workers serve from: one immutable value, made from the configuration, handed to each of
// them whole. A reload makes a new one.
#pragma once

#include <memory>

#include "resolver/settings.hpp"
#include "server/access_list.hpp"
#include "zones/zone_set.hpp"

namespace cairn::server {

struct Serving {
  zones::ZoneSet zones;
  AccessList allow{AccessList::default_prefixes()};
  resolver::Settings resolver;
  bool minimal_responses = true;
  bool log_queries = false;
};

using ServingPtr = std::shared_ptr<const Serving>;

}  // namespace cairn::server
