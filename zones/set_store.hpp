// The sets of a zone, packed: all sets of a node side by side in one block, headers and RDATA in
// one piece, blocks one behind the other in chunks. A million records are a million small things;
// kept as objects of their own they would cost several times their octets, and a cache miss each.
//
//   block:  sets (16 bits), flags (16), then by type
//   set:    type (16), records (16), TTL (32), octets of RDATA (16), of RRSIGs (16), RRSIGs (16),
//           turn (32, of rotating sets only), then RDATA and RRSIGs as RdataList packs them
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wire/rrset.hpp"

namespace cairn::zones {

/// A set as it lies in its block.
struct StoredSet {
  wire::RRType type = wire::RRType::A;
  wire::Ttl ttl;
  wire::RdataListView rdata;
  wire::RdataListView signatures;
  /// Of a set whose records take turns: whose turn it is stands in the zone, at this index.
  std::optional<std::uint32_t> turn;

  wire::RRsetView view(const wire::Name& owner) const {
    return {&owner, type, wire::RRClass::IN, ttl, rdata, signatures, 0};
  }
};

/// The sets of a node, by type. Borrows.
class StoredSets {
 public:
  static constexpr std::uint16_t cut = 1;    // a delegation
  static constexpr std::uint16_t dname = 2;  // with a DNAME

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = StoredSet;
    using difference_type = std::ptrdiff_t;
    using pointer = const StoredSet*;
    using reference = StoredSet;

    Iterator() = default;
    Iterator(const std::uint8_t* at, std::size_t left) : at_(at), left_(left) {}
    StoredSet operator*() const;
    wire::RRType type() const;
    Iterator& operator++();
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    friend class StoredSets;
    const std::uint8_t* at_ = nullptr;
    std::size_t left_ = 0;
  };

  StoredSets() = default;  // of a node without data
  explicit StoredSets(const std::uint8_t* block) : block_(block) {}

  Iterator begin() const { return block_ == nullptr ? Iterator() : Iterator(block_ + 4, size()); }
  Iterator end() const { return {}; }
  std::size_t size() const { return block_ == nullptr ? 0 : u16(0); }
  bool empty() const { return size() == 0; }
  bool has(std::uint16_t flag) const { return block_ != nullptr && (u16(2) & flag) != 0; }
  std::optional<StoredSet> find(wire::RRType type) const;
  /// Behind the last octet of the block, of a node with data.
  const std::uint8_t* block_end() const;

 private:
  std::uint16_t u16(std::size_t at) const {
    std::uint16_t value;
    std::memcpy(&value, block_ + at, sizeof value);
    return value;
  }

  const std::uint8_t* block_ = nullptr;
};

/// One record of a node on its way into a block.
struct UnpackedRecord {
  wire::RRType type;
  wire::Ttl ttl;
  wire::RdataView rdata;
};

class SetStore {
 public:
  /// Where a block lies: 0 is nowhere. In units of four octets, so that 16 GiB can be named.
  using Place = std::uint32_t;

  struct Packed {
    Place place = 0;
    std::size_t records = 0;  // without those that were there twice
    /// The first type whose records are more than a DNS message can carry; they are left out.
    std::optional<wire::RRType> too_large;
  };

  /// The records of a node as a block of sets: by type, each record once (RFC 2181 section 5), in
  /// the order in which they come; RRSIGs with the set that they cover, where it is there, and as a
  /// set of their own else; the TTL is the least of a set's (RFC 2181 section 5.2).
  Packed add(std::span<const UnpackedRecord> records);
  StoredSets at(Place place) const {
    return place == 0 ? StoredSets() : StoredSets(address(place));
  }

  /// Sets `flags` of StoredSets.
  void mark(Place place, std::uint16_t flags);

  /// Blocks that nobody refers to any more go; `places` are all that are left, and change.
  void compact(std::span<Place> places);

  /// How many sets take turns; so many turns there have to be.
  std::uint32_t turns() const { return turns_; }
  std::size_t octets() const { return octets_; }

 private:
  static constexpr unsigned chunk_bits = 18;
  static constexpr std::size_t chunk_units = std::size_t{1} << chunk_bits;  // 1 MiB
  static constexpr std::size_t max_chunks = std::size_t{1} << (32 - chunk_bits);

  using Order = std::span<const std::uint32_t>;
  using Records = std::span<const UnpackedRecord>;

  /// How much add_list() added.
  struct List {
    std::uint16_t records = 0;
    std::uint16_t octets = 0;
  };
  std::uint8_t* address(Place place) const {
    return chunks_[place >> chunk_bits].get() + (place & (chunk_units - 1)) * std::size_t{4};
  }
  void sort(Records records);
  void add_set(wire::RRType type, Records records, Order data, Order signatures, Packed& packed);
  std::optional<List> add_list(Records records, Order order);
  Place keep_block();

  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::size_t used_ = 0;  // units of the last chunk
  std::size_t octets_ = 0;
  std::uint32_t turns_ = 0;
  // Kept from block to block, so that packing allocates nothing.
  std::vector<std::uint32_t> order_, orphans_;
  wire::Bytes block_;
};

}  // namespace cairn::zones
