#include "dnssec/ds.hpp"

#include <algorithm>

#include "dnssec/crypto.hpp"

namespace cairn::dnssec {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t fixed_octets = 4;  // key tag, algorithm, digest type

HashAlgorithm hash_of(DigestType type) {
  switch (type) {
    case DigestType::SHA1:
      return HashAlgorithm::Sha1;
    case DigestType::SHA256:
      return HashAlgorithm::Sha256;
    case DigestType::SHA384:
      return HashAlgorithm::Sha384;
  }
  return HashAlgorithm::Sha256;
}

}  // namespace

std::optional<Ds> ds_from_rdata(Octets rdata) {
  if (rdata.size() <= fixed_octets) return std::nullopt;
  Ds ds;
  ds.key_tag = static_cast<std::uint16_t>(rdata[0] << 8 | rdata[1]);
  ds.algorithm = static_cast<Algorithm>(rdata[2]);
  ds.digest_type = static_cast<DigestType>(rdata[3]);
  ds.digest.assign(rdata.begin() + fixed_octets, rdata.end());
  return ds;
}

wire::Bytes to_rdata(const Ds& ds) {
  wire::Bytes rdata{
      static_cast<std::uint8_t>(ds.key_tag >> 8), static_cast<std::uint8_t>(ds.key_tag & 0xff),
      static_cast<std::uint8_t>(ds.algorithm), static_cast<std::uint8_t>(ds.digest_type)};
  rdata.insert(rdata.end(), ds.digest.begin(), ds.digest.end());
  return rdata;
}

Ds make_ds(const wire::Name& owner, Octets dnskey, DigestType type) {
  const wire::Name lower = owner.lowercase();
  const Digest hash = digest(hash_of(type), {lower.wire(), dnskey});
  const auto algorithm = dnskey.size() < fixed_octets ? Algorithm{} : Algorithm{dnskey[3]};
  return {key_tag(dnskey), algorithm, type, {hash.view().begin(), hash.view().end()}};
}

bool matches(const Ds& ds, const wire::Name& owner, Octets dnskey) {
  return dnskey.size() > fixed_octets && static_cast<Algorithm>(dnskey[3]) == ds.algorithm &&
         key_tag(dnskey) == ds.key_tag && is_known(ds.digest_type) &&
         make_ds(owner, dnskey, ds.digest_type).digest == ds.digest;
}

}  // namespace cairn::dnssec
