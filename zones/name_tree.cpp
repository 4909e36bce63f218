#include "zones/name_tree.hpp"

namespace cairn::zones {

NameTree::NameTree(const wire::SipKey& key) : key_(key), nodes_(1), slots_(16) {}

std::uint32_t NameTree::tag_of(Id parent, std::span<const std::uint8_t> label) const {
  std::array<std::uint8_t, 64> folded;
  for (std::size_t i = 0; i < label.size(); ++i) folded[i] = wire::fold(label[i]);
  // The parent takes part through the key: one pass over the label is all it costs.
  const wire::SipKey key{key_.k0 + parent * 0x9E3779B97F4A7C15U, key_.k1};
  return static_cast<std::uint32_t>(wire::siphash13(key, {folded.data(), label.size()}) >> 32);
}

std::size_t NameTree::slot_of(Id parent, std::span<const std::uint8_t> its_label,
                              std::uint32_t tag) const {
  for (std::size_t at = home_of(tag);; at = at + 1 == slots_.size() ? 0 : at + 1) {
    const Slot& slot = slots_[at];
    if (slot.node == none) return at;
    if (slot.tag != tag || nodes_[slot.node].parent != parent) continue;
    const auto held = label(slot.node);
    if (held.size() == its_label.size() &&
        wire::Name::equal_folded(held.data(), its_label.data(), held.size()))
      return at;
  }
}

NameTree::Id NameTree::child(Id parent, std::span<const std::uint8_t> label) const {
  return slots_[slot_of(parent, label, tag_of(parent, label))].node;
}

NameTree::Id NameTree::add_child(Id parent, std::span<const std::uint8_t> label) {
  const std::uint32_t tag = tag_of(parent, label);
  std::size_t at = slot_of(parent, label, tag);
  if (slots_[at].node != none) return slots_[at].node;
  if (nodes_.size() * 3 > slots_.size() * 2) {
    grow();
    at = slot_of(parent, label, tag);
  }
  const auto id = static_cast<Id>(nodes_.size());
  slots_[at] = {tag, id};
  nodes_.push_back({parent, static_cast<std::uint32_t>(labels_.size())});
  labels_.push_back(static_cast<std::uint8_t>(label.size()));
  labels_.insert(labels_.end(), label.begin(), label.end());
  return id;
}

void NameTree::grow() {
  std::vector<Slot> before(slots_.size() + slots_.size() / 2);
  before.swap(slots_);
  for (const Slot& slot : before) {
    if (slot.node == none) continue;
    std::size_t at = home_of(slot.tag);
    while (slots_[at].node != none) at = at + 1 == slots_.size() ? 0 : at + 1;
    slots_[at] = slot;
  }
}

}  // namespace cairn::zones
