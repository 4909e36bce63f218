// The one place that reads clocks. That of the core, CLOCK_BOOTTIME, never steps, and counts a
// laptop's sleep, so that nothing in the cache outlives its TTL.
#pragma once

#include <chrono>
#include <ctime>

#include "wire/types.hpp"

namespace cairn::server {

inline wire::Instant clock_now() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return wire::Instant{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

/// The wall clock, to the second or so: for cookies, which say when they were made.
inline std::chrono::sys_seconds wall_clock_now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return std::chrono::sys_seconds{std::chrono::seconds{time.tv_sec}};
}

}  // namespace cairn::server
