#include "zones/set_store.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace cairn::zones {

using wire::RdataView;
using wire::RRType;

namespace {

/// The head of a set, as it lies in a block.
struct Head {
  std::uint16_t type;
  std::uint16_t records;
  std::uint32_t ttl;
  std::uint16_t octets;
  std::uint16_t signature_octets;
  std::uint16_t signatures;

  static constexpr std::size_t size = 14;

  static Head read(const std::uint8_t* at) {
    Head head;
    std::memcpy(&head.type, at, 2);
    std::memcpy(&head.records, at + 2, 2);
    std::memcpy(&head.ttl, at + 4, 4);
    std::memcpy(&head.octets, at + 8, 2);
    std::memcpy(&head.signature_octets, at + 10, 2);
    std::memcpy(&head.signatures, at + 12, 2);
    return head;
  }
  void write(std::uint8_t* at) const {
    std::memcpy(at, &type, 2);
    std::memcpy(at + 2, &records, 2);
    std::memcpy(at + 4, &ttl, 4);
    std::memcpy(at + 8, &octets, 2);
    std::memcpy(at + 10, &signature_octets, 2);
    std::memcpy(at + 12, &signatures, 2);
  }

  bool takes_turns() const {
    return records > 1 && (type == static_cast<std::uint16_t>(RRType::A) ||
                           type == static_cast<std::uint16_t>(RRType::AAAA));
  }
  std::size_t before_data() const { return size + (takes_turns() ? 4U : 0U); }
  std::size_t all_octets() const { return before_data() + std::size_t{octets} + signature_octets; }
};

/// Sets by type, the RRSIGs of a set right behind it.
std::pair<std::uint16_t, bool> key_of(const UnpackedRecord& record) {
  const bool signature = record.type == RRType::RRSIG;
  return {static_cast<std::uint16_t>(signature ? record.rdata[0] << 8 | record.rdata[1]
                                               : static_cast<int>(record.type)),
          signature};
}

std::string_view text_of(RdataView rdata) {
  return {reinterpret_cast<const char*>(rdata.data()), rdata.size()};
}

}  // namespace

StoredSet StoredSets::Iterator::operator*() const {
  const Head head = Head::read(at_);
  StoredSet set;
  set.type = RRType{head.type};
  set.ttl = {head.ttl};
  if (head.takes_turns()) {
    std::uint32_t turn;
    std::memcpy(&turn, at_ + Head::size, sizeof turn);
    set.turn = turn;
  }
  const std::uint8_t* data = at_ + head.before_data();
  set.rdata = {{data, head.octets}, head.records};
  set.signatures = {{data + head.octets, head.signature_octets}, head.signatures};
  return set;
}

StoredSets::Iterator& StoredSets::Iterator::operator++() {
  at_ += Head::read(at_).all_octets();
  --left_;
  return *this;
}

const std::uint8_t* StoredSets::block_end() const {
  auto at = begin();
  for (std::size_t left = size(); left > 0; --left) ++at;
  return at.at_;
}

std::optional<StoredSet> StoredSets::find(RRType type) const {
  for (auto at = begin(); at != end(); ++at)
    if (at.type() == type) return *at;
  return std::nullopt;
}

RRType StoredSets::Iterator::type() const {
  std::uint16_t type;
  std::memcpy(&type, at_, sizeof type);
  return RRType{type};
}

SetStore::Packed SetStore::add(Records records) {
  Packed packed;
  sort(records);
  orphans_.clear();
  block_.assign(4, 0);
  for (auto at = order_.begin(); at != order_.end();) {
    const std::uint16_t type = key_of(records[*at]).first;
    const auto signatures = std::find_if(at, order_.end(), [&](std::uint32_t index) {
      return key_of(records[index]) != std::pair(type, false);
    });
    const auto end = std::find_if(signatures, order_.end(), [&](std::uint32_t index) {
      return key_of(records[index]).first != type;
    });
    if (at != signatures)
      add_set(RRType{type}, records, Order(at, signatures), Order(signatures, end), packed);
    else
      orphans_.insert(orphans_.end(), signatures, end);
    at = end;
  }
  if (!orphans_.empty()) add_set(RRType::RRSIG, records, orphans_, {}, packed);
  packed.place = keep_block();
  return packed;
}

