#include "resolver/recall.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "resolver/limits.hpp"
#include "resolver/nxdomain_cut.hpp"

namespace cairn::resolver {
namespace {

using wire::Name;
using wire::RRset;
using wire::RRType;

std::vector<RRset> copies_of(const std::vector<wire::RRsetView>& views) {
  std::vector<RRset> sets;
  sets.reserve(views.size());
  for (const wire::RRsetView& view : views) sets.push_back(copy_of(view));
  return sets;
}

RRset cname(const Name& owner, const Name& target, wire::Ttl ttl) {
  RRset set;
  set.owner = owner;
  set.type = RRType::CNAME;
  set.ttl = ttl;
  set.rdata.add(target.wire());
  return set;
}

/// One look for one name.
class Recall {
 public:
  Recall(const wire::Question& question, const Known& known, Trace& trace, wire::Instant now,
         bool unchecked)
      : question_(question), known_(known), trace_(trace), now_(now), unchecked_(unchecked) {}

  std::optional<Recalled> look(Freshness freshness) {
    const bool found = look_for_translated() || look_in_zones() || look_for_set() ||
                       look_for_negative() ||
                       (freshness == Freshness::Live && look_for_failure()) || look_above() ||
                       (freshness == Freshness::OrExpired && look_for_expired());
    return found ? std::optional(std::move(recalled_)) : std::nullopt;
  }

 private:
  /// The name of an address below the prefix of DNS64 is that of the IPv4 address in it (RFC 6147
  /// section 5.3.1).
  bool look_for_translated() {
    if (!known_.settings.dns64 || question_.type != RRType::PTR) return false;
    const auto target = known_.settings.dns64->reverse_target(question_.name);
    if (!target) return false;
    tell(question_, "the prefix of DNS64");
    recalled_.answer.rcode = wire::Rcode::NOERROR;
    recalled_.answer.answer.push_back(cname(question_.name, *target, limits::translated_ttl));
    recalled_.leads_to = *target;
    return true;
  }

  bool look_in_zones() {
    const zones::Zone* zone = known_.zones->find(question_);
    if (!zone) return false;
    delegated_by_us_ = true;
    zones::ZoneAnswer local;
    zone->answer(question_, true, local);
    if (local.referral) return false;  // delegated away: its servers will be asked
    tell(question_, "our zone " + zone->apex().to_text());
    recalled_.answer.rcode = local.rcode;
    recalled_.answer.answer = copies_of(local.answer);
    if (local.continues_at)
      recalled_.leads_to = *local.continues_at;
    else
      recalled_.answer.authority = copies_of(local.authority);
    return true;
  }

  /// What is cached, if this one may have it.
  std::optional<cache::CachedRRset> rrset(const Name& name, RRType type) const {
    auto cached = known_.cache.rrset(name, type, now_, grace_);
    if (cached && !counts(cached->rrset.security)) cached.reset();
    return cached;
  }
  bool counts(wire::Security security) const { return security >= least(); }
  wire::Security least() const {
    return unchecked_ || !known_.settings.validation.on ? wire::Security::Unchecked
                                                        : wire::Security::Bogus;
  }

  bool look_for_set() {
    if (auto cached = rrset(question_.name, question_.type)) {
      tell(question_, "the cache");
      take(std::move(*cached));
      return true;
    }
    if (question_.type == RRType::CNAME || question_.type == RRType::ANY) return false;
    auto cached = rrset(question_.name, RRType::CNAME);
    if (!cached) return false;
    recalled_.leads_to = Name::from_wire(cached->rrset.rdata[0]);
    if (!recalled_.leads_to) return false;
    tell({question_.name, RRType::CNAME, wire::RRClass::IN}, "the cache");
    take(std::move(*cached));
    return true;
  }

  bool look_for_negative() {
    auto negative = known_.cache.negative(question_.name, question_.type, now_, grace_);
    if (!negative || !counts(negative->security)) return false;
    tell(question_, "the cache, as absent");
    take(std::move(*negative));
    return true;
  }

  bool look_for_failure() {
    const auto failure = known_.cache.failure(question_, now_, unchecked_);
    if (!failure) return false;
    tell(question_, "the cache, as failed");
    recalled_.answer.error = failure->why;
    recalled_.answer.remembered = true;
    recalled_.answer.bogus = failure->bogus;
    return true;
  }

  /// What is known of a name above this one may answer for it.
  bool look_above() {
    // What others say of names above a zone of ours, or one whose servers the operator names, says
    // nothing of names below it.
    if (delegated_by_us_) return false;
    const auto forward = known_.settings.forwarding.find(question_);
    if (forward && !forward->zone.is_root()) return look_for_dname(forward->zone);
    auto negative = known_.cache.nxdomain_above(question_.name, now_, {}, least());
    if (negative && denies_names_below(negative->authority, known_.settings)) {
      tell(question_, "the cache, as below a name that does not exist");
      take(std::move(*negative));
      return true;
    }
    return look_for_dname(Name());
  }

  /// A DNAME answers for all names below its own (RFC 6672 section 3.4.1), if it was met before,
  /// as far up as `highest`.
  bool look_for_dname(const Name& highest) {
    for (Name above = question_.name; !(above == highest);) {
      above = above.parent();
      auto cached = rrset(above, RRType::DNAME);
      if (!cached) continue;
      const auto target = Name::from_wire(cached->rrset.rdata[0]);
      const auto new_name =
          target ? question_.name.with_suffix_replaced(above, *target) : std::nullopt;
      if (!new_name) return false;
      tell({above, RRType::DNAME, wire::RRClass::IN}, "the cache");
      take(std::move(*cached));
      const RRset& dname = recalled_.answer.answer.back();
      RRset implied = cname(question_.name, *new_name, dname.ttl);
      implied.security = dname.security;
      recalled_.answer.answer.push_back(std::move(implied));
      if (question_.type != RRType::CNAME) recalled_.leads_to = *new_name;
      return true;
    }
    return false;
  }

