// SipHash-1-3, the keyed hash of every table whose keys strangers choose: without the key nobody
// can prepare names that collide (hash flooding). Aumasson and Bernstein, "SipHash: a fast
// short-input PRF".
#pragma once

#include <cstdint>
#include <span>

namespace cairn::wire {

struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> octets);

}  // namespace cairn::wire
