#include "wire/rdata_trouble.hpp"

#include <algorithm>

#include "wire/name.hpp"
#include "wire/rdata_layout.hpp"

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

/// How a name stands in a message: what is wrong with it (empty: nothing), and its octets there.
struct NameSight {
  std::string_view trouble;
  std::size_t octets = 0;
};

NameSight look_at_name(Octets message, std::size_t at, std::size_t end) {
  std::size_t size = 1, here = at, before = at, octets = 0;
  for (;;) {
    if (here >= end) return {cut_short};
    const std::uint8_t length = message[here];
    if (length >= 0xc0) {
      if (here + 1 >= end) return {cut_short};
      if (octets == 0) octets = here + 2 - at;
      here = std::size_t{length & 0x3fU} << 8 | message[here + 1];
      if (here >= before) return {"bad compression pointer"};
      before = here;
      end = message.size();
      continue;
    }
    if (length > 63) return {"bad label type"};
    if (length == 0) return {"", octets == 0 ? here + 1 - at : octets};
    size += std::size_t{1} + length;
    if (size > Name::max_octets) return {"name too long"};
    here += std::size_t{1} + length;
  }
}

/// A field that would be whole if only more octets followed.
bool lacks_octets(Field field, Octets rest) {
  constexpr std::size_t most = 256;  // a <character-string>, with its length
  Bytes longer(rest.begin(), rest.end());
  for (std::size_t more = 0; more < most; ++more) {
    longer.push_back(0);
    const auto size = field_size(field, longer);
    if (size) return *size > rest.size();
  }
  return false;
}

/// Items behind each other, each with its own length (RFC 3123, RFC 9460 section 2.2).
bool ends_within_item(Octets rest, std::size_t head, auto length_of) {
  while (!rest.empty()) {
    if (rest.size() < head) return true;
    const std::size_t size = head + length_of(rest);
    if (rest.size() < size) return true;
    rest = rest.subspan(size);
  }
  return false;
}

/// HIP's servers are names behind two pieces of octets, whose lengths stand in front (RFC 8005
/// section 5).
std::string_view hip_trouble(Octets message, std::size_t at, std::size_t end) {
  constexpr std::size_t head = 4;
  const Octets rdata = message.subspan(at, end - at);
  if (rdata.size() < head) return formerr;
  const std::size_t servers = head + rdata[0] + static_cast<std::size_t>(rdata[2] << 8 | rdata[3]);
  if (servers > rdata.size()) return formerr;
  for (at += servers; at < end;) {
    const NameSight name = look_at_name(message, at, end);
    if (!name.trouble.empty()) return name.trouble;
    at += name.octets;
  }
  return formerr;
}

/// RFC 9460 section 2.2: each key once, in ascending order. Heads count, whole values or not.
bool keys_ascend(Octets params) {
  for (int last = -1; params.size() >= 4;) {
    const int key = params[0] << 8 | params[1];
    if (key <= last) return false;
    last = key;
    const std::size_t item = 4 + static_cast<std::size_t>(params[2] << 8 | params[3]);
    params = params.subspan(std::min(item, params.size()));
  }
  return true;
}

/// What the types say that have rules of their own; empty: nothing special.
std::string_view special_trouble(RRType type, Octets rdata) {
  switch (static_cast<std::uint16_t>(type)) {
    case 19:   // X25
    case 50:   // NSEC3
    case 51:   // NSEC3PARAM
    case 104:  // NID
    case 105:  // L32
    case 106:  // L64
    case 108:  // EUI48
    case 109:  // EUI64
      return formerr;
    case 34:   // ATMA
    case 44:   // SSHFP
    case 257:  // CAA
    case 260:  // AMTRELAY
      return rdata.size() < 2 ? cut_short : formerr;
    case 29:  // LOC, RFC 1876 section 2
      if (rdata.size() > 16 && is_well_formed(type, rdata.first(16))) return "extra input data";
      return rdata.empty() || (rdata[0] == 0 && rdata.size() < 16) ? cut_short : "out of range";
    case 38:  // A6, RFC 2874 section 3.1
      return !rdata.empty() && rdata[0] > 128 ? "out of range" : "";
    case 42:  // APL, RFC 3123 section 4
      return ends_within_item(rdata, 4, [](Octets item) { return item[3] & 0x7fU; }) ? cut_short
                                                                                     : formerr;
    case 45:  // IPSECKEY, RFC 4025 section 2.3
      return rdata.size() > 1 && rdata[1] > 3 ? "not implemented" : "";
    default:
      return "";
  }
}

}  // namespace

std::string_view name_trouble(Octets message, std::size_t at, std::size_t end) {
  return look_at_name(message, at, end).trouble;
}

std::string_view rdata_trouble(Octets message, std::size_t at, std::size_t length, RRType type) {
  const std::size_t end = at + length;
  const Octets rdata = message.subspan(at, length);
  if (const auto special = special_trouble(type, rdata); !special.empty()) return special;
  if (type == RRType::HIP) return hip_trouble(message, at, end);
  const Layout* layout = layout_of(type);
  if (!layout) return formerr;
  for (const Field field : layout->fields) {
    if (field == Field::CompressedName || field == Field::Name || field == Field::CasedName) {
      const NameSight name = look_at_name(message, at, end);
      if (!name.trouble.empty()) return name.trouble;
      at += name.octets;
      continue;
    }
    const Octets rest = message.subspan(at, end - at);
    const auto size = field_size(field, rest);
    if (size) {
      at += *size;
      continue;
    }
    if (field == Field::SvcParams) {
      const auto length_of = [](Octets param) {
        return static_cast<std::size_t>(param[2] << 8 | param[3]);
      };
      if (!keys_ascend(rest)) return formerr;
      return ends_within_item(rest, 4, length_of) ? cut_short : formerr;
    }
    if (field == Field::NxtTypeBitmap) return "bad bitmap";
    return lacks_octets(field, rest) ? cut_short : formerr;
  }
  if (at < end) return "extra input data";
  // Every field is there, and they do not fit each other: a digest or a key of the wrong length.
  for (std::size_t size = rdata.size(); size-- > 0;)
    if (is_well_formed(type, rdata.first(size))) return "extra input data";
  constexpr std::size_t longest_digest = 64;
  Bytes longer(rdata.begin(), rdata.end());
  for (std::size_t more = 0; more < longest_digest; ++more) {
    longer.push_back(0);
    if (is_well_formed(type, longer)) return cut_short;
  }
  return formerr;
}

}  // namespace cairn::wire
