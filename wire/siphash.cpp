#include "wire/siphash.hpp"

#include <cstring>

namespace cairn::wire {
namespace {

template <class Hash>
std::uint64_t hash_of(const SipKey& key, std::span<const std::uint8_t> octets) {
  Hash hash(key);
  std::size_t at = 0;
  for (; at + 8 <= octets.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, octets.data() + at, 8);
    hash.absorb(word);
  }
  std::uint64_t last = 0;
  for (unsigned shift = 0; at < octets.size(); ++at, shift += 8)
    last |= std::uint64_t{octets[at]} << shift;
  return hash.finish(last, octets.size());
}

}  // namespace

std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> octets) {
  return hash_of<SipHash13>(key, octets);
}

std::uint64_t siphash24(const SipKey& key, std::span<const std::uint8_t> octets) {
  return hash_of<SipHash24>(key, octets);
}

}  // namespace cairn::wire
