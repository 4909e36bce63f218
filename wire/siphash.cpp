#include "wire/siphash.hpp"

#include <cstring>

namespace cairn::wire {
namespace {

/// The octets that are left behind whole words, as finish() takes them.
std::uint64_t last_of(std::span<const std::uint8_t> octets) {
  const std::size_t left = octets.size() % 8;
  std::uint64_t last = 0;
  if (left == 0) return last;
  if (octets.size() < 8) {
    for (std::size_t at = 0; at < left; ++at) last |= std::uint64_t{octets[at]} << (8 * at);
    return last;
  }
  std::memcpy(&last, octets.last(8).data(), 8);
  return last >> (64 - 8 * left);
}

template <class Hash>
std::uint64_t hash_of(const SipKey& key, std::span<const std::uint8_t> octets) {
  Hash hash(key);
  std::size_t at = 0;
  for (; at + 8 <= octets.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, octets.data() + at, 8);
    hash.absorb(word);
  }
  return hash.finish(last_of(octets), octets.size());
}

}  // namespace

std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> octets) {
  return hash_of<SipHash13>(key, octets);
}

std::uint64_t siphash24(const SipKey& key, std::span<const std::uint8_t> octets) {
  return hash_of<SipHash24>(key, octets);
}

}  // namespace cairn::wire
