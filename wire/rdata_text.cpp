#include "wire/rdata_text.hpp"

#include <algorithm>
#include <chrono>

#include "wire/address.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

std::uint32_t number(RdataView octets) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
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

std::string types_to_text(RdataView bitmap) {
  std::string text;
  for (const RRType type : types_of_bitmap(bitmap)) {
    if (!text.empty()) text += ' ';
    text += to_text(type);
  }
  return text;
}

}  // namespace

std::string field_to_text(Field field, RdataView octets, WordSplit split) {
  switch (field) {
    case Field::U8:
    case Field::U16:
    case Field::U32:
    case Field::Algorithm:
    case Field::Ttl:
      return std::to_string(number(octets));
    case Field::Time:
      return time_to_text(number(octets));
    case Field::TypeCode:
      return to_text(static_cast<RRType>(number(octets)));
    case Field::IPv4:
      return IpAddress::v4(octets.first<4>()).to_text();
    case Field::IPv6:
      return IpAddress::v6(octets.first<16>()).to_text();
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return Name::from_wire(octets)->to_text();
    case Field::String:
    case Field::Strings:
      return strings_to_text(octets);
    case Field::Salt:
      return octets.size() == 1 ? "-" : to_hex(octets.subspan(1));
    case Field::HashedName:
      return to_base32hex(octets.subspan(1));
    case Field::Tag:
      return escape(octets.subspan(1));
    case Field::Text:
      return quoted(octets);
    case Field::Hex:
      return in_words(to_hex(octets), split);
    case Field::Base64:
    case Field::OptionalBase64:
      return in_words(to_base64(octets), split);
    case Field::TypeBitmap:
      return types_to_text(octets);
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
  const Layout* layout = layout_of(type);
  if (!layout || layout->fields.empty() || !is_well_formed(type, rdata)) {
    return opaque_to_text(rdata, split);
  }
  std::string text;
  for (const Field field : layout->fields) {
    const std::size_t size = *field_size(field, rdata);
    const std::string word = field_to_text(field, rdata.first(size), split);
    if (!text.empty() && !word.empty()) text += ' ';
    text += word;
    rdata = rdata.subspan(size);
  }
  return text;
}

std::string to_text(const Record& record) {
  return record.owner.to_text() + " " + std::to_string(record.ttl.seconds) + " " +
         to_text(record.rrclass) + " " + to_text(record.type) + " " +
         rdata_to_text(record.type, record.rdata);
}

}  // namespace cairn::wire
