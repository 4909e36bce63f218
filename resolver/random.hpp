// Chance as an argument: the daemon gives unpredictable numbers (ids, ports, case and choices must
// not be guessed, RFC 5452), tests and the simulation give seeded ones.
#pragma once

#include <cstdint>

namespace cairn::resolver {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  /// Evenly in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
  }
};

}  // namespace cairn::resolver
