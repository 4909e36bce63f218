// Records to a ZoneTree, one after the other: each goes to the node of its name, the records of a
// node become sets, and in the end each node is judged by the rules of a zone. The records of a
// name mostly come one behind the other, so that they are packed as soon as the next name begins:
// there is no second copy of the zone while it is made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/rrset.hpp"
#include "zones/zone_file.hpp"
#include "zones/zone_tree.hpp"

namespace cairn::zones {

/// A rule of zones that is broken.
struct ZoneProblem {
  wire::Name owner;
  std::optional<wire::RRType> type;  // none: it is about all that is there, or is not
  std::string rule;

  std::string to_text() const;
};

class ZoneBuilder {
 public:
  ZoneBuilder(const wire::Name& apex, const ZoneOptions& options)
      : tree_(new ZoneTree(apex, options)) {}

  /// Empty, or why the record cannot be in the zone; then it is left out. Its data is well formed.
  std::string add(const ZoneFileRecord& record);

  /// The zone, when there are no problems; at most `most_problems` are told. Once.
  struct Built {
    std::unique_ptr<const ZoneTree> tree;
    std::vector<ZoneProblem> problems;
  };
  static constexpr std::size_t most_problems = 100;
  Built finish();

 private:
  /// A record of the present node: its data lies in octets_.
  struct Pending {
    wire::RRType type;
    wire::Ttl ttl;
    std::uint32_t data_at;
    std::uint32_t size;
  };

  std::string why_not(const ZoneFileRecord& record) const;
  void keep(wire::RRType type, wire::Ttl ttl, wire::RdataView rdata);
  NameTree::Id add_name(const wire::Name& name);
  void pack();
  void join();
  void take_back(StoredSets sets);
  void judge(NameTree::Id node);
  void judge(NameTree::Id node, const StoredSet& set, StoredSets beside);
  bool is_below_dname(NameTree::Id node) const;
  void learn_apex();
  void problem(NameTree::Id node, std::optional<wire::RRType> type, std::string rule);

  std::unique_ptr<ZoneTree> tree_;
  std::vector<ZoneProblem> problems_;

  wire::Name owner_;  // of the present node
  NameTree::Id node_ = NameTree::none;
  std::vector<Pending> pending_;
  wire::Bytes octets_;
  std::vector<UnpackedRecord> records_;
  /// Blocks of nodes that were packed before all their records had come.
  std::vector<std::pair<NameTree::Id, SetStore::Place>> earlier_;
  bool has_dname_ = false;
};

}  // namespace cairn::zones
