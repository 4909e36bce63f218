#include "dnssec/judge.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "dnssec/denial.hpp"
#include "dnssec/rrsig.hpp"

namespace cairn::dnssec {
namespace {

using wire::ExtendedError;
using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRset;
using wire::RRType;
using wire::Security;

/// The name whose zone has the records of this type at `name`: of a DS that is the parent (RFC 4035
/// section 2.4), so that no child denies or grants its own.
Name home(const Name& name, RRType type) {
  return type == RRType::DS ? name.parent() : name;
}

bool is_denial(const RRset& set) {
  return set.type == RRType::NSEC || set.type == RRType::NSEC3;
}

/// Of the signers of `set` that may sign for `home`, the deepest.
void note_signers(const RRset& set, const Name& home, std::optional<Name>& deepest) {
  for (const wire::RdataView rdata : set.signatures) {
    const auto rrsig = rrsig_from_rdata(rdata);
    if (!rrsig || rrsig->covered != set.type || !home.is_within(rrsig->signer)) continue;
    if (!deepest || rrsig->signer.label_count() > deepest->label_count()) deepest = rrsig->signer;
  }
}

bool is_signed_by(const RRset& set, const Name& zone) {
  return std::any_of(set.signatures.begin(), set.signatures.end(), [&](wire::RdataView rdata) {
    const auto rrsig = rrsig_from_rdata(rdata);
    return rrsig && rrsig->covered == set.type && rrsig->signer == zone;
  });
}

ExtendedError unsigned_error(const RRset& set, const Name& zone) {
  return {ExtendedErrorCode::RrsigsMissing, set.owner.to_text() + " " + wire::to_text(set.type) +
                                                " has no signature by " + zone.to_text()};
}

Judged bogus(std::string text) {
  return {Security::Bogus, ExtendedError{ExtendedErrorCode::DnssecBogus, std::move(text)}, false};
}

/// The CNAME that `dname` makes of `set.owner`, octet for octet (RFC 6672 section 5.3.1).
bool is_implied_by(const RRset& dname, const RRset& set) {
  if (set.type != RRType::CNAME || set.rdata.size() != 1 || dname.rdata.size() != 1) return false;
  const auto target = Name::from_wire(dname.rdata[0]);
  const auto implied = target ? set.owner.with_suffix_replaced(dname.owner, *target) : std::nullopt;
  const auto alias = Name::from_wire(set.rdata[0]);
  return implied && alias && *implied == *alias;
}

/// One judge() at work. Where a trust is missing it is noted, and whatever is concluded then does
/// not count.
class Judgement {
 public:
  Judgement(Response& response, const Trusts& trusts, Work& work, std::chrono::sys_seconds now,
            const Policy& policy)
      : response_(response), trusts_(trusts), work_(work), now_(now), policy_(policy) {}

  Verdict run() {
    for (RRset& set : response_.answer) set.security = Security::Unchecked;
    for (RRset& set : response_.authority) set.security = Security::Unchecked;
    if (!all_is_known()) return Missing{*missing_};
    judge_chain();
    if (!is_over() && denies()) judge_denial();
    if (missing_) return Missing{*missing_};
    leave_proofs_to_others();
    return result_;
  }

 private:
  /// What has become of one set.
  struct Outcome {
    Security security = Security::Bogus;
    std::optional<ExtendedError> why;
    std::optional<Name> closest_encloser;  // of a set that was made from a wildcard
    const Trust* trust = nullptr;          // who has signed it; when Secure
  };

  /// The authority section as one zone has signed it.
  struct Proofs {
    const Trust* trust = nullptr;
    std::vector<const RRset*> sets;
    wire::Ttl least_ttl;
    std::optional<ExtendedError> why;  // why one of them does not count
    bool wrong = false;  // a signature was: the others are not looked at, they would be wrong, too
    std::optional<Denial> denial;
  };

