// What is known of each zone's security, from the trust anchors down (RFC 4035 section 5): whose
// keys are good, and below which names nothing is signed. A reply is judged here, before anything
// of it reaches the cache.
//
// The walk goes by what parents have said: of each name further down there is a DS set, or a proof
// that there is none, beside the referral, in the cache, or to be asked for; then the DNSKEY set
// that it names. What is missing is named as a question and never fetched. Its answer comes the way
// of all answers, and is judged here too: DS by the parent's keys, DNSKEY by the DS.
//
// One belongs to one worker. Keys are imported once, and are kept here for as long as the records
// that vouch for them last.
#pragma once

#include <optional>
#include <variant>

#include "dnssec/judge.hpp"
#include "resolver/answer.hpp"
#include "resolver/known.hpp"
#include "resolver/links.hpp"
#include "resolver/reading.hpp"
#include "resolver/step.hpp"

namespace cairn::resolver {

/// What a judgement goes by, beside the chain itself.
struct Bench {
  const Known& known;
  dnssec::Work& work;
  Trace& trace;
  wire::Instant now;
};

class ChainOfTrust {
 public:
  explicit ChainOfTrust(const wire::SipKey& key) : links_(key) {}

  struct Judgement {
    wire::Security security = wire::Security::Bogus;
    std::optional<wire::ExtendedError> why;  // where it is not Secure
    bool denies_wrongly = false;        // NXDOMAIN; proved, and now said, is that the name is there
    bool chain_is_broken = false;       // no other reply of this zone's servers will do
    bool chain_is_unreachable = false;  // it is, since nobody told the keys: nothing is wrong yet
  };
  /// A verdict, or the question whose answer is missing for one. The sets of the reading are marked
  /// with what was found, and their TTLs are taken down to what signatures allow; what proves
  /// nothing is left out of its authority section.
  using Outcome = std::variant<Judgement, wire::Question>;
  Outcome judge(const wire::Question& question, Reading& reading, const Bench& bench);

  /// The answer to a question that judge() named. False: it says nothing of the zone, only of who
  /// asked (a budget that is spent).
  bool absorb(const wire::Question& missing, const Answer& answer, const Bench& bench);

  /// Anchors or zones have changed.
  void forget() { links_.forget(); }
  /// What is known of this name and below.
  void forget(const wire::Name& name) { links_.forget(name); }
  std::size_t size() const { return links_.size(); }

 private:
  class Walk;

  Link& put_failed(const wire::Name& name, wire::ExtendedError why, wire::Instant now);
  Outcome judge_keys_of(Link& link, Reading& reading, const Bench& bench);
  bool take_keys(Link& link, wire::RRset& dnskey, const Bench& bench,
                 std::optional<wire::ExtendedError>& why);

  Links links_;
};

}  // namespace cairn::resolver
