#include "zones/zone.hpp"

#include <algorithm>
#include <utility>

#include "zones/zone_tree.hpp"

namespace cairn::zones {

wire::Result<std::shared_ptr<const Zone>> Zone::from_records(const wire::Name& apex,
                                                             std::span<const wire::Record> records,
                                                             const ZoneOptions& options) {
  auto tree = ZoneTree::build(apex, records, options);
  if (!tree.ok()) return wire::Error{tree.error()};
  return std::shared_ptr<const Zone>(new Zone(std::move(tree).value()));
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

std::vector<const wire::RRset*> Zone::rrsets() const {
  std::vector<const wire::RRset*> sets;
  sets.reserve(tree_->sets().size());
  for (const wire::RRset& set : tree_->sets()) sets.push_back(&set);
  std::sort(sets.begin(), sets.end(), [this](const wire::RRset* a, const wire::RRset* b) {
    const bool a_first = a == &tree_->soa(), b_first = b == &tree_->soa();
    if (a_first != b_first) return a_first;
    const auto order = a->owner <=> b->owner;
    return order != 0 ? order < 0 : a->type < b->type;
  });
  return sets;
}

}  // namespace cairn::zones
