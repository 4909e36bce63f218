#include "dnssec/nsec.hpp"

#include "wire/reader.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::dnssec {

using wire::Name;

bool TypeSet::has(wire::RRType type) const {
  const auto value = static_cast<unsigned>(type);
  for (auto rest = bitmap_; rest.size() >= 2 && rest.size() >= 2U + rest[1];
       rest = rest.subspan(2U + rest[1])) {
    if (rest[0] != value >> 8) continue;
    const unsigned octet = (value & 0xff) / 8;
    return octet < rest[1] && (rest[2 + octet] & 0x80U >> value % 8) != 0;
  }
  return false;
}

std::optional<Nsec> Nsec::of(const wire::RRset& set, const Name& zone) {
  if (set.type != wire::RRType::NSEC || set.rdata.size() != 1) return std::nullopt;
  wire::Reader reader(set.rdata[0]);
  Nsec nsec;
  nsec.owner = &set.owner;
  nsec.next = reader.name();
  const auto bitmap = reader.bytes(reader.left());
  if (reader.failed() || !wire::is_well_formed_bitmap(bitmap)) return std::nullopt;
  if (!set.owner.is_within(zone) || !nsec.next.is_within(zone)) return std::nullopt;
  nsec.types = TypeSet(bitmap);
  return nsec;
}

bool Nsec::covers(const Name& name, const Name& zone) const {
  if (name <= *owner || !name.is_within(zone)) return false;
  // RFC 6840 section 4.1: at a cut the parent knows nothing of what is below.
  if (types.ends_zone() && name.is_below(*owner)) return false;
  // RFC 4034 section 4.1.1: the last one leads back to the apex. Anything else that does not lead
  // forward is broken, and covers nothing.
  return next == zone || name < next;
}

}  // namespace cairn::dnssec
