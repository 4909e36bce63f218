// One shard of the cache: a hash table of byte strings with an expiry, never above its budget of
// octets.
//
// When room is needed, S3-FIFO chooses who goes (Yang et al., "FIFO queues are all you need for
// cache eviction", SOSP 2023). New entries join a small queue, a tenth of the budget. Who was asked
// for twice while waiting there moves on to the main queue, all others leave, and only a
// fingerprint of them stays in the ghost queue; who comes back while it is known there goes to the
// main queue at once. In the main queue who was asked for gets another round. So a flood of names
// that are asked for once passes through the small queue alone. A hit writes nothing but a counter
// of two bits. Where half of the questions are such a flood and the others follow Zipf's law, 66 %
// of the others hit, 47 % under LRU (tests/bench/cache_bench.cpp).
//
// The budget counts what malloc really takes, the bucket array and the ghosts included.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "cache/lock.hpp"
#include "wire/types.hpp"

namespace cairn::cache {

/// What malloc takes from the system for a block of `octets`: its header of 8 in front, in steps of
/// 16, at least 32; whole pages for the large ones (glibc on 64 bit).
constexpr std::size_t allocated_octets(std::size_t octets) {
  constexpr std::size_t page = 4096, large = 32 * page;
  if (octets >= large) return (octets + 16 + page - 1) / page * page;
  const std::size_t chunk = (octets + 8 + 15) / 16 * 16;
  return chunk < 32 ? 32 : chunk;
}

/// The head of an entry. Its key and its payload stand behind it in the same block.
struct Entry {
  Entry* chain;  // the next of the same bucket
  Entry* newer;  // its place in its queue
  Entry* older;
  wire::Instant expires;
  std::uint32_t hash;
  std::uint32_t payload_octets : 20;
  std::uint32_t key_octets : 9;
  std::uint32_t frequency : 2;  // hits since it was last judged, up to 3
  std::uint32_t in_main : 1;

  std::uint8_t* octets() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  std::span<const std::uint8_t> key() { return {octets(), key_octets}; }
  std::span<std::uint8_t> payload() { return {octets() + key_octets, payload_octets}; }
};
static_assert(sizeof(Entry) == 40);

/// The newest at one end, the oldest at the other.
struct Queue {
  Entry* newest = nullptr;
  Entry* oldest = nullptr;
  std::size_t octets = 0;

  void add(Entry* entry);
  void remove(Entry* entry);
};

/// Fingerprints of what left the small queue lately. Sets of four, each a queue of its own: as good
/// as one long queue, and found without a second table.
class Ghosts {
 public:
  void add(std::uint32_t hash);
  /// Whether it is there; it is gone then.
  bool take(std::uint32_t hash);
  /// `count` is 0 or a power of two from 4 on. All are forgotten.
  void resize(std::size_t count);
  std::size_t size() const { return count_; }
  static std::size_t octets(std::size_t count) {
    return count == 0 ? 0 : allocated_octets(count * sizeof(std::uint32_t));
  }

 private:
  std::uint32_t* set_of(std::uint32_t hash);

  std::unique_ptr<std::uint32_t[]> fingerprints_;
  std::size_t count_ = 0;
};

/// Neighbours by hash: the lowest bits tell apart what is about one name (Key::place), so that one
/// cache line says of most kinds of things whether there is any.
struct alignas(64) Buckets {
  std::array<Entry*, 8> first{};
};

class alignas(64) Shard {
 public:
  static constexpr std::size_t max_payload = 65536;
  static constexpr std::size_t max_key = 511;

  explicit Shard(std::size_t budget);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// To be held while anything below is called or an Entry is looked at.
  Lock& lock() { return lock_; }

  /// The entry, expired or not; nullptr if there is none.
  Entry* find(std::uint32_t hash, std::span<const std::uint8_t> key) const;
  /// Puts a payload under a key, in place of `old` (what find() gave). nullptr if it was refused:
  /// too large for this shard, or no memory.
  Entry* write(Entry* old, std::uint32_t hash, std::span<const std::uint8_t> key,
               std::span<const std::uint8_t> payload, wire::Instant expires, wire::Instant now);
  void erase(Entry* entry);
  /// Erases all whose key `matches`; returns how many.
  template <class Matches>
  std::size_t erase_if(const Matches& matches) {
    const std::size_t before = entries_;
    for (Queue* queue : {&small_, &main_}) {
      for (Entry* entry = queue->oldest; entry != nullptr;) {
        Entry* const next = entry->newer;
        if (matches(entry->key())) erase(entry);
        entry = next;
      }
    }
    return before - entries_;
  }

  std::size_t octets() const { return octets_; }
  std::size_t entries() const { return entries_; }
  std::uint64_t evictions() const { return evictions_; }
  /// Of any bucket: what hash flooding would make long.
  std::size_t longest_chain() const;

 private:
  bool make_room(std::size_t octets, wire::Instant now);
  bool evict_one(wire::Instant now);
  /// As many ghosts as there are buckets; none before the first eviction needs them.
  void remember_ghosts(wire::Instant now);
  void grow(wire::Instant now);
  Entry*& bucket(std::uint32_t hash) const {
    return buckets_[(hash & (bucket_count_ - 1)) / 8].first[hash % 8];
  }

  // The first cache line holds all that a hit needs.
  Lock lock_;
  std::size_t bucket_count_;  // a power of two
  std::unique_ptr<Buckets[]> buckets_;
  std::size_t budget_;
  std::size_t octets_;
  std::size_t entries_ = 0;
  std::uint64_t evictions_ = 0;
  Queue small_;
  Queue main_;
  Ghosts ghosts_;
};

}  // namespace cairn::cache
