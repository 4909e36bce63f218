#include "wire/rrset.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace cairn::wire {
namespace {

/// Where the set of a record stands among those made so far. A message of ordinary size is searched
/// from one end to the other; one of thousands of sets, as an attacker may send, through a tree.
class SetIndex {
 public:
  SetIndex(const std::vector<RRset>& sets, std::size_t records)
      : sets_(sets), many_(records > 32) {}

  std::optional<std::size_t> find(const Record& record, RRType type) const {
    if (many_) {
      const auto at = places_.find({record.rrclass, type, &record.owner});
      return at == places_.end() ? std::nullopt : std::optional{at->second};
    }
    for (std::size_t at = 0; at < sets_.size(); ++at)
      if (sets_[at].type == type && sets_[at].rrclass == record.rrclass &&
          sets_[at].owner == record.owner)
        return at;
    return std::nullopt;
  }
  /// After the set of `record` has been added as the last one.
  void add(const Record& record) {
    if (many_) places_.emplace(Key{record.rrclass, record.type, &record.owner}, sets_.size() - 1);
  }

 private:
  struct Key {
    RRClass rrclass;
    RRType type;
    const Name* owner;

    /// Some order, cheaper than the canonical one.
    bool operator<(const Key& other) const {
      const auto mine = std::tuple(owner->size(), type, rrclass);
      const auto its = std::tuple(other.owner->size(), other.type, other.rrclass);
      if (mine != its) return mine < its;
      return std::ranges::lexicographical_compare(owner->wire(), other.owner->wire(), {}, fold,
                                                  fold);
    }
  };

  const std::vector<RRset>& sets_;
  bool many_;
  std::map<Key, std::size_t> places_;  // the owners are those of the records
};

}  // namespace

RdataList RdataList::from_packed(Bytes packed, std::size_t count) {
  RdataList list;
  list.packed_ = std::move(packed);
  list.count_ = count;
  return list;
}

bool RdataList::contains(RdataView rdata) const {
  return std::any_of(begin(), end(),
                     [&](RdataView held) { return std::ranges::equal(held, rdata); });
}

bool RdataList::add(RdataView rdata) {
  if (rdata.size() > 65535 || contains(rdata)) return false;
  const std::size_t at = packed_.size();
  packed_.resize(at + 2 + rdata.size());
  packed_[at] = static_cast<std::uint8_t>(rdata.size() >> 8);
  packed_[at + 1] = static_cast<std::uint8_t>(rdata.size() & 0xff);
  std::copy(rdata.begin(), rdata.end(), packed_.begin() + static_cast<std::ptrdiff_t>(at) + 2);
  ++count_;
  return true;
}

RdataView RdataList::operator[](std::size_t index) const {
  Iterator at = begin();
  while (index-- > 0) ++at;
  return *at;
}

RdataView RdataListView::operator[](std::size_t index) const {
  Iterator at = begin();
  while (index-- > 0) ++at;
  return *at;
}

RdataList RdataListView::copy() const {
  return RdataList::from_packed({packed_.begin(), packed_.end()}, count_);
}

bool RRset::operator==(const RRset& other) const {
  return type == other.type && rrclass == other.rrclass && ttl == other.ttl &&
         owner == other.owner && rdata == other.rdata && signatures == other.signatures;
}

RRset copy_of(const RRsetView& view) {
  return {*view.owner,  view.type,         view.rrclass,
          view.ttl,     view.rdata.copy(), view.signatures.copy(),
          view.security};
}

std::vector<RRset> group(std::span<const Record> records) {
  std::vector<RRset> sets;
  SetIndex index(sets, records.size());
  const auto add = [&](const Record& record) {
    std::optional<std::size_t> place = index.find(record, record.type);
    if (!place) {
      place = sets.size();
      sets.push_back({record.owner, record.type, record.rrclass, record.ttl, {}, {}});
      index.add(record);
    }
    RRset& set = sets[*place];
    set.ttl = std::min(set.ttl, record.ttl);
    set.rdata.add(record.rdata);
  };
  for (const Record& record : records)
    if (record.type != RRType::RRSIG) add(record);
  for (const Record& record : records) {
    if (record.type != RRType::RRSIG) continue;
    const RRType type = record.rdata.size() < 2
                            ? RRType::RRSIG
                            : static_cast<RRType>(record.rdata[0] << 8 | record.rdata[1]);
    // Signatures are not signed (RFC 4035 section 2.2).
    const auto covered = type == RRType::RRSIG ? std::nullopt : index.find(record, type);
    if (covered)
      sets[*covered].signatures.add(record.rdata);
    else
      add(record);
  }
  return sets;
}

}  // namespace cairn::wire
