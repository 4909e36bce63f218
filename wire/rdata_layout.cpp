#include "wire/rdata_layout.hpp"

#include <algorithm>
#include <array>

#include "wire/address_prefixes.hpp"
#include "wire/location.hpp"
#include "wire/rdata_rules.hpp"
#include "wire/services.hpp"
#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

template <Field... kinds>
constexpr std::array<Field, sizeof...(kinds)> fields{kinds...};

namespace table {
using enum Field;

// One line a type, in the order of their numbers (IANA, DNS parameters).
constexpr Layout layouts[] = {
    {RRType::A, "A", fields<IPv4>},
    {RRType::NS, "NS", fields<CompressedName>},
    {RRType::MD, "MD", fields<CompressedName>},
    {RRType::MF, "MF", fields<CompressedName>},
    {RRType::CNAME, "CNAME", fields<CompressedName>},
    {RRType::SOA, "SOA", fields<CompressedName, CompressedName, U32, Ttl, Ttl, Ttl, Ttl>},
    {RRType::MB, "MB", fields<CompressedName>},
    {RRType::MG, "MG", fields<CompressedName>},
    {RRType::MR, "MR", fields<CompressedName>},
    {RRType::NULL_, "NULL", {}},
    {RRType::WKS, "WKS", fields<IPv4, Services>},
    {RRType::PTR, "PTR", fields<CompressedName>},
    {RRType::HINFO, "HINFO", fields<String, String>},
    {RRType::MINFO, "MINFO", fields<CompressedName, CompressedName>},
    {RRType::MX, "MX", fields<U16, CompressedName>},
    {RRType::TXT, "TXT", fields<Strings>},
    {RRType::RP, "RP", fields<Name, Name>},
    {RRType::AFSDB, "AFSDB", fields<U16, Name>},
    {RRType::X25, "X25", fields<String>, &rules::is_psdn_address},
    {RRType::ISDN, "ISDN", fields<String, OptionalString>},
    {RRType::RT, "RT", fields<U16, Name>},
    {RRType::NSAP, "NSAP", fields<Nsap>},
    {RRType::NSAP_PTR, "NSAP-PTR", fields<CasedName>},
    {RRType::SIG, "SIG", fields<OldTypeCode, Algorithm, U8, U32, Time, Time, U16, Name, Base64>},
    {RRType::KEY, "KEY", fields<KeyFlags, KeyProtocol, Algorithm, OptionalBase64>,
     &rules::key_is_there_or_not},
    {RRType::PX, "PX", fields<U16, Name, Name>},
    {RRType::GPOS, "GPOS", fields<String, String, String>},
    {RRType::AAAA, "AAAA", fields<IPv6>},
    {RRType::LOC, "LOC", fields<Location>},
    {RRType::NXT, "NXT", fields<Name, NxtTypeBitmap>},
    {RRType::EID, "EID", fields<Hex>},
    {RRType::NIMLOC, "NIMLOC", fields<Hex>},
    {RRType::SRV, "SRV", fields<U16, U16, U16, Name>},
    {RRType::ATMA, "ATMA", fields<Atm>},
    {RRType::NAPTR, "NAPTR", fields<U16, U16, String, String, String, Name>},
    {RRType::KX, "KX", fields<U16, Name>},
    {RRType::CERT, "CERT", fields<Certificate, U16, AlgorithmName, Base64>},
    {RRType::A6, "A6", fields<A6Suffix, OptionalName>, &rules::prefix_has_its_name},
    {RRType::DNAME, "DNAME", fields<Name>},
    {RRType::SINK, "SINK", fields<U8, U8, U8, OptionalBase64>},
    {RRType::OPT, "OPT", {}},
    {RRType::APL, "APL", fields<Prefixes>},
    {RRType::DS, "DS", fields<U16, Algorithm, Digest, Hex>, &rules::digest_has_its_length},
    {RRType::SSHFP, "SSHFP", fields<U8, U8, Hex>, &rules::fingerprint_has_its_length},
    {RRType::IPSECKEY, "IPSECKEY", fields<U8, Gateway, Base64>},
    {RRType::RRSIG, "RRSIG", fields<TypeCode, Algorithm, U8, U32, Time, Time, U16, Name, Base64>},
    {RRType::NSEC, "NSEC", fields<CasedName, TypeBitmap>, &rules::types_are_listed},
    {RRType::DNSKEY, "DNSKEY", fields<KeyFlags, KeyProtocol, Algorithm, Base64>,
     &rules::private_key_is_named},
    {RRType::DHCID, "DHCID", fields<Base64>},
    {RRType::NSEC3, "NSEC3", fields<U8, U8, U16, Salt, HashedName, TypeBitmap>},
    {RRType::NSEC3PARAM, "NSEC3PARAM", fields<U8, U8, U16, Salt>},
    {RRType::TLSA, "TLSA", fields<U8, U8, U8, Hex>},
    {RRType::SMIMEA, "SMIMEA", fields<U8, U8, U8, Hex>},
    {RRType::HIP, "HIP", fields<HostIdentity, Names>},
    {RRType::NINFO, "NINFO", fields<Strings>},
    {RRType::RKEY, "RKEY", fields<KeyFlags, KeyProtocol, Algorithm, Base64>,
     &rules::flags_are_zero},
    {RRType::TALINK, "TALINK", fields<CasedName, CasedName>},
    {RRType::CDS, "CDS", fields<U16, Algorithm, Digest, Hex>, &rules::digest_has_its_length},
    {RRType::CDNSKEY, "CDNSKEY", fields<KeyFlags, KeyProtocol, Algorithm, Base64>,
     &rules::private_key_is_named},
    {RRType::OPENPGPKEY, "OPENPGPKEY", fields<Base64>},
    {RRType::CSYNC, "CSYNC", fields<U32, U16, TypeBitmap>},
    {RRType::ZONEMD, "ZONEMD", fields<U32, U8, U8, Hex>, &rules::zone_digest_has_its_length},
    {RRType::SVCB, "SVCB", fields<U16, CasedName, SvcParams>},
    {RRType::HTTPS, "HTTPS", fields<U16, CasedName, SvcParams>},
    {RRType::DSYNC, "DSYNC", fields<TypeCode, Scheme, U16, CasedName>},
    {RRType::HHIT, "HHIT", fields<Base64>},
    {RRType::BRID, "BRID", fields<Base64>},
    {RRType::SPF, "SPF", fields<Strings>},
    {RRType::UINFO, "UINFO", {}},
    {RRType::UID, "UID", {}},
    {RRType::GID, "GID", {}},
    {RRType::UNSPEC, "UNSPEC", {}},
    {RRType::NID, "NID", fields<U16, Locator>},
    {RRType::L32, "L32", fields<U16, IPv4>},
    {RRType::L64, "L64", fields<U16, Locator>},
    {RRType::LP, "LP", fields<U16, CasedName>},
    {RRType::EUI48, "EUI48", fields<Eui48>},
    {RRType::EUI64, "EUI64", fields<Eui64>},
    {RRType::TKEY, "TKEY", fields<Name, U32, U32, U16, ErrorCode, SpacedBase64, SizedBase64>},
    {RRType::TSIG, "TSIG", fields<Name, U48, U16, SizedBase64, U16, ErrorCode, SpacedBase64>},
    {RRType::IXFR, "IXFR", {}},
    {RRType::AXFR, "AXFR", {}},
    {RRType::MAILB, "MAILB", {}},
    {RRType::MAILA, "MAILA", {}},
    {RRType::ANY, "ANY", {}},
    {RRType::URI, "URI", fields<U16, U16, Text>},
    {RRType::CAA, "CAA", fields<U8, Tag, Text>},
    {RRType::AVC, "AVC", fields<Strings>},
    {RRType::DOA, "DOA", fields<U32, U32, U8, String, DashedBase64>},
    {RRType::AMTRELAY, "AMTRELAY", fields<U8, Relay>},
    {RRType::RESINFO, "RESINFO", fields<Strings>},
    {RRType::WALLET, "WALLET", fields<Strings>},
    {RRType::TA, "TA", fields<U16, Algorithm, Digest, Hex>, &rules::digest_has_its_length},
    {RRType::DLV, "DLV", fields<U16, Algorithm, Digest, Hex>, &rules::digest_has_its_length},
};
}  // namespace table
using table::layouts;