void SetStore::sort(Records records) {
  order_.resize(records.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(key_of(records[a]), a) < std::pair(key_of(records[b]), b);
  });
}

void SetStore::add_set(RRType type, Records records, Order data, Order signatures, Packed& packed) {
  const std::size_t start = block_.size();
  wire::Ttl ttl = records[data[0]].ttl;
  for (const std::uint32_t index : data) ttl = std::min(ttl, records[index].ttl);
  Head head{static_cast<std::uint16_t>(type),
            static_cast<std::uint16_t>(data.size()),
            ttl.seconds,
            0,
            0,
            0};
  block_.resize(start + Head::size);
  const auto its_data = add_list(records, data);
  const auto its_signatures = its_data ? add_list(records, signatures) : std::nullopt;
  if (!its_signatures) {
    block_.resize(start);
    if (!packed.too_large) packed.too_large = type;
    return;
  }
  head.records = its_data->records;
  head.octets = its_data->octets;
  head.signatures = its_signatures->records;
  head.signature_octets = its_signatures->octets;
  head.write(block_.data() + start);
  if (head.takes_turns()) {
    const auto* turn = reinterpret_cast<const std::uint8_t*>(&turns_);
    block_.insert(block_.begin() + static_cast<std::ptrdiff_t>(start + Head::size), turn, turn + 4);
    ++turns_;
  }
  std::uint16_t sets;
  std::memcpy(&sets, block_.data(), sizeof sets);
  ++sets;
  std::memcpy(block_.data(), &sets, sizeof sets);
  packed.records += its_data->records + its_signatures->records;
}

std::optional<SetStore::List> SetStore::add_list(Records records, Order order) {
  constexpr std::size_t few = 16;  // as many are compared with each other
  constexpr std::size_t most = 65535;
  std::unordered_set<std::string_view> seen;
  const std::size_t start = block_.size();
  List list;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const RdataView rdata = records[order[i]].rdata;
    const auto is_same = [&](std::uint32_t index) {
      return std::ranges::equal(records[index].rdata, rdata);
    };
    const bool there = order.size() > few ? !seen.insert(text_of(rdata)).second
                                          : std::any_of(order.begin(), order.begin() + i, is_same);
    if (there) continue;
    if (block_.size() - start + 2 + rdata.size() > most) return std::nullopt;
    block_.push_back(static_cast<std::uint8_t>(rdata.size() >> 8));
    block_.push_back(static_cast<std::uint8_t>(rdata.size() & 0xff));
    block_.insert(block_.end(), rdata.begin(), rdata.end());
    ++list.records;
  }
  list.octets = static_cast<std::uint16_t>(block_.size() - start);
  return list;
}

/// A block larger than a chunk has one of its own.
SetStore::Place SetStore::keep_block() {
  const std::size_t units = (block_.size() + 3) / 4;
  if (chunks_.empty() || used_ + units > chunk_units) {
    if (chunks_.size() == max_chunks) throw std::length_error("a zone has at most 16 GiB");
    used_ = chunks_.empty() ? 1 : 0;  // place 0 is nowhere
    chunks_.push_back(
        std::make_unique_for_overwrite<std::uint8_t[]>(std::max(used_ + units, chunk_units) * 4));
  }
  const auto place = static_cast<Place>((chunks_.size() - 1) << chunk_bits | used_);
  std::memcpy(address(place), block_.data(), block_.size());
  used_ += units;
  octets_ += units * 4;
  return place;
}

void SetStore::compact(std::span<Place> places) {
  SetStore fresh;
  fresh.turns_ = turns_;
  for (Place& place : places) {
    if (place == 0) continue;
    const std::uint8_t* block = address(place);
    fresh.block_.assign(block, at(place).block_end());
    place = fresh.keep_block();
  }
  *this = std::move(fresh);
}

void SetStore::mark(Place place, std::uint16_t flags) {
  std::memcpy(address(place) + 2, &flags, sizeof flags);
}

}  // namespace cairn::zones
