#include <algorithm>
#include <vector>

#include "dnssec/ds.hpp"
#include "dnssec/set_check.hpp"

namespace cairn::dnssec {

namespace {

using wire::ExtendedError;
using wire::ExtendedErrorCode;

struct PlacedDs {
  std::size_t place;  // in its set
  Ds ds;
};

/// The DS records that count, the strongest digests first; and what it was that others had and we
/// do not know.
struct Choice {
  std::vector<PlacedDs> usable;
  std::optional<ExtendedError> unsupported;
};

Choice choose(const wire::RRset& set, const Policy& policy) {
  Choice choice;
  const std::string of = "unsupported in the DS set of " + set.owner.to_text() + ": ";
  std::size_t place = 0;
  for (const wire::RdataView rdata : set.rdata) {
    auto ds = ds_from_rdata(rdata);
    if (ds && !policy.supports(ds->algorithm))
      choice.unsupported = {ExtendedErrorCode::UnsupportedDnskeyAlgorithm,
                            of + "algorithm " + to_text(ds->algorithm)};
    else if (ds && !policy.supports(ds->digest_type))
      choice.unsupported = {ExtendedErrorCode::UnsupportedDsDigestType,
                            of + "digest " + to_text(ds->digest_type)};
    else if (ds)
      choice.usable.push_back({place, std::move(*ds)});
    ++place;
  }
  // Whoever can make SHA-1 collide must not gain by it where the parent says more than that
  // (RFC 4509 section 3).
  const auto is_sha1 = [](const PlacedDs& one) { return one.ds.digest_type == DigestType::SHA1; };
  if (!std::ranges::all_of(choice.usable, is_sha1)) std::erase_if(choice.usable, is_sha1);
  std::ranges::stable_sort(choice.usable, std::ranges::greater{},
                           [](const PlacedDs& one) { return one.ds.digest_type; });
  // Many DS, each of them a key to hash and a signature to check (HashTrap, CVE-2023-50387).
  if (choice.usable.size() > limits::ds_records) choice.usable.resize(limits::ds_records);
  return choice;
}

const PublicKey* named_by(const Ds& ds, const wire::Name& owner,
                          const std::vector<PublicKey>& keys) {
  unsigned tried = 0;
  for (const PublicKey& key : keys) {
    if (key.key_tag() != ds.key_tag || key.algorithm() != ds.algorithm) continue;
    if (tried++ == limits::keys_of_one_tag) break;
    if (matches(ds, owner, key.rdata())) return &key;
  }
  return nullptr;
}

bool is_weak(const PublicKey& key, const Policy& policy) {
  return is_rsa(key.algorithm()) && key.rsa_bits() < policy.least_rsa_bits;
}

/// Why a key that a DS names may not sign; of a known algorithm.
ExtendedError unfit(const wire::Name& zone, const PublicKey& key) {
  const std::string which = "key " + std::to_string(key.key_tag()) + " of " + zone.to_text();
  if (!key.is_zone_key()) return {ExtendedErrorCode::NoZoneKeyBitSet, which + " is no zone key"};
  return {ExtendedErrorCode::DnskeyMissing,
          which + (key.is_revoked() ? " is revoked" : " is not of protocol 3")};
}

std::string tags(const std::vector<PlacedDs>& usable) {
  std::string tags;
  for (const PlacedDs& one : usable)
    tags += (tags.empty() ? "" : ", ") + std::to_string(one.ds.key_tag);
  return tags;
}

/// What is said under it is on the way to an answer, whatever was judged before.
class OnTheWay {
 public:
  explicit OnTheWay(Work& work) : work_(work), before_(work.on_the_way) { work.on_the_way = true; }
  OnTheWay(const OnTheWay&) = delete;
  OnTheWay& operator=(const OnTheWay&) = delete;
  ~OnTheWay() { work_.on_the_way = before_; }

 private:
  Work& work_;
  bool before_;
};

KeysVerdict bogus(ExtendedError why) {
  KeysVerdict verdict;
  verdict.why = std::move(why);
  return verdict;
}

KeysVerdict insecure(ExtendedError why) {
  KeysVerdict verdict = bogus(std::move(why));
  verdict.security = wire::Security::Insecure;
  return verdict;
}

}  // namespace

KeysVerdict judge_keys(const wire::RRset& dnskey, const wire::RRset& ds, Work& work,
                       std::chrono::sys_seconds now, const Policy& policy) {
  const wire::Name& zone = dnskey.owner;
  const Choice choice = choose(ds, policy);
  if (choice.usable.empty() && choice.unsupported) return insecure(*choice.unsupported);

  const std::vector<PublicKey> keys{dnskey.rdata.begin(), dnskey.rdata.end()};
  struct Link {
    std::size_t ds;
    const PublicKey* key;
  };
  std::vector<Link> links;
  std::size_t weak = 0;
  std::optional<ExtendedError> why;
  for (const PlacedDs& placed : choice.usable) {
    const PublicKey* key = named_by(placed.ds, zone, keys);
    if (!key) continue;
    if (!key->may_sign())
      why = unfit(zone, *key);
    else if (is_weak(*key, policy))
      ++weak;
    else if (std::ranges::find(links, key, &Link::key) == links.end())  // by another digest
      links.push_back({placed.place, key});
  }
  // The digests say which keys they are: nobody but the zone can bring about that all are too weak.
  if (weak > 0 && weak == choice.usable.size())
    return insecure({ExtendedErrorCode::UnsupportedDnskeyAlgorithm,
                     "the RSA keys of " + zone.to_text() + " have fewer than " +
                         std::to_string(policy.least_rsa_bits) + " bits"});
  if (links.empty())
    return bogus(why ? *why
                     : ExtendedError{ExtendedErrorCode::DnskeyMissing,
                                     "no key of " + zone.to_text() +
                                         " is the one that its DS names (" + tags(choice.usable) +
                                         ")"});

  const OnTheWay on_the_way(work);
  SetCheck check(dnskey, zone, work, now, policy);
  for (const Link& link : links) {
    const auto signed_set = check.signed_by({link.key, 1});
    if (!signed_set) continue;
    auto good = std::make_shared<ZoneKeys>(ZoneKeys{zone, {}});
    for (const PublicKey& key : keys)
      if (key.may_sign() && policy.supports(key.algorithm())) good->keys.push_back(key);
    KeysVerdict verdict;
    verdict.security = wire::Security::Secure;
    verdict.keys = std::move(good);
    verdict.most_ttl = signed_set->most_ttl;
    verdict.ds = link.ds;
    verdict.signature = signed_set->signature;
    verdict.key_tag = link.key->key_tag();
    return verdict;
  }
  ExtendedError reason = check.reason();
  // There may be signatures by other keys of the zone, which prove nothing here.
  if (reason.code == ExtendedErrorCode::DnskeyMissing)
    reason = {ExtendedErrorCode::RrsigsMissing,
              zone.to_text() + " DNSKEY is not signed by a key that its DS names (" +
                  tags(choice.usable) + ")"};
  return bogus(std::move(reason));
}

}  // namespace cairn::dnssec