  bool denies() const {
    return response_.claim == Claim::NoData || response_.claim == Claim::NxDomain;
  }
  bool is_over() const { return missing_ || result_.security == Security::Bogus; }

  const Trust* trust_of(const Name& name) {
    const Trust* trust = trusts_.of(name);
    if (trust == nullptr && !missing_) missing_ = name;
    return trust;
  }

  /// Whom to ask for what: before anything is computed, since all is judged again from the start
  /// when what is missing has come.
  bool all_is_known() {
    const RRset* before = nullptr;
    for (const RRset& set : response_.answer) {
      const bool implied = before != nullptr && before->type == RRType::DNAME &&
                           set.signatures.empty() && is_implied_by(*before, set);
      if (!implied && trust_of(presumed_zone(set)) == nullptr) return false;
      before = &set;
    }
    return !denies() || trust_of(presumed_zone_of_denial()) != nullptr;
  }

  static Name presumed_zone(const RRset& set) {
    const Name at = home(set.owner, set.type);
    std::optional<Name> signer;
    note_signers(set, at, signer);
    return signer.value_or(at);
  }

  Name last_name() const {
    Name name = response_.question.name;
    for (const RRset& set : response_.answer)
      if (set.type == RRType::CNAME && set.owner == name && set.rdata.size() == 1)
        name = Name::from_wire(set.rdata[0]).value_or(name);
    return name;
  }

  Name presumed_zone_of_denial() const {
    const Name at = home(last_name(), response_.question.type);
    for (const RRset& set : response_.authority)
      if (set.type == RRType::SOA && at.is_within(set.owner)) return set.owner;
    std::optional<Name> signer;
    for (const RRset& set : response_.authority)
      if (is_denial(set)) note_signers(set, at, signer);
    return signer.value_or(at);
  }

  /// The least of all that was found holds for the whole; the first reason for it is told.
  void add(Security security, const std::optional<ExtendedError>& why) {
    if (security < result_.security) {
      result_.security = security;
      result_.why = why;
    }
  }

  Outcome judge_signed(RRset& set, const Trust& trust) {
    const SetVerdict verdict = judge_set(set, *trust.keys, work_, now_, policy_);
    set.security = verdict.security;
    if (verdict.security == Security::Secure) set.ttl = std::min(set.ttl, verdict.most_ttl);
    return {verdict.security, verdict.why, verdict.closest_encloser, &trust};
  }

  /// By whoever has signed it, if that is a zone that is Secure. All else is decided by the zone in
  /// which it lies: a signer that leads out of what is signed leads nowhere.
  Outcome judge_one(RRset& set) {
    for (const Name& name : {presumed_zone(set), home(set.owner, set.type)}) {
      const Trust* trust = trust_of(name);
      if (trust == nullptr) return {};
      if (trust->security != Security::Secure) continue;
      // RFC 4035 section 2.2: a signature is not signed; nobody can know.
      if (set.type == RRType::RRSIG) return settle(set, Security::Indeterminate, std::nullopt);
      if (is_signed_by(set, trust->zone)) return judge_signed(set, *trust);
    }
    const Trust& its = *trusts_.of(home(set.owner, set.type));
    if (its.security == Security::Secure)
      return settle(set, Security::Bogus, unsigned_error(set, its.zone));
    return settle(set, its.security, its.why);
  }

  static Outcome settle(RRset& set, Security security, const std::optional<ExtendedError>& why) {
    set.security = security;
    return {security, why, std::nullopt, nullptr};
  }

  Proofs& proofs_of(const Trust& trust) {
    for (Proofs& known : proofs_)
      if (known.trust->zone == trust.zone) return known;
    Proofs& proofs = proofs_.emplace_back();
    proofs.trust = &trust;
    proofs.least_ttl = wire::Ttl{0x7fffffff};
    for (RRset& set : response_.authority) {
      if (!is_denial(set) || !is_signed_by(set, trust.zone)) continue;
      if (proofs.sets.size() == limits::proof_sets) break;
      const unsigned failures = work_.failures;
      const Outcome outcome = judge_signed(set, trust);
      if (outcome.security != Security::Secure) {
        if (!proofs.why) proofs.why = outcome.why;
        proofs.wrong = work_.failures > failures;
        if (proofs.wrong) break;
        continue;
      }
      proofs.sets.push_back(&set);
      proofs.least_ttl = std::min(proofs.least_ttl, set.ttl);
    }
    proofs.denial.emplace(proofs.trust->zone, proofs.sets, work_);
    return proofs;
  }

