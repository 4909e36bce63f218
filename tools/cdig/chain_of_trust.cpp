#include "tools/cdig/chain_of_trust.hpp"

#include <algorithm>

#include "wire/rdata_text.hpp"

namespace cairn::cdig {
namespace {

using dnssec::Claim;
using dnssec::Judged;
using dnssec::Trust;
using wire::ExtendedError;
using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRset;
using wire::RRType;
using wire::Security;

std::string key_text(std::uint16_t tag, dnssec::Algorithm algorithm) {
  return std::to_string(tag) + " " + to_text(algorithm);
}

std::string period_text(const dnssec::Rrsig& rrsig) {
  return "valid from " + dnssec::time_to_text(rrsig.inception) + " to " +
         dnssec::time_to_text(rrsig.expiration);
}

/// "20326 RSASHA256 SHA-256, ..."
std::string ds_text(const RRset& set) {
  std::string text;
  for (const wire::RdataView rdata : set.rdata) {
    const auto ds = dnssec::ds_from_rdata(rdata);
    if (!ds) continue;
    if (!text.empty()) text += ", ";
    text += key_text(ds->key_tag, ds->algorithm) + " " + to_text(ds->digest_type);
  }
  return text;
}

/// "20326 RSASHA256 2048 bits, entry point; ..."
std::string keys_text(const RRset& set) {
  std::string text;
  for (const wire::RdataView rdata : set.rdata) {
    const dnssec::PublicKey key(rdata);
    if (!text.empty()) text += "; ";
    text += key_text(key.key_tag(), key.algorithm());
    if (key.rsa_bits() > 0) text += " " + std::to_string(key.rsa_bits()) + " bits";
    if (key.is_secure_entry_point()) text += ", entry point";
    if (key.is_revoked()) text += ", revoked";
    if (!key.is_zone_key()) text += ", no zone key";
  }
  return text;
}

ChainDetail reason(const std::optional<ExtendedError>& why) {
  return {"why", why ? why->text : "nothing is known"};
}

/// Keys that a DS names ought to be there: without them all is Bogus. Without an answer about the
/// DS nothing is known (RFC 4035 section 4.3).
Trust without_answer(const Name& zone, RRType type) {
  const std::string text = "no answer to " + zone.to_text() + " " + wire::to_text(type);
  if (type == RRType::DNSKEY)
    return {zone, Security::Bogus, nullptr, ExtendedError{ExtendedErrorCode::DnskeyMissing, text}};
  return {zone, Security::Indeterminate, nullptr,
          ExtendedError{ExtendedErrorCode::DnssecIndeterminate, text}};
}

const RRset* find(const std::vector<RRset>& sets, const Name& owner, RRType type) {
  const auto found = std::ranges::find_if(
      sets, [&](const RRset& set) { return set.type == type && set.owner == owner; });
  return found == sets.end() ? nullptr : &*found;
}

}  // namespace

const Trust* ChainOfTrust::of(const Name& name) const {
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  const dnssec::TrustAnchor* deepest = nullptr;
  for (const dnssec::TrustAnchor& anchor : anchors_)
    if (name.is_within(anchor.owner) && (!deepest || anchor.owner.is_below(deepest->owner)))
      deepest = &anchor;
  if (!deepest)
    return enter(name,
                 {name, Security::Indeterminate, nullptr,
                  ExtendedError{ExtendedErrorCode::DnssecIndeterminate,
                                "no trust anchor at or above " + name.to_text()}},
                 {});
  if (deepest->owner == name) return begin(*deepest);
  const Trust* above = of(name.parent());
  return known_[name] = above->security == Security::Secure ? step_to(name, *above) : above;
}

const Trust* ChainOfTrust::enter(const Name& at, Trust trust,
                                 std::vector<ChainDetail> details) const {
  if (trust.security != Security::Secure) details.push_back(reason(trust.why));
  unsigned depth = 0;
  for (const Trust& other : trusts_) depth += trust.zone.is_below(other.zone) ? 1 : 0;
  links_.push_back({trust.zone.to_text(), trust.security, depth, std::move(details)});
  trusts_.push_back(std::move(trust));
  return known_[at] = &trusts_.back();
}

const Trust* ChainOfTrust::begin(const dnssec::TrustAnchor& anchor) const {
  return enter_signed(anchor, {{"anchor", ds_text(anchor)}});
}

// RFC 4035 section 5.2.
const Trust* ChainOfTrust::enter_signed(const RRset& ds, std::vector<ChainDetail> details) const {
  const Name& zone = ds.owner;
  const RRset none{zone, RRType::DNSKEY, wire::RRClass::IN, {}, {}, {}};
  dnssec::Work work;
  // Where no DS is of anything that we know, the keys need not be asked for.
  const dnssec::KeysVerdict by_ds = dnssec::judge_keys(none, ds, work, now_, {});
  if (by_ds.security == Security::Insecure)
    return enter(zone, {zone, by_ds.security, nullptr, by_ds.why}, std::move(details));
  const auto reply = fetch_({zone, RRType::DNSKEY, wire::RRClass::IN});
  if (!reply) return enter(zone, without_answer(zone, RRType::DNSKEY), std::move(details));
  const std::vector<RRset> sets = wire::group(reply->answer);
  const RRset* found = find(sets, zone, RRType::DNSKEY);
  const RRset& dnskey = found ? *found : none;
  const dnssec::KeysVerdict verdict = dnssec::judge_keys(dnskey, ds, work, now_, {});
  if (found) details.push_back({"keys", keys_text(dnskey)});
  if (verdict.security == Security::Secure)
    if (const auto rrsig = dnssec::rrsig_from_rdata(dnskey.signatures[verdict.signature]))
      details.push_back({"DNSKEY", "signed by " + key_text(rrsig->key_tag, rrsig->algorithm) +
                                       ", " + period_text(*rrsig)});
  return enter(zone, {zone, verdict.security, verdict.keys, verdict.why}, std::move(details));
}

const Trust* ChainOfTrust::step_to(const Name& name, const Trust& above) const {
  const wire::Question question{name, RRType::DS, wire::RRClass::IN};
  const auto reply = fetch_(question);
  if (!reply) return enter(name, without_answer(name, RRType::DS), {});
  Told told = told_by(*reply, question);
  // An alias is no cut, wherever it leads; to follow it could go round in circles.
  if (told.answer.size() > 1 || told.claim == Claim::Alias) {
    std::erase_if(told.answer, [&](const RRset& set) { return !(set.owner == name); });
    if (!told.answer.empty() && told.answer.front().type == RRType::CNAME)
      told.claim = Claim::Alias;
  }
  // Until a cut is found, the name lies in the zone above: an alias there is judged by its keys.
  known_[name] = &above;
  dnssec::Work work;
  const auto verdict = dnssec::judge(told.response(), *this, work, now_, {});
  const auto* judged = std::get_if<Judged>(&verdict);  // nothing is Missing: of() asks for it
  if (!judged || judged->security == Security::Bogus || judged->security == Security::Indeterminate)
    return enter(name,
                 {name, judged ? judged->security : Security::Indeterminate, nullptr,
                  judged ? judged->why : std::nullopt},
                 {});
  std::vector<ChainDetail> details;
  if (const RRset* ds = find(told.answer, name, RRType::DS); ds && told.claim == Claim::Answer) {
    details.push_back({"DS", ds_text(*ds)});
    std::ranges::copy(details_of(*ds), std::back_inserter(details));
    return enter_signed(*ds, std::move(details));
  }
  if (judged->security == Security::Secure && !judged->cut) return &above;
  details.push_back({"DS", "none"});
  for (const RRset& proof : told.authority)
    if (proof.type != RRType::SOA)
      std::ranges::copy(details_of(proof), std::back_inserter(details));
  const std::optional<ExtendedError> why =
      judged->why ? judged->why
                  : ExtendedError{ExtendedErrorCode::Other,
                                  above.zone.to_text() + " proves that it is not signed"};
  return enter(name, {name, Security::Insecure, nullptr, why}, std::move(details));
}

std::vector<ChainDetail> ChainOfTrust::details_of(const RRset& set) const {
  // Who has signed it is found as judge() finds it: by the first signature that holds.
  std::vector<ChainDetail> details;
  const bool proves = set.type == RRType::NSEC || set.type == RRType::NSEC3;
  if (proves && !set.rdata.empty())
    details.push_back({"proof", set.owner.to_text() + " " + to_text(set.type) + " " +
                                    wire::rdata_to_text(set.type, set.rdata[0])});
  for (const Trust& trust : trusts_) {
    if (!trust.keys) continue;
    dnssec::Work work;
    const dnssec::SetVerdict verdict = dnssec::judge_set(set, *trust.keys, work, now_, {});
    if (verdict.security != Security::Secure) continue;
    const auto rrsig = dnssec::rrsig_from_rdata(set.signatures[verdict.signature]);
    if (!rrsig) continue;
    details.push_back({"signed", "by " + key_text(rrsig->key_tag, rrsig->algorithm) + " of " +
                                     trust.zone.to_text() + ", " + period_text(*rrsig)});
    if (verdict.closest_encloser)
      details.push_back({"made", "from *." + (verdict.closest_encloser->is_root()
                                                  ? ""
                                                  : verdict.closest_encloser->to_text())});
    break;
  }
  return details;
}

}  // namespace cairn::cdig