constexpr std::size_t low_numbers = 264;

/// Rows by type number, so that the packet path does not search.
constexpr auto row_of = [] {
  std::array<const Layout*, low_numbers> rows{};
  for (const Layout& layout : layouts) {
    const auto number = static_cast<std::size_t>(layout.type);
    if (number < rows.size()) rows[number] = &layout;
  }
  return rows;
}();

/// The few rows beyond.
constexpr std::span<const Layout> high_rows{
    std::ranges::find_if(
        layouts, [](RRType type) { return static_cast<std::size_t>(type) >= low_numbers; },
        &Layout::type),
    std::end(layouts)};

constexpr std::size_t longest_mnemonic = 10;

/// Rows by mnemonic, in ascending order.
constexpr auto rows_by_mnemonic = [] {
  std::array<const Layout*, std::size(layouts)> rows{};
  std::ranges::transform(layouts, rows.begin(), [](const Layout& layout) { return &layout; });
  std::ranges::sort(rows, {}, &Layout::mnemonic);
  return rows;
}();

/// Whether a field is one of `kinds`: a bit each, for the packet path asks this of every record.
template <Field... kinds>
constexpr bool is_one_of(Field field) {
  constexpr std::uint64_t bits = ((std::uint64_t{1} << static_cast<unsigned>(kinds)) | ...);
  static_assert(static_cast<unsigned>(Field::SvcParams) < 64, "the last of them has a bit");
  return (bits >> static_cast<unsigned>(field) & 1) != 0;
}

