// What a zone consists of: the tree of its names, and at each name its sets. And the one question
// that RFC 1034 section 4.3.2 step 3 asks of it: walking down from the apex towards a name, where
// does one stop, and why?
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wire/result.hpp"
#include "wire/rrset.hpp"
#include "zones/name_tree.hpp"
#include "zones/rotation.hpp"
#include "zones/zone.hpp"

namespace cairn::zones {

/// Where the walk to a name ended.
struct Place {
  enum class Kind : std::uint8_t {
    Exact,    // at the name itself, perhaps an empty non-terminal (RFC 4592 section 2.2.2)
    Missing,  // at its closest encloser: the next label is not there
    Cut,      // at a delegation at or above the name
    Dname,    // at a DNAME strictly above the name
  };
  Kind kind = Kind::Missing;
  NameTree::Id node = NameTree::root;
};

class ZoneTree {
 public:
  /// Checks the rules of Zone::from_records.
  static wire::Result<std::unique_ptr<const ZoneTree>> build(const wire::Name& apex,
                                                             std::span<const wire::Record> records,
                                                             const ZoneOptions& options);

  /// `name` is at or below the apex. The parent's side of a cut answers for its DS (RFC 4035
  /// section 3.1.4.1), so a question for it does not stop there.
  Place locate(const wire::Name& name, wire::RRType type) const;
  /// The node of `name` whatever delegations stand above it (glue lives there); none if it is not
  /// there.
  NameTree::Id node_of(const wire::Name& name) const;
  /// The `*` below `encloser`: the source of synthesis (RFC 4592 section 3.3.1), or none.
  NameTree::Id wildcard_below(NameTree::Id encloser) const;

  std::span<const wire::RRset> sets_at(NameTree::Id node) const {
    return {sets_.data() + nodes_[node].first_set, nodes_[node].set_count};
  }
  /// nullptr if there is none.
  const wire::RRset* set_at(NameTree::Id node, wire::RRType type) const;

  /// The set as it goes out now: each call moves the turn of an address set on by one.
  wire::RRsetView rotated(const wire::RRset& set) const;

  const wire::Name& apex() const { return apex_; }
  const wire::RRset& soa() const { return *soa_; }
  std::uint32_t serial() const { return serial_; }
  wire::Ttl negative_ttl() const { return negative_ttl_; }  // RFC 2308 section 3
  std::span<const wire::RRset> sets() const { return sets_; }
  std::size_t record_count() const { return record_count_; }

 private:
  friend class ZoneBuilder;
  struct Node {
    std::uint32_t first_set = 0;
    std::uint32_t set_count = 0;
    bool cut = false;
    bool dname = false;
  };

  ZoneTree(const wire::Name& apex, const ZoneOptions& options)
      : apex_(apex),
        apex_labels_(apex.label_count()),
        rotation_(options.rotation),
        names_(options.hash_key) {}

  wire::Name apex_;
  std::size_t apex_labels_;
  Rotation rotation_;
  NameTree names_;                 // its root is the apex
  std::vector<Node> nodes_;        // by node of names_
  std::vector<wire::RRset> sets_;  // those of a node side by side, by type
  std::vector<Turn> turns_;        // by set
  const wire::RRset* soa_ = nullptr;
  std::uint32_t serial_ = 0;
  wire::Ttl negative_ttl_;
  std::size_t record_count_ = 0;
};

}  // namespace cairn::zones
