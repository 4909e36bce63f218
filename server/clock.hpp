// The one place that reads the clock of the core: CLOCK_BOOTTIME never steps, and counts a laptop's
// sleep, so that nothing in the cache outlives its TTL.
#pragma once

#include <ctime>

#include "wire/types.hpp"

namespace cairn::server {

inline wire::Instant clock_now() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return wire::Instant{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

}  // namespace cairn::server