constexpr bool is_name(Field field) {
  return is_one_of<Field::CompressedName, Field::Name, Field::CasedName>(field);
}

/// Fields that hold names behind other octets, or as many as there are. Their RFCs forbid to
/// compress them, but whoever does is understood, as by dig.
constexpr bool may_hold_names(Field field) {
  return is_one_of<Field::Gateway, Field::Relay, Field::OptionalName, Field::Names>(field);
}

bool holds_names(const Layout& layout) {
  return std::ranges::any_of(layout.fields,
                             [](Field field) { return is_name(field) || may_hold_names(field); });
}

/// Names that the canonical form lowers (RFC 4034 section 6.2, as corrected by RFC 6840 section
/// 5.1; A6 is one of them).
constexpr bool is_lowered(Field field) {
  return is_one_of<Field::CompressedName, Field::Name, Field::OptionalName>(field);
}

/// The layout of a type whose RDATA has inner structure; nullptr for the others.
const Layout* structure_of(RRType type) {
  const Layout* layout = layout_of(type);
  return layout && !layout->fields.empty() ? layout : nullptr;
}

bool is_alphanumeric(std::uint8_t octet) {
  const std::uint8_t folded = fold(octet);
  return (folded >= 'a' && folded <= 'z') || (octet >= '0' && octet <= '9');
}

std::optional<std::size_t> fixed(std::size_t size, Octets rest) {
  return rest.size() >= size ? std::optional{size} : std::nullopt;
}

std::optional<std::size_t> name_size(std::span<const std::uint8_t> rest) {
  std::size_t at = 0;
  while (at < rest.size() && rest[at] != 0) {
    if (rest[at] > 63) return std::nullopt;
    at += std::size_t{1} + rest[at];
  }
  if (at >= rest.size() || at >= Name::max_octets) return std::nullopt;
  return at + 1;
}

/// A length octet and as many octets as it says.
std::optional<std::size_t> string_size(std::span<const std::uint8_t> rest) {
  if (rest.empty() || rest.size() <= rest[0]) return std::nullopt;
  return std::size_t{1} + rest[0];
}

/// As many of what `size_of` measures as there are.
std::optional<std::size_t> all_size(std::optional<std::size_t> (*size_of)(Octets), Octets rest) {
  std::size_t at = 0;
  while (at < rest.size()) {
    const auto size = size_of(rest.subspan(at));
    if (!size) return std::nullopt;
    at += *size;
  }
  return at;
}

