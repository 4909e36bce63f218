// Chance that can be repeated: the same seed gives the same numbers, on every machine (SplitMix64,
// Steele, Lea and Flood 2014). For tests only: whoever sees a few numbers knows all others.
#pragma once

#include "resolver/random.hpp"

namespace cairn::world {

class SeededRandom final : public resolver::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() override {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

  bool percent(unsigned chance) { return below(100) < chance; }
  /// Both ends included.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + below(most - least + 1);
  }

 private:
  std::uint64_t state_;
};

}  // namespace cairn::world
