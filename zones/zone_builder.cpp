// Records to a ZoneTree: first every record finds its node, then the records of each node become
// sets, then each node is judged by the rules of a zone.
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "wire/rdata_layout.hpp"
#include "zones/zone_tree.hpp"

namespace cairn::zones {

using wire::Error;
using wire::Record;
using wire::RRset;
using wire::RRType;

class ZoneBuilder {
 public:
  ZoneBuilder(const wire::Name& apex, std::span<const Record> records, const ZoneOptions& options)
      : records_(records), tree_(new ZoneTree(apex, options)) {}

  wire::Result<std::unique_ptr<const ZoneTree>> build() {
    if (auto error = place_records()) return *error;
    make_sets();
    for (NameTree::Id node = 0; node < tree_->nodes_.size(); ++node)
      if (auto error = judge(node)) return *error;
    if (auto error = learn_apex()) return *error;
    return std::unique_ptr<const ZoneTree>(std::move(tree_));
  }

 private:
  using Problem = std::optional<Error>;

  static Error about(const RRset& set, const std::string& rule) {
    return {set.owner.to_text() + " " + to_text(set.type) + ": " + rule};
  }

  Problem place_records() {
    node_of_.reserve(records_.size());
    tree_->names_.reserve(records_.size() / 2);
    const wire::Name* last = nullptr;
    for (const Record& record : records_) {
      if (auto error = check(record)) return error;
      const bool same = last != nullptr && record.owner == *last;
      node_of_.push_back(same ? node_of_.back() : add_name(record.owner));
      last = &record.owner;
    }
    return std::nullopt;
  }

  Problem check(const Record& record) const {
    const auto bad = [&](const std::string& rule) {
      return Error{record.owner.to_text() + " " + to_text(record.type) + ": " + rule};
    };
    if (record.rrclass != wire::RRClass::IN)
      return bad("class " + to_text(record.rrclass) + "; a zone here has class IN only");
    if (!record.owner.is_within(tree_->apex_))
      return bad("outside the zone " + tree_->apex_.to_text() + "; is a final dot too many?");
    if (wire::is_meta(record.type))
      return bad("a type for questions and messages only (RFC 6895 section 3.1); remove it");
    if (!wire::is_well_formed(record.type, record.rdata))
      return bad("its data does not have the form of its type");
    if (record.type == RRType::SOA && !(record.owner == tree_->apex_))
      return bad("a SOA belongs to the apex " + tree_->apex_.to_text() +
                 " only (RFC 1035 section 5.2)");
    return std::nullopt;
  }

  NameTree::Id add_name(const wire::Name& name) {
    const Labels labels(name);
    NameTree::Id node = NameTree::root;
    for (std::size_t depth = tree_->apex_labels_; depth < labels.size(); ++depth)
      node = tree_->names_.add_child(node, labels[depth]);
    return node;
  }

  void make_sets() {
    // Counting sort: the records of a node side by side, in the order they came.
    std::vector<std::uint32_t> ends(tree_->names_.size() + 1);
    for (const NameTree::Id node : node_of_) ++ends[node + 1];
    for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
    std::vector<std::uint32_t> order(records_.size());
    std::vector<std::uint32_t> next(ends.begin(), ends.end() - 1);
    for (std::uint32_t i = 0; i < node_of_.size(); ++i) order[next[node_of_[i]]++] = i;

    const auto by_set = [this](std::uint32_t a, std::uint32_t b) {
      return set_key(records_[a]) < set_key(records_[b]);
    };
    std::size_t set_count = 0;
    for (std::size_t node = 0; node + 1 < ends.size(); ++node) {
      const auto first = order.begin() + ends[node];
      const auto last = order.begin() + ends[node + 1];
      // By set, then as they came; not stable_sort, which allocates at each call.
      std::sort(first, last, [&](std::uint32_t a, std::uint32_t b) {
        return by_set(a, b) || (!by_set(b, a) && a < b);
      });
      for (auto at = first; at != last; ++at)
        if (at == first || by_set(*(at - 1), *at)) ++set_count;
    }
    tree_->sets_.reserve(set_count);
    tree_->nodes_.resize(tree_->names_.size());
    for (std::size_t node = 0; node + 1 < ends.size(); ++node)
      fill(tree_->nodes_[node], std::span(order).subspan(ends[node], ends[node + 1] - ends[node]));
    tree_->turns_ = std::vector<Turn>(tree_->sets_.size());
  }

  /// Sets by type, the RRSIGs of a set right behind it.
  static std::pair<std::uint16_t, bool> set_key(const Record& record) {
    const bool signature = record.type == RRType::RRSIG;
    return {static_cast<std::uint16_t>(signature ? record.rdata[0] << 8 | record.rdata[1]
                                                 : static_cast<int>(record.type)),
            signature};
  }

