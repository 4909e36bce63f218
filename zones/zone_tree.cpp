#include "zones/zone_tree.hpp"

namespace cairn::zones {

using wire::RRType;

Place ZoneTree::locate(const wire::Name& name, RRType type) const {
  const Labels labels(name);
  NameTree::Id at = NameTree::root;
  for (std::size_t depth = apex_labels_; depth < labels.size(); ++depth) {
    if (nodes_[at].dname) return {Place::Kind::Dname, at};
    const NameTree::Id next = names_.child(at, labels[depth]);
    if (next == NameTree::none) return {Place::Kind::Missing, at};
    at = next;
    const bool parent_answers = depth + 1 == labels.size() && type == RRType::DS;
    if (nodes_[at].cut && !parent_answers) return {Place::Kind::Cut, at};
  }
  return {Place::Kind::Exact, at};
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

const wire::RRset* ZoneTree::set_at(NameTree::Id node, RRType type) const {
  for (const wire::RRset& set : sets_at(node))
    if (set.type == type) return &set;
  return nullptr;
}

wire::RRsetView ZoneTree::rotated(const wire::RRset& set) const {
  wire::RRsetView out = wire::view(set);
  const bool addresses = set.type == RRType::A || set.type == RRType::AAAA;
  if (addresses && set.rdata.size() > 1 && rotation_ == Rotation::Cyclic)
    out.first = turns_[static_cast<std::size_t>(&set - sets_.data())].next(set.rdata.size());
  return out;
}

}  // namespace cairn::zones
