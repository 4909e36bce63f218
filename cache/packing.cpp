#include "cache/packing.hpp"

#include <algorithm>
#include <cstring>

#include "wire/reader.hpp"

namespace cairn::cache {

namespace {

// The flags of a packed server; above them stands what it does with cookies.
constexpr std::uint8_t server_no_edns = 0x01;
constexpr std::uint8_t server_no_case = 0x02;
constexpr std::uint8_t server_has_cookie = 0x04;
constexpr std::uint8_t server_has_quirks = 0x08;  // when they end
constexpr unsigned server_cookies_shift = 4;

// The first octet of a packed record set: its rank, and which of the rare parts follow.
constexpr std::uint8_t rank_bits = 0x0f;
constexpr std::uint8_t has_owner = 0x10;       // the owner, in its own case
constexpr std::uint8_t has_signatures = 0x20;  // octets and number of the RRSIGs

void put_u8(wire::Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

void put_u16(wire::Bytes& out, std::size_t value) {
  put_u8(out, value >> 8);
  put_u8(out, value);
}

void put_u32(wire::Bytes& out, std::size_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value);
}

void put(wire::Bytes& out, std::span<const std::uint8_t> octets) {
  if (octets.empty()) return;
  const std::size_t at = out.size();
  out.resize(at + octets.size());
  std::memcpy(out.data() + at, octets.data(), octets.size());
}

wire::Bytes bytes(std::span<const std::uint8_t> octets) {
  return {octets.begin(), octets.end()};
}

/// As a signed count of nanoseconds, in two halves.
void put_time(wire::Bytes& out, std::int64_t nanoseconds) {
  const auto bits = static_cast<std::uint64_t>(nanoseconds);
  put_u32(out, bits >> 32);
  put_u32(out, bits & 0xffffffffU);
}

std::int64_t read_time(wire::Reader& in) {
  const std::uint64_t high = in.u32();
  return static_cast<std::int64_t>(high << 32 | in.u32());
}

void put_list(wire::Bytes& out, const wire::RdataList& list) {
  put_u16(out, list.size());
  put_u32(out, list.packed().size());
  put(out, list.packed());
}

wire::RdataList read_list(wire::Reader& in) {
  const std::size_t count = in.u16();
  const std::size_t octets = in.u32();
  return wire::RdataList::from_packed(bytes(in.bytes(octets)), count);
}

bool is_lowercase(std::span<const std::uint8_t> name) {
  return std::all_of(name.begin(), name.end(),
                     [](std::uint8_t octet) { return wire::fold(octet) == octet; });
}

}  // namespace

wire::Ttl remaining(Instant expires, Instant now) {
  if (expires <= now) return wire::Ttl{0};
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(expires - now).count();
  return wire::Ttl{static_cast<std::uint32_t>(std::min<std::int64_t>(seconds, 0x7fffffff))};
}

wire::Bytes pack(const wire::RRset& rrset, Rank rank) {
  const bool owner = !is_lowercase(rrset.owner.wire());
  const bool signatures = !rrset.signatures.empty();
  wire::Bytes out;
  out.reserve(9 + rrset.owner.size() + rrset.rdata.packed().size() +
              rrset.signatures.packed().size());
  put_u8(out, static_cast<std::size_t>(rank) | (owner ? has_owner : 0U) |
                  (signatures ? has_signatures : 0U));
  put_u16(out, rrset.rdata.size());
  if (owner) put(out, rrset.owner.wire());
  if (signatures) put_list(out, rrset.signatures);
  put(out, rrset.rdata.packed());
  return out;
}

Rank packed_rank(std::span<const std::uint8_t> payload) {
  return static_cast<Rank>(payload[0] & rank_bits);
}

CachedRRset unpack_rrset(std::span<const std::uint8_t> payload, std::span<const std::uint8_t> name,
                         wire::RRType type, wire::Ttl ttl) {
  wire::Reader in(payload);
  const std::uint8_t first = in.u8();
  const std::size_t count = in.u16();
  CachedRRset cached{.rrset = {}, .rank = static_cast<Rank>(first & rank_bits)};
  wire::RRset& set = cached.rrset;
  set.owner = (first & has_owner) != 0 ? in.name() : *wire::Name::from_wire(name);
  set.type = type;
  set.ttl = ttl;
  if ((first & has_signatures) != 0) set.signatures = read_list(in);
  set.rdata = wire::RdataList::from_packed(bytes(in.bytes(in.left())), count);
  return cached;
}

wire::Bytes pack(std::span<const wire::RRset> authority) {
  wire::Bytes out;
  put_u16(out, authority.size());
  for (const wire::RRset& set : authority) {
    put(out, set.owner.wire());
    put_u16(out, static_cast<std::size_t>(set.type));
    put_list(out, set.rdata);
    put_list(out, set.signatures);
  }
  return out;
}

std::vector<wire::RRset> unpack_authority(std::span<const std::uint8_t> payload, wire::Ttl ttl) {
  wire::Reader in(payload);
  std::vector<wire::RRset> authority(in.u16());
  for (wire::RRset& set : authority) {
    set.owner = in.name();
    set.type = static_cast<wire::RRType>(in.u16());
    set.ttl = ttl;
    set.rdata = read_list(in);
    set.signatures = read_list(in);
  }
  return authority;
}

wire::Bytes pack(const wire::ExtendedError& error) {
  wire::Bytes out;
  put_u16(out, static_cast<std::size_t>(error.code));
  for (const char letter : error.text) put_u8(out, static_cast<unsigned char>(letter));
  return out;
}

wire::ExtendedError unpack_error(std::span<const std::uint8_t> payload) {
  wire::Reader in(payload);
  wire::ExtendedError error;
  error.code = static_cast<wire::ExtendedErrorCode>(in.u16());
  const std::span<const std::uint8_t> text = in.bytes(in.left());
  error.text.assign(text.begin(), text.end());
  return error;
}

wire::Bytes pack(std::span<const NameServer> servers) {
  wire::Bytes out;
  put_u16(out, servers.size());
  for (const NameServer& server : servers) {
    put(out, server.name.wire());
    put_u16(out, server.glue.size());
    for (const wire::IpAddress& address : server.glue) {
      put_u8(out, address.octets().size());
      put(out, address.octets());
    }
  }
  return out;
}

std::vector<NameServer> unpack_servers(std::span<const std::uint8_t> payload) {
  wire::Reader in(payload);
  std::vector<NameServer> servers(in.u16());
  for (NameServer& server : servers) {
    server.name = in.name();
    server.glue.resize(in.u16());
    for (wire::IpAddress& address : server.glue) {
      const std::span<const std::uint8_t> octets = in.bytes(in.u8());
      address = octets.size() == 16 ? wire::IpAddress::v6(octets.first<16>())
                                    : wire::IpAddress::v4(octets.first<4>());
    }
  }
  return servers;
}

wire::Bytes pack(const ServerState& state) {
  wire::Bytes out;
  put_time(out, state.srtt.count());
  put_time(out, state.rttvar.count());
  put_time(out, state.retry_at.time_since_epoch().count());
  put_time(out, state.silent_since.time_since_epoch().count());
  put_u8(out, state.timeouts);
  // Most servers have neither a cookie nor a quirk.
  const bool cookie = state.cookie.server_octets > 0;
  const bool quirks = state.quirks_end != Instant{};
  put_u8(out, (state.no_edns ? server_no_edns : 0U) | (state.no_case ? server_no_case : 0U) |
                  (cookie ? server_has_cookie : 0U) | (quirks ? server_has_quirks : 0U) |
                  static_cast<unsigned>(state.cookies) << server_cookies_shift);
  if (quirks) put_time(out, state.quirks_end.time_since_epoch().count());
  if (cookie) {
    put(out, state.cookie.client);
    put_u8(out, state.cookie.server_octets);
    put(out, std::span(state.cookie.server).first(state.cookie.server_octets));
  }
  return out;
}

ServerState unpack_server(std::span<const std::uint8_t> payload) {
  wire::Reader in(payload);
  ServerState state;
  state.srtt = Duration{read_time(in)};
  state.rttvar = Duration{read_time(in)};
  state.retry_at = Instant{Duration{read_time(in)}};
  state.silent_since = Instant{Duration{read_time(in)}};
  state.timeouts = in.u8();
  const std::uint8_t flags = in.u8();
  state.no_edns = (flags & server_no_edns) != 0;
  state.no_case = (flags & server_no_case) != 0;
  state.cookies = static_cast<CookieConduct>(flags >> server_cookies_shift);
  if ((flags & server_has_quirks) != 0) state.quirks_end = Instant{Duration{read_time(in)}};
  if ((flags & server_has_cookie) != 0) {
    std::ranges::copy(in.bytes(state.cookie.client.size()), state.cookie.client.begin());
    state.cookie.server_octets = in.u8();
    std::ranges::copy(in.bytes(state.cookie.server_octets), state.cookie.server.begin());
  }
  return state;
}

}  // namespace cairn::cache
