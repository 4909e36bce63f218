// The resolution of one question, as RFC 1034 section 5.3.3 tells it: look at what is known, find
// the best servers, ask one, analyse the reply; until there is an answer. It concludes or names the
// one thing that is missing, and never fetches.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "resolver/answer.hpp"
#include "resolver/budget.hpp"
#include "resolver/chain_of_trust.hpp"
#include "resolver/exchange.hpp"
#include "resolver/known.hpp"
#include "resolver/minimisation.hpp"
#include "resolver/random.hpp"
#include "resolver/reading.hpp"
#include "resolver/server_choice.hpp"
#include "resolver/step.hpp"

namespace cairn::resolver {

struct Done {
  Answer answer;
};
/// Another question must be answered first: the address of a server, or the root's servers.
struct Need {
  wire::Question question;
  bool unchecked = false;  // it only leads to servers, and what they say is judged itself
};
using Next = std::variant<Done, Ask, Need>;

class Iteration {
 public:
  /// `anew`: what is known of the question itself does not count.
  /// `unchecked`: nothing is judged, and what was not is good enough (CD, RFC 4035 section 3.2.2).
  explicit Iteration(const wire::Question& question, bool anew = false, bool unchecked = false);
  /// Of AAAA, whose answer is known and must be made of A for clients (dns64.hpp).
  Iteration(const wire::Question& question, const Answer& untranslated);

  Next next(Known& known, Budget& budget, Random& random, Trace& trace, wire::Instant now);

  /// For how long the server that was named last is waited for alone at most, whatever is known of
  /// itself.
  wire::Duration most_patience() const;
  /// Whom else to ask what was asked last, while the reply is late; nullopt: better wait.
  /// `in_flight` are asked already.
  std::optional<Ask> another(unsigned in_flight, Known& known, Random& random, wire::Instant now);

  /// The server of an Ask has too much to do already: there may be others.
  void pass_over(const Ask& ask);
  /// What became of an Ask. True if that was it; false: the same question is still open.
  bool absorb(const Ask& ask, const Exchange::Finished& finished, Known& known, Random& random,
              Trace& trace, wire::Instant now);
  /// What became of a Need.
  void absorb(const Need& need, const Answer& answer, Known& known, Budget& budget, Trace& trace,
              wire::Instant now);

  const wire::Question& question() const { return question_; }
  /// For one whose time is over.
  Answer out_of_time() const;
  bool unchecked() const { return unchecked_; }
  bool translates() const { return untranslated_.has_value(); }
  /// Of a reply that cannot be judged yet.
  std::size_t held_octets() const { return held_ ? octets_of(held_->reading) : 0; }

 private:
  Ask ask(const wire::Endpoint& server) const;
  // RFC 1034 section 5.3.3, step 1: what is known already.
  void look_up(Known& known, Trace& trace, wire::Instant now);
  // Step 2: whom to ask.
  bool find_servers(Known& known, Random& random, wire::Instant now);
  void enter_zone(const cache::Delegation& delegation, Known& known, Random& random,
                  wire::Instant now);
  void enter_forward(std::shared_ptr<const ForwardZone> forward, Known& known);
  // Step 4: what the reply says, once it is known how far that is true.
  bool is_to_be_judged(const Ask& ask, const Reading& reading, const Known& known) const;
  std::optional<Need> judge(Known& known, Budget& budget, Random& random, Trace& trace,
                            wire::Instant now);
  void absorb_bogus(const Ask& ask, const ChainOfTrust::Judgement& judged, const Known& known,
                    const Budget& budget);
  bool absorb_reply(const Ask& ask, Reading&& reading, Known& known, Random& random,
                    wire::Instant now);
  void absorb_answer(Reading&& reading, Known& known, wire::Instant now);
  void absorb_negative(Reading&& reading, Known& known, wire::Instant now);
  void absorb_referral(Reading&& reading, Known& known, Random& random, wire::Instant now);
  void skip_known_labels(const Known& known, wire::Instant now);
  bool is_denied_above(const wire::Name& zone, const Reading& reading, const Known& known,
                       wire::Instant now) const;
  bool is_probe(const Ask& ask) const;
  bool ask_whole_question(const Known& known);
  void absorb_probe(const Ask& ask, Reading&& reading, Known& known, wire::Instant now);

  void follow_alias(std::vector<wire::RRset>&& links, std::vector<wire::RRset>&& proofs,
                    const wire::Name& target);
  void conclude(wire::Rcode rcode, std::vector<wire::RRset>&& answer,
                std::vector<wire::RRset>&& authority);
  void give_up(std::string why);
  void give_up_aliases();
  void give_up_on_zone(Known& known, wire::Instant now);
  bool asks_forwarder() const { return forward_ && !forward_->stub; }

  wire::Question question_;
  wire::Name sname_;                 // where the aliases have led so far: RFC 1034's SNAME
  std::vector<wire::RRset> chain_;   // the aliases on the way
  std::vector<wire::RRset> proofs_;  // that go with those of them that were made from wildcards
  wire::Security least_verdict_ = wire::Security::Secure;  // of the replies that led there
  std::optional<Answer> conclusion_;
  std::optional<Answer> untranslated_;
  bool unchecked_;
  struct Held {
    Ask ask;
    Reading reading;
    bool with_edns;  // so was the question: signatures were asked for
  };
  std::unique_ptr<Held> held_;                // a reply, until it is judged
  bool signed_only_ = false;                  // the zone that is asked now is a signed one
  unsigned bogus_replies_ = 0;                // to sname_
  std::optional<wire::ExtendedError> bogus_;  // the last of them
  bool looked_up_ = false;                    // step 1 is done for sname_
  bool primed_ = false;                       // the root's servers have been asked for once
  bool starved_ = false;      // the query's budget or depth forbade a lookup that could have helped
  bool turned_away_ = false;  // or too many questions to somebody were unanswered at the moment

  std::optional<ServerChoice> servers_;  // of the zone that is asked now
  std::shared_ptr<const ForwardZone>
      forward_;                                // whose servers they are, if the operator named them
  std::shared_ptr<const ForwardZone> passed_;  // whose servers have all failed for sname_
  wire::Instant zone_expires_{};               // when what delegated that zone ends
  Minimisation minimisation_;
  bool denied_ = false;       // that zone denies a name on the way to sname_
  std::string last_trouble_;  // the newest failure in words, for the answer that gives up
};

}  // namespace cairn::resolver
