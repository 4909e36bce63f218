// What is known before anybody is asked: our own zones, the cache, and the root's hints. Iteration
// consults it and, through it alone, adds to it.
#pragma once

#include "cache/cache.hpp"
#include "resolver/settings.hpp"
#include "zones/zone_set.hpp"

namespace cairn::resolver {

struct Known {
  cache::Cache& cache;
  const zones::ZoneSet* zones;  // never null; swapped whole on reload
  const Settings& settings;
};

}  // namespace cairn::resolver