/// A number of 16 bits and as many octets as it says.
std::optional<std::size_t> sized_size(Octets rest) {
  if (rest.size() < 2) return std::nullopt;
  return fixed(2 + (std::size_t{rest[0]} << 8 | rest[1]), rest);
}

/// What a gateway or relay of this kind takes (RFC 4025 section 2.3, RFC 8777 section 4.2.3).
std::optional<std::size_t> host_size(unsigned kind, Octets rest) {
  switch (kind) {
    case 0:
      return 0;
    case 1:
      return fixed(4, rest);
    case 2:
      return fixed(16, rest);
    case 3:
      return name_size(rest);
    default:
      return std::nullopt;
  }
}

std::optional<std::size_t> gateway_size(Octets rest) {
  if (rest.size() < 2) return std::nullopt;
  const auto host = host_size(rest[0], rest.subspan(2));
  return host ? std::optional{2 + *host} : std::nullopt;
}

/// Kinds that are not known yet take the rest (RFC 8777 section 4.2.3).
std::optional<std::size_t> relay_size(Octets rest) {
  if (rest.empty()) return std::nullopt;
  const unsigned kind = rest[0] & 0x7FU;
  if (kind > 3) return rest.size();
  const auto host = host_size(kind, rest.subspan(1));
  return host ? std::optional{1 + *host} : std::nullopt;
}

/// Prefix length, then the octets that hold the other bits, with zeros in front of them (RFC 2874
/// section 3.1).
std::optional<std::size_t> a6_suffix_size(Octets rest) {
  if (rest.empty() || rest[0] > 128) return std::nullopt;
  const std::size_t size = 1 + (128U - rest[0] + 7U) / 8;
  if (rest.size() < size) return std::nullopt;
  const unsigned spare = rest[0] % 8U;
  if (spare != 0 && rest[1] >> (8 - spare) != 0) return std::nullopt;
  return size;
}

/// Lengths of tag and key, algorithm, tag, key; neither is empty (RFC 8005 section 5).
std::optional<std::size_t> host_identity_size(Octets rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::size_t tag = rest[0], key = std::size_t{rest[2]} << 8 | rest[3];
  if (tag == 0 || key == 0) return std::nullopt;
  return fixed(4 + tag + key, rest);
}

/// Format 1 is a number to call (ATM Forum, ATM Name System 2.0).
bool is_atm_address(Octets rest) {
  if (rest.size() < 2) return false;
  return rest[0] != 1 || std::ranges::all_of(rest.subspan(1), [](std::uint8_t octet) {
           return octet >= '0' && octet <= '9';
         });
}

/// RFC 2535 section 5.2: type 0 does not exist, and no octet of zeros ends it.
bool is_nxt_bitmap(Octets rest) {
  return rest.size() <= 16 && (rest.empty() || ((rest[0] & 0x80) == 0 && rest.back() != 0));
}

std::optional<std::size_t> tag_size(std::span<const std::uint8_t> rest) {
  const auto size = string_size(rest);
  if (!size || *size < 2) return std::nullopt;
  if (!std::ranges::all_of(rest.subspan(1, *size - 1), is_alphanumeric)) return std::nullopt;
  return size;
}

std::optional<std::size_t> rest_if(bool well_formed, std::span<const std::uint8_t> rest) {
  return well_formed ? std::optional{rest.size()} : std::nullopt;
}

constexpr std::size_t max_rdata_octets = 0xFFFF;

void copy_name(Reader& reader, Bytes& rdata) {
  const Name name = reader.name();
  rdata.insert(rdata.end(), name.wire().begin(), name.wire().end());
}

