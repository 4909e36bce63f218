#include "wire/rdata_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "wire/address.hpp"
#include "wire/address_prefixes.hpp"
#include "wire/codes.hpp"
#include "wire/location.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/services.hpp"
#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

std::uint64_t wide_number(RdataView octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

std::uint32_t number(RdataView octets) {
  return static_cast<std::uint32_t>(wide_number(octets));
}

std::string in_words(std::string text, WordSplit split) {
  if (split.width == 0 || text.size() <= split.width) return text;
  std::string words;
  words.reserve(text.size() + text.size() / split.width * split.gap.size());
  for (std::size_t at = 0; at < text.size(); at += split.width) {
    if (at > 0) words += split.gap;
    words.append(text, at, split.width);
  }
  return words;
}

/// YYYYMMDDHHmmSS in UTC (RFC 4034 section 3.2). There is no clock here to tell which 136 years are
/// meant, so they are those that begin in 1970.
std::string time_to_text(std::uint32_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto year = static_cast<std::uint64_t>(int{date.year()});
  const auto second = static_cast<std::uint64_t>((time - day).count());
  const std::uint64_t calendar = (year * 100 + unsigned{date.month()}) * 100 + unsigned{date.day()};
  const std::uint64_t clock = (second / 3600 * 100 + second / 60 % 60) * 100 + second % 60;
  return std::to_string(calendar * 1000000 + clock);
}

std::string quoted(RdataView octets) {
  return "\"" + escape(octets) + "\"";
}

std::string strings_to_text(RdataView strings) {
  std::string text;
  while (!strings.empty()) {
    if (!text.empty()) text += ' ';
    text += quoted(strings.subspan(1, strings[0]));
    strings = strings.subspan(std::size_t{1} + strings[0]);
  }
  return text;
}

std::string lower_hex(RdataView octets) {
  std::string text = to_hex(octets);
  for (char& digit : text) digit = static_cast<char>(fold(static_cast<std::uint8_t>(digit)));
  return text;
}

std::string eui_to_text(RdataView octets) {
  std::string text;
  for (const std::uint8_t& octet : octets) {
    if (!text.empty()) text += '-';
    text += lower_hex({&octet, 1});
  }
  return text;
}

/// Four numbers of 16 bits, without leading zeros and without `::` (RFC 6742 section 2.1.2).
std::string locator_to_text(RdataView octets) {
  std::string text;
  for (std::size_t at = 0; at < octets.size(); at += 2) {
    const std::string digits = lower_hex(octets.subspan(at, 2));
    if (at > 0) text += ':';
    text += digits.substr(std::min<std::size_t>(digits.find_first_not_of('0'), 3));
  }
  return text;
}

/// Format 1 is a number to call, in digits; format 0 is octets.
std::string atm_to_text(RdataView octets) {
  const RdataView address = octets.subspan(1);
  if (octets[0] == 1) return "+" + std::string{address.begin(), address.end()};
  return lower_hex(address);
}

std::string a6_suffix_to_text(RdataView octets) {
  std::array<std::uint8_t, 16> address{};
  std::ranges::copy(octets.subspan(1),
                    address.end() - static_cast<std::ptrdiff_t>(octets.size() - 1));
  std::string text = std::to_string(octets[0]) + " ";
  if (octets.size() > 1) text += IpAddress::v6(address).to_text();
  return text;
}

/// Nothing, an address or a name, as `kind` says.
std::string host_to_text(unsigned kind, RdataView octets) {
  switch (kind) {
    case 1:
      return IpAddress::v4(octets.first<4>()).to_text();
    case 2:
      return IpAddress::v6(octets.first<16>()).to_text();
    case 3:
      return Name::from_wire(octets)->to_text();
    default:
      return ".";
  }
}

std::string gateway_to_text(RdataView octets) {
  return std::to_string(octets[0]) + " " + std::to_string(octets[1]) + " " +
         host_to_text(octets[0], octets.subspan(2));
}

std::string relay_to_text(RdataView octets) {
  const unsigned kind = octets[0] & 0x7FU;
  return std::to_string(octets[0] >> 7) + " " + std::to_string(kind) + " " +
         host_to_text(kind, octets.subspan(1));
}

/// Not cut into words: names follow.
std::string host_identity_to_text(RdataView octets) {
  const RdataView tag = octets.subspan(4, octets[0]), key = octets.subspan(4U + octets[0]);
  return std::to_string(octets[1]) + " " + to_hex(tag) + " " + to_base64(key);
}

std::string names_to_text(RdataView names) {
  std::string text;
  while (!names.empty()) {
    const auto name = names.first(*field_size(Field::CasedName, names));
    if (!text.empty()) text += ' ';
    text += Name::from_wire(name)->to_text();
    names = names.subspan(name.size());
  }
  return text;
}

std::string old_type_to_text(std::uint16_t type) {
  return layout_of(RRType{type}) ? to_text(RRType{type}) : std::to_string(type);
}

std::string nxt_types_to_text(RdataView bitmap) {
  std::string text;
  for (std::uint16_t type = 0; type < bitmap.size() * 8; ++type) {
    if ((bitmap[type / 8U] & (0x80U >> type % 8U)) == 0) continue;
    if (!text.empty()) text += ' ';
    text += old_type_to_text(type);
  }
  return text;
}

std::string types_to_text(RdataView bitmap) {
  std::string text;
  for (const RRType type : types_of_bitmap(bitmap)) {
    if (!text.empty()) text += ' ';
    text += to_text(type);
  }
  return text;
}

/// Well-formed fields that the text form of their RFC cannot say.
bool field_has_text(Field field, RdataView octets) {
  switch (field) {
    case Field::Atm:
      return octets[0] <= 1;
    case Field::Relay:
      return (octets[0] & 0x7F) <= 3;
    case Field::Prefixes:
      return prefixes_have_text(octets);
    case Field::Location:
      return location_has_text(octets);
    default:
      return true;
  }
}

}  // namespace

