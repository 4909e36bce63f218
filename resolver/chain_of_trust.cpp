#include "resolver/chain_of_trust.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {
namespace {

using wire::ExtendedError;
using wire::Instant;
using wire::Name;
using wire::Question;
using wire::RRset;
using wire::RRType;
using wire::Security;

Question ds_of(const Name& name) {
  return {name, RRType::DS, wire::RRClass::IN};
}
Question dnskey_of(const Name& zone) {
  return {zone, RRType::DNSKEY, wire::RRClass::IN};
}

/// Of what a name is said to be; the deepest of `zones` at or above it.
template <class Zones, class NameOf>
const Name* deepest_above(const Zones& zones, const Name& name, NameOf name_of) {
  const Name* deepest = nullptr;
  for (const auto& one : zones) {
    const Name& zone = name_of(one);
    if (name.is_within(zone) && (!deepest || zone.size() > deepest->size())) deepest = &zone;
  }
  return deepest;
}

/// Signatures that are checked meanwhile are on the way to an answer.
class OnTheWay {
 public:
  explicit OnTheWay(dnssec::Work& work) : work_(work), before_(work.on_the_way) {
    work.on_the_way = true;
  }
  OnTheWay(const OnTheWay&) = delete;
  OnTheWay& operator=(const OnTheWay&) = delete;
  ~OnTheWay() { work_.on_the_way = before_; }

 private:
  dnssec::Work& work_;
  bool before_;
};

void tell(const Bench& bench, const Question& question, std::string detail) {
  Step step;
  step.kind = StepKind::Judged;
  step.question = question;
  step.at = bench.now;
  step.detail = std::move(detail);
  bench.trace.push_back(std::move(step));
}

std::string to_text(Security security, const std::optional<ExtendedError>& why) {
  const char* word = security == Security::Secure     ? "secure"
                     : security == Security::Insecure ? "insecure"
                     : security == Security::Bogus    ? "bogus"
                                                      : "indeterminate";
  return why && !why->text.empty() ? std::string(word) + ": " + why->text : word;
}

dnssec::Claim claim_of(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::Alias:
      return dnssec::Claim::Alias;
    case ReplyKind::NoData:
      return dnssec::Claim::NoData;
    case ReplyKind::NxDomain:
      return dnssec::Claim::NxDomain;
    default:
      return dnssec::Claim::Answer;
  }
}

wire::Ttl least_ttl(const Reading& reading) {
  wire::Ttl least = wire::Ttl::from_wire(0x7fffffff);
  for (const auto* sets : {&reading.answer, &reading.authority})
    for (const RRset& set : *sets) least = std::min(least, set.ttl);
  return least;
}

Instant end_of(wire::Ttl ttl, const Bench& bench) {
  return bench.now + std::clamp<wire::Duration>(wire::as_duration(ttl), limits::least_link_lifetime,
                                                limits::link_lifetime);
}

/// As a reply would say it.
Reading reading_of(const Answer& answer) {
  Reading reading;
  reading.answer = answer.answer;
  reading.authority = answer.authority;
  reading.kind = !answer.answer.empty()                  ? ReplyKind::Answer
                 : answer.rcode == wire::Rcode::NXDOMAIN ? ReplyKind::NxDomain
                                                         : ReplyKind::NoData;
  return reading;
}

}  // namespace

/// From the anchors down, as far as it is known.
class ChainOfTrust::Walk final : public dnssec::Trusts {
 public:
  Walk(ChainOfTrust& chain, const Bench& bench) : chain_(chain), bench_(bench) {}

  const dnssec::Trust* of(const Name& name) const override {
    const Link* link = down_to(name, true);
    if (!link) return nullptr;
    broken_ = broken_ || link->trust.security == Security::Bogus;
    unreachable_ = unreachable_ || link->unreachable;
    return &link->trust;
  }
  bool broken() const { return broken_; }
  bool unreachable() const { return unreachable_; }
  const Question& missing() const { return missing_; }

  /// Of the zone in which `name` lies; `with_keys`: not before its keys are known, if it has any.
  Link* down_to(const Name& name, bool with_keys) const;

  /// What a DS question came to becomes a link; nothing that is Bogus does.
  Link* learn(const Name& name, const Reading& reading, const dnssec::Judged& judged) const;
  Link* judge_ds(const Name& name, Reading& reading) const;

 private:
  const Name* unsigned_zone(const Name& name, const Name* anchor) const;
  Link* begin(const Name& name, std::size_t& labels) const;
  Link* step_down(const Name& name, std::size_t labels, std::size_t& reached) const;
  bool find_keys(Link& link) const;
  Link* remark(Link link) const { return &remarks_.emplace_back(std::move(link)); }

