#include "cache/shard.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace cairn::cache {

namespace {

constexpr std::size_t first_bucket_count = 16;

/// Of an array of so many buckets, with what its alignment may cost.
std::size_t buckets_octets(std::size_t count) {
  return allocated_octets(count * sizeof(Entry*) + alignof(Buckets));
}

/// The share of the budget that new entries wait in (a tenth: Yang et al., section 4.1).
constexpr std::size_t small_share = 10;

/// How many entries one eviction may give another round: it bounds what a single put can cost under
/// the lock. Each round was paid for by a hit, so that the bound is seldom met.
constexpr int max_rounds = 256;

constexpr std::size_t ghost_set = 4;

/// What an Entry asks malloc for: all that a chunk holds, so that a payload that grows within it
/// can stay where it is.
std::size_t block_octets(std::size_t key, std::size_t payload) {
  return allocated_octets(sizeof(Entry) + key + payload) - 8;
}

std::size_t octets_of(const Entry* entry) {
  return allocated_octets(sizeof(Entry) + entry->key_octets + entry->payload_octets);
}

}  // namespace

void Queue::add(Entry* entry) {
  entry->older = newest;
  entry->newer = nullptr;
  (newest != nullptr ? newest->newer : oldest) = entry;
  newest = entry;
  octets += octets_of(entry);
}

void Queue::remove(Entry* entry) {
  (entry == newest ? newest : entry->newer->older) = entry->older;
  (entry == oldest ? oldest : entry->older->newer) = entry->newer;
  octets -= octets_of(entry);
}

std::uint32_t* Ghosts::set_of(std::uint32_t hash) {
  return fingerprints_.get() + (hash & (count_ / ghost_set - 1)) * ghost_set;
}

void Ghosts::add(std::uint32_t hash) {
  if (count_ == 0) return;
  std::uint32_t* const set = set_of(hash);
  std::memmove(set + 1, set, (ghost_set - 1) * sizeof(*set));
  set[0] = hash;
}

bool Ghosts::take(std::uint32_t hash) {
  if (count_ == 0) return false;
  std::uint32_t* const set = set_of(hash);
  std::uint32_t* const found = std::find(set, set + ghost_set, hash);
  if (found == set + ghost_set) return false;
  *found = 0;
  return true;
}

void Ghosts::resize(std::size_t count) {
  fingerprints_.reset();
  if (count > 0) fingerprints_.reset(new (std::nothrow) std::uint32_t[count]());
  count_ = fingerprints_ ? count : 0;
}

Shard::Shard(std::size_t budget)
    : bucket_count_(first_bucket_count),
      buckets_(std::make_unique<Buckets[]>(first_bucket_count / 8)),
      budget_(budget),
      octets_(allocated_octets(sizeof(Shard) + alignof(Shard)) +
              buckets_octets(first_bucket_count)) {}

Shard::~Shard() {
  erase_if([](std::span<const std::uint8_t>) { return true; });
}

Entry* Shard::find(std::uint32_t hash, std::span<const std::uint8_t> key) const {
  for (Entry* entry = bucket(hash); entry != nullptr; entry = entry->chain) {
    if (entry->hash == hash && entry->key_octets == key.size() &&
        std::memcmp(entry->octets(), key.data(), key.size()) == 0) {
      return entry;
    }
  }
  return nullptr;
}