  /// Where nothing was hashed, the records may be about any name, also about one in a zone below
  /// that is Secure: then it counts only for names that are known to lie in this zone.
  bool may_be_about(const Proof& proof, const Trust& trust, const Name& home) {
    if (!proof.unhashed) return true;
    const Trust* its = trust_of(home);
    return its != nullptr && (its->security == Security::Insecure || its->zone == trust.zone);
  }

  /// A wildcard was the closest there is (RFC 4035 section 5.3.4).
  void judge_expansion(RRset& set, const Outcome& outcome) {
    Proofs& proofs = proofs_of(*outcome.trust);
    Proof proof = proofs.denial->no_closer_match(set.owner, *outcome.closest_encloser);
    if (!may_be_about(proof, *outcome.trust, home(set.owner, set.type)))
      proof.security = Security::Bogus;
    set.security = std::min(set.security, proof.security);
    set.ttl = std::min(set.ttl, proofs.least_ttl);
    add(proof.security, proof.security == Security::Bogus && proofs.why ? proofs.why : proof.why);
  }

  void judge_chain() {
    const wire::Question& question = response_.question;
    Name name = question.name;
    const RRset* dname = nullptr;  // the set before, if it is one on the way
    bool aliased = false;
    bool answered = false;
    bool overlong = false;
    for (RRset& set : response_.answer) {
      const bool implied = dname != nullptr && set.owner == name && set.signatures.empty() &&
                           is_implied_by(*dname, set);
      const bool asked_for =
          set.owner == name && (set.type == question.type || question.type == RRType::ANY);
      const bool leads_on = !asked_for && set.type == RRType::CNAME && set.owner == name;
      const bool rewrites = set.type == RRType::DNAME && name.is_below(set.owner);
      const bool follows = dname == nullptr || implied;
      if (!follows || overlong || (answered && !asked_for) ||
          (answered && question.type != RRType::ANY) || !(asked_for || leads_on || rewrites)) {
        set.security = Security::Bogus;
        result_ = bogus(set.owner.to_text() + " " + wire::to_text(set.type) +
                        " is no answer to the question");
        return;
      }
      if (implied) {
        set.security = dname->security;
        set.ttl = std::min(set.ttl, dname->ttl);
      } else {
        const Outcome outcome = judge_one(set);
        if (missing_) return;
        add(outcome.security, outcome.why);
        if (outcome.closest_encloser) judge_expansion(set, outcome);
        // Made from a wildcard it would rewrite what is below any name (RFC 4592 section 4.4).
        if (outcome.closest_encloser && rewrites) result_ = bogus("a wildcard is no DNAME");
      }
      if (is_over()) return;
      dname = rewrites ? &set : nullptr;
      if (asked_for) answered = true;
      if (asked_for) continue;
      const auto target = set.rdata.size() == 1 ? Name::from_wire(set.rdata[0]) : std::nullopt;
      if (!target) {
        result_ = bogus(set.owner.to_text() + " is an alias for several names");
        return;
      }
      aliased = true;
      if (leads_on) name = *target;
      overlong = rewrites && !name.with_suffix_replaced(set.owner, *target);
    }
    const bool complete = dname == nullptr || overlong;
    const bool as_claimed = response_.claim == Claim::Answer  ? answered || overlong
                            : response_.claim == Claim::Alias ? aliased && !answered && !overlong
                                                              : !answered && !overlong;
    if (!complete || !as_claimed) result_ = bogus("the answer does not say what it claims to");
    end_of_chain_ = name;
  }

