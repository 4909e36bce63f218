#include "resolver/forwarding.hpp"

#include <utility>

#include "zones/name_tree.hpp"

namespace cairn::resolver {

using zones::Labels;
using zones::NameTree;

struct Forwarding::Index {
  Index() : names({}) {}

  std::vector<std::shared_ptr<const ForwardZone>> zones;
  NameTree names;
  std::vector<const std::shared_ptr<const ForwardZone>*> zone_at;  // by node of names
};

Forwarding::Forwarding(std::vector<ForwardZone> zones) {
  if (zones.empty()) return;
  auto index = std::make_shared<Index>();
  for (ForwardZone& zone : zones)
    index->zones.push_back(std::make_shared<const ForwardZone>(std::move(zone)));
  index->zone_at.resize(1, nullptr);
  for (const auto& zone : index->zones) {
    const Labels labels(zone->zone);
    NameTree::Id node = NameTree::root;
    for (std::size_t i = 0; i < labels.size(); ++i) node = index->names.add_child(node, labels[i]);
    index->zone_at.resize(index->names.size(), nullptr);
    index->zone_at[node] = &zone;
  }
  index_ = std::move(index);
}

std::shared_ptr<const ForwardZone> Forwarding::find(const wire::Question& question,
                                                    const ForwardZone* passed) const {
  if (!index_) return nullptr;
  const Labels labels(question.name);
  const auto fits = [&](const ForwardZone& zone) {
    if (passed && zone.zone.size() >= passed->zone.size()) return false;
    return !(question.type == wire::RRType::DS && zone.zone == question.name &&
             !question.name.is_root());
  };
  const std::shared_ptr<const ForwardZone>* found = nullptr;
  NameTree::Id node = NameTree::root;
  for (std::size_t depth = 0;; ++depth) {
    const auto* here = index_->zone_at[node];
    if (here && fits(**here)) found = here;
    if (depth == labels.size()) break;
    node = index_->names.child(node, labels[depth]);
    if (node == NameTree::none) break;
  }
  return found ? *found : nullptr;
}

std::span<const std::shared_ptr<const ForwardZone>> Forwarding::zones() const {
  if (!index_) return {};
  return index_->zones;
}

}  // namespace cairn::resolver