/// One of may_hold_names, each of which ends in a name if it holds any.
void copy_with_names(Reader& reader, Field field, Bytes& rdata) {
  if (field == Field::OptionalName) {
    if (reader.left() > 0) copy_name(reader, rdata);
    return;
  }
  if (field == Field::Names) {
    while (reader.left() > 0 && !reader.failed() && rdata.size() <= max_rdata_octets)
      copy_name(reader, rdata);
    return;
  }
  constexpr unsigned named = 3;
  const auto rest = Reader{reader}.bytes(reader.left());
  const std::size_t head = field == Field::Gateway ? 2 : 1;
  if (rest.size() >= head && (field == Field::Gateway ? rest[0] : rest[0] & 0x7FU) == named) {
    const auto octets = reader.bytes(head);
    rdata.insert(rdata.end(), octets.begin(), octets.end());
    return copy_name(reader, rdata);
  }
  const auto octets = reader.bytes(field_size(field, rest).value_or(rest.size() + 1));
  rdata.insert(rdata.end(), octets.begin(), octets.end());
}

/// RDATA whose names may be compressed. What stands between names is copied in one piece.
Bytes read_fields(Reader& reader, const Layout& layout, std::size_t octets) {
  Bytes rdata;
  // A lone name, as of NS and CNAME, then allocates exactly its size.
  if (layout.fields.size() > 1) rdata.reserve(octets + Name::max_octets);
  for (auto field = layout.fields.begin(); field != layout.fields.end() && !reader.failed();) {
    if (is_name(*field)) {
      copy_name(reader, rdata);
      ++field;
      continue;
    }
    if (may_hold_names(*field)) {
      copy_with_names(reader, *field, rdata);
      ++field;
      continue;
    }
    const auto rest = Reader{reader}.bytes(reader.left());
    std::size_t size = 0;
    for (; field != layout.fields.end() && !is_name(*field) && !may_hold_names(*field); ++field) {
      const auto next = field_size(*field, rest.subspan(size));
      if (!next) {
        reader.fail();
        return rdata;
      }
      size += *next;
    }
    const auto piece = reader.bytes(size);
    rdata.insert(rdata.end(), piece.begin(), piece.end());
  }
  return rdata;
}

}  // namespace

const Layout* layout_of(RRType type) {
  const auto number = static_cast<std::size_t>(type);
  if (number < row_of.size()) return row_of[number];
  const auto found = std::ranges::find(high_rows, type, &Layout::type);
  return found != high_rows.end() ? &*found : nullptr;
}

