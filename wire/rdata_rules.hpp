// What makes RDATA unsound although each of its fields is whole: a digest of the wrong length for
// its kind, a key where the flags say that there is none. The layout table names one rule for the
// types that have one. All are given RDATA whose fields fit.
//
// A record that breaks its rule is refused as a whole message's error, as BIND does: such data can
// only be used wrongly.
#pragma once

#include <cstdint>
#include <span>

namespace cairn::wire::rules {

using Octets = std::span<const std::uint8_t>;

/// DS and its kin: digests of kinds 1, 2 and 4 have one length (RFC 4034 section 5.1.3).
bool digest_has_its_length(Octets ds);
/// SSHFP (RFC 4255 section 3.1.2, RFC 6594).
bool fingerprint_has_its_length(Octets sshfp);
/// ZONEMD: at least 12 octets (RFC 8976 section 2.2.4).
bool zone_digest_has_its_length(Octets zonemd);
/// DNSKEY: a key of algorithm 253 begins with a name (RFC 4034 appendix A.1.1).
bool private_key_is_named(Octets dnskey);
/// KEY: none where the flags say so, one otherwise (RFC 2535 section 3.1.2).
bool key_is_there_or_not(Octets key);
/// RKEY: no flags.
bool flags_are_zero(Octets rkey);
/// X25: a PSDN address of at least four digits (RFC 1183 section 3.1).
bool is_psdn_address(Octets x25);
/// A6: a name follows unless the prefix is empty (RFC 2874 section 3.1.1).
bool prefix_has_its_name(Octets a6);
/// NSEC: at least NSEC itself exists (RFC 4034 section 4.1.2).
bool types_are_listed(Octets nsec);

}  // namespace cairn::wire::rules
