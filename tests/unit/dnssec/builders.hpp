// Sets and keys for tests of signatures, from DNS text.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>

#include "dnssec/signer.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::dnssec::test {

/// Records of one set, each as "owner ttl IN type rdata"; RRSIGs among them go to the set.
inline wire::RRset set(std::initializer_list<std::string_view> lines) {
  std::vector<wire::Record> records;
  for (const std::string_view line : lines) {
    auto record = wire::record_from_text(line);
    REQUIRE_MESSAGE(record.ok(), line);
    records.push_back(*record);
  }
  auto sets = wire::group(records);
  REQUIRE(sets.size() == 1);
  return sets.front();
}

/// The key of a zone that this algorithm has in tests, and others with the same seed again.
inline SigningKey key(const wire::Name& zone, Algorithm algorithm = Algorithm::ED25519,
                      std::uint16_t flags = 257, std::uint8_t seed = 0) {
  const auto key = is_rsa(algorithm) ? PrivateKey::generate(algorithm, 1024)
                                     : PrivateKey::from_seed(algorithm, {&seed, 1});
  REQUIRE(key);
  return {zone, flags, *key};
}

inline constexpr Algorithm all_algorithms[] = {
    Algorithm::RSASHA1,         Algorithm::RSASHA1_NSEC3_SHA1,
    Algorithm::RSASHA256,       Algorithm::RSASHA512,
    Algorithm::ECDSAP256SHA256, Algorithm::ECDSAP384SHA384,
    Algorithm::ED25519,         Algorithm::ED448};

/// Signatures around this time unless a test says otherwise.
inline constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'800'000'000}};
inline constexpr Period around_now{now - std::chrono::days{10}, now + std::chrono::days{10}};

/// The set with one signature more.
inline wire::RRset signed_set(wire::RRset set, const SigningKey& key, Period period = around_now) {
  set.signatures.add(sign(set, key, period));
  return set;
}

/// The DNSKEY set of these keys, signed by the first.
inline wire::RRset dnskeys(std::initializer_list<SigningKey> keys, Period period = around_now) {
  const wire::Name& zone = keys.begin()->zone;
  wire::RRset set{zone, wire::RRType::DNSKEY, wire::RRClass::IN, wire::Ttl{3600}, {}, {}};
  for (const SigningKey& key : keys) set.rdata.add(key.dnskey());
  return signed_set(set, *keys.begin(), period);
}

inline wire::RRset ds_set(std::initializer_list<wire::Bytes> all, const wire::Name& zone) {
  wire::RRset set{zone, wire::RRType::DS, wire::RRClass::IN, wire::Ttl{3600}, {}, {}};
  for (const wire::Bytes& ds : all) set.rdata.add(ds);
  return set;
}

inline ZoneKeys zone_keys(std::initializer_list<SigningKey> keys) {
  ZoneKeys all{keys.begin()->zone, {}};
  for (const SigningKey& key : keys) all.keys.emplace_back(key.dnskey());
  return all;
}

}  // namespace cairn::dnssec::test
