#include "zones/name_tree.hpp"

#include <bit>
#include <cstring>

namespace cairn::zones {

struct NameTree::FoldedLabel {
  explicit FoldedLabel(std::span<const std::uint8_t> label) : size(label.size() + 1) {
    octets[0] = static_cast<std::uint8_t>(label.size());
    for (std::size_t i = 0; i < label.size(); ++i) octets[i + 1] = wire::fold(label[i]);
  }
  /// With the length octet in front, as labels_ keeps it.
  std::span<const std::uint8_t> span() const { return {octets.data(), size}; }

  std::size_t size;
  std::array<std::uint8_t, 64> octets;
};

NameTree::NameTree(const wire::SipKey& key) : key_(key), nodes_(1), slots_(16) {}

std::uint64_t NameTree::hash(Id parent, const FoldedLabel& label) const {
  // The parent takes part through the key: one pass over the label is all it costs.
  const wire::SipKey key{key_.k0 + parent * 0x9E3779B97F4A7C15U, key_.k1};
  return wire::siphash13(key, label.span());
}

std::size_t NameTree::slot_of(Id parent, const FoldedLabel& label, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.node == none) return at;
    if (slot.tag != tag) continue;
    const Node& node = nodes_[slot.node];
    if (node.parent == parent && std::memcmp(labels_.data() + node.label_at, label.octets.data(),
                                             std::size_t{1} + labels_[node.label_at]) == 0)
      return at;
  }
}

NameTree::Id NameTree::child(Id parent, std::span<const std::uint8_t> label) const {
  const FoldedLabel folded(label);
  return slots_[slot_of(parent, folded, hash(parent, folded))].node;
}

NameTree::Id NameTree::add_child(Id parent, std::span<const std::uint8_t> label) {
  const FoldedLabel folded(label);
  const std::uint64_t h = hash(parent, folded);
  std::size_t at = slot_of(parent, folded, h);
  if (slots_[at].node != none) return slots_[at].node;
  if (nodes_.size() * 2 > slots_.size()) {
    grow(slots_.size() * 2);
    at = slot_of(parent, folded, h);
  }
  const auto id = static_cast<Id>(nodes_.size());
  slots_[at] = {static_cast<std::uint32_t>(h >> 32), id};
  nodes_.push_back({parent, static_cast<std::uint32_t>(labels_.size())});
  labels_.insert(labels_.end(), folded.span().begin(), folded.span().end());
  return id;
}

void NameTree::reserve(std::size_t nodes) {
  nodes_.reserve(nodes);
  const std::size_t slots = std::bit_ceil(nodes * 2);
  if (slots > slots_.size()) grow(slots);
}

void NameTree::grow(std::size_t slots) {
  slots_.assign(slots, Slot{});
  for (Id id = 1; id < nodes_.size(); ++id) {
    const Node& node = nodes_[id];
    const std::uint8_t* label = labels_.data() + node.label_at;
    const FoldedLabel folded({label + 1, *label});
    const std::uint64_t h = hash(node.parent, folded);
    slots_[slot_of(node.parent, folded, h)] = {static_cast<std::uint32_t>(h >> 32), id};
  }
}

}  // namespace cairn::zones