  /// A denial first: any later set would have removed it. What stands below a name that was denied
  /// later may have been revoked with it, and must not live on (ghost domains): of that only
  /// denials are told.
  bool look_for_expired() {
    grace_ = limits::longest_expired;
    const auto forward = known_.settings.forwarding.find(question_);
    const Name highest = forward ? forward->zone : Name();
    auto above = delegated_by_us_ || !highest.is_root()
                     ? std::nullopt
                     : known_.cache.nxdomain_above(question_.name, now_, grace_, least());
    if (!above) return look_for_negative() || look_for_set() || look_for_dname(highest);
    auto denial = known_.cache.negative(question_.name, question_.type, now_, grace_);
    if (denial && counts(denial->security) && denial->rcode == wire::Rcode::NXDOMAIN) {
      tell(question_, "the cache, as absent");
    } else if (denies_names_below(above->authority, known_.settings)) {
      denial = std::move(above);
      tell(question_, "the cache, as below a name that does not exist");
    } else {
      return false;
    }
    take(std::move(*denial));
    return true;
  }

  void tell(const wire::Question& what, std::string where) {
    if (grace_ > wire::Duration{}) where += ", expired";
    Step step;
    step.kind = StepKind::Found;
    step.question = what;
    step.detail = std::move(where);
    step.at = now_;
    trace_.push_back(std::move(step));
  }

  void take(cache::CachedRRset&& cached) {
    if (cached.expired) cached.rrset.ttl = limits::expired_ttl;
    recalled_.expired = recalled_.expired || cached.expired;
    recalled_.answer.rcode = wire::Rcode::NOERROR;
    recalled_.answer.answer.push_back(std::move(cached.rrset));
    for (RRset& proof : cached.proofs) {
      if (cached.expired) proof.ttl = limits::expired_ttl;
      recalled_.answer.authority.push_back(std::move(proof));
    }
  }

  void take(cache::CachedNegative&& negative) {
    if (negative.expired)
      for (RRset& set : negative.authority) set.ttl = limits::expired_ttl;
    recalled_.expired = negative.expired;
    recalled_.answer.rcode = negative.rcode;
    recalled_.answer.authority = std::move(negative.authority);
  }

  const wire::Question& question_;
  const Known& known_;
  Trace& trace_;
  wire::Instant now_;
  bool unchecked_;
  wire::Duration grace_{};        // since what may be taken has expired
  bool delegated_by_us_ = false;  // the name stands below a delegation in a zone of ours
  Recalled recalled_;
};

}  // namespace

std::optional<Recalled> recall(const wire::Question& question, const Known& known,
                               Freshness freshness, Trace& trace, wire::Instant now,
                               bool unchecked) {
  return Recall(question, known, trace, now, unchecked).look(freshness);
}

std::vector<wire::Question> aging(const wire::Question& question, wire::Duration left,
                                  const Known& known, wire::Instant now) {
  std::vector<wire::Question> questions;
  wire::Question next{question.name.lowercase(), question.type, wire::RRClass::IN};
  for (unsigned aliases = 0; aliases <= limits::alias_steps; ++aliases) {
    auto set = known.cache.rrset(next.name, next.type, now);
    const bool alias = !set && (set = known.cache.rrset(next.name, RRType::CNAME, now));
    wire::Ttl ttl;
    if (set) {
      ttl = set->rrset.ttl;
    } else if (const auto negative = known.cache.negative(next.name, next.type, now)) {
      ttl = negative->authority.front().ttl;
    } else {
      break;
    }
    if (wire::as_duration(ttl) <= left + std::chrono::seconds{1}) questions.push_back(next);
    const auto target = alias ? Name::from_wire(set->rrset.rdata[0]) : std::nullopt;
    if (!target) break;
    next.name = *target;
  }
  return questions;
}

std::optional<Answer> expired_answer(const wire::Question& question, const Known& known,
                                     const std::string& why, Trace& trace, wire::Instant now,
                                     bool unchecked) {
  Answer whole;
  bool expired = false;
  wire::Question next{question.name.lowercase(), question.type, wire::RRClass::IN};
  for (unsigned aliases = 0; aliases <= limits::alias_steps; ++aliases) {
    auto piece = recall(next, known, Freshness::OrExpired, trace, now, unchecked);
    if (!piece) return std::nullopt;
    expired = expired || piece->expired;
    std::ranges::move(piece->answer.answer, std::back_inserter(whole.answer));
    if (piece->leads_to) {
      std::ranges::move(piece->answer.authority, std::back_inserter(whole.authority));
      next.name = *piece->leads_to;
      continue;
    }
    if (!expired) return std::nullopt;
    whole.rcode = piece->answer.rcode;
    std::ranges::move(piece->answer.authority, std::back_inserter(whole.authority));
    const bool denied = whole.rcode == wire::Rcode::NXDOMAIN;
    whole.error = wire::ExtendedError{denied ? wire::ExtendedErrorCode::StaleNxdomainAnswer
                                             : wire::ExtendedErrorCode::StaleAnswer,
                                      why};
    return whole;
  }
  return std::nullopt;
}

}  // namespace cairn::resolver