Entry* Shard::write(Entry* old, std::uint32_t hash, std::span<const std::uint8_t> key,
                    std::span<const std::uint8_t> payload, wire::Instant expires,
                    wire::Instant now) {
  if (payload.size() > max_payload || key.size() > max_key) return nullptr;
  const std::size_t block = block_octets(key.size(), payload.size());
  if (old != nullptr && block == block_octets(old->key_octets, old->payload_octets)) {
    old->expires = expires;
    old->payload_octets = static_cast<std::uint32_t>(payload.size()) & 0xfffffU;
    std::copy(payload.begin(), payload.end(), old->payload().begin());
    return old;
  }

  // A new entry, which takes over what the old one had earned.
  bool to_main = false;
  unsigned frequency = 0;
  if (old != nullptr) {
    to_main = old->in_main;
    frequency = old->frequency;
    erase(old);
  } else {
    to_main = ghosts_.take(hash);
  }
  if (entries_ >= bucket_count_) grow(now);
  const std::size_t octets = allocated_octets(block);
  if (!make_room(octets, now)) return nullptr;
  void* const memory = ::operator new(block, std::nothrow);
  if (memory == nullptr) return nullptr;

  auto* const entry = ::new (memory) Entry;
  Entry*& head = bucket(hash);
  entry->chain = head;
  head = entry;
  entry->expires = expires;
  entry->hash = hash;
  entry->payload_octets = static_cast<std::uint32_t>(payload.size()) & 0xfffffU;
  entry->key_octets = static_cast<std::uint32_t>(key.size()) & 0x1ffU;
  entry->frequency = frequency & 3U;
  entry->in_main = to_main;
  std::copy(key.begin(), key.end(), entry->octets());
  std::copy(payload.begin(), payload.end(), entry->payload().begin());
  (to_main ? main_ : small_).add(entry);
  octets_ += octets;
  ++entries_;
  return entry;
}

void Shard::erase(Entry* entry) {
  Entry** link = &bucket(entry->hash);
  while (*link != entry) link = &(*link)->chain;
  *link = entry->chain;
  (entry->in_main ? main_ : small_).remove(entry);
  octets_ -= octets_of(entry);
  --entries_;
  ::operator delete(entry);
}

bool Shard::make_room(std::size_t octets, wire::Instant now) {
  while (octets_ + octets > budget_) {
    if (ghosts_.size() < bucket_count_ && entries_ > 0) remember_ghosts(now);
    if (!evict_one(now)) return false;
  }
  return true;
}

void Shard::remember_ghosts(wire::Instant now) {
  octets_ -= Ghosts::octets(ghosts_.size());
  ghosts_.resize(0);
  const std::size_t octets = Ghosts::octets(bucket_count_);
  while (octets_ + octets > budget_) {
    if (!evict_one(now)) return;
  }
  ghosts_.resize(bucket_count_);
  octets_ += Ghosts::octets(ghosts_.size());
}

// NOLINTBEGIN(clang-analyzer-cplusplus.NewDelete): the analyzer does not see that an entry's
// in_main names the queue that it stands in, so that erase() takes it out of there.
bool Shard::evict_one(wire::Instant now) {
  for (int rounds = 0;; ++rounds) {
    const bool from_small = small_.oldest != nullptr &&
                            (small_.octets > budget_ / small_share || main_.oldest == nullptr);
    Queue& queue = from_small ? small_ : main_;
    Entry* const entry = queue.oldest;
    if (entry == nullptr) return false;
    const bool live = now < entry->expires;
    if (live && rounds < max_rounds && entry->frequency > (from_small ? 1U : 0U)) {
      queue.remove(entry);
      entry->frequency = from_small ? 0 : (entry->frequency - 1) & 3U;
      entry->in_main = true;
      main_.add(entry);
      continue;
    }
    if (live && from_small) ghosts_.add(entry->hash);
    erase(entry);
    ++evictions_;
    return true;
  }
}
// NOLINTEND(clang-analyzer-cplusplus.NewDelete)

void Shard::grow(wire::Instant now) {
  // Both arrays stand side by side for a moment: there must be room for that.
  const std::size_t new_count = bucket_count_ * 2;
  const std::size_t new_octets = buckets_octets(new_count);
  if (!make_room(new_octets, now)) return;
  std::unique_ptr<Buckets[]> old(new (std::nothrow) Buckets[new_count / 8]());
  if (!old) return;  // longer chains, until memory comes back
  buckets_.swap(old);
  const std::size_t old_count = std::exchange(bucket_count_, new_count);
  for (std::size_t i = 0; i < old_count; ++i) {
    for (Entry* entry = old[i / 8].first[i % 8]; entry != nullptr;) {
      Entry* const next = entry->chain;
      Entry*& head = bucket(entry->hash);
      entry->chain = head;
      head = entry;
      entry = next;
    }
  }
  octets_ += new_octets - buckets_octets(old_count);
}

std::size_t Shard::longest_chain() const {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < bucket_count_; ++i) {
    std::size_t length = 0;
    for (const Entry* entry = buckets_[i / 8].first[i % 8]; entry; entry = entry->chain) ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

}  // namespace cairn::cache