  void judge_denial() {
    const RRType type = response_.question.type;
    const Name at = home(end_of_chain_, type);
    const Name presumed = presumed_zone_of_denial();
    const Trust* trust = trust_of(presumed);
    // The zone that the SOA names is a stranger's word, until it is one that is Secure.
    if (trust != nullptr && !(trust->security == Security::Secure && trust->zone == presumed))
      trust = trust_of(at);
    if (trust == nullptr) return;
    if (trust->security != Security::Secure) {
      for (RRset& set : response_.authority)
        if (is_denial(set) || set.type == RRType::SOA) set.security = trust->security;
      add(trust->security, trust->why);
      return;
    }
    Proofs& proofs = proofs_of(*trust);
    // One server's broken reply must leave failures for the replies of others.
    if (proofs.wrong) return add(Security::Bogus, proofs.why);
    if (!judge_soa(proofs)) return;
    Proof proof = proof_of_claim(*proofs.denial);
    if (proof.security != Security::Bogus && !may_be_about(proof, *trust, at))
      proof.security = Security::Bogus;
    add(proof.security, proof.security == Security::Bogus && proofs.why ? proofs.why : proof.why);
    for (RRset& set : response_.authority)
      if (set.type == RRType::SOA) set.security = std::min(set.security, proof.security);
    // An alias is no cut, whatever its target is.
    result_.cut = proof.cut && response_.answer.empty();
  }

  /// Some servers deny a name that only has no such type, and prove what is true.
  Proof proof_of_claim(Denial& denial) {
    const RRType type = response_.question.type;
    if (response_.claim == Claim::NoData) return denial.no_data(end_of_chain_, type);
    Proof no_name = denial.no_name(end_of_chain_);
    if (no_name.security != Security::Bogus) return no_name;
    Proof no_data = denial.no_data(end_of_chain_, type);
    result_.exists = no_data.security == Security::Secure;
    return result_.exists ? no_data : no_name;
  }

  /// The SOA says for how long a denial lasts, so that it must be as good as the proof, and of the
  /// same zone.
  bool judge_soa(const Proofs& proofs) {
    for (RRset& set : response_.authority) {
      if (set.type != RRType::SOA) continue;
      if (!(set.owner == proofs.trust->zone)) {
        set.security = Security::Bogus;
        result_ = bogus("the SOA of " + set.owner.to_text() + " with a denial by " +
                        proofs.trust->zone.to_text());
        return false;
      }
      const Outcome outcome = is_signed_by(set, set.owner)
                                  ? judge_signed(set, *proofs.trust)
                                  : settle(set, Security::Bogus, unsigned_error(set, set.owner));
      add(outcome.security, outcome.why);
      if (outcome.security == Security::Bogus) return false;
      set.ttl = std::min(set.ttl, proofs.least_ttl);
    }
    return true;
  }

  /// Where we judge nothing others may have an anchor: their proofs are as secure as their zone.
  void leave_proofs_to_others() {
    if (result_.security != Security::Insecure) return;
    for (RRset& set : response_.authority) {
      if (!is_denial(set) || set.security != Security::Unchecked) continue;
      const Trust* its = trusts_.of(home(set.owner, set.type));
      if (its != nullptr && its->security == Security::Insecure) set.security = its->security;
    }
  }

  Response& response_;
  const Trusts& trusts_;
  Work& work_;
  const std::chrono::sys_seconds now_;
  const Policy& policy_;
  Judged result_{Security::Secure, std::nullopt};
  std::optional<Name> missing_;
  Name end_of_chain_;
  std::deque<Proofs> proofs_;  // stays where it is: a Denial refers to its neighbours
};

}  // namespace

Verdict judge(Response response, const Trusts& trusts, Work& work, std::chrono::sys_seconds now,
              const Policy& policy) {
  return Judgement(response, trusts, work, now, policy).run();
}

}  // namespace cairn::dnssec