  ChainOfTrust& chain_;
  const Bench& bench_;
  mutable Question missing_;
  mutable bool broken_ = false;
  mutable bool unreachable_ = false;
  mutable std::deque<Link> remarks_;  // that need no place in the table; they stay where they are
};

/// Where nothing is judged: below a zone of ours, a negative trust anchor (RFC 7646), or outside of
/// all anchors. nullptr: `name` hangs from `anchor`.
const Name* ChainOfTrust::Walk::unsigned_zone(const Name& name, const Name* anchor) const {
  static const Name root;
  if (!anchor) return &root;
  const Validation& validation = bench_.known.settings.validation;
  const Name* negative = deepest_above(validation.negative, name,
                                       [](const Name& zone) -> const Name& { return zone; });
  if (negative && negative->size() >= anchor->size()) return negative;
  const zones::Zone* ours = bench_.known.zones->find(name);
  return ours && ours->apex().size() >= anchor->size() ? &ours->apex() : nullptr;
}

Link* ChainOfTrust::Walk::begin(const Name& name, std::size_t& labels) const {
  const auto& anchors = bench_.known.settings.validation.anchors;
  const Name* anchor =
      deepest_above(anchors, name, [](const RRset& ds) -> const Name& { return ds.owner; });
  if (const Name* zone = unsigned_zone(name, anchor)) {
    Link link;
    link.cut = true;
    link.trust.zone = *zone;
    link.trust.security = Security::Insecure;
    return remark(std::move(link));
  }
  for (labels = name.label_count(); labels > anchor->label_count(); --labels) {
    Link* link = chain_.links_.find(name.suffix(labels), bench_.now);
    if (link && !link->cut) link = chain_.links_.find(link->trust.zone, bench_.now);
    if (link) return link;
  }
  if (Link* link = chain_.links_.find(*anchor, bench_.now)) return link;
  Link link;
  link.cut = link.anchor = true;
  link.ds = *std::ranges::find(anchors, *anchor, &RRset::owner);
  link.trust.zone = *anchor;
  link.trust.security = Security::Secure;
  link.expires = bench_.now + limits::anchor_link_lifetime;
  return &chain_.links_.put(*anchor, std::move(link));
}

Link* ChainOfTrust::Walk::down_to(const Name& any_case, bool with_keys) const {
  const Name name = any_case.lowercase();  // as people are told it
  std::size_t labels = 0;
  Link* here = begin(name, labels);
  while (here && here->trust.security == Security::Secure) {
    const bool arrived = labels >= name.label_count();
    if (arrived && !with_keys) return here;
    if (!here->trust.keys) {
      if (!find_keys(*here)) return nullptr;
      continue;
    }
    if (arrived) return here;
    here = step_down(name, labels, labels);
  }
  return here;
}

/// From the name of `labels` labels on the way to `name` to the next one of which something is
/// known, `reached`: the zone in which that lies.
Link* ChainOfTrust::Walk::step_down(const Name& name, std::size_t labels,
                                    std::size_t& reached) const {
  const cache::Cache& cache = bench_.known.cache;
  // Where servers were found a zone begins, and there may be none in between.
  std::optional<cache::Delegation> delegation;
  for (reached = labels + 1; reached <= name.label_count() && !delegation; ++reached)
    delegation = cache.delegation(name.suffix(reached), bench_.now);
  reached = delegation ? reached - 1 : labels + 1;
  const Name next = name.suffix(reached);

  const OnTheWay on_the_way(bench_.work);
  Reading reading;
  Link* link = nullptr;
  // What was not judged, since somebody wanted it so, is nobody's word here: with wrong signatures
  // it would spend everybody's failures until it expires.
  if (auto ds = cache.rrset(next, RRType::DS, bench_.now);
      ds && ds->rrset.security != Security::Unchecked) {
    reading.kind = ReplyKind::Answer;
    reading.answer.push_back(std::move(ds->rrset));
    link = judge_ds(next, reading);
  } else if (auto none = cache.negative(next, RRType::DS, bench_.now);
             none && none->security != Security::Unchecked) {
    const bool nxdomain = none->rcode == wire::Rcode::NXDOMAIN;
    reading.kind = nxdomain ? ReplyKind::NxDomain : ReplyKind::NoData;
    reading.authority = std::move(none->authority);
    link = judge_ds(next, reading);
  } else if (auto alias = cache.rrset(next, RRType::CNAME, bench_.now);
             alias && alias->rrset.security == Security::Secure) {
    // Beside an alias there is no zone (RFC 1034 section 3.6.2).
    reading.kind = ReplyKind::Alias;
    reading.answer.push_back(std::move(alias->rrset));
    link = learn(next, reading, {Security::Secure, std::nullopt, false});
  } else if (delegation && !delegation->ds_proof.empty()) {
    const bool has_ds = delegation->ds_proof.front().type == RRType::DS;
    reading.kind = has_ds ? ReplyKind::Answer : ReplyKind::NoData;
    (has_ds ? reading.answer : reading.authority) = std::move(delegation->ds_proof);
    link = judge_ds(next, reading);
  } else {
    missing_ = ds_of(next);
  }
  if (!link || link->cut) return link;
  // No zone begins there: it lies in the one above.
  Link* zone = chain_.links_.find(link->trust.zone, bench_.now);
  return zone ? zone : down_to(link->trust.zone, true);
}

