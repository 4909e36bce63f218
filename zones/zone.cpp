#include "zones/zone.hpp"

#include <utility>

#include "wire/rdata_layout.hpp"
#include "zones/zone_builder.hpp"
#include "zones/zone_tree.hpp"

namespace cairn::zones {

wire::Result<std::shared_ptr<const Zone>> Zone::from_records(const wire::Name& apex,
                                                             std::span<const wire::Record> records,
                                                             const ZoneOptions& options) {
  ZoneBuilder builder(apex, options);
  for (const wire::Record& record : records) {
    if (!wire::is_well_formed(record.type, record.rdata))
      return wire::Error{record.owner.to_text() + " " + to_text(record.type) +
                         ": its data does not have the form of its type"};
    auto wrong = builder.add({record.owner, record.type, record.rrclass, record.ttl, record.rdata});
    if (!wrong.empty()) return wire::Error{std::move(wrong)};
  }
  auto built = builder.finish();
  if (!built.tree) return wire::Error{built.problems.front().to_text()};
  return std::make_shared<const Zone>(std::move(built.tree));
}

Zone::Zone(std::unique_ptr<const ZoneTree> tree) : tree_(std::move(tree)) {}
Zone::~Zone() = default;

const wire::Name& Zone::apex() const {
  return tree_->apex();
}

std::uint32_t Zone::serial() const {
  return tree_->serial();
}

std::size_t Zone::record_count() const {
  return tree_->record_count();
}

void Zone::for_each_set(const std::function<void(const wire::RRsetView&)>& take) const {
  const StoredSet soa = tree_->soa();
  take(soa.view(tree_->apex()));
  for (const NameTree::Id node : tree_->in_canonical_order()) {
    const StoredSets sets = tree_->sets_at(node);
    if (sets.empty()) continue;
    const wire::Name owner = tree_->name_of(node);
    for (const StoredSet& set : sets)
      if (node != NameTree::root || set.type != wire::RRType::SOA) take(set.view(owner));
  }
}

}  // namespace cairn::zones
