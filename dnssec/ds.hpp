// Delegation signers (RFC 4034 section 5): the parent's word for which keys its child signs with,
// and the step down the chain of trust that it makes (RFC 4035 section 5.2): a DNSKEY set is good
// when a key of it that a DS names has signed it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "dnssec/rrsig.hpp"
#include "dnssec/zone_keys.hpp"
#include "wire/edns.hpp"
#include "wire/rrset.hpp"

namespace cairn::dnssec {

struct Ds {
  std::uint16_t key_tag = 0;
  Algorithm algorithm = Algorithm::ECDSAP256SHA256;
  DigestType digest_type = DigestType::SHA256;
  wire::Bytes digest;

  bool operator==(const Ds&) const = default;
};

std::optional<Ds> ds_from_rdata(std::span<const std::uint8_t> rdata);
wire::Bytes to_rdata(const Ds& ds);

/// The DS that names a key (RFC 4034 section 5.1.4). The type must be known.
Ds make_ds(const wire::Name& owner, std::span<const std::uint8_t> dnskey, DigestType type);
/// Tag, algorithm and digest are those of the key.
bool matches(const Ds& ds, const wire::Name& owner, std::span<const std::uint8_t> dnskey);

/// What became of a zone's keys.
struct KeysVerdict {
  wire::Security security = wire::Security::Bogus;  // Secure, Insecure or Bogus
  std::shared_ptr<const ZoneKeys> keys;             // when Secure
  /// When Bogus; when Insecure: which algorithm or digest it is that we do not know.
  std::optional<wire::ExtendedError> why;
  wire::Ttl most_ttl;  // as SetVerdict::most_ttl; when Secure
  // How it was found, for people to read; when Secure.
  std::size_t ds = 0;         // the place of the DS in its set
  std::size_t signature = 0;  // and of the signature among those of the DNSKEY set
  std::uint16_t key_tag = 0;  // the key between the two
};

/// The keys of `dnskey.owner` by a DS set of the same owner, which was found Secure or is a trust
/// anchor. One DS and one key that go together are enough. Insecure: no DS is of an algorithm and a
/// digest that count here (RFC 4035 section 5.2); those of SHA-1 do not where there is a better one
/// (RFC 4509 section 3). A set that is empty has no key that could go together with a DS.
KeysVerdict judge_keys(const wire::RRset& dnskey, const wire::RRset& ds, Work& work,
                       std::chrono::sys_seconds now, const Policy& policy);

}  // namespace cairn::dnssec