const Layout* layout_of(std::string_view mnemonic) {
  if (mnemonic.size() > longest_mnemonic) return nullptr;
  std::array<char, longest_mnemonic> buffer;
  std::ranges::transform(mnemonic, buffer.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  const std::string_view upper{buffer.data(), mnemonic.size()};
  const auto found = std::ranges::lower_bound(rows_by_mnemonic, upper, {}, &Layout::mnemonic);
  return found != rows_by_mnemonic.end() && (*found)->mnemonic == upper ? *found : nullptr;
}

std::optional<std::size_t> field_size(Field field, std::span<const std::uint8_t> rest) {
  switch (field) {
    case Field::U8:
    case Field::Algorithm:
    case Field::AlgorithmName:
    case Field::Digest:
    case Field::KeyProtocol:
    case Field::Scheme:
      return fixed(1, rest);
    case Field::U16:
    case Field::Certificate:
    case Field::KeyFlags:
    case Field::TypeCode:
    case Field::OldTypeCode:
    case Field::ErrorCode:
      return fixed(2, rest);
    case Field::U32:
    case Field::Ttl:
    case Field::Time:
    case Field::IPv4:
      return fixed(4, rest);
    case Field::U48:
    case Field::Eui48:
      return fixed(6, rest);
    case Field::Locator:
    case Field::Eui64:
      return fixed(8, rest);
    case Field::IPv6:
      return fixed(16, rest);
    case Field::A6Suffix:
      return a6_suffix_size(rest);
    case Field::Gateway:
      return gateway_size(rest);
    case Field::Relay:
      return relay_size(rest);
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return name_size(rest);
    case Field::OptionalName:
      return rest.empty() ? 0 : name_size(rest);
    case Field::Names:
      return all_size(name_size, rest);
    case Field::String:
    case Field::Salt:
      return string_size(rest);
    case Field::OptionalString:
      return rest.empty() ? 0 : string_size(rest);
    case Field::HashedName:
      return rest.empty() || rest[0] == 0 ? std::nullopt : string_size(rest);
    case Field::Strings:
      return rest.empty() ? std::nullopt : all_size(string_size, rest);
    case Field::Tag:
      return tag_size(rest);
    case Field::HostIdentity:
      return host_identity_size(rest);
    case Field::SizedBase64:
    case Field::SpacedBase64:
      return sized_size(rest);
    case Field::Text:
    case Field::OptionalBase64:
    case Field::DashedBase64:
      return rest.size();
    case Field::Hex:
    case Field::Base64:
    case Field::Nsap:
      return rest_if(!rest.empty(), rest);
    case Field::Atm:
      return rest_if(is_atm_address(rest), rest);
    case Field::Services:
      return rest_if(are_well_formed_services(rest), rest);
    case Field::Prefixes:
      return rest_if(are_well_formed_prefixes(rest), rest);
    case Field::Location:
      return rest_if(is_well_formed_location(rest), rest);
    case Field::TypeBitmap:
      return rest_if(is_well_formed_bitmap(rest), rest);
    case Field::NxtTypeBitmap:
      return rest_if(is_nxt_bitmap(rest), rest);
    case Field::SvcParams:
      return rest_if(is_well_formed_svc_params(rest), rest);
  }
  return std::nullopt;
}

std::optional<Bytes> read_rdata(Reader& reader, RRType type, std::size_t octets) {
  const Layout* layout = structure_of(type);
  if (!layout || !holds_names(*layout)) {
    const auto rdata = reader.bytes(octets);
    if (reader.failed() || !is_well_formed(type, rdata)) {
      reader.fail();
      return std::nullopt;
    }
    return Bytes{rdata.begin(), rdata.end()};
  }
  if (octets > reader.left()) {
    reader.fail();
    return std::nullopt;
  }
  const std::size_t end = reader.limit_to(octets);
  Bytes rdata = read_fields(reader, *layout, octets);
  if (reader.left() != 0) reader.fail();
  reader.restore_end(end);
  // Two octets of a pointer stand for up to 255: what they amount to must be RDATA still.
  if (rdata.size() > max_rdata_octets) reader.fail();
  if (!reader.failed() && layout->is_sound && !layout->is_sound(rdata)) reader.fail();
  if (reader.failed()) return std::nullopt;
  return rdata;
}

bool is_well_formed(RRType type, std::span<const std::uint8_t> rdata) {
  const Layout* layout = structure_of(type);
  if (!layout) return true;
  Octets rest = rdata;
  for (const Field field : layout->fields) {
    const auto size = field_size(field, rest);
    if (!size) return false;
    rest = rest.subspan(*size);
  }
  return rest.empty() && (!layout->is_sound || layout->is_sound(rdata));
}

void write_rdata(Writer& writer, RRType type, std::span<const std::uint8_t> rdata) {
  const Layout* layout = structure_of(type);
  if (!layout || std::ranges::find(layout->fields, Field::CompressedName) == layout->fields.end()) {
    writer.bytes(rdata);
    return;
  }
  for (const Field field : layout->fields) {
    const auto size = field_size(field, rdata);
    if (!size) break;
    const auto octets = rdata.first(*size);
    const auto name = field == Field::CompressedName ? Name::from_wire(octets) : std::nullopt;
    name ? writer.name(*name) : writer.bytes(octets);
    rdata = rdata.subspan(*size);
  }
}

Bytes canonical_rdata(RRType type, std::span<const std::uint8_t> rdata) {
  Bytes canonical{rdata.begin(), rdata.end()};
  const Layout* layout = structure_of(type);
  if (!layout || std::ranges::none_of(layout->fields, is_lowered)) return canonical;
  std::span<std::uint8_t> rest{canonical};
  for (const Field field : layout->fields) {
    const auto size = field_size(field, rest);
    if (!size) break;
    if (is_lowered(field)) std::ranges::transform(rest.first(*size), rest.begin(), fold);
    rest = rest.subspan(*size);
  }
  return canonical;
}

}  // namespace cairn::wire