/// nullptr: what is known of it is of no use, or something is missing first.
Link* ChainOfTrust::Walk::judge_ds(const Name& name, Reading& reading) const {
  const auto verdict =
      dnssec::judge({ds_of(name), claim_of(reading.kind), reading.answer, reading.authority}, *this,
                    bench_.work, bench_.known.wall_clock, bench_.known.settings.validation.policy);
  if (std::holds_alternative<dnssec::Missing>(verdict)) return nullptr;
  const auto& judged = std::get<dnssec::Judged>(verdict);
  Link* link = learn(name, reading, judged);
  if (link)
    tell(bench_, ds_of(name),
         to_text(judged.security, link->trust.why ? link->trust.why : judged.why));
  // One server's word may be broken where another's is not.
  if (!link) missing_ = ds_of(name);
  return link;
}

Link* ChainOfTrust::Walk::learn(const Name& name, const Reading& reading,
                                const dnssec::Judged& judged) const {
  if (judged.security != Security::Secure && judged.security != Security::Insecure) return nullptr;
  Link link;
  const RRset* ds = !reading.answer.empty() && reading.answer.front().type == RRType::DS
                        ? &reading.answer.front()
                        : nullptr;
  const cache::Cache& cache = bench_.known.cache;
  link.expires = end_of(ds ? cache.clamp(least_ttl(reading))
                           : std::min(least_ttl(reading), cache.negative_ttl(reading.authority)),
                        bench_);
  const bool secure = judged.security == Security::Secure;
  link.cut = ds || judged.cut || !secure;
  if (link.cut) {
    link.trust.zone = name;
    link.trust.security = ds && secure ? Security::Secure : Security::Insecure;
    if (!secure) link.trust.why = judged.why;
    if (link.trust.security == Security::Secure) {
      link.ds = *ds;
      // Where none of it can be of use, the keys need not be asked for (RFC 4035 section 5.2).
      RRset no_keys;
      no_keys.owner = name;
      const auto verdict = dnssec::judge_keys(no_keys, *ds, bench_.work, bench_.known.wall_clock,
                                              bench_.known.settings.validation.policy);
      if (verdict.security == Security::Insecure) {
        link.trust.security = Security::Insecure;
        link.trust.why = verdict.why;
      }
    }
  } else {
    const Link* above = down_to(name.parent(), true);
    if (!above) return nullptr;
    link.trust = above->trust;
    link.trust.keys.reset();  // they are with the zone's own link
  }
  return &chain_.links_.put(name, std::move(link));
}

/// False: they must be asked for.
bool ChainOfTrust::Walk::find_keys(Link& link) const {
  missing_ = dnskey_of(link.trust.zone);
  auto cached = bench_.known.cache.rrset(link.trust.zone, RRType::DNSKEY, bench_.now);
  if (!cached || cached->rrset.security == Security::Unchecked) return false;
  std::optional<ExtendedError> why;
  return chain_.take_keys(link, cached->rrset, bench_, why);
}

Link& ChainOfTrust::put_failed(const Name& name, ExtendedError why, Instant now) {
  Link link;
  link.cut = true;
  link.trust.zone = name;
  link.trust.security = Security::Bogus;
  link.trust.why = std::move(why);
  link.expires = now + limits::broken_link_lifetime;
  return links_.put(name, std::move(link));
}

/// Judges the keys of a zone by its DS set. False, and the link is as it was, if they are not good.
bool ChainOfTrust::take_keys(Link& link, RRset& dnskey, const Bench& bench,
                             std::optional<ExtendedError>& why) {
  const dnssec::KeysVerdict verdict = dnssec::judge_keys(
      dnskey, link.ds, bench.work, bench.known.wall_clock, bench.known.settings.validation.policy);
  why = verdict.why;
  dnskey.security = verdict.security;
  if (verdict.security == Security::Bogus) return false;
  if (verdict.security == Security::Secure) dnskey.ttl = std::min(dnskey.ttl, verdict.most_ttl);
  link.trust.security = verdict.security;
  links_.take_keys(link, verdict.keys);
  link.trust.why = verdict.why;
  link.expires = std::min(link.expires, end_of(bench.known.cache.clamp(dnskey.ttl), bench));
  std::string detail = to_text(verdict.security, verdict.why);
  if (verdict.security == Security::Secure)
    detail += ", by key " + std::to_string(verdict.key_tag) + " that " +
              (link.anchor ? "a trust anchor" : "its DS") + " names";
  tell(bench, dnskey_of(link.trust.zone), std::move(detail));
  return true;
}

