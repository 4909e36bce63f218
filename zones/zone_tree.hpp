// What a zone consists of: the tree of its names, and at each name its sets. And the one question
// that RFC 1034 section 4.3.2 step 3 asks of it: walking down from the apex towards a name, where
// does one stop, and why?
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wire/rrset.hpp"
#include "zones/name_tree.hpp"
#include "zones/rotation.hpp"
#include "zones/set_store.hpp"
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
  std::size_t labels = 0;  // of the node's name
};

class ZoneTree {
 public:
  /// `name` is at or below the apex. The parent's side of a cut answers for its DS (RFC 4035
  /// section 3.1.4.1), so a question for it does not stop there.
  Place locate(const wire::Name& name, wire::RRType type) const;
  /// The node of `name` whatever delegations stand above it (glue lives there); none if it is not
  /// there.
  NameTree::Id node_of(const wire::Name& name) const;
  /// The `*` below `encloser`: the source of synthesis (RFC 4592 section 3.3.1), or none.
  NameTree::Id wildcard_below(NameTree::Id encloser) const;

  StoredSets sets_at(NameTree::Id node) const { return store_.at(place_of_[node]); }
  std::optional<StoredSet> set_at(NameTree::Id node, wire::RRType type) const {
    return sets_at(node).find(type);
  }

  /// The set as it goes out now: each call moves the turn of an address set on by one.
  wire::RRsetView rotated(const StoredSet& set, const wire::Name& owner) const;

  const wire::Name& apex() const { return apex_; }
  StoredSet soa() const { return *set_at(NameTree::root, wire::RRType::SOA); }
  std::uint32_t serial() const { return serial_; }
  wire::Ttl negative_ttl() const { return negative_ttl_; }  // RFC 2308 section 3
  std::size_t record_count() const { return record_count_; }

  /// As it was first written.
  wire::Name name_of(NameTree::Id node) const;
  /// All nodes in canonical order (RFC 4034 section 6.1), also those without data.
  std::vector<NameTree::Id> in_canonical_order() const;

 private:
  friend class ZoneBuilder;

  ZoneTree(const wire::Name& apex, const ZoneOptions& options)
      : apex_(apex),
        apex_labels_(apex.label_count()),
        rotation_(options.rotation),
        names_(options.hash_key) {}

  wire::Name apex_;
  std::size_t apex_labels_;
  Rotation rotation_;
  NameTree names_;                         // its root is the apex
  std::vector<SetStore::Place> place_of_;  // by node of names_
  SetStore store_;
  std::vector<Turn> turns_;  // by StoredSet::turn
  std::uint32_t serial_ = 0;
  wire::Ttl negative_ttl_;
  std::size_t record_count_ = 0;
};

}  // namespace cairn::zones
