#include "resolver/exchange.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "resolver/limits.hpp"
#include "wire/edns_options.hpp"

namespace cairn::resolver {
namespace {

/// The reply with the question in the case in which it was asked: servers compress names against
/// the question, and the random case of 0x20 would otherwise appear in owners and targets.
wire::Result<wire::Message> parse_as_asked(std::span<const std::uint8_t> octets,
                                           const wire::Name& asked) {
  wire::Bytes restored(octets.begin(), octets.end());
  const bool has_question = (octets[4] | octets[5]) != 0;
  if (has_question) std::ranges::copy(asked.wire(), restored.begin() + wire::header_octets);
  return wire::parse(restored);
}

bool complains(const wire::Message& reply) {
  return reply.header.rcode == wire::Rcode::FORMERR || reply.header.rcode == wire::Rcode::NOTIMP;
}

bool understands_no_edns(const wire::Message& reply) {
  return reply.header.rcode == wire::Rcode::BADVERS || (!reply.edns && complains(reply));
}

/// Both halves, of a reply whose first half is ours.
cache::CookiePair cookie_of(const wire::Message& reply) {
  const auto cookie = *reply.edns->get<wire::Cookie>();
  cache::CookiePair pair{cookie.client, {}, static_cast<std::uint8_t>(cookie.server.size())};
  std::ranges::copy(cookie.server, pair.server.begin());
  return pair;
}

/// A server may have been mended since: the next question finds out.
void forget_old_quirks(cache::ServerState& state, wire::Instant now) {
  if (state.quirks_end > now) return;
  state.quirks_end = {};
  state.no_edns = state.no_case = false;
  if (state.cookies == cache::CookieConduct::Sometimes ||
      state.cookies == cache::CookieConduct::Refused)
    state.cookies = cache::CookieConduct::Untried;
}

}  // namespace

Step step_of(const Ask& ask, const Exchange::Finished& finished, wire::Instant now) {
  Step step;
  step.kind = StepKind::Asked;
  step.at = now;
  step.question = ask.question;
  step.zone = ask.zone;
  step.server = ask.server;
  step.recursive = ask.recursive;
  step.transport = finished.transport;
  step.rtt = finished.rtt;
  step.packets = finished.packets;
  step.ignored = finished.ignored;
  step.reply = finished.why;
  return step;
}

void add_round_trip(cache::ServerState& state, wire::Duration rtt) {
  rtt = std::max(rtt, wire::Duration{1});  // zero means "never answered"
  if (state.srtt == wire::Duration{}) {
    state.srtt = rtt;
    state.rttvar = rtt / 2;
    return;
  }
  const auto off = state.srtt > rtt ? state.srtt - rtt : rtt - state.srtt;
  state.rttvar = state.rttvar * 3 / 4 + off / 4;  // beta = 1/4
  state.srtt = state.srtt * 7 / 8 + rtt / 8;      // alpha = 1/8
}

void add_timeout(cache::ServerState& state, wire::Instant sent_at, wire::Instant now) {
  if (state.timeouts == 0) state.silent_since = sent_at;
  if (state.timeouts < 255) ++state.timeouts;
  // Of a server that has answered before, packets were lost more likely than it has died. A dead
  // one rests for as long as it has been silent.
  const wire::Duration silence = now - state.silent_since;
  const bool answered_before = state.srtt != wire::Duration{};
  if (state.timeouts >= limits::timeouts_until_dead &&
      (!answered_before || silence >= limits::silence_until_dead))
    state.retry_at =
        now + std::clamp<wire::Duration>(silence, limits::first_probe, limits::longest_probe);
}

wire::Duration patience_with(const cache::ServerState& state) {
  wire::Duration patience = limits::first_patience;
  if (state.srtt != wire::Duration{})
    patience = state.srtt + std::max<wire::Duration>(4 * state.rttvar, limits::least_variance);
  patience *= 1 << std::min<unsigned>(state.timeouts, 4);
  return std::min<wire::Duration>(patience, limits::longest_timeout);
}

wire::Duration timeout_for(const cache::ServerState& state) {
  return std::clamp<wire::Duration>(limits::patiences_until_timeout * patience_with(state),
                                    limits::shortest_timeout, limits::longest_timeout);
}

Exchange::Exchange(const Ask& ask, const cache::ServerState& state, const Settings& settings,
                   wire::Instant latest)
    : ask_(ask), state_(state), settings_(&settings), latest_(latest) {
  sent_.type = ask.question.type;
  sent_.rrclass = ask.question.rrclass;
  sent_.recursive = ask.recursive;
  // What a forwarder finds bogus must not be hidden from us, who may have other anchors.
  sent_.checking_disabled = ask.recursive && settings.validation.on;
}

Exchange::Action Exchange::start(Random& random, wire::Instant now) {
  using cache::CookieConduct;
  forget_old_quirks(state_, now);
  silences_ = std::max<unsigned>(silences_, state_.timeouts);
  plain_ = is_time_for_plain();
  with_case_ = settings_->case_randomization && !state_.no_case && !plain_;
  sent_.with_edns = ask_.signed_only || (!state_.no_edns && !plain_);
  // Some drop what has an option that they do not know.
  options_unanswered_ =
      sent_.with_edns && state_.cookies == CookieConduct::Untried && silences_ > 0;
  sent_.with_options = state_.cookies != CookieConduct::Refused && !options_unanswered_;
  sent_.cookie = state_.cookie;
  // A half of its own for each server, so that none learns what another one is to give back (RFC
  // 9018 section 3).
  if (sent_.cookie.server_octets == 0) {
    const std::uint64_t bits = random.next();
    std::memcpy(sent_.cookie.client.data(), &bits, sizeof bits);
  }
  expects_cookie_ = sent_.with_edns && sent_.with_options && state_.cookies == CookieConduct::Given;
  return send(Transport::Udp, random, now);
}

void Exchange::repeats(const Exchange& before) {
  silences_ = before.silences_ + 1;
  noise_ = before.noise_ || before.ignored_ > 0;
}

/// Some drop what has EDNS or a name in random case. One that has answered a question with both
/// does not: it would be asked to forgo its shields for each lost packet. One that never answered
/// at all is asked by turns with everything, without options and plainly, since it may as well have
/// been dead.
bool Exchange::is_time_for_plain() const {
  if (noise_ || ask_.signed_only) return false;
  if (state_.heard_plain_only) return silences_ > 0;
  return state_.srtt == wire::Duration{} && silences_ % 3 == 2;
}

void Exchange::learn(const cache::ServerState& state) {
  // Each reply moves the smoothed round trip or its variance.
  heard_since_ = heard_since_ || state.srtt != state_.srtt || state.rttvar != state_.rttvar;
  state_ = state;
}

Exchange::Action Exchange::send(Transport transport, Random& random, wire::Instant now) {
  if (packets_ == limits::sends_per_exchange) return finish(ReplyKind::Unusable, now);
  transport_ = transport;
  sent_at_ = now;
  sent_.id = static_cast<std::uint16_t>(random.next());
  sent_.name = with_case_ ? with_random_case(ask_.question.name, random) : ask_.question.name;
  ++packets_;
  heard_since_ = false;
  const bool udp = transport == Transport::Udp;
  patience_ = udp ? patience_with(state_) : wire::Duration{limits::tcp_patience};
  const auto timeout = udp ? timeout_for(state_) : wire::Duration{limits::tcp_timeout};
  timeout_at_ = now + timeout;
  return Send{transport, sent_.octets(transport, settings_->edns_udp_size), deadline()};
}

Exchange::Action Exchange::on_message(const wire::Endpoint& from, Transport transport,
                                      std::span<const std::uint8_t> octets, Random& random,
                                      wire::Instant now) {
  if (transport != transport_) return Wait{};
  const Match matched = from == ask_.server ? sent_.match(octets) : Match::No;

  if (matched == Match::No) {
    ++ignored_;
    // On a stream nobody else speaks: there is no answer to wait for behind it.
    if (transport == Transport::Tcp) return finish(ReplyKind::Unusable, now);
    // Somebody is guessing ids or ports (Kaminsky 2008): a guess may soon be right, so leave UDP.
    if (ignored_ > limits::mismatches_per_socket) return send(Transport::Tcp, random, now);
    return Wait{};
  }
  if (matched == Match::OtherCase && with_case_) {
    other_case_ = true;
    if (transport == Transport::Udp) {
      // A forgery that guessed all but the case, or a server that folds case: TCP tells.
      ++ignored_;
      return send(Transport::Tcp, random, now);
    }
    with_case_ = false;
  }
  if (transport == Transport::Udp) {
    if (wire::parse_header(octets)->header.truncated) return send(Transport::Tcp, random, now);
    // More than was asked for comes in fragments, and those after the first carry neither port nor
    // id (Herzberg and Shulman 2013).
    const std::size_t asked_for =
        sent_.with_edns ? std::max<std::size_t>(settings_->edns_udp_size, 512) : std::size_t{512};
    if (octets.size() > asked_for) {
      ++ignored_;
      return send(Transport::Tcp, random, now);
    }
  }

  auto reply = parse_as_asked(octets, ask_.question.name);
  if (!reply || reply->header.truncated) {
    // Broken near misses must not end the wait for the true reply (TuDoor 2024). A stream has no
    // other, and what is truncated there as well says nothing at all.
    ++ignored_;
    if (transport == Transport::Udp) return Wait{};
    return finish(ReplyKind::Unusable, now);
  }
  const CookieMatch cookie =
      sent_.with_edns && sent_.with_options ? sent_.match_cookie(*reply) : CookieMatch::Missing;
  if (transport == Transport::Udp && cookie == CookieMatch::Wrong) {
    ++ignored_;
    wrong_cookie_ = true;
    return Wait{};
  }
  if (transport == Transport::Udp && cookie == CookieMatch::Missing && expects_cookie_) {
    ++ignored_;
    cookie_missed_ = true;
    return send(Transport::Tcp, random, now);
  }
  return on_reply(std::move(*reply), cookie, random, now);
}

Exchange::Action Exchange::on_reply(wire::Message reply, CookieMatch cookie, Random& random,
                                    wire::Instant now) {
  using cache::CookieConduct;
  const bool with_options = sent_.with_edns && sent_.with_options;
  if (with_options && reply.header.rcode == wire::Rcode::BADCOOKIE) {
    // RFC 7873 section 5.3: once more with the cookie that came, then over TCP. A server that wants
    // one even there gets none.
    if (transport_ == Transport::Tcp) {
      options_refused_ = true;
      sent_.with_options = false;
      return send(Transport::Tcp, random, now);
    }
    if (cookie != CookieMatch::Right || std::exchange(bad_cookie_, true))
      return send(Transport::Tcp, random, now);
    sent_.cookie = cookie_of(reply);
    return send(Transport::Udp, random, now);
  }
  const bool takes_cookies = transport_ == Transport::Udp &&
                             state_.cookies != CookieConduct::Untried &&
                             state_.cookies != CookieConduct::Refused;
  if (with_options && complains(reply) && !takes_cookies) {
    options_refused_ = true;
    sent_.with_options = expects_cookie_ = false;
    return send(transport_, random, now);
  }
  if (sent_.with_edns && understands_no_edns(reply)) {
    edns_refused_ = true;
    sent_.with_edns = expects_cookie_ = false;
    return send(transport_, random, now);
  }
  learn_from(reply, cookie, now);
  return finish(std::move(reply), now);
}

void Exchange::learn_from(const wire::Message& reply, CookieMatch cookie, wire::Instant now) {
  using cache::CookieConduct;
  forget_old_quirks(state_, now);
  if (transport_ == Transport::Udp) add_round_trip(state_, now - sent_at_);
  state_.timeouts = 0;
  state_.retry_at = {};
  const auto end_quirks = [&](wire::Duration lifetime) {
    state_.quirks_end = std::max(state_.quirks_end, now + lifetime);
  };
  if (other_case_ && !with_case_) {
    state_.no_case = true;
    end_quirks(limits::quirk_lifetime);
  }
  // Only a server that did better without is remembered as one that needs it so.
  const bool better = !complains(reply) && reply.header.rcode != wire::Rcode::BADVERS;
  if (plain_) {
    if (!better) return;
    // Twice is no chance any more.
    if (!std::exchange(state_.heard_plain_only, true)) return;
    state_.no_edns = state_.no_case = true;
    return end_quirks(limits::supposed_quirk_lifetime);
  }
  if (with_case_ || sent_.with_edns) state_.heard_plain_only = false;
  if (sent_.with_edns && reply.edns) state_.no_edns = false;
  if (!sent_.with_edns) {
    if (!edns_refused_ || !better) return;
    state_.no_edns = true;
    return end_quirks(limits::quirk_lifetime);
  }
  if (!sent_.with_options) {
    const bool supposed = options_unanswered_ && state_.cookies == CookieConduct::Untried;
    if (!better || !(options_refused_ || supposed)) return;
    state_.cookies = CookieConduct::Refused;
    return end_quirks(options_refused_ ? wire::Duration{limits::quirk_lifetime}
                                       : wire::Duration{limits::supposed_quirk_lifetime});
  }
  switch (cookie) {
    case CookieMatch::Right:
      if (const auto pair = cookie_of(reply); pair.server_octets > 0) {
        state_.cookie = pair;
        if (state_.cookies != CookieConduct::Sometimes) state_.cookies = CookieConduct::Given;
      } else if (state_.cookies == CookieConduct::Untried) {
        state_.cookies = CookieConduct::Ignored;  // an echo
      }
      break;
    case CookieMatch::Missing:
      if (state_.cookies == CookieConduct::Untried) state_.cookies = CookieConduct::Ignored;
      if (!cookie_missed_) break;
      state_.cookies = CookieConduct::Sometimes;
      end_quirks(limits::quirk_lifetime);
      break;
    case CookieMatch::Wrong:  // over TCP, where it is the server itself
      state_.cookies = CookieConduct::Refused;
      end_quirks(limits::quirk_lifetime);
      break;
  }
}

Exchange::Action Exchange::on_unreachable(Random& random, wire::Instant now) {
  // Folds case or leaves out its cookie, and has no TCP: what remains is the id and the port, as
  // for a name without letters.
  const bool less_case = other_case_ && with_case_;
  const bool less_cookie = cookie_missed_ && expects_cookie_;
  if (transport_ == Transport::Tcp && (less_case || less_cookie)) {
    if (less_case) with_case_ = false;
    if (less_cookie) expects_cookie_ = false;
    return send(Transport::Udp, random, now);
  }
  return finish(ReplyKind::Unreachable, now);
}

Exchange::Action Exchange::on_stream_lost(Random& random, wire::Instant now) {
  if (transport_ != Transport::Tcp || std::exchange(stream_lost_, true))
    return on_unreachable(random, now);
  return send(Transport::Tcp, random, now);
}

Exchange::Action Exchange::on_unsendable(Random& random, wire::Instant now) {
  --packets_;
  state_.retry_at = now + limits::unsendable;
  return on_unreachable(random, now);
}

Exchange::Action Exchange::on_deadline(Random& random, wire::Instant now) {
  if (transport_ == Transport::Tcp)
    return now < latest_ ? on_unreachable(random, now) : finish(ReplyKind::Unreachable, now);
  // Somebody who guessed all but the cookie, or a server that gets cookies wrong: TCP tells.
  if (wrong_cookie_ && now < latest_) return send(Transport::Tcp, random, now);
  // A wait that the query's own time cut short says nothing of the server: else a stranger's query
  // with no time left would make it seem dead to everybody. And where others are answered, a packet
  // was lost.
  if (now - sent_at_ < patience_ || heard_since_) return finish(ReplyKind::Timeout, now);
  add_timeout(state_, sent_at_, now);
  return finish(ReplyKind::Timeout, now);
}

Exchange::Finished Exchange::overtaken(wire::Instant now) const {
  return std::get<Finished>(finish(ReplyKind::Overtaken, now));
}

Exchange::Action Exchange::finish(ReplyKind why, wire::Instant now) const {
  Finished finished;
  finished.why = why;
  finished.learned = state_;
  finished.rtt = now - sent_at_;
  finished.transport = transport_;
  finished.with_edns = sent_.with_edns;
  finished.packets = packets_;
  finished.ignored = ignored_;
  return finished;
}

Exchange::Action Exchange::finish(wire::Message reply, wire::Instant now) {
  Action action = finish(ReplyKind::Answer, now);
  std::get<Finished>(action).reply = std::move(reply);
  return action;
}

}  // namespace cairn::resolver
