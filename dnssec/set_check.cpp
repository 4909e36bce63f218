#include "dnssec/set_check.hpp"

#include <algorithm>

namespace cairn::dnssec {

namespace {

using wire::ExtendedErrorCode;

// Sets that describe a cut or its absence: no wildcard makes one (RFC 4592 sections 4.2 and 4.6).
// A NSEC of "*.example." shown under another owner would deny what it never denied.
bool may_be_expanded(wire::RRType type) {
  return type != wire::RRType::NSEC && type != wire::RRType::NSEC3 && type != wire::RRType::DS;
}

}  // namespace

SetCheck::SetCheck(const wire::RRset& set, const wire::Name& zone, Work& work,
                   std::chrono::sys_seconds now, const Policy& policy)
    : set_(set), zone_(zone), work_(work), now_(now), policy_(policy) {
  std::size_t place = 0;
  for (const wire::RdataView rdata : set.signatures) consider(place++, rdata);
}

void SetCheck::consider(std::size_t place, wire::RdataView rdata) {
  auto rrsig = rrsig_from_rdata(rdata);
  if (!rrsig) return note(Trouble::Unusable);
  if (!is_of_use(*rrsig)) return note(Trouble::Unusable, &*rrsig);
  const auto owner = signed_owner(set_.owner, rrsig->labels);
  // Labels of its own invention: more than the owner has, or fewer than the zone, which would make
  // it a wildcard above the zone's own names.
  if (!owner || rrsig->labels < zone_.label_count()) return note(Trouble::Unusable, &*rrsig);
  if (!owner->is_identical(set_.owner) && !may_be_expanded(set_.type))
    return note(Trouble::Unusable, &*rrsig);
  if (!policy_.supports(rrsig->algorithm)) return note(Trouble::UnknownAlgorithm, &*rrsig);
  switch (validity(*rrsig, now_, policy_)) {
    case Validity::Valid:
      candidates_.push_back({place, std::move(*rrsig), *owner});
      return;
    case Validity::NotYetValid:
      return note(Trouble::NotYetValid, &*rrsig);
    case Validity::Expired:
      return note(Trouble::Expired, &*rrsig);
    case Validity::ExpiresBeforeInception:
      return note(Trouble::Expires, &*rrsig);
  }
}

// RFC 4035 section 5.3.1, of what needs no key.
bool SetCheck::is_of_use(const Rrsig& rrsig) const {
  if (rrsig.covered != set_.type || set_.type == wire::RRType::RRSIG) return false;
  if (!(rrsig.signer == zone_) || !set_.owner.is_within(zone_)) return false;
  switch (set_.type) {
    // The parent's word, never the child's about itself (RFC 4035 section 2.4).
    case wire::RRType::DS:
      return set_.owner.is_below(zone_);
    // These stand at the apex alone.
    case wire::RRType::DNSKEY:
    case wire::RRType::SOA:
    case wire::RRType::NSEC3PARAM:
      return set_.owner == zone_;
    default:
      return true;
  }
}

std::optional<SetVerdict> SetCheck::signed_by(std::span<const PublicKey> keys) {
  for (const Candidate& candidate : candidates_) {
    unsigned tried = 0;
    const unsigned failures = work_.failures;
    for (const PublicKey& key : keys) {
      if (key.key_tag() != candidate.rrsig.key_tag ||
          key.algorithm() != candidate.rrsig.algorithm || !key.may_sign())
        continue;
      if (tried++ == limits::keys_of_one_tag) break;
      if (is_rsa(key.algorithm()) && key.rsa_bits() < policy_.least_rsa_bits) {
        note(Trouble::WeakKey, &candidate.rrsig);
        continue;
      }
      if (try_key(candidate, key)) {
        work_.failures = failures;  // the other one of two that collide is none
        return secure(candidate);
      }
      if (trouble_ == Trouble::Refused) return std::nullopt;
    }
    if (tried == 0) note(Trouble::NoKey, &candidate.rrsig);
  }
  return std::nullopt;
}

bool SetCheck::try_key(const Candidate& candidate, const PublicKey& key) {
  if (!work_.begin_check()) {
    note(Trouble::Refused, &candidate.rrsig);
    return false;
  }
  if (!canonical_) canonical_.emplace(set_);
  if (key.verifies(canonical_->signed_octets(candidate.owner, candidate.rrsig),
                   candidate.rrsig.signature))
    return true;
  work_.note_failure();
  note(Trouble::Wrong, &candidate.rrsig);
  return false;
}

SetVerdict SetCheck::secure(const Candidate& candidate) const {
  SetVerdict verdict;
  verdict.security = wire::Security::Secure;
  verdict.signature = candidate.place;
  if (!candidate.owner.is_identical(set_.owner))
    verdict.closest_encloser = candidate.owner.parent();
  const auto left = remaining_validity(candidate.rrsig, now_, policy_).count();
  verdict.most_ttl = std::min(wire::Ttl::from_wire(candidate.rrsig.original_ttl),
                              wire::Ttl{static_cast<std::uint32_t>(left)});
  return verdict;
}

void SetCheck::note(Trouble trouble, const Rrsig* rrsig) {
  if (trouble < trouble_) return;
  trouble_ = trouble;
  if (!rrsig) return;
  troubled_ = *rrsig;
  troubled_.signature.clear();
}

wire::ExtendedError SetCheck::reason() const {
  const std::string what = set_.owner.to_text() + " " + wire::to_text(set_.type);
  const std::string by = "signature of " + what + " by key " + std::to_string(troubled_.key_tag) +
                         " (" + to_text(troubled_.algorithm) + ") of " + zone_.to_text();
  switch (trouble_) {
    case Trouble::NoSignature:
      return {ExtendedErrorCode::RrsigsMissing, what + " is not signed"};
    case Trouble::Unusable:
      return {ExtendedErrorCode::RrsigsMissing,
              "no signature that came with " + what + " is one of " + zone_.to_text() + " for it"};
    case Trouble::UnknownAlgorithm:
      return {ExtendedErrorCode::UnsupportedDnskeyAlgorithm,
              by + " is of an unsupported algorithm"};
    case Trouble::NoKey:
      return {ExtendedErrorCode::DnskeyMissing, by + ": there is no such key"};
    case Trouble::WeakKey:
      return {ExtendedErrorCode::UnsupportedDnskeyAlgorithm,
              by + ": the key has fewer than " + std::to_string(policy_.least_rsa_bits) + " bits"};
    case Trouble::Expires:
      return {ExtendedErrorCode::SignatureExpiredBeforeValid, by + " expires before it is valid"};
    case Trouble::NotYetValid:
      return {ExtendedErrorCode::SignatureNotYetValid,
              by + " is not valid before " + time_to_text(troubled_.inception)};
    case Trouble::Expired:
      return {ExtendedErrorCode::SignatureExpired,
              by + " expired on " + time_to_text(troubled_.expiration)};
    case Trouble::Wrong:
      return {ExtendedErrorCode::DnssecBogus, by + " is wrong"};
    case Trouble::Refused:
      return {ExtendedErrorCode::DnssecBogus, by + " not tried: " + std::string(work_.refusal())};
  }
  return {};
}

SetVerdict judge_set(const wire::RRset& set, const ZoneKeys& keys, Work& work,
                     std::chrono::sys_seconds now, const Policy& policy) {
  SetCheck check(set, keys.zone, work, now, policy);
  if (auto verdict = check.signed_by(keys.keys)) return *verdict;
  SetVerdict bogus;
  bogus.why = check.reason();
  return bogus;
}

}  // namespace cairn::dnssec
