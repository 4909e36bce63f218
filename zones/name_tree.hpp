// Names as a tree of labels: each node is an id, and a child is found by its parent's id and its
// label in one look into one hash table. Walking down label by label is how RFC 1034 section 4.3.2
// finds a name, and it stops at the first label that is not there: a miss is cheaper than a hit.
//
// It knows names only; whoever uses it keeps what belongs to a node in a vector beside it. A node
// costs some 20 octets and its label.
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
  /// The child, made if it is not there yet. Ids count up from 1: a parent's is less than its
  /// children's.
  Id add_child(Id parent, std::span<const std::uint8_t> label);

  Id parent(Id node) const { return nodes_[node].parent; }
  /// In the case in which it was first written; of any node but the root.
  std::span<const std::uint8_t> label(Id node) const {
    const std::uint8_t* label = labels_.data() + nodes_[node].label_at;
    return {label + 1, *label};
  }
  std::size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    Id parent = none;
    std::uint32_t label_at = 0;  // in labels_: a length octet, then the label
  };
  /// The table is ordered by tags, so that it grows without a look at the nodes.
  struct Slot {
    std::uint32_t tag = 0;  // of the hash: nearly all other nodes are told apart by it
    Id node = none;
  };

  std::uint32_t tag_of(Id parent, std::span<const std::uint8_t> label) const;
  std::size_t home_of(std::uint32_t tag) const {
    return static_cast<std::size_t>(std::uint64_t{tag} * slots_.size() >> 32);
  }
  std::size_t slot_of(Id parent, std::span<const std::uint8_t> label, std::uint32_t tag) const;
  void grow();

  wire::SipKey key_;
  std::vector<Node> nodes_;
  wire::Bytes labels_;
  std::vector<Slot> slots_;  // open addressing, at most two thirds full
};

}  // namespace cairn::zones
