#include "wire/edns_options.hpp"

#include <algorithm>

#include "wire/reader.hpp"

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

// Address families of RFC 7871 section 6.
constexpr std::uint16_t ipv4 = 1;
constexpr std::uint16_t ipv6 = 2;

void append(Bytes& octets, std::uint64_t value, unsigned size) {
  for (unsigned i = size; i-- > 0;) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xFF));
  }
}

template <class Value>
std::optional<Value> if_whole(const Reader& reader, Value value) {
  return !reader.failed() && reader.left() == 0 ? std::optional{std::move(value)} : std::nullopt;
}

Bytes wire_of(const Name& name) {
  return {name.wire().begin(), name.wire().end()};
}

/// As many octets as `bits` take, the rest of the last of them zero (RFC 7871 section 6).
std::optional<IpAddress> prefix_address(bool v6, std::size_t bits, Octets octets) {
  std::array<std::uint8_t, 16> whole{};
  const std::size_t size = v6 ? 16 : 4;
  if (bits > size * 8 || octets.size() != (bits + 7) / 8) return std::nullopt;
  if (bits % 8 != 0 && static_cast<std::uint8_t>(octets.back() << bits % 8) != 0) {
    return std::nullopt;
  }
  std::ranges::copy(octets, whole.begin());
  const Octets all{whole};
  return v6 ? IpAddress::v6(all.first<16>()) : IpAddress::v4(all.first<4>());
}

}  // namespace

std::optional<ClientSubnet> ClientSubnet::parse(std::span<const std::uint8_t> data) {
  Reader reader{data};
  const std::uint16_t family = reader.u16();
  ClientSubnet subnet{std::nullopt, reader.u8(), reader.u8()};
  const Octets given = reader.bytes(reader.left());
  if (reader.failed()) return std::nullopt;
  if (family == ipv4 || family == ipv6) {
    subnet.address = prefix_address(family == ipv6, subnet.source, given);
    const bool scope_fits = subnet.scope <= (family == ipv6 ? 128 : 32);
    return subnet.address && scope_fits ? std::optional{subnet} : std::nullopt;
  }
  const bool is_empty = family == 0 && subnet.source == 0 && subnet.scope == 0 && given.empty();
  return is_empty ? std::optional{subnet} : std::nullopt;
}

Bytes ClientSubnet::octets() const {
  Bytes octets;
  append(octets, !address ? 0 : address->is_v6() ? ipv6 : ipv4, 2);
  append(octets, source, 1);
  append(octets, scope, 1);
  if (!address) return octets;
  const Octets whole = address->octets();
  const std::size_t size = std::min((std::size_t{source} + 7) / 8, whole.size());
  octets.insert(octets.end(), whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
  // What lies beyond the prefix stays untold.
  if (source % 8 != 0 && size > 0) {
    octets.back() = static_cast<std::uint8_t>(octets.back() & 0xFF00 >> source % 8);
  }
  return octets;
}

std::optional<Cookie> Cookie::parse(std::span<const std::uint8_t> data) {
  const bool fits = data.size() == 8 || (data.size() >= 16 && data.size() <= 40);
  if (!fits) return std::nullopt;
  Cookie cookie;
  std::ranges::copy(data.first(8), cookie.client.begin());
  cookie.server.assign(data.begin() + 8, data.end());
  return cookie;
}

Bytes Cookie::octets() const {
  Bytes octets{client.begin(), client.end()};
  octets.insert(octets.end(), server.begin(), server.end());
  return octets;
}

std::optional<Expire> Expire::parse(std::span<const std::uint8_t> data) {
  if (data.empty()) return Expire{};
  Reader reader{data};
  const std::uint32_t seconds = reader.u32();
  return if_whole(reader, Expire{seconds});
}

Bytes Expire::octets() const {
  Bytes octets;
  if (seconds) append(octets, *seconds, 4);
  return octets;
}

std::optional<Keepalive> Keepalive::parse(std::span<const std::uint8_t> data) {
  if (data.empty()) return Keepalive{};
  Reader reader{data};
  const std::uint16_t tenths = reader.u16();
  return if_whole(reader, Keepalive{tenths});
}

Bytes Keepalive::octets() const {
  Bytes octets;
  if (tenths) append(octets, *tenths, 2);
  return octets;
}

std::optional<Padding> Padding::parse(std::span<const std::uint8_t> data) {
  if (data.size() > 0xFFFF) return std::nullopt;
  return Padding{static_cast<std::uint16_t>(data.size())};
}

Bytes Padding::octets() const {
  return Bytes(size);
}

std::optional<Chain> Chain::parse(std::span<const std::uint8_t> data) {
  const auto name = Name::from_wire(data);
  return name ? std::optional{Chain{*name}} : std::nullopt;
}

Bytes Chain::octets() const {
  return wire_of(closest_trust_point);
}

std::optional<KeyTag> KeyTag::parse(std::span<const std::uint8_t> data) {
  if (data.empty() || data.size() % 2 != 0) return std::nullopt;
  KeyTag keys;
  for (Reader reader{data}; reader.left() > 0;) keys.tags.push_back(reader.u16());
  return keys;
}

Bytes KeyTag::octets() const {
  Bytes octets;
  for (const std::uint16_t tag : tags) append(octets, tag, 2);
  return octets;
}

std::optional<ReportChannel> ReportChannel::parse(std::span<const std::uint8_t> data) {
  const auto name = Name::from_wire(data);
  return name ? std::optional{ReportChannel{*name}} : std::nullopt;
}

Bytes ReportChannel::octets() const {
  return wire_of(agent);
}

std::optional<ZoneVersion> ZoneVersion::parse(std::span<const std::uint8_t> data) {
  if (data.empty()) return ZoneVersion{};
  if (data.size() < 2) return std::nullopt;
  // A serial has four octets (RFC 9660 section 6.1); other versions as many as they like.
  if (data[1] == soa_serial && data.size() != 6) return std::nullopt;
  return ZoneVersion{Version{data[0], data[1], {data.begin() + 2, data.end()}}};
}

Bytes ZoneVersion::octets() const {
  Bytes octets;
  if (!version) return octets;
  append(octets, version->labels, 1);
  append(octets, version->type, 1);
  octets.insert(octets.end(), version->value.begin(), version->value.end());
  return octets;
}

std::optional<LongLivedQuery> LongLivedQuery::parse(std::span<const std::uint8_t> data) {
  Reader reader{data};
  LongLivedQuery query;
  query.version = reader.u16();
  query.opcode = reader.u16();
  query.error = reader.u16();
  query.id = std::uint64_t{reader.u32()} << 32;
  query.id |= reader.u32();
  query.lease_seconds = reader.u32();
  return if_whole(reader, query);
}

Bytes LongLivedQuery::octets() const {
  Bytes octets;
  append(octets, version, 2);
  append(octets, opcode, 2);
  append(octets, error, 2);
  append(octets, id, 8);
  append(octets, lease_seconds, 4);
  return octets;
}

std::optional<UpdateLease> UpdateLease::parse(std::span<const std::uint8_t> data) {
  Reader reader{data};
  UpdateLease lease{reader.u32(), std::nullopt};
  if (reader.left() > 0) lease.key_seconds = reader.u32();
  return if_whole(reader, lease);
}

Bytes UpdateLease::octets() const {
  Bytes octets;
  append(octets, seconds, 4);
  if (key_seconds) append(octets, *key_seconds, 4);
  return octets;
}

}  // namespace cairn::wire
