#include "zones/zone_set.hpp"

#include <utility>

#include "zones/name_tree.hpp"

namespace cairn::zones {

struct ZoneSet::Index {
  explicit Index(const wire::SipKey& key) : names(key), zone_at(1, nullptr) {}

  const Zone* find(const Labels& labels, std::size_t depth) const {
    const Zone* zone = zone_at[NameTree::root];
    NameTree::Id node = NameTree::root;
    for (std::size_t i = 0; i < depth; ++i) {
      node = names.child(node, labels[i]);
      if (node == NameTree::none) break;
      if (zone_at[node] != nullptr) zone = zone_at[node];
    }
    return zone;
  }

  std::vector<std::shared_ptr<const Zone>> zones;
  NameTree names;
  std::vector<const Zone*> zone_at;  // by node of names
};

ZoneSet::ZoneSet() : ZoneSet({}, {}) {}

ZoneSet::ZoneSet(std::vector<std::shared_ptr<const Zone>> zones, const wire::SipKey& hash_key)
    : index_(std::make_unique<Index>(hash_key)) {
  index_->zones = std::move(zones);
  for (const auto& zone : index_->zones) {
    const Labels labels(zone->apex());
    NameTree::Id node = NameTree::root;
    for (std::size_t i = 0; i < labels.size(); ++i) node = index_->names.add_child(node, labels[i]);
    index_->zone_at.resize(index_->names.size(), nullptr);
    index_->zone_at[node] = zone.get();
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
  return above != nullptr ? above : zone;
}

std::span<const std::shared_ptr<const Zone>> ZoneSet::zones() const {
  return index_->zones;
}

}  // namespace cairn::zones
