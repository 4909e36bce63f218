#include "zones/zone_tree.hpp"

#include <algorithm>
#include <span>

namespace cairn::zones {

using wire::RRType;

namespace {

/// Canonical order of two labels (RFC 4034 section 6.1).
bool comes_before(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return std::ranges::lexicographical_compare(a, b, {}, wire::fold, wire::fold);
}

}  // namespace

Place ZoneTree::locate(const wire::Name& name, RRType type) const {
  const Labels labels(name);
  NameTree::Id at = NameTree::root;
  for (std::size_t depth = apex_labels_; depth < labels.size(); ++depth) {
    if (sets_at(at).has(StoredSets::dname)) return {Place::Kind::Dname, at, depth};
    const NameTree::Id next = names_.child(at, labels[depth]);
    if (next == NameTree::none) return {Place::Kind::Missing, at, depth};
    at = next;
    const bool parent_answers = depth + 1 == labels.size() && type == RRType::DS;
    if (!parent_answers && sets_at(at).has(StoredSets::cut))
      return {Place::Kind::Cut, at, depth + 1};
  }
  return {Place::Kind::Exact, at, labels.size()};
}

NameTree::Id ZoneTree::node_of(const wire::Name& name) const {
  const Labels labels(name);
  NameTree::Id at = NameTree::root;
  for (std::size_t depth = apex_labels_; depth < labels.size() && at != NameTree::none; ++depth)
    at = names_.child(at, labels[depth]);
  return at;
}

NameTree::Id ZoneTree::wildcard_below(NameTree::Id encloser) const {
  static constexpr std::uint8_t star[] = {'*'};
  return names_.child(encloser, star);
}

wire::RRsetView ZoneTree::rotated(const StoredSet& set, const wire::Name& owner) const {
  wire::RRsetView out = set.view(owner);
  if (set.turn && rotation_ == Rotation::Cyclic)
    out.first = turns_[*set.turn].next(set.rdata.size());
  return out;
}

wire::Name ZoneTree::name_of(NameTree::Id node) const {
  wire::Bytes octets;
  for (; node != NameTree::root; node = names_.parent(node)) {
    const auto label = names_.label(node);
    octets.push_back(static_cast<std::uint8_t>(label.size()));
    octets.insert(octets.end(), label.begin(), label.end());
  }
  const auto apex = apex_.wire();
  octets.insert(octets.end(), apex.begin(), apex.end());
  return *wire::Name::from_wire(octets);
}

std::vector<NameTree::Id> ZoneTree::in_canonical_order() const {
  // The children of each node side by side, by a counting sort: a parent stands before its
  // children in the order of ids.
  const auto count = static_cast<NameTree::Id>(names_.size());
  std::vector<std::uint32_t> ends(count + std::size_t{1});
  for (NameTree::Id node = 1; node < count; ++node) ++ends[names_.parent(node) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<NameTree::Id> children(count - 1);
  {
    std::vector<std::uint32_t> next(ends.begin(), ends.end() - 1);
    for (NameTree::Id node = 1; node < count; ++node) children[next[names_.parent(node)]++] = node;
  }
  // The stack gives the last one back first: each node's children lie on it in reverse.
  for (NameTree::Id node = 0; node < count; ++node)
    std::sort(children.begin() + ends[node], children.begin() + ends[node + std::size_t{1}],
              [this](NameTree::Id a, NameTree::Id b) {
                return comes_before(names_.label(b), names_.label(a));
              });
  std::vector<NameTree::Id> order, waiting{NameTree::root};
  order.reserve(count);
  while (!waiting.empty()) {
    const NameTree::Id node = waiting.back();
    waiting.pop_back();
    order.push_back(node);
    waiting.insert(waiting.end(), children.begin() + ends[node],
                   children.begin() + ends[node + std::size_t{1}]);
  }
  return order;
}

}  // namespace cairn::zones
