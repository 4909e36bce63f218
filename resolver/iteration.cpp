#include "resolver/iteration.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "resolver/chain_of_trust.hpp"
#include "resolver/limits.hpp"
#include "resolver/nxdomain_cut.hpp"
#include "resolver/recall.hpp"

namespace cairn::resolver {
namespace {

using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRset;
using wire::RRType;

/// Under which the cache remembers that no server of a zone was of use; no server can have it.
const wire::Endpoint nobody;

const wire::Question root_servers{Name(), RRType::NS, wire::RRClass::IN};

/// Of a question about a zone cut's parent side, the parent must be asked (RFC 4035
/// section 3.1.4.1).
Name zone_side(const Name& name, RRType type) {
  return type == RRType::DS && !name.is_root() ? name.parent() : name;
}

/// Of an authority section, that which goes with sets that were made from wildcards: not the SOA of
/// a denial at the end of the chain.
std::vector<RRset> denials_in(const std::vector<RRset>& authority) {
  std::vector<RRset> denials;
  std::ranges::copy_if(authority, std::back_inserter(denials), [](const RRset& set) {
    return set.type == RRType::NSEC || set.type == RRType::NSEC3;
  });
  return denials;
}

/// To the cache, and with the TTLs that everybody else will be told. An alias that a DNAME implies
/// is not kept: whoever meets it next must see the DNAME beside it.
void keep(std::vector<RRset>& sets, const std::vector<RRset>& authority, cache::Rank rank,
          Known& known, wire::Instant now) {
  const RRset* before = nullptr;
  for (RRset& set : sets) {
    const bool implied =
        before && before->type == RRType::DNAME && set.owner.is_below(before->owner);
    if (!implied)
      known.cache.put(set, rank, now,
                      is_from_wildcard(set) ? denials_in(authority) : std::vector<RRset>{});
    set.ttl = known.cache.clamp(set.ttl);
    before = &set;
  }
}

bool too_many_aliases(const std::vector<RRset>& chain) {
  return std::ranges::count(chain, RRType::CNAME, &RRset::type) >
         static_cast<std::ptrdiff_t>(limits::alias_steps);
}

/// The delegation that a zone of ours gives for `name`, if it is delegated away from it.
std::optional<cache::Delegation> our_delegation(const Name& name, const Known& known) {
  const zones::Zone* zone = known.zones->find(name);
  if (!zone) return std::nullopt;
  zones::ZoneAnswer local;
  zone->answer({name, RRType::NS, wire::RRClass::IN}, false, local);
  if (!local.referral || local.authority.empty()) return std::nullopt;
  cache::Delegation delegation;
  delegation.zone = *local.authority.front().owner;
  for (const wire::RdataView rdata : local.authority.front().rdata) {
    const auto server = Name::from_wire(rdata);
    if (!server) continue;
    delegation.servers.push_back({*server, {}});
    for (const wire::RRsetView& glue : local.additional)
      if (*glue.owner == *server)
        for (const wire::RdataView address : glue.rdata)
          if (const auto its = wire::IpAddress::from_rdata(glue.type, address))
            delegation.servers.back().glue.push_back(*its);
  }
  return delegation;
}

/// Nothing beyond the alias at `at` counts: the chain is followed anew from there.
void end_chain_at(std::size_t at, const Name& target, Reading& reading) {
  for (std::size_t beyond = at + 1; beyond < reading.answer.size(); ++beyond)
    reading.scrubbed += static_cast<unsigned>(reading.answer[beyond].rdata.size());
  reading.answer.resize(at + 1);
  std::erase_if(reading.authority, [](const RRset& set) { return set.type == RRType::SOA; });
  reading.rcode = wire::Rcode::NOERROR;
  reading.kind = ReplyKind::Alias;
  reading.alias_target = target;
}

/// The chain of a reply may lead to names that others speak for: zones of ours, and those whose
/// servers the operator names. There it ends, and is followed anew by their rules; whatever the
/// server said of them would reach the cache past those who know (MaginotDNS 2023). So it is with a
/// zone that says of itself that its parent has no DS of it (RFC 4035 section 3.1.4.1).
void stop_at_borders(Reading& reading, const wire::Question& asked, const Known& known) {
  if (reading.kind > ReplyKind::NxDomain) return;
  if (asked.type == RRType::CNAME || asked.type == RRType::ANY) return;  // no alias leads on
  const auto speaker = [&](const Name& name) {
    const wire::Question question{name, asked.type, wire::RRClass::IN};
    return std::pair(known.zones->find(question), known.settings.forwarding.find(question));
  };
  std::optional<decltype(speaker(asked.name))> its;
  for (std::size_t at = 0; at < reading.answer.size(); ++at) {
    if (reading.answer[at].type != RRType::CNAME) continue;
    const auto target = Name::from_wire(reading.answer[at].rdata[0]);
    if (!its) its = speaker(asked.name);
    if (target && !(speaker(*target) == *its)) return end_chain_at(at, *target, reading);
  }
  const bool says_child = asked.type == RRType::DS && reading.kind == ReplyKind::NoData &&
                          !reading.alias_target.is_root() &&
                          std::ranges::any_of(reading.authority, [&](const RRset& set) {
                            return set.type == RRType::SOA && set.owner == reading.alias_target;
                          });
  if (says_child && !reading.answer.empty())
    end_chain_at(reading.answer.size() - 1, Name(reading.alias_target), reading);
}

}  // namespace

// Lower case from here on: the case in which a client wrote a name is nobody else's.
Iteration::Iteration(const wire::Question& question, bool anew, bool unchecked)
    : question_(question),
      sname_(question.name.lowercase()),
      unchecked_(unchecked),
      looked_up_(anew) {}

Iteration::Iteration(const wire::Question& question, const Answer& untranslated)
    : question_(question),
      sname_(question.name.lowercase()),
      untranslated_(untranslated),
      unchecked_(false) {}

Next Iteration::next(Known& known, Budget& budget, Random& random, Trace& trace,
                     wire::Instant now) {
  if (untranslated_ && !conclusion_) return Need{{sname_, RRType::A, wire::RRClass::IN}};
  for (;;) {
    if (!conclusion_ && !looked_up_) look_up(known, trace, now);
    if (!conclusion_ && budget.expired(now)) conclusion_ = out_of_time();
    if (conclusion_) return Done{std::move(*conclusion_)};
    if (!looked_up_) continue;  // an alias led on
    if (held_) {
      if (auto need = judge(known, budget, random, trace, now)) return *need;
      continue;
    }

    if (!servers_ && !find_servers(known, random, now)) return Need{root_servers, true};
    skip_known_labels(known, now);

    if (!servers_->exhausted()) {
      const Settings& settings = known.settings;
      if (const auto server = servers_->fresh(known, random, now)) return ask(*server);
      if (const auto lookup = servers_->missing_address(false, settings, budget))
        return Need{*lookup, true};
      if (const auto server = servers_->again(known, random, now)) return ask(*server);
      if (!servers_->passed_over())
        if (const auto lookup = servers_->missing_address(true, settings, budget))
          return Need{*lookup, true};
      turned_away_ = turned_away_ || servers_->passed_over();
      starved_ = starved_ || turned_away_ || !budget.may_look_up_address();
    }
    give_up_on_zone(known, now);
  }
}

Ask Iteration::ask(const wire::Endpoint& server) const {
  if (asks_forwarder())
    return {
        {sname_, question_.type, wire::RRClass::IN}, servers_->zone(), server, true, signed_only_};
  return {minimisation_.question(sname_, question_.type), servers_->zone(), server, false,
          signed_only_};
}

wire::Duration Iteration::most_patience() const {
  return servers_ ? servers_->most_patience() : wire::Duration::max();
}

std::optional<Ask> Iteration::another(unsigned in_flight, Known& known, Random& random,
                                      wire::Instant now) {
  if (conclusion_ || !servers_ || servers_->exhausted(in_flight)) return std::nullopt;
  if (const auto server = servers_->fresh(known, random, now)) return ask(*server);
  // Rather one whose address is not known yet; but nobody is looked up for a reply that is late.
  if (servers_->some_unknown(known.settings)) return std::nullopt;
  if (const auto server = servers_->again(known, random, now)) return ask(*server);
  return std::nullopt;
}

// Step 1: the answer may be known.

void Iteration::look_up(Known& known, Trace& trace, wire::Instant now) {
  looked_up_ = true;
  while (!conclusion_) {
    auto recalled = recall({sname_, question_.type, wire::RRClass::IN}, known, Freshness::Live,
                           trace, now, unchecked_);
    if (!recalled) return;
    Answer& answer = recalled->answer;
    if (recalled->leads_to)
      follow_alias(std::move(answer.answer), std::move(answer.authority), *recalled->leads_to);
    else if (answer.error)
      conclusion_ = std::move(answer);
    else
      conclude(answer.rcode, std::move(answer.answer), std::move(answer.authority));
  }
}

void Iteration::follow_alias(std::vector<RRset>&& links, std::vector<RRset>&& proofs,
                             const Name& target) {
  for (RRset& link : links) chain_.push_back(std::move(link));
  for (RRset& proof : proofs)
    if (proofs_.size() < limits::sets_kept_per_message) proofs_.push_back(std::move(proof));
  const bool loop = std::any_of(chain_.begin(), chain_.end(), [&](const RRset& set) {
    return set.type == RRType::CNAME && set.owner == target;
  });
  if (loop)
    return give_up("the aliases of " + question_.name.to_text() + " lead back to " +
                   target.to_text());
  if (too_many_aliases(chain_)) return give_up_aliases();
  sname_ = target;
  servers_.reset();
  passed_.reset();
  bogus_replies_ = 0;
  bogus_.reset();
  looked_up_ = false;
}

// Step 2: the best servers to ask.

bool Iteration::find_servers(Known& known, Random& random, wire::Instant now) {
  auto forward = known.settings.forwarding.find({sname_, question_.type}, passed_.get());
  if (forward && !forward->stub) {
    enter_forward(std::move(forward), known);
    return true;
  }
  if (question_ == root_servers && !forward) {  // priming itself goes by the hints
    enter_zone(known.settings.root_hints, known, random, now);
    return true;
  }
  const Name name = zone_side(sname_, question_.type);
  const auto cached = known.cache.deepest_delegation(name, now);
  const auto ours = our_delegation(name, known);
  const auto best = [&](const cache::Delegation& delegation) {
    return !forward || delegation.zone.is_below(forward->zone);
  };
  if (ours && best(*ours) && (!cached || !cached->zone.is_below(ours->zone))) {
    enter_zone(*ours, known, random, now);
  } else if (cached && best(*cached)) {
    enter_zone(*cached, known, random, now);
  } else if (forward) {
    enter_forward(std::move(forward), known);
  } else if (known.settings.priming && !primed_) {
    primed_ = true;
    return false;
  } else {
    enter_zone(known.settings.root_hints, known, random, now);
  }
  return true;
}

void Iteration::enter_zone(const cache::Delegation& delegation, Known& known, Random& random,
                           wire::Instant now) {
  if (known.settings.qname_minimization == QnameMinimization::Off) minimisation_.switch_off();
  minimisation_.enter_zone(delegation.zone);
  denied_ = false;
  signed_only_ = false;
  forward_.reset();
  // The root hangs from nothing, and what delegates our own zones' children does not expire.
  const bool lasts = delegation.zone.is_root() || delegation.expires == wire::Instant{};
  zone_expires_ = lasts ? wire::Instant::max() : delegation.expires;
  servers_.emplace(delegation, known, random, now);
}

void Iteration::enter_forward(std::shared_ptr<const ForwardZone> forward, Known& known) {
  if (known.settings.qname_minimization == QnameMinimization::Off) minimisation_.switch_off();
  minimisation_.enter_zone(forward->zone);
  denied_ = false;
  signed_only_ = false;
  zone_expires_ = wire::Instant::max();
  servers_.emplace(*forward, known.settings);
  forward_ = std::move(forward);
}

// Step 4: analyse the reply.

void Iteration::pass_over(const Ask& ask) {
  last_trouble_ = "too many questions to " + ask.server.to_text() + " are unanswered already";
  if (servers_) servers_->pass_over(ask.server);
}

bool Iteration::absorb(const Ask& ask, const Exchange::Finished& finished, Known& known,
                       Random& random, Trace& trace, wire::Instant now) {
  Step step = step_of(ask, finished, now);
  Reading reading;
  reading.kind = finished.why;
  if (finished.reply) {
    reading = read_reply(ask, *finished.reply, random);
    stop_at_borders(reading, ask.question, known);
    step.reply = reading.kind;
    step.rcode = finished.reply->header.rcode;
    step.scrubbed = reading.scrubbed;
    if (reading.kind == ReplyKind::Referral) step.detail = reading.referral.zone.to_text();
    if (reading.kind == ReplyKind::Alias) step.detail = reading.alias_target.to_text();
  }
  if (reading.kind >= ReplyKind::Lame) last_trouble_ = to_text(step);
  trace.push_back(std::move(step));
  if (conclusion_ || !servers_) return true;

  if (reading.kind == ReplyKind::Timeout || reading.kind == ReplyKind::Unreachable) {
    servers_->failed(ask.server, reading.kind == ReplyKind::Timeout, finished.packets > 0);
    return reading.kind == ReplyKind::Timeout && is_probe(ask) && minimisation_.met_silence() &&
           ask_whole_question(known);
  }
  if (reading.kind == ReplyKind::Referral &&
      !zone_side(sname_, question_.type).is_within(reading.referral.zone)) {
    // A referral to the very zone whose parent side was asked for: the parent has no such record.
    // That is to be judged like all that says so.
    reading.kind = ReplyKind::NoData;
  }
  if (is_to_be_judged(ask, reading, known)) {
    held_ = std::make_unique<Held>(Held{ask, std::move(reading), finished.with_edns});
    return true;
  }
  return absorb_reply(ask, std::move(reading), known, random, now);
}

/// All that answers, and what ends the search for the way. That there is nothing at a name on the
/// way is nobody's answer.
bool Iteration::is_to_be_judged(const Ask& ask, const Reading& reading, const Known& known) const {
  if (!known.chain || !known.settings.validation.on || unchecked_) return false;
  if (is_probe(ask)) return reading.kind == ReplyKind::NxDomain;
  return reading.kind <= ReplyKind::NxDomain;
}

/// What was held is absorbed, or of no use; or something else must be known first.
std::optional<Need> Iteration::judge(Known& known, Budget& budget, Random& random, Trace& trace,
                                     wire::Instant now) {
  Held& held = *held_;
  const wire::Question question{held.ask.question.name, held.ask.question.type, wire::RRClass::IN};
  auto outcome = known.chain->judge(question, held.reading, {known, budget.work, trace, now});
  if (const auto* missing = std::get_if<wire::Question>(&outcome)) return Need{*missing};
  const auto& judged = std::get<ChainOfTrust::Judgement>(outcome);
  Held its = std::move(*held_);
  held_.reset();
  // Some deny what only has names below it, against their own proofs. To judge that for each label
  // would cost more than the whole question.
  if (judged.denies_wrongly && is_probe(its.ask) && ask_whole_question(known)) return std::nullopt;
  if (judged.security == wire::Security::Bogus) {
    // Nobody asked for its signatures, since packets were lost: once more, and with all of that.
    if (!its.with_edns && !std::exchange(signed_only_, true))
      servers_->begin_again();
    else
      absorb_bogus(its.ask, judged, known, budget);
  } else {
    least_verdict_ = std::min(least_verdict_, judged.security);
    absorb_reply(its.ask, std::move(its.reading), known, random, now);
  }
  return std::nullopt;
}

/// One bad server does not break a zone; but if several say the same, it is the zone.
void Iteration::absorb_bogus(const Ask& ask, const ChainOfTrust::Judgement& judged,
                             const Known& known, const Budget& budget) {
  bogus_ = judged.why.value_or(wire::ExtendedError{ExtendedErrorCode::DnssecBogus, "bogus"});
  last_trouble_ = bogus_->text;
  const bool spent = !budget.work.refusal().empty();
  if (++bogus_replies_ < limits::bogus_replies && !spent && !judged.chain_is_broken) {
    if (is_probe(ask) && ask_whole_question(known)) return;
    return servers_->failed(ask.server, false, true);
  }
  conclusion_ = failure(bogus_->code, bogus_->text);
  conclusion_->bogus = !judged.chain_is_unreachable;
  conclusion_->out_of_budget = spent;
}

bool Iteration::absorb_reply(const Ask& ask, Reading&& reading, Known& known, Random& random,
                             wire::Instant now) {
  const bool probe = is_probe(ask);
  switch (reading.kind) {
    case ReplyKind::Referral:
      absorb_referral(std::move(reading), known, random, now);
      return true;
    case ReplyKind::Lame:
    case ReplyKind::Failure:
    case ReplyKind::Unusable:
      if (probe && ask_whole_question(known)) return true;
      // Some servers are lame for one type only, AAAA above all (RFC 4074 section 4.5): remembered
      // for it, they would be lost for all others. Of the operator's servers there are no others.
      if (reading.kind == ReplyKind::Lame && ask.question.type == RRType::A && !forward_)
        known.cache.put_lame(ask.server, ask.zone, limits::lame_lifetime, now);
      servers_->failed(ask.server, false, true);
      return false;
    default:
      break;
  }
  if (probe) {
    absorb_probe(ask, std::move(reading), known, now);
    return true;
  }
  const bool exists = reading.kind != ReplyKind::NxDomain || !reading.answer.empty();
  if (exists && (denied_ || is_denied_above(ask.zone, reading, known, now)))
    known.cache.put_denies_falsely(ask.zone, limits::false_denial_lifetime, now);
  switch (reading.kind) {
    case ReplyKind::Answer:
      absorb_answer(std::move(reading), known, now);
      break;
    case ReplyKind::Alias: {
      keep(reading.answer, reading.authority, reading.rank, known, now);
      const Name target = reading.alias_target;
      follow_alias(std::move(reading.answer), std::move(reading.authority), target);
      break;
    }
    default:
      absorb_negative(std::move(reading), known, now);
  }
  return true;
}

/// Names on the way of which the zone has said that nothing is there need not be asked for again.
/// Only its own word counts: else a zone would hear of names below its children.
void Iteration::skip_known_labels(const Known& known, wire::Instant now) {
  for (;;) {
    const wire::Question next = minimisation_.question(sname_, question_.type);
    if (next.name == sname_) return;
    const auto nothing = known.cache.negative(next.name, next.type, now);
    if (!nothing || nothing->rcode != wire::Rcode::NOERROR) return;
    const auto soa = std::ranges::find(nothing->authority, RRType::SOA, &RRset::type);
    if (soa == nothing->authority.end() || soa->owner != servers_->zone()) return;
    minimisation_.expose_more(sname_);
  }
}

/// Whether the zone has denied a name above one that it tells us something of.
bool Iteration::is_denied_above(const Name& zone, const Reading& reading, const Known& known,
                                wire::Instant now) const {
  const bool exists = reading.kind == ReplyKind::Answer || reading.kind == ReplyKind::NoData;
  const Name& name = exists ? reading.alias_target : sname_;
  const auto denial = known.cache.nxdomain_above(name, now, limits::longest_expired);
  if (!denial) return false;
  const auto soa = std::ranges::find(denial->authority, RRType::SOA, &RRset::type);
  return soa != denial->authority.end() && soa->owner == zone;
}

/// Whether only a part of the question was asked.
bool Iteration::is_probe(const Ask& ask) const {
  return !(ask.question.name == sname_ && ask.question.type == question_.type);
}

/// A server does not get along with shortened questions: from now on the whole one, unless the
/// operator does not want that.
bool Iteration::ask_whole_question(const Known& known) {
  if (known.settings.qname_minimization == QnameMinimization::Strict) return false;
  minimisation_.switch_off();
  servers_->begin_again();
  return true;
}

/// The reply to a question with fewer labels (RFC 9156): all that matters is that there is no zone
/// cut here.
void Iteration::absorb_probe(const Ask& ask, Reading&& reading, Known& known, wire::Instant now) {
  if (reading.kind == ReplyKind::NxDomain) {
    if (!denies_names_below(reading.authority, known.settings)) {
      denied_ = true;
      minimisation_.switch_off();
      return servers_->begin_again();
    }
    known.cache.put_nxdomain(ask.question.name, reading.authority, now);
    return conclude(wire::Rcode::NXDOMAIN, {}, std::move(reading.authority));
  }
  if (reading.kind == ReplyKind::Alias) {
    minimisation_.switch_off();
  } else {
    if (reading.kind == ReplyKind::NoData && reading.answer.empty())
      known.cache.put_nodata(ask.question.name, ask.question.type, reading.authority, now);
    minimisation_.expose_more(sname_);
  }
  servers_->begin_again();
}

void Iteration::absorb_answer(Reading&& reading, Known& known, wire::Instant now) {
  keep(reading.answer, reading.authority, reading.rank, known, now);
  if (question_ == root_servers && !forward_ && !reading.referral.servers.empty()) {
    // Names whose glue did not fit keep what the hints say of them.
    for (cache::NameServer& server : reading.referral.servers)
      for (const cache::NameServer& hint : known.settings.root_hints.servers)
        if (server.glue.empty() && server.name == hint.name) server.glue = hint.glue;
    known.cache.put_delegation(Name(), reading.referral.servers, reading.referral_ttl, now);
  }
  conclude(reading.rcode, std::move(reading.answer), std::move(reading.authority));
}

void Iteration::absorb_negative(Reading&& reading, Known& known, wire::Instant now) {
  // A parent that does not know a stub zone of ours has no DS of it; the name exists all the same.
  const wire::Question apex{reading.alias_target, RRType::NS, wire::RRClass::IN};
  const auto stub = question_.type == RRType::DS ? known.settings.forwarding.find(apex) : nullptr;
  const bool above_stub = stub && stub->zone == reading.alias_target && stub != forward_;
  const bool nxdomain = reading.kind == ReplyKind::NxDomain && !above_stub;
  keep(reading.answer, reading.authority, reading.rank, known, now);
  if (!reading.authority.empty()) {
    if (nxdomain)
      known.cache.put_nxdomain(reading.alias_target, reading.authority, now);
    else
      known.cache.put_nodata(reading.alias_target, question_.type, reading.authority, now);
    // With the TTL that everybody else will be told (RFC 2308 section 5).
    const auto security = reading.authority.front().security;
    const auto rcode = nxdomain ? wire::Rcode::NXDOMAIN : wire::Rcode::NOERROR;
    if (auto kept = known.cache.negative(reading.alias_target, question_.type, now);
        kept && kept->security >= security && kept->rcode == rcode)
      reading.authority = std::move(kept->authority);
  }
  conclude(nxdomain ? wire::Rcode::NXDOMAIN : wire::Rcode::NOERROR, std::move(reading.answer),
           std::move(reading.authority));
}

void Iteration::absorb_referral(Reading&& reading, Known& known, Random& random,
                                wire::Instant now) {
  auto& proof = reading.referral.ds_proof;
  if (!known.settings.validation.on) proof.clear();
  if (!proof.empty() && proof.front().type != RRType::DS) {
    const wire::Ttl most = known.cache.negative_ttl(proof);
    for (RRset& set : proof) set.ttl = std::min(set.ttl, most);
  }
  known.cache.put_delegation(reading.referral.zone, reading.referral.servers, reading.referral_ttl,
                             now, zone_expires_, reading.referral.ds_proof);
  // What is below hangs from this delegation, even if its own ends before the next reply is here.
  reading.referral.expires =
      std::min(zone_expires_, now + wire::as_duration(known.cache.clamp(reading.referral_ttl)));
  enter_zone(reading.referral, known, random, now);
}

void Iteration::absorb(const Need& need, const Answer& answer, Known& known, Budget& budget,
                       Trace& trace, wire::Instant now) {
  if (untranslated_) {
    const auto& dns64 = known.settings.dns64;
    conclusion_ = dns64 ? dns64->translate(*untranslated_, answer) : *untranslated_;
    return;
  }
  if (held_) {
    if (known.chain->absorb(need.question, answer, {known, budget.work, trace, now})) return;
    held_.reset();
    const std::string why = answer.error ? answer.error->text : "";
    conclusion_ = failure(ExtendedErrorCode::DnssecIndeterminate,
                          "no " + wire::to_text(need.question.type) + " of " +
                              need.question.name.to_text() + (why.empty() ? "" : ": " + why));
    conclusion_->out_of_budget = true;
    conclusion_->of_the_moment = answer.of_the_moment;
    return;
  }
  starved_ = starved_ || answer.out_of_budget;
  turned_away_ = turned_away_ || answer.of_the_moment;
  if (servers_ && !servers_->add_found(need.question, answer.answer, known))
    ++budget.fruitless_lookups;
}

void Iteration::conclude(wire::Rcode rcode, std::vector<RRset>&& answer,
                         std::vector<RRset>&& authority) {
  Answer conclusion;
  conclusion.rcode = rcode;
  conclusion.at_most =
      answer.empty() && authority.empty() ? wire::Security::Unchecked : least_verdict_;
  conclusion.answer = std::move(chain_);
  for (RRset& set : answer) conclusion.answer.push_back(std::move(set));
  conclusion.authority = std::move(authority);
  for (RRset& proof : proofs_)
    if (std::ranges::find(conclusion.authority, proof) == conclusion.authority.end())
      conclusion.authority.push_back(std::move(proof));
  // One reply may have brought several at once.
  if (too_many_aliases(conclusion.answer)) return give_up_aliases();
  conclusion_ = std::move(conclusion);
}

void Iteration::give_up_aliases() {
  give_up("more than " + std::to_string(limits::alias_steps) + " aliases from " +
          question_.name.to_text() + " on");
}

void Iteration::give_up(std::string why) {
  conclusion_ = failure(ExtendedErrorCode::NoReachableAuthority, std::move(why));
}

Answer Iteration::out_of_time() const {
  Answer answer = failure(ExtendedErrorCode::NoReachableAuthority,
                          "no time left" + (last_trouble_.empty() ? "" : "; " + last_trouble_));
  answer.out_of_budget = true;
  return answer;
}

void Iteration::give_up_on_zone(Known& known, wire::Instant now) {
  if (bogus_) {
    conclusion_ = failure(bogus_->code, bogus_->text);
    conclusion_->bogus = true;
    return;
  }
  const Name zone = servers_->zone();
  if (forward_ && forward_->first) {
    passed_ = std::move(forward_);
    return servers_.reset();
  }
  // Perhaps the zone has moved: the next question hears it from the parent.
  if (!zone.is_root() && !starved_ && !forward_ && !known.cache.is_lame(nobody, zone, now)) {
    known.cache.forget_delegation(zone);
    known.cache.put_lame(nobody, zone, limits::stuck_lifetime, now);
  }
  give_up("no server of " + zone.to_text() + " gave a usable answer" +
          (last_trouble_.empty() ? ", and none has an address" : "; " + last_trouble_));
  conclusion_->out_of_budget = starved_;
  conclusion_->of_the_moment = turned_away_;
}

}  // namespace cairn::resolver
