#include "wire/rdata_layout.hpp"

#include <algorithm>
#include <array>

#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

template <Field... kinds>
constexpr std::array<Field, sizeof...(kinds)> fields{kinds...};

namespace table {
using enum Field;

// One line a type, in the order of their numbers (IANA, DNS parameters).
constexpr Layout layouts[] = {
    {RRType::A, "A", fields<IPv4>},
    {RRType::NS, "NS", fields<CompressedName>},
    {RRType::CNAME, "CNAME", fields<CompressedName>},
    {RRType::SOA, "SOA", fields<CompressedName, CompressedName, U32, Ttl, Ttl, Ttl, Ttl>},
    {RRType::PTR, "PTR", fields<CompressedName>},
    {RRType::HINFO, "HINFO", fields<String, String>},
    {RRType::MX, "MX", fields<U16, CompressedName>},
    {RRType::TXT, "TXT", fields<Strings>},
    {RRType::RP, "RP", fields<Name, Name>},
    {RRType::AFSDB, "AFSDB", fields<U16, Name>},
    {RRType::SIG, "SIG", fields<TypeCode, Algorithm, U8, U32, Time, Time, U16, Name, Base64>},
    {RRType::KEY, "KEY", fields<U16, U8, Algorithm, OptionalBase64>},
    {RRType::AAAA, "AAAA", fields<IPv6>},
    {RRType::SRV, "SRV", fields<U16, U16, U16, Name>},
    {RRType::NAPTR, "NAPTR", fields<U16, U16, String, String, String, Name>},
    {RRType::DNAME, "DNAME", fields<Name>},
    {RRType::OPT, "OPT", {}},
    {RRType::DS, "DS", fields<U16, Algorithm, U8, Hex>},
    {RRType::SSHFP, "SSHFP", fields<U8, U8, Hex>},
    {RRType::RRSIG, "RRSIG", fields<TypeCode, Algorithm, U8, U32, Time, Time, U16, Name, Base64>},
    {RRType::NSEC, "NSEC", fields<CasedName, TypeBitmap>},
    {RRType::DNSKEY, "DNSKEY", fields<U16, U8, Algorithm, Base64>},
    {RRType::NSEC3, "NSEC3", fields<U8, U8, U16, Salt, HashedName, TypeBitmap>},
    {RRType::NSEC3PARAM, "NSEC3PARAM", fields<U8, U8, U16, Salt>},
    {RRType::TLSA, "TLSA", fields<U8, U8, U8, Hex>},
    {RRType::SMIMEA, "SMIMEA", fields<U8, U8, U8, Hex>},
    {RRType::CDS, "CDS", fields<U16, Algorithm, U8, Hex>},
    {RRType::CDNSKEY, "CDNSKEY", fields<U16, U8, Algorithm, Base64>},
    {RRType::OPENPGPKEY, "OPENPGPKEY", fields<Base64>},
    {RRType::CSYNC, "CSYNC", fields<U32, U16, TypeBitmap>},
    {RRType::ZONEMD, "ZONEMD", fields<U32, U8, U8, Hex>},
    {RRType::SVCB, "SVCB", fields<U16, CasedName, SvcParams>},
    {RRType::HTTPS, "HTTPS", fields<U16, CasedName, SvcParams>},
    {RRType::SPF, "SPF", fields<Strings>},
    {RRType::TKEY, "TKEY", {}},
    {RRType::TSIG, "TSIG", {}},
    {RRType::IXFR, "IXFR", {}},
    {RRType::AXFR, "AXFR", {}},
    {RRType::MAILB, "MAILB", {}},
    {RRType::MAILA, "MAILA", {}},
    {RRType::ANY, "ANY", {}},
    {RRType::URI, "URI", fields<U16, U16, Text>},
    {RRType::CAA, "CAA", fields<U8, Tag, Text>},
};
}  // namespace table
using table::layouts;

/// Rows by type number, so that the packet path does not search; higher numbers are searched for.
constexpr auto row_of = [] {
  std::array<const Layout*, 264> rows{};
  for (const Layout& layout : layouts) {
    const auto number = static_cast<std::size_t>(layout.type);
    if (number < rows.size()) rows[number] = &layout;
  }
  return rows;
}();

