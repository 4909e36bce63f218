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

wire::Bytes pack(const wire::RRset& rrset, Rank rank);
Rank packed_rank(std::span<const std::uint8_t> payload);
/// `name` is the owner in lower case.
CachedRRset unpack_rrset(std::span<const std::uint8_t> payload, std::span<const std::uint8_t> name,
                         wire::RRType type, wire::Ttl ttl);

wire::Bytes pack(std::span<const wire::RRset> authority);
std::vector<wire::RRset> unpack_authority(std::span<const std::uint8_t> payload, wire::Ttl ttl);

wire::Bytes pack(const wire::ExtendedError& error);
wire::ExtendedError unpack_error(std::span<const std::uint8_t> payload);

wire::Bytes pack(std::span<const NameServer> servers);
std::vector<NameServer> unpack_servers(std::span<const std::uint8_t> payload);

wire::Bytes pack(const ServerState& state);
ServerState unpack_server(std::span<const std::uint8_t> payload);

}  // namespace cairn::cache
