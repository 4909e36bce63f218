// The resolution of one question, as RFC 1034 section 5.3.3 tells it: look at what is known, find
// the best servers, ask one, analyse the reply; until there is an answer. It concludes or names the
// one thing that is missing, and never fetches.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "resolver/answer.hpp"
#include "resolver/budget.hpp"
#include "resolver/exchange.hpp"
#include "resolver/known.hpp"
#include "resolver/random.hpp"
#include "resolver/reading.hpp"
#include "resolver/step.hpp"

namespace cairn::resolver {

struct Done {
  Answer answer;
};
/// Another question must be answered first: the address of a server, or the root's servers.
struct Need {
  wire::Question question;
};
using Next = std::variant<Done, Ask, Need>;

class Iteration {
 public:
  explicit Iteration(const wire::Question& question);

  Next next(Known& known, Budget& budget, Random& random, Trace& trace, wire::Instant now);

  /// What became of an Ask.
  void absorb(const Ask& ask, Exchange::Finished&& finished, Known& known, Random& random,
              Trace& trace, wire::Instant now);
  /// What became of a Need.
  void absorb(const Need& need, const Answer& answer, Known& known, wire::Instant now);

  const wire::Question& question() const { return question_; }

 private:
  struct Candidate;
  struct Attempt {
    wire::IpAddress address;
    std::uint8_t asks = 0;
    bool useless = false;  // answered, but not for this zone
  };

  std::optional<Answer> conclude_from_known(Known& known, Trace& trace, wire::Instant now);
  std::optional<Answer> conclude_from_cache(Known& known, Trace& trace, wire::Instant now);
  bool follow_alias(const wire::RRset& alias, const wire::Name& target);
  bool find_servers(Known& known, wire::Instant now);
  void enter_zone(cache::Delegation delegation);
  std::optional<wire::Endpoint> choose_server(Known& known, Random& random, wire::Instant now);
  std::optional<Need> missing_address(Known& known, Budget& budget, Random& random,
                                      wire::Instant now);
  wire::Question minimised(Known& known) const;
  void absorb_reading(const Ask& ask, Reading&& reading, Known& known, wire::Instant now);
  Answer give_up(const Trace& trace) const;

  wire::Question question_;
  wire::Name sname_;                // RFC 1034's SNAME: where the aliases have led so far
  std::vector<wire::RRset> chain_;  // the aliases on the way
  std::optional<Answer> concluded_;
  std::optional<Answer> failed_;

  std::optional<cache::Delegation> delegation_;  // the zone whose servers are asked now
  std::size_t exposed_labels_ = 0;  // how many labels of sname_ its servers may see (RFC 9156)
  unsigned minimisation_steps_ = 0;
  bool minimise_ = true;
  std::vector<Attempt> attempts_;          // on the servers of delegation_
  std::vector<wire::Question> looked_up_;  // addresses of its servers
  unsigned fruitless_lookups_ = 0;
  unsigned failures_ = 0;
  bool primed_ = false;
};

}  // namespace cairn::resolver
