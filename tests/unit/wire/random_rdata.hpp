// Well-formed RDATA of any type with a layout, by the throw of a seeded die: each field takes the
// forms that the wire allows, the shortest and odd ones often.
#pragma once

#include <algorithm>
#include <random>

#include "wire/rdata_layout.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {

class RandomRdata {
 public:
  explicit RandomRdata(std::uint64_t seed) : die_(seed) {}

  Bytes of(RRType type) {
    rdata_.clear();
    for (const Field field : layout_of(type)->fields) add(field);
    return rdata_;
  }

 private:
  std::size_t below(std::size_t bound) { return die_() % bound; }
  std::uint8_t octet() { return static_cast<std::uint8_t>(die_()); }

  void octets(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) rdata_.push_back(octet());
  }
  void letters(std::size_t count) {
    constexpr std::string_view alphabet = "abcxyzABCXYZ019";
    for (std::size_t i = 0; i < count; ++i) {
      rdata_.push_back(static_cast<std::uint8_t>(alphabet[below(alphabet.size())]));
    }
  }
  void u16(std::size_t value) {
    rdata_.push_back(static_cast<std::uint8_t>(value >> 8));
    rdata_.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  void with_length(std::size_t count) {
    rdata_.push_back(static_cast<std::uint8_t>(count));
    octets(count);
  }
  void name() {
    std::size_t left = below(8) == 0 ? 254 : below(40);
    while (left >= 2) {
      const std::size_t length = 1 + below(std::min<std::size_t>(left - 1, 63));
      rdata_.push_back(static_cast<std::uint8_t>(length));
      below(4) == 0 ? octets(length) : letters(length);
      left -= length + 1;
      if (below(3) == 0) break;
    }
    rdata_.push_back(0);
  }
  void bitmap() {
    std::vector<RRType> types(below(20));
    for (RRType& type : types) type = static_cast<RRType>(below(2) ? below(300) : octet() * 256U);
    const Bytes bitmap = bitmap_of_types(types);
    rdata_.insert(rdata_.end(), bitmap.begin(), bitmap.end());
  }
  void svc_param(std::size_t key, const Bytes& value) {
    u16(key);
    u16(value.size());
    rdata_.insert(rdata_.end(), value.begin(), value.end());
  }
  Bytes some(std::size_t count) {
    Bytes value(count);
    for (std::uint8_t& each : value) each = octet();
    return value;
  }
  void svc_params() {
    const bool alpn = below(2), port = below(2), other = below(2);
    if (alpn && port && below(2)) svc_param(0, {0, 1, 0, 3});
    if (alpn) {
      Bytes ids;
      for (std::size_t count = 1 + below(3); count > 0; --count) {
        const Bytes id = some(1 + below(9));
        ids.push_back(static_cast<std::uint8_t>(id.size()));
        ids.insert(ids.end(), id.begin(), id.end());
      }
      svc_param(1, ids);
      if (below(3) == 0) svc_param(2, {});
    }
    if (port) svc_param(3, some(2));
    if (below(3) == 0) svc_param(4, some(4 * (1 + below(3))));
    if (below(3) == 0) svc_param(5, some(below(80)));
    if (below(3) == 0) svc_param(6, some(16 * (1 + below(3))));
    if (other) svc_param(7 + below(60000), some(below(40)));
  }

  void add(Field field) {
    switch (field) {
      case Field::U8:
      case Field::Algorithm:
        return octets(1);
      case Field::U16:
      case Field::TypeCode:
        return octets(2);
      case Field::U32:
      case Field::Ttl:
      case Field::Time:
      case Field::IPv4:
        return octets(4);
      case Field::IPv6:
        return octets(16);
      case Field::CompressedName:
      case Field::Name:
      case Field::CasedName:
        return name();
      case Field::String:
      case Field::Salt:
        return with_length(below(4) == 0 ? 0 : octet());
      case Field::HashedName:
        return with_length(1 + below(255));
      case Field::Strings:
        for (std::size_t count = 1 + below(4); count > 0; --count) with_length(octet());
        return;
      case Field::Tag: {
        const std::size_t length = 1 + below(255);
        rdata_.push_back(static_cast<std::uint8_t>(length));
        return letters(length);
      }
      case Field::Text:
      case Field::OptionalBase64:
        return octets(below(300));
      case Field::Hex:
      case Field::Base64:
        return octets(1 + below(300));
      case Field::TypeBitmap:
        return bitmap();
      case Field::SvcParams:
        return svc_params();
    }
  }

  std::mt19937_64 die_;
  Bytes rdata_;
};

/// The types whose RDATA has a layout.
inline std::vector<RRType> structured_types() {
  std::vector<RRType> types;
  for (unsigned number = 0; number <= 0xFFFF; ++number) {
    const Layout* layout = layout_of(RRType{static_cast<std::uint16_t>(number)});
    if (layout && !layout->fields.empty()) types.push_back(layout->type);
  }
  return types;
}

}  // namespace cairn::wire
