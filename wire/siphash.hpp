// SipHash, a keyed hash for short inputs (Aumasson and Bernstein, "SipHash: a fast short-input
// PRF"). As SipHash-1-3 it is the hash of every table whose keys strangers choose: without the key
// nobody can prepare names that collide (hash flooding). As SipHash-2-4 it makes DNS cookies (RFC
// 9018).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cairn::wire {

struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

/// The hash of what is fed to it, eight octets at a time, little-endian, as the machines are that
/// we run on.
template <int compression_rounds, int finalization_rounds>
class SipHash {
 public:
  explicit SipHash(const SipKey& key)
      : v0_(key.k0 ^ 0x736f6d6570736575U),
        v1_(key.k1 ^ 0x646f72616e646f6dU),
        v2_(key.k0 ^ 0x6c7967656e657261U),
        v3_(key.k1 ^ 0x7465646279746573U) {}

  void absorb(std::uint64_t word) {
    v3_ ^= word;
    for (int count = 0; count < compression_rounds; ++count) round();
    v0_ ^= word;
  }
  /// `last` holds the octets that are left, fewer than eight, and zeros; `size` counts all.
  std::uint64_t finish(std::uint64_t last, std::size_t size) {
    absorb(last | static_cast<std::uint64_t>(size) << 56);
    v2_ ^= 0xff;
    for (int count = 0; count < finalization_rounds; ++count) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

using SipHash13 = SipHash<1, 3>;
using SipHash24 = SipHash<2, 4>;

std::uint64_t siphash24(const SipKey& key, std::span<const std::uint8_t> octets);
std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> octets);

}  // namespace cairn::wire
