// Any reply, written by one function: views of record sets in three sections, under the header and
// the OPT that the client's query asks for. What does not fit is left out as whole sets: from the
// additional section silently, from the others with TC (RFC 2181 section 9).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cache/cache.hpp"
#include "server/query.hpp"
#include "wire/edns.hpp"
#include "wire/rrset.hpp"

namespace cairn::server {

struct Reply {
  wire::Rcode rcode = wire::Rcode::NOERROR;
  bool authoritative = false;
  bool recursion_available = true;
  bool secure = false;    // told to those who understand it (AD, RFC 6840 section 5.8)
  bool referral = false;  // its glue must not be left out in silence (RFC 9471)
  std::span<const wire::RRsetView> answer;
  std::span<const wire::RRsetView> authority;
  std::span<const wire::RRsetView> additional;
  const wire::ExtendedError* error = nullptr;  // told to those who sent EDNS (RFC 8914)
};

/// Where things stand in a reply, so that it can be kept and sent again: TTL fields, and the first
/// run of equal-sized address records in the answer section.
struct ReplyLayout {
  std::vector<std::uint16_t> ttl_offsets;
  std::uint32_t least_ttl = 0;
  std::uint16_t rotation_offset = 0, rotation_record_octets = 0, rotation_count = 0;
};

/// Writes into `out`, whose size is the limit of this client; returns the octets written.
/// `layout`, when given, is filled.
std::size_t write_reply(const Query& query, const Reply& reply, std::span<std::uint8_t> out,
                        ReplyLayout* layout = nullptr);

/// Octets of the OPT that goes with every reply to this query; without an extended error.
constexpr std::size_t opt_octets(const Query& query) {
  if (!query.edns) return 0;
  return 11U + (query.next_cookie ? 28U : 0U) + (query.keepalive ? 6U : 0U);
}

/// Makes `message`, `size` octets from the cache's finished answers, this client's: id, flags, the
/// question's case, OPT. There is room for the OPT. Returns the new size.
std::size_t address_to(const Query& query, std::span<std::uint8_t> message, std::size_t size);

/// Says that there is more (TC), over TCP.
inline void truncate(std::span<std::uint8_t> message) {
  message[2] |= 0x02;
}
/// Without its upper bits, which stand in the OPT.
inline wire::Rcode rcode_of(std::span<const std::uint8_t> message) {
  return static_cast<wire::Rcode>(message[3] & 0x0f);
}
inline bool is_truncated(std::span<const std::uint8_t> message) {
  return (message[2] & 0x02) != 0;
}

}  // namespace cairn::server