ChainOfTrust::Outcome ChainOfTrust::judge(const Question& question, Reading& reading,
                                          const Bench& bench) {
  links_.make_room(bench.now);
  bench.work.forget_refusal();
  const Walk walk(*this, bench);
  if (question.type == RRType::DNSKEY) {
    Link* link = walk.down_to(question.name, false);
    if (!link) return walk.missing();
    if (link->trust.security == Security::Secure && link->cut && link->trust.zone == question.name)
      return judge_keys_of(*link, reading, bench);
  }
  const auto verdict =
      dnssec::judge({question, claim_of(reading.kind), reading.answer, reading.authority}, walk,
                    bench.work, bench.known.wall_clock, bench.known.settings.validation.policy);
  if (std::holds_alternative<dnssec::Missing>(verdict)) return walk.missing();
  const auto& judged = std::get<dnssec::Judged>(verdict);
  tell(bench, question,
       to_text(judged.security, judged.why) +
           (judged.exists ? ", and the proofs say that the name is there" : ""));
  if (judged.exists) {
    reading.kind = ReplyKind::NoData;
    reading.rcode = wire::Rcode::NOERROR;
  }
  std::erase_if(reading.authority,
                [](const RRset& set) { return set.security <= Security::Bogus; });
  // Behind an alias the verdict is about another name; and where an anchor is, no parent is heard.
  const auto& anchors = bench.known.settings.validation.anchors;
  if (question.type == RRType::DS &&
      (reading.answer.empty() || reading.answer.front().type == RRType::DS) &&
      std::ranges::find(anchors, question.name, &RRset::owner) == anchors.end())
    walk.learn(question.name, reading, judged);
  return Judgement{judged.security, judged.why, judged.exists, walk.broken(), walk.unreachable()};
}

ChainOfTrust::Outcome ChainOfTrust::judge_keys_of(Link& link, Reading& reading,
                                                  const Bench& bench) {
  Judgement judged;
  const Name& zone = link.trust.zone;
  if (reading.kind != ReplyKind::Answer || reading.answer.size() != 1 ||
      !(reading.answer.front().owner == zone)) {
    judged.why = {wire::ExtendedErrorCode::DnskeyMissing,
                  zone.to_text() + " has a DS, and its servers say that it has no keys"};
  } else {
    RRset& dnskey = reading.answer.front();
    take_keys(link, dnskey, bench, judged.why);
    judged.security = dnskey.security;
  }
  if (judged.security == Security::Bogus)
    tell(bench, dnskey_of(zone), to_text(judged.security, judged.why));
  return judged;
}

bool ChainOfTrust::absorb(const Question& missing, const Answer& answer, const Bench& bench) {
  if (answer.out_of_budget || answer.of_the_moment) return false;
  const Link* known = links_.find(missing.name, bench.now);
  const bool wants_keys = missing.type == RRType::DNSKEY;
  if (known && !(wants_keys && known->cut && known->trust.security == Security::Secure &&
                 !known->trust.keys))
    return true;
  const std::string what = wire::to_text(missing.type) + " of " + missing.name.to_text();
  if (answer.rcode == wire::Rcode::SERVFAIL) {
    ExtendedError why = answer.error.value_or(ExtendedError{});
    // A circle of questions: another one may find a way.
    if (why.text.empty()) return false;
    why.text = "no " + what + ": " + why.text;
    put_failed(missing.name, std::move(why), bench.now).unreachable = !answer.bogus;
    return true;
  }
  // Known already, to somebody else.
  bench.work.forget_refusal();
  const Walk walk(*this, bench);
  const OnTheWay on_the_way(bench.work);
  std::optional<ExtendedError> why;
  Reading reading = reading_of(answer);
  if (wants_keys) {
    Link* link = walk.down_to(missing.name, false);
    if (!link) return true;  // its DS has expired meanwhile
    if (link->trust.security != Security::Secure) return true;
    if (!reading.answer.empty() && take_keys(*link, reading.answer.front(), bench, why))
      return true;
  } else if (!reading.answer.empty() && reading.answer.front().type == RRType::CNAME) {
    const dnssec::Judged judged{reading.answer.front().security, std::nullopt, false};
    if (walk.learn(missing.name, reading, judged)) return true;
  } else if (walk.judge_ds(missing.name, reading)) {
    return true;
  }
  if (!bench.work.refusal().empty()) return false;
  put_failed(missing.name,
             why.value_or(ExtendedError{wire::ExtendedErrorCode::DnssecIndeterminate,
                                        "the " + what + " is of no use"}),
             bench.now);
  return true;
}

}  // namespace cairn::resolver
