#include "cache/store.hpp"

#include <algorithm>
#include <bit>

namespace cairn::cache {

namespace {

/// The largest payload, the bucket array and the small queue's share fit several times.
constexpr std::size_t least_shard = 256U << 10;

/// A shard of this size holds some 40,000 entries: doubling its bucket array stays below about 2
/// ms.
constexpr std::size_t most_shard = 4U << 20;

std::size_t shard_count(std::size_t octets, unsigned wished) {
  const std::size_t wanted = std::max<std::size_t>(wished, octets / most_shard);
  return std::bit_floor(std::max<std::size_t>(1, std::min(wanted, octets / least_shard)));
}

}  // namespace

Store::Store(std::size_t octets, unsigned shards, const wire::SipKey& sip_key) : sip_key_(sip_key) {
  const std::size_t count = shard_count(octets, shards);
  shards_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    shards_.push_back(std::make_unique<Shard>(octets / count - sizeof(shards_[0])));
  }
}

std::size_t Store::erase_within(std::span<const std::uint8_t> ancestor) {
  std::size_t erased = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->lock());
    erased += shard->erase_if(
        [&](std::span<const std::uint8_t> key) { return Key::is_within(key, ancestor); });
  }
  return erased;
}

Store::Statistics Store::statistics() const {
  Statistics sum;
  sum.octets = shards_.size() * sizeof(shards_[0]);
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->lock());
    sum.octets += shard->octets();
    sum.entries += shard->entries();
    sum.evictions += shard->evictions();
  }
  return sum;
}

std::size_t Store::longest_chain() const {
  std::size_t longest = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->lock());
    longest = std::max(longest, shard->longest_chain());
  }
  return longest;
}

}  // namespace cairn::cache
