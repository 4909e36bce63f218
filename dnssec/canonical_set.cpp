#include "dnssec/canonical_set.hpp"

#include <algorithm>

#include "wire/rdata_layout.hpp"

namespace cairn::dnssec {

namespace {

void append(wire::Bytes& octets, std::span<const std::uint8_t> more) {
  octets.insert(octets.end(), more.begin(), more.end());
}

void append_u16(wire::Bytes& octets, std::uint16_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value & 0xff));
}

}  // namespace

CanonicalSet::CanonicalSet(const wire::RRset& set) : type_(set.type), rrclass_(set.rrclass) {
  rdata_.reserve(set.rdata.size());
  for (const wire::RdataView rdata : set.rdata)
    rdata_.push_back(wire::canonical_rdata(set.type, rdata));
  // As left-justified octets (RFC 4034 section 6.3); two that differ by case alone are one now.
  std::ranges::sort(rdata_);
  rdata_.erase(std::unique(rdata_.begin(), rdata_.end()), rdata_.end());
  for (const wire::Bytes& rdata : rdata_) octets_ += rdata.size();
}

wire::Bytes CanonicalSet::signed_octets(const wire::Name& owner, const Rrsig& rrsig) const {
  wire::Bytes octets = fields_to_rdata(rrsig);
  // Owner, type, class and the original TTL: in front of each record.
  const wire::Name lower = owner.lowercase();
  wire::Bytes head(lower.wire().begin(), lower.wire().end());
  append_u16(head, static_cast<std::uint16_t>(type_));
  append_u16(head, static_cast<std::uint16_t>(rrclass_));
  append_u16(head, static_cast<std::uint16_t>(rrsig.original_ttl >> 16));
  append_u16(head, static_cast<std::uint16_t>(rrsig.original_ttl & 0xffff));
  octets.reserve(octets.size() + octets_ + rdata_.size() * (head.size() + 2));
  for (const wire::Bytes& rdata : rdata_) {
    append(octets, head);
    append_u16(octets, static_cast<std::uint16_t>(rdata.size()));
    append(octets, rdata);
  }
  return octets;
}

}  // namespace cairn::dnssec
