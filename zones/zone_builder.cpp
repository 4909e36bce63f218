#include "zones/zone_builder.hpp"

#include <algorithm>

namespace cairn::zones {

using wire::RRType;

namespace {

/// RFC 4035 section 2.5.
bool may_stand_beside_cname(RRType type) {
  return type == RRType::CNAME || type == RRType::RRSIG || type == RRType::NSEC ||
         type == RRType::KEY;
}

}  // namespace

std::string ZoneProblem::to_text() const {
  return owner.to_text() + (type ? " " + wire::to_text(*type) : "") + ": " + rule;
}

std::string ZoneBuilder::add(const ZoneFileRecord& record) {
  if (node_ == NameTree::none || !(record.owner == owner_)) {
    if (!record.owner.is_within(tree_->apex_)) return why_not(record);
    pack();
    owner_ = record.owner;
    node_ = add_name(owner_);
  }
  if (auto why = why_not(record); !why.empty()) return why;
  keep(record.type, record.ttl, record.rdata);
  return {};
}

std::string ZoneBuilder::why_not(const ZoneFileRecord& record) const {
  const auto bad = [&](std::string rule) {
    return ZoneProblem{record.owner, record.type, std::move(rule)}.to_text();
  };
  if (record.rrclass != wire::RRClass::IN)
    return bad("class " + to_text(record.rrclass) + "; a zone here has class IN only");
  if (wire::is_meta(record.type))
    return bad("a type for questions and messages only (RFC 6895 section 3.1); remove it");
  if (node_ == NameTree::none || !(record.owner == owner_))
    return bad("outside the zone " + tree_->apex_.to_text() + "; is a final dot too many?");
  if (record.type == RRType::SOA && node_ != NameTree::root)
    return bad("a SOA belongs to the apex " + tree_->apex_.to_text() +
               " only (RFC 1035 section 5.2)");
  return {};
}

void ZoneBuilder::keep(RRType type, wire::Ttl ttl, wire::RdataView rdata) {
  pending_.push_back({type, ttl, static_cast<std::uint32_t>(octets_.size()),
                      static_cast<std::uint32_t>(rdata.size())});
  octets_.insert(octets_.end(), rdata.begin(), rdata.end());
}

NameTree::Id ZoneBuilder::add_name(const wire::Name& name) {
  const Labels labels(name);
  NameTree::Id node = NameTree::root;
  for (std::size_t depth = tree_->apex_labels_; depth < labels.size(); ++depth)
    node = tree_->names_.add_child(node, labels[depth]);
  tree_->place_of_.resize(tree_->names_.size());
  return node;
}

/// What was gathered for the present node becomes its block.
void ZoneBuilder::pack() {
  if (pending_.empty()) return;
  records_.clear();
  for (const Pending& record : pending_)
    records_.push_back({record.type, record.ttl, {octets_.data() + record.data_at, record.size}});
  const SetStore::Packed packed = tree_->store_.add(records_);
  if (packed.too_large)
    problem(node_, *packed.too_large, "more data than a DNS message can carry (65535 octets)");
  tree_->record_count_ += packed.records;
  SetStore::Place& place = tree_->place_of_[node_];
  if (place != 0) earlier_.emplace_back(node_, place);
  place = packed.place;
  pending_.clear();
  octets_.clear();
}

/// Nodes whose records did not come one behind the other have several blocks: they get one.
void ZoneBuilder::join() {
  std::stable_sort(earlier_.begin(), earlier_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto earlier = std::exchange(earlier_, {});
  for (auto at = earlier.begin(); at != earlier.end();) {
    node_ = at->first;
    for (; at != earlier.end() && at->first == node_; ++at) take_back(tree_->store_.at(at->second));
    take_back(tree_->sets_at(node_));
    tree_->place_of_[node_] = 0;
    pack();
  }
  if (earlier.size() > tree_->names_.size() / 8) tree_->store_.compact(tree_->place_of_);
}

void ZoneBuilder::take_back(StoredSets sets) {
  for (const StoredSet& set : sets) {
    for (const wire::RdataView rdata : set.rdata) keep(set.type, set.ttl, rdata);
    for (const wire::RdataView rdata : set.signatures) keep(RRType::RRSIG, set.ttl, rdata);
    tree_->record_count_ -= set.rdata.size() + set.signatures.size();
  }
}

ZoneBuilder::Built ZoneBuilder::finish() {
  pack();
  join();
  tree_->place_of_.resize(tree_->names_.size());
  for (NameTree::Id node = 0; node < tree_->names_.size(); ++node) judge(node);
  learn_apex();
  if (!problems_.empty()) return {nullptr, std::move(problems_)};
  tree_->turns_ = std::vector<Turn>(tree_->store_.turns());
  return {std::move(tree_), {}};
}

void ZoneBuilder::judge(NameTree::Id node) {
  const StoredSets sets = tree_->sets_at(node);
  std::uint16_t flags = 0;
  for (const StoredSet& set : sets) {
    judge(node, set, sets);
    if (node != NameTree::root && set.type == RRType::NS) flags |= StoredSets::cut;
    if (set.type == RRType::DNAME) flags |= StoredSets::dname;
  }
  if (flags != 0) tree_->store_.mark(tree_->place_of_[node], flags);
  has_dname_ = has_dname_ || (flags & StoredSets::dname) != 0;
  // RFC 6672 section 2.4; what proves absence in a signed zone is no data of the name.
  // Parents have lower ids: their flags stand already.
  if (!has_dname_ || sets.empty() || !is_below_dname(node)) return;
  if (const RRType first = (*sets.begin()).type; first != RRType::NSEC3)
    problem(node, first, "below a DNAME nothing may stand (RFC 6672 section 2.4)");
}

bool ZoneBuilder::is_below_dname(NameTree::Id node) const {
  while (node != NameTree::root) {
    node = tree_->names_.parent(node);
    if (tree_->sets_at(node).has(StoredSets::dname)) return true;
  }
  return false;
}

void ZoneBuilder::judge(NameTree::Id node, const StoredSet& set, StoredSets beside) {
  const bool alias = set.type == RRType::CNAME;
  const bool single = alias || set.type == RRType::DNAME || set.type == RRType::SOA;
  if (single && set.rdata.size() > 1)
    problem(node, set.type, "a name has one at most; remove the others");
  if (alias)
    for (auto other = beside.begin(); other != beside.end(); ++other)
      if (!may_stand_beside_cname(other.type()))
        problem(node, set.type,
                "beside " + to_text(other.type()) +
                    "; an alias has no other data (RFC 1034 section 3.6.2)");
  if (set.type == RRType::NS && node != NameTree::root && tree_->name_of(node).is_wildcard())
    problem(node, set.type, "a wildcard cannot be delegated (RFC 4592 section 4.2)");
}

void ZoneBuilder::learn_apex() {
  const auto soa = tree_->set_at(NameTree::root, RRType::SOA);
  if (!soa) problem(NameTree::root, {}, "the zone has no SOA at its apex; add one");
  if (!tree_->set_at(NameTree::root, RRType::NS))
    problem(NameTree::root, {}, "the zone has no NS at its apex; add one");
  if (!soa) return;
  const wire::RdataView timers = soa->rdata[0].last(20);  // serial ... minimum, 32 bits each
  const auto u32 = [&](std::size_t at) {
    return static_cast<std::uint32_t>(timers[at] << 24 | timers[at + 1] << 16 |
                                      timers[at + 2] << 8 | timers[at + 3]);
  };
  tree_->serial_ = u32(0);
  tree_->negative_ttl_ = std::min(soa->ttl, wire::Ttl::from_wire(u32(16)));
}

void ZoneBuilder::problem(NameTree::Id node, std::optional<RRType> type, std::string rule) {
  if (problems_.size() < most_problems)
    problems_.push_back({tree_->name_of(node), type, std::move(rule)});
}

}  // namespace cairn::zones
