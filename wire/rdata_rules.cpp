#include "wire/rdata_rules.hpp"

#include <algorithm>

#include "wire/rdata_layout.hpp"

namespace cairn::wire::rules {
namespace {

constexpr std::uint8_t private_dns = 253;

struct DigestLength {
  std::uint8_t kind;
  std::size_t octets;
};

/// Kinds that are not in `lengths` may have any.
bool is_length_of(std::span<const DigestLength> lengths, std::uint8_t kind, std::size_t octets) {
  const auto known = std::ranges::find(lengths, kind, &DigestLength::kind);
  return known == lengths.end() || known->octets == octets;
}

bool begins_with_name(Octets octets) {
  return field_size(Field::CasedName, octets).has_value();
}

}  // namespace

bool digest_has_its_length(Octets ds) {
  constexpr DigestLength lengths[] = {{1, 20}, {2, 32}, {4, 48}};
  return is_length_of(lengths, ds[3], ds.size() - 4);
}

bool fingerprint_has_its_length(Octets sshfp) {
  constexpr DigestLength lengths[] = {{1, 20}, {2, 32}};
  return is_length_of(lengths, sshfp[1], sshfp.size() - 2);
}

bool zone_digest_has_its_length(Octets zonemd) {
  constexpr DigestLength lengths[] = {{1, 48}, {2, 64}};
  const std::size_t octets = zonemd.size() - 6;
  return octets >= 12 && is_length_of(lengths, zonemd[5], octets);
}

bool private_key_is_named(Octets dnskey) {
  return dnskey[3] != private_dns || begins_with_name(dnskey.subspan(4));
}

bool key_is_there_or_not(Octets key) {
  const bool no_key = (key[0] & 0xC0) == 0xC0;
  return no_key ? key.size() == 4 : key.size() > 4 && private_key_is_named(key);
}

bool flags_are_zero(Octets rkey) {
  return rkey[0] == 0 && rkey[1] == 0 && private_key_is_named(rkey);
}

bool is_psdn_address(Octets x25) {
  return x25.size() > 4 && std::ranges::all_of(x25.subspan(1), [](std::uint8_t octet) {
           return octet >= '0' && octet <= '9';
         });
}

bool prefix_has_its_name(Octets a6) {
  const bool has_name = *field_size(Field::A6Suffix, a6) < a6.size();
  return (a6[0] != 0) == has_name;
}

bool types_are_listed(Octets nsec) {
  return *field_size(Field::CasedName, nsec) < nsec.size();
}

}  // namespace cairn::wire::rules
