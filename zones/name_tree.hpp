// Names as a tree of labels: each node is an id, and a child is found by its parent's id and its
// label in one look into one hash table. Walking down label by label is how RFC 1034 section 4.3.2
// finds a name, and it stops at the first label that is not there: a miss is cheaper than a hit.
//
// It knows names only; whoever uses it keeps what belongs to a node in a vector beside it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "wire/name.hpp"
#include "wire/siphash.hpp"
#include "wire/types.hpp"

namespace cairn::zones {

/// The labels of a name, counted from the right: labels[0] is the top-level label. Borrows.
class Labels {
 public:
  explicit Labels(const wire::Name& name) : octets_(name.wire().data()) {
    for (std::size_t at = 0; octets_[at] != 0; at += std::size_t{1} + octets_[at])
      starts_[count_++] = static_cast<std::uint8_t>(at);
  }

  std::size_t size() const { return count_; }
  std::span<const std::uint8_t> operator[](std::size_t from_right) const {
    const std::uint8_t* label = octets_ + starts_[count_ - 1 - from_right];
    return {label + 1, *label};
  }

 private:
  const std::uint8_t* octets_;
  std::size_t count_ = 0;
  std::array<std::uint8_t, wire::Name::max_labels> starts_;
};

class NameTree {
 public:
  using Id = std::uint32_t;
  static constexpr Id root = 0;
  static constexpr Id none = std::numeric_limits<Id>::max();

  /// `key` is a secret of the table: who does not know it cannot choose names that collide.
  explicit NameTree(const wire::SipKey& key);

  /// none if there is no such child. Without case (RFC 4343).
  Id child(Id parent, std::span<const std::uint8_t> label) const;
  /// The child, made if it is not there yet. Ids count up from 1.
  Id add_child(Id parent, std::span<const std::uint8_t> label);

  Id parent(Id node) const { return nodes_[node].parent; }
  std::size_t size() const { return nodes_.size(); }
  void reserve(std::size_t nodes);

 private:
  struct Node {
    Id parent = none;
    std::uint32_t label_at = 0;  // in labels_: a length octet, then the label in lower case
  };
  struct Slot {
    std::uint32_t tag = 0;  // upper half of the hash: most other nodes are told apart by it
    Id node = none;
  };
  struct FoldedLabel;

  std::uint64_t hash(Id parent, const FoldedLabel& label) const;
  std::size_t slot_of(Id parent, const FoldedLabel& label, std::uint64_t hash) const;
  void grow(std::size_t slots);

  wire::SipKey key_;
  std::vector<Node> nodes_;
  wire::Bytes labels_;
  std::vector<Slot> slots_;  // a power of two, open addressing, at most half full
};

}  // namespace cairn::zones
