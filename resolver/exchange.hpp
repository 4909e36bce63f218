// One question to one server, until there is one believable reply or none: a machine without I/O.
// It is told what arrived and what time it is, and says what to send next.
//
// Against forgery (RFC 5452): a random id (and a random port, which the network adds), the question
// back in the exact random case in which it was sent (0x20), our half of a DNS cookie (RFC 7873),
// the reply from the address that was asked. What does not match is ignored and counted, it never
// ends the wait; too much of it, the right question in the wrong case, or no cookie from a server
// that gives one, moves the question to TCP, which cannot be forged from afar.
// Also here: fallback for servers that choke on cookies or on EDNS (RFC 6891 section 6.2.2), which
// some tell and some do not, and truncation, which moves to TCP (RFC 7766).
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <variant>

#include "cache/cache.hpp"
#include "resolver/random.hpp"
#include "resolver/sent_question.hpp"
#include "resolver/settings.hpp"
#include "resolver/step.hpp"
#include "wire/message.hpp"

namespace cairn::resolver {

/// What to ask whom, and which zone it speaks for: what bounds what may be believed.
struct Ask {
  wire::Question question;
  wire::Name zone;
  wire::Endpoint server;
  bool recursive = false;  // it resolves for us: RD
  bool signed_only =
      false;  // a reply without signatures is of no use: always with EDNS, for its DO

  bool operator==(const Ask&) const = default;
};

class Exchange {
 public:
  struct Send {
    Transport transport;
    wire::Bytes message;
    wire::Instant deadline;
  };
  struct Wait {};  // nothing to do until something else arrives or the deadline passes
  struct Finished {
    std::optional<wire::Message> reply;
    ReplyKind why = ReplyKind::Timeout;  // without reply
    cache::ServerState learned;          // of the server, to be remembered
    wire::Duration rtt{};
    Transport transport = Transport::Udp;
    bool with_edns = true;  // in the question that was answered, and with it DO
    unsigned packets = 0;
    unsigned ignored = 0;
  };
  using Action = std::variant<Wait, Send, Finished>;

  /// `state` is what is known of the server. `latest`: no deadline lies beyond it.
  Exchange(const Ask& ask, const cache::ServerState& state, const Settings& settings,
           wire::Instant latest);

  /// Somebody else waits for it too, until then.
  void wait_until(wire::Instant latest) { latest_ = std::max(latest_, latest); }
  /// Of what was sent last.
  wire::Instant deadline() const { return std::min(timeout_at_, latest_); }
  /// The same question to the same server, which is without a reply so far.
  void repeats(const Exchange& before);
  Action start(Random& random, wire::Instant now);
  /// What other exchanges with the server have found out meanwhile: when and how fast it answered.
  void learn(const cache::ServerState& state);
  /// A datagram, or one message of a stream.
  Action on_message(const wire::Endpoint& from, Transport transport,
                    std::span<const std::uint8_t> octets, Random& random, wire::Instant now);
  Action on_unreachable(Random& random, wire::Instant now);
  /// A kept stream, which had served others before, ended with the question open: the server may
  /// have closed it as idle before it saw the question (RFC 7766 section 6.2.4).
  Action on_stream_lost(Random& random, wire::Instant now);
  /// What start() or another call said to send could not be sent at all: no route, no socket left.
  Action on_unsendable(Random& random, wire::Instant now);
  /// Whoever waits may end it before the deadline of what was sent.
  Action on_deadline(Random& random, wire::Instant now);
  /// What it has come to by now, for one who does not wait any longer: nothing is learned by that.
  Finished overtaken(wire::Instant now) const;

  const Ask& ask() const { return ask_; }
  /// For how long the reply to what was sent last is waited for alone.
  wire::Duration patience() const { return patience_; }
  unsigned packets() const { return packets_; }

 private:
  Action send(Transport transport, Random& random, wire::Instant now);
  bool is_time_for_plain() const;
  /// Believed; but does the server want to be asked otherwise?
  Action on_reply(wire::Message reply, CookieMatch cookie, Random& random, wire::Instant now);
  void learn_from(const wire::Message& reply, CookieMatch cookie, wire::Instant now);
  Action finish(ReplyKind why, wire::Instant now) const;
  Action finish(wire::Message reply, wire::Instant now);

  Ask ask_;
  cache::ServerState state_;
  const Settings* settings_;
  wire::Instant latest_;
  wire::Instant sent_at_{};
  wire::Instant timeout_at_{};
  wire::Duration patience_{};
  bool heard_since_ = false;  // somebody else has had a reply from the server meanwhile
  Transport transport_ = Transport::Udp;
  SentQuestion sent_;
  unsigned silences_ = 0;  // this one follows
  bool noise_ = false;     // which were none: something came, and was ignored
  bool with_case_ = true;
  bool expects_cookie_ = false;  // a reply without it is suspicious
  // What came back so far.
  bool other_case_ = false;          // right in all but the case
  bool cookie_missed_ = false;       // right, but without the cookie that was expected
  bool wrong_cookie_ = false;        // right in all but our half of the cookie
  bool bad_cookie_ = false;          // the server wants another half of its own
  bool edns_refused_ = false;        // malformed, the server says; better without
  bool options_refused_ = false;     // as well
  bool options_unanswered_ = false;  // silence was the answer before: left out from the beginning
  bool plain_ = false;               // so were EDNS and the random case
  bool stream_lost_ = false;
  unsigned packets_ = 0;
  unsigned ignored_ = 0;
};

/// As far as the exchange can tell: not what the reply means.
Step step_of(const Ask& ask, const Exchange::Finished& finished, wire::Instant now);

/// RFC 6298 section 2: SRTT and RTTVAR after one more round trip.
void add_round_trip(cache::ServerState& state, wire::Duration rtt);
/// One more timeout in a row, of a question that went out at `sent_at`; after several the server
/// rests.
void add_timeout(cache::ServerState& state, wire::Instant sent_at, wire::Instant now);
/// For how long a server in this state is waited for alone: after that its reply is late, and
/// another one is asked as well. Doubles with each timeout in a row.
wire::Duration patience_with(const cache::ServerState& state);
/// For how long a reply still counts.
wire::Duration timeout_for(const cache::ServerState& state);

}  // namespace cairn::resolver
