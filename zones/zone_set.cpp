#include "zones/zone_set.hpp"

#include <utility>

#include "zones/name_tree.hpp"

namespace cairn::zones {

struct ZoneSet::Index {
  explicit Index(const wire::SipKey& key)
      : names(key), zone_at(1, nullptr), not_ours_at(1, false) {}

  NameTree::Id add(const wire::Name& name) {
    const Labels labels(name);
    NameTree::Id node = NameTree::root;
    for (std::size_t i = 0; i < labels.size(); ++i) node = names.add_child(node, labels[i]);
    zone_at.resize(names.size(), nullptr);
    not_ours_at.resize(names.size(), false);
    return node;
  }

  const Zone* find(const Labels& labels, std::size_t depth) const {
    const Zone* zone = zone_at[NameTree::root];
    NameTree::Id node = NameTree::root;
    for (std::size_t i = 0; i < depth; ++i) {
      node = names.child(node, labels[i]);
      if (node == NameTree::none) break;
      if (zone_at[node] != nullptr || not_ours_at[node]) zone = zone_at[node];
    }
    return zone;
  }

  std::vector<std::shared_ptr<const Zone>> zones;
  NameTree names;
  std::vector<const Zone*> zone_at;  // by node of names, as not_ours_at
  std::vector<bool> not_ours_at;
};

ZoneSet::ZoneSet() : ZoneSet(std::vector<std::shared_ptr<const Zone>>{}) {}

ZoneSet::ZoneSet(std::vector<std::shared_ptr<const Zone>> zones, std::span<const wire::Name> others,
                 const wire::SipKey& hash_key)
    : index_(std::make_unique<Index>(hash_key)) {
  index_->zones = std::move(zones);
  for (const auto& zone : index_->zones) {
    const NameTree::Id node = index_->add(zone->apex());
    index_->zone_at[node] = zone.get();
  }
  for (const wire::Name& name : others) {
    const NameTree::Id node = index_->add(name);
    index_->not_ours_at[node] = true;
  }
}

ZoneSet::~ZoneSet() = default;
ZoneSet::ZoneSet(ZoneSet&&) noexcept = default;
ZoneSet& ZoneSet::operator=(ZoneSet&&) noexcept = default;

const Zone* ZoneSet::find(const wire::Name& name) const {
  if (index_->zones.empty()) return nullptr;
  const Labels labels(name);
  return index_->find(labels, labels.size());
}

const Zone* ZoneSet::find(const wire::Question& question) const {
  const Zone* zone = find(question.name);
  if (zone == nullptr || question.type != wire::RRType::DS || question.name.is_root() ||
      !(question.name == zone->apex()))
    return zone;
  const Labels labels(question.name);
  const Zone* above = index_->find(labels, labels.size() - 1);
  if (above != nullptr) return above;
  // The root's servers know nothing of a top-level name that is private, and ought not to hear of
  // it.
  return labels.size() == 1 ? zone : nullptr;
}

std::span<const std::shared_ptr<const Zone>> ZoneSet::zones() const {
  return index_->zones;
}

}  // namespace cairn::zones
