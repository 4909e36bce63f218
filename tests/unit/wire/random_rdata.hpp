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
    const Layout& layout = *layout_of(type);
    do {
      rdata_.clear();
      for (const Field field : layout.fields) add(field);
      make_sound(type);
    } while (layout.is_sound && !layout.is_sound(rdata_));
    return rdata_;
  }

 private:
  /// What chance alone would seldom meet.
  void make_sound(RRType type) {
    if (type == RRType::RKEY) rdata_[0] = rdata_[1] = 0;
    if (type != RRType::X25) return;
    rdata_.assign(1, static_cast<std::uint8_t>(4 + below(252)));
    for (std::size_t left = rdata_[0]; left > 0; --left) {
      rdata_.push_back(static_cast<std::uint8_t>('0' + below(10)));
    }
  }

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
    if (below(3) == 0) svc_param(7, {'/', '{', '?', 'd', 'n', 's', '}'});
    if (other) svc_param(8 + below(60000), some(below(40)));
  }

  void u32(std::uint64_t value) {
    u16(value >> 16 & 0xFFFF);
    u16(value & 0xFFFF);
  }
  /// 2^31 is the middle; as far as `degrees` to either side.
  void angle(std::size_t degrees) {
    u32(0x80000000U + below(degrees * 7200001) - degrees * 3600000);
  }
  /// A digit and a power of ten; none of its powers writes nothing in the canonical way.
  void precision() {
    const std::size_t digit = below(10);
    rdata_.push_back(static_cast<std::uint8_t>(digit << 4 | (digit ? below(10) : 0)));
  }
  void location() {
    rdata_.push_back(0);
    precision();
    precision();
    precision();
    angle(90);
    angle(180);
    octets(4);
  }
  /// An octet that is not zero behind `count` others.
  void trimmed(std::size_t count) {
    octets(count);
    rdata_.push_back(static_cast<std::uint8_t>(1 + below(255)));
  }
  void prefixes() {
    for (std::size_t count = below(4); count > 0; --count) {
      const std::size_t family = 1 + below(2), most = family == 1 ? 4 : 16, size = below(most + 1);
      u16(family);
      rdata_.push_back(static_cast<std::uint8_t>(below(most * 8 + 1)));
      rdata_.push_back(static_cast<std::uint8_t>(size | (below(2) ? 0x80 : 0)));
      if (size > 0) trimmed(size - 1);
    }
  }
  void services() {
    octets(1);
    if (below(4) != 0) trimmed(below(40));
  }
  void nxt_bitmap() {
    if (below(4) == 0) return;
    const std::size_t start = rdata_.size();
    trimmed(below(16));
    rdata_[start] = static_cast<std::uint8_t>(rdata_[start] & 0x7F);
    if (rdata_.back() == 0) rdata_.back() = 1;
  }
  /// What stands behind a kind of gateway or relay.
  void host(std::size_t kind) {
    if (kind == 1) octets(4);
    if (kind == 2) octets(16);
    if (kind == 3) name();
  }
  void a6_suffix() {
    const std::size_t prefix = below(129), size = (128 - prefix + 7) / 8;
    rdata_.push_back(static_cast<std::uint8_t>(prefix));
    octets(size);
    if (prefix % 8 == 0) return;
    std::uint8_t& first = rdata_[rdata_.size() - size];
    first = static_cast<std::uint8_t>(first & 0xFF >> prefix % 8);
  }
  void atm() {
    const bool called = below(2);
    rdata_.push_back(called ? 1 : 0);
    for (std::size_t count = 1 + below(20); count > 0; --count) {
      rdata_.push_back(called ? static_cast<std::uint8_t>('0' + below(10)) : octet());
    }
  }
  void host_identity() {
    const std::size_t tag = 1 + below(255), key = 1 + below(300);
    rdata_.push_back(static_cast<std::uint8_t>(tag));
    octets(1);
    u16(key);
    octets(tag + key);
  }

  void add(Field field) {
    switch (field) {
      case Field::U8:
      case Field::Algorithm:
      case Field::AlgorithmName:
      case Field::Digest:
      case Field::KeyProtocol:
      case Field::Scheme:
        return octets(1);
      case Field::U16:
      case Field::Certificate:
      case Field::KeyFlags:
      case Field::TypeCode:
      case Field::OldTypeCode:
      case Field::ErrorCode:
        return octets(2);
      case Field::U32:
      case Field::Ttl:
      case Field::Time:
      case Field::IPv4:
        return octets(4);
      case Field::U48:
      case Field::Eui48:
        return octets(6);
      case Field::Locator:
      case Field::Eui64:
        return octets(8);
      case Field::Nsap:
        return octets(1 + below(40));
      case Field::Atm:
        return atm();
      case Field::A6Suffix:
        return a6_suffix();
      case Field::Gateway: {
        const std::size_t kind = below(4);
        u16(kind << 8 | octet());
        return host(kind);
      }
      case Field::Relay: {
        const std::size_t kind = below(4);
        rdata_.push_back(static_cast<std::uint8_t>(kind | (below(2) ? 0x80 : 0)));
        return host(kind);
      }
      case Field::Services:
        return services();
      case Field::Prefixes:
        return prefixes();
      case Field::Location:
        return location();
      case Field::NxtTypeBitmap:
        return nxt_bitmap();
      case Field::HostIdentity:
        return host_identity();
      case Field::OptionalName:
        return below(2) ? name() : void();
      case Field::Names:
        for (std::size_t count = below(4); count > 0; --count) name();
        return;
      case Field::OptionalString:
        return below(2) ? with_length(octet()) : void();
      case Field::SizedBase64:
      case Field::SpacedBase64: {
        const std::size_t size = below(4) ? below(100) : 0;
        u16(size);
        return octets(size);
      }
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
      case Field::DashedBase64:
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
