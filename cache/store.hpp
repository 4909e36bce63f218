// The table behind the cache: shards picked by a keyed hash of the key, each behind one small lock.
//
// A Slot is one key's place in it. It holds the lock of its shard as long as it lives: look, decide
// and write in one go, hold no two at a time, and do not keep it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "cache/key.hpp"
#include "cache/shard.hpp"
#include "wire/siphash.hpp"
#include "wire/types.hpp"

namespace cairn::cache {

class Slot {
 public:
  Slot(Shard& shard, std::uint32_t hash, std::span<const std::uint8_t> key)
      : lock_(shard.lock()), shard_(shard), hash_(hash), key_(key), entry_(shard.find(hash, key)) {}

  /// Something is there and has not expired.
  bool live(wire::Instant now) const { return entry_ != nullptr && now < entry_->expires; }
  /// As live(), and counts as a hit, which keeps it longer.
  bool hit(wire::Instant now) {
    if (!live(now)) return false;
    if (entry_->frequency < 3) entry_->frequency = (entry_->frequency + 1) & 3U;
    return true;
  }
  /// Something is there, expired or not: payload() and expires() may be called.
  bool occupied() const { return entry_ != nullptr; }
  std::span<std::uint8_t> payload() const { return entry_->payload(); }
  wire::Instant expires() const { return entry_->expires; }

  /// False if it was refused; nothing is under the key then.
  bool write(std::span<const std::uint8_t> payload, wire::Instant expires, wire::Instant now) {
    entry_ = shard_.write(entry_, hash_, key_, payload, expires, now);
    return entry_ != nullptr;
  }
  /// Gives the lock back early; the slot is not used any more.
  void release() { lock_.unlock(); }
  void erase() {
    if (entry_ != nullptr) shard_.erase(entry_);
    entry_ = nullptr;
  }

 private:
  std::unique_lock<Lock> lock_;
  Shard& shard_;
  std::uint32_t hash_;
  std::span<const std::uint8_t> key_;
  Entry* entry_;
};

class Store {
 public:
  /// `octets` for all of it. About `shards` shards: fewer when they would become smaller than one
  /// large record set needs, more when growing one's bucket array would take long.
  Store(std::size_t octets, unsigned shards, const wire::SipKey& sip_key);

  /// `key` outlives the slot.
  Slot slot(const Key& key) {
    const std::uint64_t hash = wire::siphash13(sip_key_, key.about()) ^ key.place();
    return {*shards_[(hash >> 32) & (shards_.size() - 1)], static_cast<std::uint32_t>(hash),
            key.octets()};
  }

  /// Erases all whose key is about a name at or below `ancestor` (lower case).
  std::size_t erase_within(std::span<const std::uint8_t> ancestor);

  struct Statistics {
    std::size_t octets = 0;
    std::size_t entries = 0;
    std::uint64_t evictions = 0;
  };
  Statistics statistics() const;
  /// Of any bucket: what hash flooding would make long.
  std::size_t longest_chain() const;

 private:
  wire::SipKey sip_key_;
  std::vector<std::unique_ptr<Shard>> shards_;  // a power of two
};

}  // namespace cairn::cache
