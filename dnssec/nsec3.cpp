#include "dnssec/nsec3.hpp"

#include <algorithm>
#include <string_view>

#include "dnssec/crypto.hpp"
#include "wire/octets_text.hpp"
#include "wire/reader.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::dnssec {
namespace {

constexpr std::uint8_t sha1 = 1;  // RFC 5155 section 11: the one hash that there is
constexpr std::uint8_t opt_out_flag = 1;

/// A message and its padding, a one bit and 64 bits of length, in blocks of 64 octets.
unsigned blocks_of(std::size_t octets) {
  return static_cast<unsigned>((octets + 9 + 63) / 64);
}

std::optional<NameHash> hash_from(std::span<const std::uint8_t> octets) {
  NameHash hash;
  if (octets.size() != hash.size()) return std::nullopt;
  std::ranges::copy(octets, hash.begin());
  return hash;
}

NameHash sha1_of(std::span<const std::uint8_t> octets, std::span<const std::uint8_t> salt) {
  const Digest digest = dnssec::digest(HashAlgorithm::Sha1, {octets, salt});
  NameHash hash;
  std::copy_n(digest.octets.begin(), hash.size(), hash.begin());
  return hash;
}

}  // namespace

bool Nsec3Parameters::operator==(const Nsec3Parameters& other) const {
  return iterations == other.iterations && std::ranges::equal(salt, other.salt);
}

unsigned sha1_blocks(const wire::Name& name, const Nsec3Parameters& parameters) {
  return blocks_of(name.size() + parameters.salt.size()) +
         parameters.iterations * blocks_of(NameHash{}.size() + parameters.salt.size());
}

std::optional<NameHash> hash_name(const wire::Name& name, const Nsec3Parameters& parameters,
                                  Work& work) {
  if (!work.begin_hash(sha1_blocks(name, parameters))) return std::nullopt;
  const wire::Name lowercase = name.lowercase();
  NameHash hash = sha1_of(lowercase.wire(), parameters.salt);
  for (unsigned i = 0; i < parameters.iterations; ++i) hash = sha1_of(hash, parameters.salt);
  return hash;
}

std::optional<Nsec3> Nsec3::of(const wire::RRset& set, const wire::Name& zone) {
  if (set.type != wire::RRType::NSEC3 || set.rdata.size() != 1) return std::nullopt;
  if (!set.owner.is_below(zone) || !(set.owner.parent() == zone)) return std::nullopt;
  const auto label = set.owner.first_label();
  const auto owner =
      wire::from_base32hex({reinterpret_cast<const char*>(label.data()), label.size()});

  wire::Reader reader(set.rdata[0]);
  const std::uint8_t algorithm = reader.u8();
  const std::uint8_t flags = reader.u8();
  Nsec3 nsec3;
  nsec3.parameters.iterations = reader.u16();
  nsec3.parameters.salt = reader.bytes(reader.u8());
  const auto next = hash_from(reader.bytes(reader.u8()));
  const auto bitmap = reader.bytes(reader.left());
  if (reader.failed() || !owner || !next || !wire::is_well_formed_bitmap(bitmap))
    return std::nullopt;
  if (algorithm != sha1 || (flags & ~opt_out_flag) != 0) return std::nullopt;
  const auto owner_hash = hash_from(*owner);
  if (!owner_hash) return std::nullopt;
  nsec3.owner = *owner_hash;
  nsec3.next = *next;
  nsec3.opt_out = (flags & opt_out_flag) != 0;
  nsec3.types = TypeSet(bitmap);
  return nsec3;
}

bool Nsec3::covers(const NameHash& hash) const {
  if (owner < next) return owner < hash && hash < next;
  // The last of the zone, or its only one.
  return hash != owner && (owner < hash || hash < next);
}

}  // namespace cairn::dnssec