  void fill(ZoneTree::Node& node, std::span<const std::uint32_t> order) {
    auto& sets = tree_->sets_;
    node.first_set = static_cast<std::uint32_t>(sets.size());
    RRset orphans;  // RRSIGs of what is not there: carried, so that an export has them
    for (const std::uint32_t index : order) {
      const Record& record = records_[index];
      const bool here = sets.size() > node.first_set;
      if (record.type == RRType::RRSIG) {
        const RRType covered{set_key(record).first};
        if (here && sets.back().type == covered) {
          tree_->record_count_ += sets.back().signatures.add(record.rdata);
          continue;
        }
        add(orphans, record);
      } else {
        if (!here || sets.back().type != record.type) sets.emplace_back();
        add(sets.back(), record);
      }
    }
    if (!orphans.rdata.empty()) sets.push_back(std::move(orphans));
    node.set_count = static_cast<std::uint32_t>(sets.size() - node.first_set);
  }

  void add(RRset& set, const Record& record) {
    if (set.rdata.empty()) {
      set.owner = record.owner;
      set.type = record.type;
      set.ttl = record.ttl;
    }
    set.ttl = std::min(set.ttl, record.ttl);  // RFC 2181 section 5.2
    tree_->record_count_ += set.rdata.add(record.rdata);
  }

  Problem judge(NameTree::Id id) {
    ZoneTree::Node& node = tree_->nodes_[id];
    const std::span<const RRset> sets = tree_->sets_at(id);
    for (const RRset& set : sets) {
      if (auto error = judge(set, sets)) return error;
      if (id != NameTree::root && set.type == RRType::NS) node.cut = true;
      if (set.type == RRType::DNAME) node.dname = true;
    }
    // RFC 6672 section 2.4; what proves absence in a signed zone is no data of the name.
    // Parents have lower ids: their flags stand already.
    const bool below_dname = id != NameTree::root && is_below_dname(id);
    if (below_dname && !sets.empty() && sets[0].type != RRType::NSEC3)
      return about(sets[0], "below a DNAME nothing may stand (RFC 6672 section 2.4)");
    return std::nullopt;
  }

  bool is_below_dname(NameTree::Id id) const {
    while (id != NameTree::root) {
      id = tree_->names_.parent(id);
      if (tree_->nodes_[id].dname) return true;
    }
    return false;
  }

  static Problem judge(const RRset& set, std::span<const RRset> beside) {
    if (set.rdata.packed().size() > max_set_octets)
      return about(set, "more data than a DNS message can carry (65535 octets)");
    const bool alias = set.type == RRType::CNAME;
    const bool single = alias || set.type == RRType::DNAME || set.type == RRType::SOA;
    if (single && set.rdata.size() > 1)
      return about(set, "a name has one at most; remove the others");
    if (alias)
      for (const RRset& other : beside)
        if (!may_stand_beside_cname(other.type))
          return about(set, "beside " + to_text(other.type) +
                                "; an alias has no other data (RFC 1034 section 3.6.2)");
    if (set.owner.is_wildcard() && set.type == RRType::NS)
      return about(set, "a wildcard cannot be delegated (RFC 4592 section 4.2)");
    return std::nullopt;
  }

  /// RFC 4035 section 2.5.
  static bool may_stand_beside_cname(RRType type) {
    return type == RRType::CNAME || type == RRType::RRSIG || type == RRType::NSEC ||
           type == RRType::KEY;
  }

  Problem learn_apex() {
    const RRset* soa = tree_->set_at(NameTree::root, RRType::SOA);
    const std::string apex = tree_->apex_.to_text();
    if (soa == nullptr) return Error{apex + ": the zone has no SOA at its apex; add one"};
    if (tree_->set_at(NameTree::root, RRType::NS) == nullptr)
      return Error{apex + ": the zone has no NS at its apex; add one"};
    const wire::RdataView timers = soa->rdata[0].last(20);  // serial ... minimum, 32 bits each
    const auto u32 = [&](std::size_t at) {
      return static_cast<std::uint32_t>(timers[at] << 24 | timers[at + 1] << 16 |
                                        timers[at + 2] << 8 | timers[at + 3]);
    };
    tree_->soa_ = soa;
    tree_->serial_ = u32(0);
    tree_->negative_ttl_ = std::min(soa->ttl, wire::Ttl::from_wire(u32(16)));
    return std::nullopt;
  }

  static constexpr std::size_t max_set_octets = 65535;

  std::span<const Record> records_;
  std::unique_ptr<ZoneTree> tree_;
  std::vector<NameTree::Id> node_of_;  // by record
};

wire::Result<std::unique_ptr<const ZoneTree>> ZoneTree::build(const wire::Name& apex,
                                                              std::span<const Record> records,
                                                              const ZoneOptions& options) {
  return ZoneBuilder(apex, records, options).build();
}

}  // namespace cairn::zones