bool has_text(RRType type, RdataView rdata) {
  const Layout* layout = layout_of(type);
  if (!layout || layout->fields.empty() || !is_well_formed(type, rdata)) return false;
  for (const Field field : layout->fields) {
    const std::size_t size = *field_size(field, rdata);
    if (!field_has_text(field, rdata.first(size))) return false;
    rdata = rdata.subspan(size);
  }
  return true;
}

std::string field_to_text(Field field, RdataView octets, WordSplit split) {
  switch (field) {
    case Field::U8:
    case Field::U16:
    case Field::U32:
    case Field::Algorithm:
    case Field::Digest:
    case Field::KeyFlags:
    case Field::KeyProtocol:
    case Field::Ttl:
      return std::to_string(number(octets));
    case Field::U48:
      return std::to_string(wide_number(octets));
    case Field::Time:
      return time_to_text(number(octets));
    case Field::AlgorithmName:
      return algorithm_to_text(octets[0]);
    case Field::Certificate:
      return certificate_to_text(static_cast<std::uint16_t>(number(octets)));
    case Field::Scheme:
      return scheme_to_text(octets[0]);
    case Field::TypeCode:
      return to_text(static_cast<RRType>(number(octets)));
    case Field::OldTypeCode:
      return old_type_to_text(static_cast<std::uint16_t>(number(octets)));
    case Field::ErrorCode:
      return tsig_error_to_text(static_cast<std::uint16_t>(number(octets)));
    case Field::IPv4:
      return IpAddress::v4(octets.first<4>()).to_text();
    case Field::IPv6:
      return IpAddress::v6(octets.first<16>()).to_text();
    case Field::Locator:
      return locator_to_text(octets);
    case Field::Eui48:
    case Field::Eui64:
      return eui_to_text(octets);
    case Field::Nsap:
      return "0x" + lower_hex(octets);
    case Field::Atm:
      return atm_to_text(octets);
    case Field::A6Suffix:
      return a6_suffix_to_text(octets);
    case Field::Gateway:
      return gateway_to_text(octets);
    case Field::Relay:
      return relay_to_text(octets);
    case Field::Services:
      return services_to_text(octets);
    case Field::Prefixes:
      return prefixes_to_text(octets);
    case Field::Location:
      return location_to_text(octets);
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return Name::from_wire(octets)->to_text();
    case Field::OptionalName:
    case Field::Names:
      return names_to_text(octets);
    case Field::String:
    case Field::OptionalString:
    case Field::Strings:
      return strings_to_text(octets);
    case Field::Tag:
      return escape(octets.subspan(1));
    case Field::Text:
      return quoted(octets);
    case Field::Salt:
      return octets.size() == 1 ? "-" : to_hex(octets.subspan(1));
    case Field::HashedName:
      return to_base32hex(octets.subspan(1));
    case Field::HostIdentity:
      return host_identity_to_text(octets);
    case Field::Hex:
      return in_words(to_hex(octets), split);
    case Field::Base64:
    case Field::OptionalBase64:
      return in_words(to_base64(octets), split);
    case Field::DashedBase64:
      return octets.empty() ? "-" : to_base64(octets);
    case Field::SizedBase64:
    case Field::SpacedBase64:
      if (field == Field::SizedBase64 && octets.size() == 2) return "0";
      return std::to_string(octets.size() - 2) + " " +
             in_words(to_base64(octets.subspan(2)), split);
    case Field::TypeBitmap:
      return types_to_text(octets);
    case Field::NxtTypeBitmap:
      return nxt_types_to_text(octets);
    case Field::SvcParams:
      return svc_params_to_text(octets);
  }
  return {};
}

std::string opaque_to_text(RdataView rdata, WordSplit split) {
  std::string text = "\\# " + std::to_string(rdata.size());
  if (!rdata.empty()) text += " " + in_words(to_hex(rdata), split);
  return text;
}

std::string rdata_to_text(RRType type, RdataView rdata, WordSplit split) {
  if (!has_text(type, rdata)) return opaque_to_text(rdata, split);
  std::string text;
  for (const Field field : layout_of(type)->fields) {
    const std::size_t size = *field_size(field, rdata);
    const std::string word = field_to_text(field, rdata.first(size), split);
    if (!text.empty() && !word.empty()) text += ' ';
    text += word;
    rdata = rdata.subspan(size);
  }
  return text;
}

}  // namespace cairn::wire
