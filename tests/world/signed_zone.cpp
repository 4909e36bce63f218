#include "tests/world/signed_zone.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "dnssec/crypto.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::world {
namespace {

using wire::Name;
using wire::Record;
using wire::RRset;
using wire::RRType;

void put_u16(wire::Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

void append(const wire::Bytes& octets, wire::Bytes& out) {
  out.insert(out.end(), octets.begin(), octets.end());
}

RRset set_of(const Name& owner, RRType type, wire::Ttl ttl, const wire::Bytes& rdata) {
  RRset set;
  set.owner = owner;
  set.type = type;
  set.ttl = ttl;
  set.rdata.add(rdata);
  return set;
}

/// RFC 4648 section 7: base 32 with extended hex alphabet, without padding.
std::string base32hex(const dnssec::NameHash& hash) {
  std::string text;
  unsigned bits = 0;
  unsigned held = 0;
  for (const std::uint8_t octet : hash) {
    held = held << 8 | octet;
    for (bits += 8; bits >= 5; bits -= 5)
      text += "0123456789abcdefghijklmnopqrstuv"[held >> (bits - 5) & 31];
    held &= 0xff;
  }
  return text;
}

Name with_label(const Name& name, std::string_view label) {
  return *name.with_label({reinterpret_cast<const std::uint8_t*>(label.data()), label.size()});
}

}  // namespace

bool Signing::take_word(const std::string& word) {
  const auto number_behind = [&](std::string_view prefix, auto& number) {
    if (!word.starts_with(prefix)) return false;
    const char* end = word.data() + word.size();
    return std::from_chars(word.data() + prefix.size(), end, number).ptr == end;
  };
  unsigned number = 0;
  if (word == "nsec3") {
    nsec3 = true;
  } else if (word == "opt-out") {
    nsec3 = opt_out = true;
  } else if (number_behind("proof-ttl=", number)) {
    proof_ttl = static_cast<std::uint32_t>(number);
  } else if (number_behind("iterations=", number)) {
    nsec3 = true;
    iterations = static_cast<std::uint16_t>(number);
  } else if (number_behind("algorithm=", number)) {
    algorithm = static_cast<dnssec::Algorithm>(number);
  } else if (number_behind("digest=", number)) {
    digest = static_cast<dnssec::DigestType>(number);
  } else if (number_behind("key=", seed)) {
  } else if (word == "expired") {
    inception = dawn - std::chrono::hours{24 * 60};
    expiration = dawn - std::chrono::hours{24 * 30};
  } else if (word == "not-yet-valid") {
    inception = dawn + std::chrono::hours{24 * 30};
    expiration = dawn + std::chrono::hours{24 * 60};
  } else if (number_behind("expires-in=", number)) {
    expiration = dawn + std::chrono::seconds{number};
  } else if (number_behind("valid-from=", number)) {
    inception = dawn + std::chrono::seconds{number};
  } else if (word == "no-ds") {
    no_ds = true;
  } else if (word == "wrong-ds") {
    wrong_ds = true;
  } else if (word == "wrong-key") {
    wrong_key = true;
  } else if (word == "revoked") {
    revoked = true;
  } else if (word == "no-zone-key") {
    no_zone_key = true;
  } else if (number_behind("colliding-keys=", colliding_keys)) {
  } else if (word == "unknown-digest") {
    unknown_digests = 1;
  } else if (word == "unknown-algorithm" || word == "only-unknown-digest") {
    unknown_digests = word == "unknown-algorithm" ? 0 : 1;
    only_unknown = true;
  } else {
    return false;
  }
  return true;
}

dnssec::SigningKey SignedZone::key_of(const Name& apex, const Signing& signing) {
  wire::Bytes seed;
  for (unsigned shift = 0; shift < 64; shift += 8)
    seed.push_back(static_cast<std::uint8_t>(signing.seed >> shift));
  const Name lower = apex.lowercase();
  seed.insert(seed.end(), lower.wire().begin(), lower.wire().end());
  auto key = dnssec::PrivateKey::from_seed(signing.algorithm, seed);
  // RSA keys do not come from a seed: one for all of a size and algorithm.
  static std::map<dnssec::Algorithm, dnssec::PrivateKey> rsa;
  if (!key) {
    auto known = rsa.find(signing.algorithm);
    if (known == rsa.end())
      known = rsa.emplace(signing.algorithm,
                          dnssec::PrivateKey::generate(signing.algorithm, 1024).value())
                  .first;
    key = known->second;
  }
  std::uint16_t flags = 257;
  if (signing.revoked) flags |= 0x0080;
  if (signing.no_zone_key) flags &= static_cast<std::uint16_t>(~0x0100U);
  return {apex, flags, *key};
}

RRset SignedZone::ds_of(const Name& apex, const Signing& signing) {
  RRset ds;
  ds.owner = apex;
  ds.type = RRType::DS;
  ds.ttl = {3600};
  if (signing.no_ds) return ds;
  const dnssec::SigningKey key = key_of(apex, signing);
  wire::Bytes rdata = key.ds(signing.digest);
  if (signing.wrong_ds) rdata.back() ^= 1;
  if (signing.unknown_digests > 0 || signing.only_unknown) {
    wire::Bytes other = rdata;
    other[signing.unknown_digests > 0 ? 3 : 2] = 250;  // digest type, or algorithm
    ds.rdata.add(other);
  }
  if (!signing.only_unknown) ds.rdata.add(rdata);
  return ds;
}

SignedZone::SignedZone(const Name& apex, std::vector<Record> records, const Signing& signing)
    : apex_(apex), signing_(signing) {
  const dnssec::SigningKey key = key_of(apex, signing);
  Signing other = signing;
  other.seed += 1000;
  const dnssec::SigningKey wrong = key_of(apex, other);
  const dnssec::SigningKey& signs = signing.wrong_key ? wrong : key;

  const auto add_record = [&](RRType type, wire::Bytes rdata) {
    records.push_back({apex, type, wire::RRClass::IN, {3600}, std::move(rdata)});
  };
  for (unsigned count = 0; count < signing.colliding_keys; ++count) {
    // Two octets of the key exchanged with two others at even places: the sum is the same.
    wire::Bytes dnskey = key.dnskey();
    const std::size_t at = 4 + 2 * (count % 15);
    std::swap(dnskey[at], dnskey[at + 2]);
    std::swap(dnskey[at + 1], dnskey[at + 3]);
    add_record(RRType::DNSKEY, std::move(dnskey));
  }
  add_record(RRType::DNSKEY, key.dnskey());

  std::set<Name> cuts;
  for (const Record& record : records)
    if (record.type == RRType::NS && !(record.owner == apex)) cuts.insert(record.owner);
  const auto below_cut = [&](const Name& name) {
    return std::ranges::any_of(cuts, [&](const Name& cut) { return name.is_below(cut); });
  };
  for (const Record& record : records) {
    if (below_cut(record.owner)) continue;
    types_[record.owner].insert(record.type);
    for (Name name = record.owner; name.is_within(apex); name = name.parent()) {
      names_.insert(name);
      if (name == apex) break;
    }
  }

  std::vector<RRset> sets = wire::group(records);
  for (RRset& set : sets) {
    const bool is_cut = cuts.contains(set.owner);
    if (below_cut(set.owner) || (is_cut && set.type != RRType::DS)) continue;
    sign(set, signs);
  }
  signing.nsec3 ? make_nsec3(signs) : make_nsec(signs);
  for (const auto& [owner, nsec] : nsecs_)
    if (signing_.nsec3 == false) sets.push_back(nsec);

  std::vector<Record> all;
  for (const RRset& set : sets) {
    for (const auto rdata : set.rdata)
      all.push_back({set.owner, set.type, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
    for (const auto rdata : set.signatures)
      all.push_back({set.owner, RRType::RRSIG, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
  }
  std::ranges::stable_sort(all, [](const Record& a, const Record& b) { return a.owner < b.owner; });
  auto zone = zones::Zone::from_records(apex, all);
  if (!zone) throw std::runtime_error("signed zone " + apex.to_text() + ": " + zone.error());
  zone_ = *zone;
}

void SignedZone::sign(RRset& set, const dnssec::SigningKey& key) {
  set.signatures.add(dnssec::sign(set, key, {signing_.inception, signing_.expiration}));
}

void SignedZone::make_nsec(const dnssec::SigningKey& key) {
  for (auto at = types_.begin(); at != types_.end(); ++at) {
    const auto next = std::next(at);
    const Name& next_name = next == types_.end() ? apex_ : next->first;
    wire::Bytes rdata(next_name.wire().begin(), next_name.wire().end());
    std::vector<RRType> types{at->second.begin(), at->second.end()};
    // Glue beside a delegation is not this zone's.
    if (at->second.contains(RRType::NS) && !(at->first == apex_))
      std::erase_if(types, [](RRType type) { return type != RRType::NS && type != RRType::DS; });
    types.push_back(RRType::NSEC);
    types.push_back(RRType::RRSIG);
    append(wire::bitmap_of_types(types), rdata);
    RRset set = set_of(at->first, RRType::NSEC, {signing_.proof_ttl}, rdata);
    sign(set, key);
    nsecs_.emplace(at->first, std::move(set));
  }
}

dnssec::NameHash SignedZone::hash(const Name& name) const {
  const Name lower = name.lowercase();
  auto digest = dnssec::digest(dnssec::HashAlgorithm::Sha1, {lower.wire()});
  for (unsigned round = 0; round < signing_.iterations; ++round)
    digest = dnssec::digest(dnssec::HashAlgorithm::Sha1, {digest.view()});
  dnssec::NameHash hash{};
  std::copy_n(digest.octets.begin(), hash.size(), hash.begin());
  return hash;
}

void SignedZone::make_nsec3(const dnssec::SigningKey& key) {
  std::map<dnssec::NameHash, Name> hashes;
  for (const Name& name : names_) {
    const auto types = types_.find(name);
    const bool is_unsigned_cut = types != types_.end() && types->second.contains(RRType::NS) &&
                                 !types->second.contains(RRType::DS) && !(name == apex_);
    // RFC 5155 section 6: with opt-out these need not be there, nor what stands above them alone.
    const bool only_above = types == types_.end() && signing_.opt_out;
    if (signing_.opt_out && (is_unsigned_cut || only_above)) continue;
    hashes.emplace(hash(name), name);
  }
  for (auto at = hashes.begin(); at != hashes.end(); ++at) {
    const auto next = std::next(at) == hashes.end() ? hashes.begin() : std::next(at);
    wire::Bytes rdata{1, static_cast<std::uint8_t>(signing_.opt_out)};
    put_u16(rdata, signing_.iterations);
    rdata.push_back(0);
    rdata.push_back(20);
    rdata.insert(rdata.end(), next->first.begin(), next->first.end());
    std::vector<RRType> types;
    if (const auto known = types_.find(at->second); known != types_.end()) {
      types.assign(known->second.begin(), known->second.end());
      const bool cut = known->second.contains(RRType::NS) && !(at->second == apex_);
      if (cut)
        std::erase_if(types, [](RRType type) { return type != RRType::NS && type != RRType::DS; });
      if (!cut || known->second.contains(RRType::DS)) types.push_back(RRType::RRSIG);
    }
    append(wire::bitmap_of_types(types), rdata);
    RRset set =
        set_of(with_label(apex_, base32hex(at->first)), RRType::NSEC3, {signing_.proof_ttl}, rdata);
    sign(set, key);
    nsec3s_.emplace(at->first, std::move(set));
  }
}

Name SignedZone::closest_encloser(const Name& name) const {
  Name encloser = name;
  while (!names_.contains(encloser) && !(encloser == apex_)) encloser = encloser.parent();
  return encloser;
}

void SignedZone::add(const RRset& set, wire::Message& reply) {
  const auto there = [&](const Record& record) {
    return record.owner == set.owner && record.type == set.type;
  };
  if (std::ranges::any_of(reply.authority, there)) return;
  for (const auto rdata : set.rdata)
    reply.authority.push_back(
        {set.owner, set.type, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
  for (const auto rdata : set.signatures)
    reply.authority.push_back(
        {set.owner, RRType::RRSIG, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
}

/// The record of the name itself.
void SignedZone::prove_at(const Name& name, wire::Message& reply) const {
  if (!signing_.nsec3) {
    const auto at = nsecs_.find(name);
    if (at != nsecs_.end()) return add(at->second, reply);
    return prove_gap(name, reply);  // an empty non-terminal
  }
  const auto at = nsec3s_.find(hash(name));
  if (at != nsec3s_.end()) return add(at->second, reply);
  // Left out by opt-out: the closest name that is there, and the gap below it.
  Name encloser = name;
  Name next_closer = name;
  while (!nsec3s_.contains(hash(encloser)) && !(encloser == apex_)) {
    next_closer = encloser;
    encloser = encloser.parent();
  }
  add(nsec3s_.at(hash(encloser)), reply);
  prove_gap(next_closer, reply);
}

/// The record that covers a name that does not exist.
void SignedZone::prove_gap(const Name& name, wire::Message& reply) const {
  if (!signing_.nsec3) {
    auto at = nsecs_.upper_bound(name);
    if (at == nsecs_.begin()) at = nsecs_.end();
    return add(std::prev(at)->second, reply);
  }
  auto at = nsec3s_.upper_bound(hash(name));
  if (at == nsec3s_.begin()) at = nsec3s_.end();
  add(std::prev(at)->second, reply);
}

void SignedZone::prove_no_closer(const Name& name, const Name& encloser,
                                 wire::Message& reply) const {
  prove_gap(signing_.nsec3 ? name.suffix(encloser.label_count() + 1) : name, reply);
}

void SignedZone::prove_absent(const Name& name, wire::Message& reply) const {
  const Name encloser = closest_encloser(name);
  if (signing_.nsec3) prove_at(encloser, reply);
  prove_no_closer(name, encloser, reply);
  prove_gap(with_label(encloser, "*"), reply);
}

void SignedZone::add_proofs(const wire::Question& question, wire::Message& reply) const {
  // What was made from a wildcard: nothing is closer.
  Name name = question.name;
  for (const Record& record : std::vector(reply.answer)) {
    if (record.type == RRType::CNAME && record.owner == name)
      name = Name::from_wire(record.rdata).value_or(name);
    if (record.type != RRType::RRSIG || !record.owner.is_within(apex_)) continue;
    if (record.rdata[3] < record.owner.label_count() && !record.owner.is_wildcard())
      prove_no_closer(record.owner, record.owner.suffix(record.rdata[3]), reply);
  }
  const auto has = [&](RRType type) {
    return std::ranges::find(reply.authority, type, &Record::type);
  };
  if (const auto ns = has(RRType::NS); ns != reply.authority.end() && reply.answer.empty()) {
    const Name cut = ns->owner;
    if (has(RRType::DS) == reply.authority.end() && cut.is_below(apex_)) prove_at(cut, reply);
    return;
  }
  if (has(RRType::SOA) == reply.authority.end() || !name.is_within(apex_)) return;
  if (reply.header.rcode == wire::Rcode::NXDOMAIN) return prove_absent(name, reply);
  if (names_.contains(name)) return prove_at(name, reply);
  const Name encloser = closest_encloser(name);
  if (signing_.nsec3) prove_at(encloser, reply);
  prove_no_closer(name, encloser, reply);
  prove_at(with_label(encloser, "*"), reply);
}

}  // namespace cairn::world
