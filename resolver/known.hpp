// What is known before anybody is asked: our own zones, the cache, the root's hints, and whose
// signatures are good. Iteration consults it and, through it alone, adds to it.
#pragma once

#include <chrono>

#include "cache/cache.hpp"
#include "resolver/settings.hpp"
#include "zones/zone_set.hpp"

namespace cairn::resolver {

class ChainOfTrust;

struct Known {
  cache::Cache& cache;
  const zones::ZoneSet* zones;  // never null; swapped whole on reload
  const Settings& settings;
  ChainOfTrust* chain = nullptr;          // null: nothing is judged
  std::chrono::sys_seconds wall_clock{};  // what signatures are held against, and nothing else
};

}  // namespace cairn::resolver
