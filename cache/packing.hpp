// What the cache remembers, as the octets of an entry's payload, and back. TTLs are not in there:
// an entry's expiry says how much of them is left. The name of the key is not in there either,
// unless its case would be lost.
#pragma once

#include <span>

#include "cache/cache.hpp"
#include "wire/types.hpp"

namespace cairn::cache {

/// What is left of a TTL, in seconds begun: a live entry never says 0, an expired one always.
wire::Ttl remaining(Instant expires, Instant now);

wire::Bytes pack(const wire::RRset& rrset, Rank rank, std::span<const wire::RRset> proofs = {});
Rank packed_rank(std::span<const std::uint8_t> payload);
/// Of a record set or a negative answer.
wire::Security packed_security(std::span<const std::uint8_t> payload);
/// `name` is the owner in lower case.
CachedRRset unpack_rrset(std::span<const std::uint8_t> payload, std::span<const std::uint8_t> name,
                         wire::RRType type, wire::Ttl ttl);

wire::Bytes pack_negative(std::span<const wire::RRset> authority);
std::vector<wire::RRset> unpack_negative(std::span<const std::uint8_t> payload, wire::Ttl ttl);

wire::Bytes pack(const Failure& failure);
Failure unpack_failure(std::span<const std::uint8_t> payload);

/// Who serves a zone, and what was said of its keys, which may end earlier.
struct PackedDelegation {
  std::vector<NameServer> servers;
  std::vector<wire::RRset> ds_proof;
};
wire::Bytes pack(std::span<const NameServer> servers, std::span<const wire::RRset> ds_proof,
                 Instant now);
PackedDelegation unpack_delegation(std::span<const std::uint8_t> payload, Instant now);

wire::Bytes pack(const ServerState& state);
ServerState unpack_server(std::span<const std::uint8_t> payload);

}  // namespace cairn::cache
