#include "wire/rrset.hpp"

#include <algorithm>

namespace cairn::wire {

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
  packed_.reserve(packed_.size() + 2 + rdata.size());
  packed_.push_back(static_cast<std::uint8_t>(rdata.size() >> 8));
  packed_.push_back(static_cast<std::uint8_t>(rdata.size() & 0xff));
  packed_.insert(packed_.end(), rdata.begin(), rdata.end());
  ++count_;
  return true;
}

RdataView RdataList::operator[](std::size_t index) const {
  Iterator at = begin();
  while (index-- > 0) ++at;
  return *at;
}

std::vector<RRset> group(std::span<const Record> records) {
  std::vector<RRset> sets;
  const auto set_of = [&](const Record& record, RRType type) {
    return std::find_if(sets.begin(), sets.end(), [&](const RRset& set) {
      return set.type == type && set.rrclass == record.rrclass && set.owner == record.owner;
    });
  };
  const auto add = [&](const Record& record) {
    auto set = set_of(record, record.type);
    if (set == sets.end()) {
      sets.push_back({record.owner, record.type, record.rrclass, record.ttl, {}, {}});
      set = std::prev(sets.end());
    }
    set->ttl = std::min(set->ttl, record.ttl);
    set->rdata.add(record.rdata);
  };
  for (const Record& record : records)
    if (record.type != RRType::RRSIG) add(record);
  for (const Record& record : records) {
    if (record.type != RRType::RRSIG) continue;
    const auto covered =
        record.rdata.size() < 2
            ? sets.end()
            : set_of(record, static_cast<RRType>(record.rdata[0] << 8 | record.rdata[1]));
    if (covered == sets.end())
      add(record);
    else
      covered->signatures.add(record.rdata);
  }
  return sets;
}

}  // namespace cairn::wire
