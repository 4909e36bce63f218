// A signed zone, judged by cairn or signed anew by it, for comparison with other programs:
//   zone_signatures check ORIGIN SECONDS DS-FILE < zone
//   zone_signatures resign ORIGIN SECONDS PRIVATE-KEY-FILE... < zone
// check: the keys by the DS, then every set that has signatures by the keys; a line for each that
// is not Secure, and how many are. resign: the same sets with signatures of our own in place of
// those that were there; the DNSKEY set by the keys with the flag of entry points, the others by
// the others. SECONDS is the time, since 1970.
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "dnssec/ds.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/signer.hpp"
#include "dnssec/trust_anchor.hpp"
#include "zones/zone_file.hpp"

using namespace cairn;
using namespace cairn::dnssec;

namespace {

struct Zone {
  wire::Name origin;
  std::vector<wire::RRset> sets;

  const wire::RRset* find(wire::RRType type) const {
    for (const wire::RRset& set : sets)
      if (set.owner == origin && set.type == type) return &set;
    return nullptr;
  }
};

std::string text_of(std::istream& stream) {
  return {std::istreambuf_iterator<char>(stream), {}};
}

int check(const Zone& zone, std::chrono::sys_seconds now, const std::string& ds_file) {
  std::ifstream stream(ds_file);
  const auto anchors = trust_anchors_from_text(text_of(stream));
  const wire::RRset* dnskey = zone.find(wire::RRType::DNSKEY);
  if (!anchors || anchors->size() != 1 || !dnskey) {
    std::cout << "no DS or no DNSKEY\n";
    return 1;
  }
  Work keys_work;
  const KeysVerdict keys = judge_keys(*dnskey, anchors->front(), keys_work, now, {});
  if (keys.security != wire::Security::Secure) {
    std::cout << "keys: " << (keys.why ? keys.why->text : "") << "\n";
    return 1;
  }
  std::size_t secure = 0;
  bool all = true;
  for (const wire::RRset& set : zone.sets) {
    if (set.signatures.empty()) continue;
    // Each signature alone: one good one would hide that others are not read right.
    for (const wire::RdataView signature : set.signatures) {
      wire::RRset with_one = set;
      with_one.signatures = {};
      with_one.signatures.add(signature);
      Work work;
      const SetVerdict verdict = judge_set(with_one, *keys.keys, work, now, {});
      if (verdict.security == wire::Security::Secure) {
        ++secure;
        continue;
      }
      all = false;
      std::cout << verdict.why->text << "\n";
    }
  }
  std::cout << secure << " secure\n";
  return all && secure > 0 ? 0 : 1;
}

int resign(Zone zone, std::chrono::sys_seconds now, const std::vector<std::string>& key_files) {
  const wire::RRset* dnskey = zone.find(wire::RRType::DNSKEY);
  if (!dnskey) return 1;
  std::vector<SigningKey> keys;
  for (const std::string& file : key_files) {
    std::ifstream stream(file);
    const auto key = PrivateKey::from_text(text_of(stream));
    if (!key) {
      std::cerr << file << ": " << key.error() << "\n";
      return 1;
    }
    for (const wire::RdataView rdata : dnskey->rdata) {
      const SigningKey candidate{zone.origin, PublicKey(rdata).flags(), *key};
      if (std::ranges::equal(candidate.dnskey(), rdata)) keys.push_back(candidate);
    }
  }
  const Period period{now - std::chrono::days{1}, now + std::chrono::days{30}};
  std::vector<wire::Record> records;
  for (const wire::RRset& set : zone.sets) {
    for (const wire::RdataView rdata : set.rdata)
      records.push_back({set.owner, set.type, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
    if (set.signatures.empty()) continue;
    for (const SigningKey& key : keys)
      if ((key.flags == 257) == (set.type == wire::RRType::DNSKEY))
        records.push_back(
            {set.owner, wire::RRType::RRSIG, set.rrclass, set.ttl, sign(set, key, period)});
  }
  std::cout << zones::write_zone_file(records, zone.origin);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 4) return 2;
  const auto origin = wire::Name::from_text(arguments[1]);
  if (!origin) return 2;
  const zones::ZoneFile file = zones::parse_zone_file(text_of(std::cin), *origin, "zone");
  for (const zones::ZoneFileError& error : file.errors) std::cerr << error.to_text() << "\n";
  if (!file.errors.empty()) return 2;
  const Zone zone{*origin, wire::group(file.records)};
  const std::chrono::sys_seconds now{std::chrono::seconds{std::stoll(arguments[2])}};
  if (arguments[0] == "check") return check(zone, now, arguments[3]);
  return resign(zone, now, {arguments.begin() + 3, arguments.end()});
}
