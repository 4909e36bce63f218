#include "dnssec/rrsig.hpp"

#include <algorithm>
#include <cstdio>

#include "dnssec/canonical_set.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace cairn::dnssec {

namespace {

using std::chrono::seconds;

constexpr std::size_t fixed_octets = 18;  // in front of the signer

// How far serial number `a` is behind `b`; negative when it is before it (RFC 1982 section 3.2).
std::int64_t serial_distance(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t ahead = a - b;
  return ahead < 0x80000000U ? std::int64_t{ahead} : std::int64_t{ahead} - 0x100000000;
}

std::uint32_t serial(std::chrono::sys_seconds time) {
  return static_cast<std::uint32_t>(time.time_since_epoch().count());
}

seconds skew(const Rrsig& rrsig, const Policy& policy) {
  const seconds tenth{serial_distance(rrsig.expiration, rrsig.inception) / 10};
  return std::max(policy.least_skew, std::min(tenth, policy.most_skew));
}

}  // namespace

std::optional<Rrsig> rrsig_from_rdata(std::span<const std::uint8_t> rdata) {
  wire::Reader reader(rdata);
  Rrsig rrsig;
  rrsig.covered = static_cast<wire::RRType>(reader.u16());
  rrsig.algorithm = static_cast<Algorithm>(reader.u8());
  rrsig.labels = reader.u8();
  rrsig.original_ttl = reader.u32();
  rrsig.expiration = reader.u32();
  rrsig.inception = reader.u32();
  rrsig.key_tag = reader.u16();
  if (reader.failed()) return std::nullopt;
  const auto rest = rdata.subspan(fixed_octets);
  const auto size = wire::field_size(wire::Field::CasedName, rest);
  const auto signer = size ? wire::Name::from_wire(rest.first(*size)) : std::nullopt;
  if (!signer) return std::nullopt;
  rrsig.signer = *signer;
  const auto signature = rest.subspan(*size);
  rrsig.signature.assign(signature.begin(), signature.end());
  return rrsig;
}

wire::Bytes fields_to_rdata(const Rrsig& rrsig) {
  wire::Bytes octets(fixed_octets + wire::Name::max_octets);
  wire::Writer writer(octets);
  writer.u16(static_cast<std::uint16_t>(rrsig.covered));
  writer.u8(static_cast<std::uint8_t>(rrsig.algorithm));
  writer.u8(rrsig.labels);
  writer.u32(rrsig.original_ttl);
  writer.u32(rrsig.expiration);
  writer.u32(rrsig.inception);
  writer.u16(rrsig.key_tag);
  writer.name_uncompressed(rrsig.signer.lowercase());
  octets.resize(writer.size());
  return octets;
}

wire::Bytes to_rdata(const Rrsig& rrsig) {
  wire::Bytes octets = fields_to_rdata(rrsig);
  octets.insert(octets.end(), rrsig.signature.begin(), rrsig.signature.end());
  return octets;
}

std::uint8_t signed_labels(const wire::Name& owner) {
  return static_cast<std::uint8_t>(owner.label_count() - (owner.is_wildcard() ? 1 : 0));
}

std::optional<wire::Name> signed_owner(const wire::Name& owner, std::uint8_t labels) {
  const std::uint8_t most = signed_labels(owner);
  if (labels > most) return std::nullopt;
  if (labels == most) return owner;
  static constexpr std::uint8_t star = '*';
  // Shorter than the owner: it always fits.
  return owner.suffix(labels).with_label({&star, 1});
}

std::optional<wire::Bytes> signed_octets(const wire::RRset& set, const Rrsig& rrsig) {
  const auto owner = signed_owner(set.owner, rrsig.labels);
  if (!owner) return std::nullopt;
  return CanonicalSet(set).signed_octets(*owner, rrsig);
}

Validity validity(const Rrsig& rrsig, std::chrono::sys_seconds now, const Policy& policy) {
  if (serial_distance(rrsig.expiration, rrsig.inception) < 0)
    return Validity::ExpiresBeforeInception;
  const seconds allowed = skew(rrsig, policy);
  if (seconds{serial_distance(rrsig.inception, serial(now))} > allowed)
    return Validity::NotYetValid;
  if (seconds{serial_distance(serial(now), rrsig.expiration)} > allowed) return Validity::Expired;
  return Validity::Valid;
}

std::string time_to_text(std::uint32_t time_s) {
  const std::chrono::sys_seconds time{seconds{time_s}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

seconds remaining_validity(const Rrsig& rrsig, std::chrono::sys_seconds now, const Policy& policy) {
  const seconds left{serial_distance(rrsig.expiration, serial(now))};
  if (left > seconds{0}) return left;
  // Our clock may be ahead: it is good for as long as it passes.
  return std::max(seconds{0}, left + skew(rrsig, policy));
}

}  // namespace cairn::dnssec