constexpr bool is_name(Field field) {
  return field == Field::CompressedName || field == Field::Name || field == Field::CasedName;
}

bool holds_names(const Layout& layout) {
  return std::ranges::any_of(layout.fields, is_name);
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

std::optional<std::size_t> strings_size(std::span<const std::uint8_t> rest) {
  std::size_t at = 0;
  do {
    const auto size = string_size(rest.subspan(at));
    if (!size) return std::nullopt;
    at += *size;
  } while (at < rest.size());
  return at;
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

std::optional<std::size_t> fixed(std::size_t size, std::span<const std::uint8_t> rest) {
  return rest.size() >= size ? std::optional{size} : std::nullopt;
}

/// RDATA whose names may be compressed. What stands between names is copied in one piece.
Bytes read_fields(Reader& reader, const Layout& layout, std::size_t octets) {
  Bytes rdata;
  // A lone name, as of NS and CNAME, then allocates exactly its size.
  if (layout.fields.size() > 1) rdata.reserve(octets + Name::max_octets);
  for (auto field = layout.fields.begin(); field != layout.fields.end() && !reader.failed();) {
    if (is_name(*field)) {
      const Name name = reader.name();
      rdata.insert(rdata.end(), name.wire().begin(), name.wire().end());
      ++field;
      continue;
    }
    const auto rest = Reader{reader}.bytes(reader.left());
    std::size_t size = 0;
    for (; field != layout.fields.end() && !is_name(*field); ++field) {
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
  const auto* found = std::ranges::find(layouts, type, &Layout::type);
  return found != std::end(layouts) ? found : nullptr;
}

const Layout* layout_of(std::string_view mnemonic) {
  const auto matches = [mnemonic](const Layout& layout) {
    return std::ranges::equal(layout.mnemonic, mnemonic, {}, {},
                              [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  };
  const auto* found = std::ranges::find_if(layouts, matches);
  return found != std::end(layouts) ? found : nullptr;
}

std::optional<std::size_t> field_size(Field field, std::span<const std::uint8_t> rest) {
  switch (field) {
    case Field::U8:
    case Field::Algorithm:
      return fixed(1, rest);
    case Field::U16:
    case Field::TypeCode:
      return fixed(2, rest);
    case Field::U32:
    case Field::Ttl:
    case Field::Time:
    case Field::IPv4:
      return fixed(4, rest);
    case Field::IPv6:
      return fixed(16, rest);
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return name_size(rest);
    case Field::String:
    case Field::Salt:
      return string_size(rest);
    case Field::HashedName:
      return rest.empty() || rest[0] == 0 ? std::nullopt : string_size(rest);
    case Field::Strings:
      return strings_size(rest);
    case Field::Tag:
      return tag_size(rest);
    case Field::Text:
    case Field::OptionalBase64:
      return rest.size();
    case Field::Hex:
    case Field::Base64:
      return rest_if(!rest.empty(), rest);
    case Field::TypeBitmap:
      return rest_if(is_well_formed_bitmap(rest), rest);
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
  if (reader.failed()) return std::nullopt;
  return rdata;
}

bool is_well_formed(RRType type, std::span<const std::uint8_t> rdata) {
  const Layout* layout = structure_of(type);
  if (!layout) return true;
  for (const Field field : layout->fields) {
    const auto size = field_size(field, rdata);
    if (!size) return false;
    rdata = rdata.subspan(*size);
  }
  return rdata.empty();
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
  if (!layout || !holds_names(*layout)) return canonical;
  std::span<std::uint8_t> rest{canonical};
  for (const Field field : layout->fields) {
    const auto size = field_size(field, rest);
    if (!size) break;
    if (field == Field::Name || field == Field::CompressedName) {
      std::ranges::transform(rest.first(*size), rest.begin(), fold);
    }
    rest = rest.subspan(*size);
  }
  return canonical;
}

}  // namespace cairn::wire
