#include "cache/packing.hpp"

#include <algorithm>
#include <array>
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
constexpr std::uint8_t server_cookies_bits = 0x07;
constexpr std::uint8_t server_heard_plain_only = 0x80;

// The first octet of a packed record set: its rank, and which of the rare parts follow.
constexpr std::uint8_t rank_bits = 0x07;
constexpr std::uint8_t has_proofs = 0x08;      // sets, before the records
constexpr std::uint8_t has_owner = 0x10;       // the owner, in its own case
constexpr std::uint8_t has_signatures = 0x20;  // octets and number of the RRSIGs
// What was found of it stands above them, as in the first octet of a negative answer. What is Bogus
// is not kept.
constexpr unsigned security_shift = 6;

constexpr std::size_t security_bits(wire::Security security) {
  switch (security) {
    case wire::Security::Secure:
      return 3U << security_shift;
    case wire::Security::Insecure:
      return 2U << security_shift;
    case wire::Security::Indeterminate:
      return 1U << security_shift;
    default:
      return 0;
  }
}

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

void put_sets(wire::Bytes& out, std::span<const wire::RRset> sets) {
  put_u16(out, sets.size());
  for (const wire::RRset& set : sets) {
    put(out, set.owner.wire());
    put_u16(out, static_cast<std::size_t>(set.type));
    put_list(out, set.rdata);
    put_list(out, set.signatures);
  }
}

std::vector<wire::RRset> read_sets(wire::Reader& in, wire::Ttl ttl, wire::Security security) {
  std::vector<wire::RRset> sets(in.u16());
  for (wire::RRset& set : sets) {
    set.owner = in.name();
    set.type = static_cast<wire::RRType>(in.u16());
    set.ttl = ttl;
    set.rdata = read_list(in);
    set.signatures = read_list(in);
    set.security = security;
  }
  return sets;
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

wire::Bytes pack(const wire::RRset& rrset, Rank rank, std::span<const wire::RRset> proofs) {
  const bool owner = !is_lowercase(rrset.owner.wire());
  const bool signatures = !rrset.signatures.empty();
  wire::Bytes out;
  out.reserve(9 + rrset.owner.size() + rrset.rdata.packed().size() +
              rrset.signatures.packed().size());
  put_u8(out, static_cast<std::size_t>(rank) | (owner ? has_owner : 0U) |
                  (signatures ? has_signatures : 0U) | (proofs.empty() ? 0U : has_proofs) |
                  security_bits(rrset.security));
  put_u16(out, rrset.rdata.size());
  if (owner) put(out, rrset.owner.wire());
  if (signatures) put_list(out, rrset.signatures);
  if (!proofs.empty()) put_sets(out, proofs);
  put(out, rrset.rdata.packed());
  return out;
}

Rank packed_rank(std::span<const std::uint8_t> payload) {
  return static_cast<Rank>(payload[0] & rank_bits);
}

wire::Security packed_security(std::span<const std::uint8_t> payload) {
  constexpr std::array<wire::Security, 4> securities{
      wire::Security::Unchecked, wire::Security::Indeterminate, wire::Security::Insecure,
      wire::Security::Secure};
  return securities[payload[0] >> security_shift];
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
  set.security = packed_security(payload);
  if ((first & has_signatures) != 0) set.signatures = read_list(in);
  if ((first & has_proofs) != 0) cached.proofs = read_sets(in, ttl, set.security);
  set.rdata = wire::RdataList::from_packed(bytes(in.bytes(in.left())), count);
  return cached;
}

wire::Bytes pack_negative(std::span<const wire::RRset> authority) {
  auto security = authority.empty() ? wire::Security::Unchecked : wire::Security::Secure;
  for (const wire::RRset& set : authority) security = std::min(security, set.security);
  wire::Bytes out;
  put_u8(out, security_bits(security));
  put_sets(out, authority);
  return out;
}

std::vector<wire::RRset> unpack_negative(std::span<const std::uint8_t> payload, wire::Ttl ttl) {
  wire::Reader in(payload);
  in.u8();
  return read_sets(in, ttl, packed_security(payload));
}

wire::Bytes pack(const Failure& failure) {
  wire::Bytes out;
  put_u8(out, failure.bogus ? 1 : 0);
  put_u16(out, static_cast<std::size_t>(failure.why.code));
  for (const char letter : failure.why.text) put_u8(out, static_cast<unsigned char>(letter));
  return out;
}

Failure unpack_failure(std::span<const std::uint8_t> payload) {
  wire::Reader in(payload);
  Failure failure;
  failure.bogus = in.u8() != 0;
  failure.why.code = static_cast<wire::ExtendedErrorCode>(in.u16());
  const std::span<const std::uint8_t> text = in.bytes(in.left());
  failure.why.text.assign(text.begin(), text.end());
  return failure;
}

wire::Bytes pack(std::span<const NameServer> servers, std::span<const wire::RRset> ds_proof,
                 Instant now) {
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
  if (ds_proof.empty()) return out;
  const auto least = std::ranges::min_element(ds_proof, {}, &wire::RRset::ttl);
  put_time(out, (now + wire::as_duration(least->ttl)).time_since_epoch().count());
  put_sets(out, ds_proof);
  return out;
}

PackedDelegation unpack_delegation(std::span<const std::uint8_t> payload, Instant now) {
  PackedDelegation delegation;
  wire::Reader in(payload);
  delegation.servers.resize(in.u16());
  for (NameServer& server : delegation.servers) {
    server.name = in.name();
    server.glue.resize(in.u16());
    for (wire::IpAddress& address : server.glue) {
      const std::span<const std::uint8_t> octets = in.bytes(in.u8());
      address = octets.size() == 16 ? wire::IpAddress::v6(octets.first<16>())
                                    : wire::IpAddress::v4(octets.first<4>());
    }
  }
  if (in.left() == 0) return delegation;
  const Instant proof_ends{Duration{read_time(in)}};
  if (now < proof_ends)
    delegation.ds_proof = read_sets(in, remaining(proof_ends, now), wire::Security::Unchecked);
  return delegation;
}

wire::Bytes pack(const ServerState& state) {
  wire::Bytes out;
  out.reserve(5 * sizeof(std::int64_t) + sizeof(CookiePair) + 2);
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
                  (state.heard_plain_only ? server_heard_plain_only : 0U) |
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
  state.heard_plain_only = (flags & server_heard_plain_only) != 0;
  state.cookies = static_cast<CookieConduct>(flags >> server_cookies_shift & server_cookies_bits);
  if ((flags & server_has_quirks) != 0) state.quirks_end = Instant{Duration{read_time(in)}};
  if ((flags & server_has_cookie) != 0) {
    std::ranges::copy(in.bytes(state.cookie.client.size()), state.cookie.client.begin());
    state.cookie.server_octets = in.u8();
    std::ranges::copy(in.bytes(state.cookie.server_octets), state.cookie.server.begin());
  }
  return state;
}

}  // namespace cairn::cache
