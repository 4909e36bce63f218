#include "resolver/exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "resolver/limits.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace cairn::resolver {
namespace {

using wire::Name;

/// 0x20: each letter's case by one random bit (draft-vixie-dnsext-dns0x20). A forger has to guess
/// them too.
Name with_random_case(const Name& name, Random& random) {
  std::array<std::uint8_t, Name::max_octets> octets{};
  const auto wire = name.wire();
  std::uint64_t bits = 0;
  unsigned left = 0;
  for (std::size_t at = 0; at < wire.size(); ++at) {
    octets[at] = wire::fold(wire[at]);
    // Length octets are below 'a': they stay.
    if (octets[at] < 'a' || octets[at] > 'z') continue;
    if (left == 0) {
      bits = random.next();
      left = 64;
    }
    if (bits & 1) octets[at] = static_cast<std::uint8_t>(octets[at] - 32);
    bits >>= 1;
    --left;
  }
  return *Name::from_wire(std::span(octets).first(wire.size()));
}

wire::Bytes question_message(std::uint16_t id, const Name& name, const wire::Question& question,
                             bool recursive, bool with_edns, std::uint16_t edns_udp_size) {
  const auto qname = name.wire();
  const auto type = static_cast<std::uint16_t>(question.type);
  const auto rrclass = static_cast<std::uint16_t>(question.rrclass);
  const auto high = [](std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); };
  const auto low = [](std::uint16_t value) { return static_cast<std::uint8_t>(value & 0xff); };

  wire::Bytes message;
  message.reserve(wire::header_octets + qname.size() + 4 + 11);
  // RD where somebody resolves for us, nothing else; one question, at most one OPT.
  message = {high(id), low(id), recursive, 0, 0, 1,
             0,        0,       0,         0, 0, static_cast<std::uint8_t>(with_edns)};
  message.insert(message.end(), qname.begin(), qname.end());
  message.insert(message.end(), {high(type), low(type), high(rrclass), low(rrclass)});
  if (with_edns) {
    const auto opt = static_cast<std::uint16_t>(wire::RRType::OPT);
    constexpr std::uint8_t dnssec_ok = 0x80;
    message.insert(message.end(), {0, high(opt), low(opt), high(edns_udp_size), low(edns_udp_size),
                                   0, 0, dnssec_ok, 0, 0, 0});
  }
  return message;
}

enum class Match { No, OtherCase, Yes };

/// Whether `octets` answer the question that was sent, judged before anything else of them is read.
Match match(std::span<const std::uint8_t> octets, std::uint16_t id, const Name& sent_name,
            const wire::Question& question) {
  const auto raw = wire::parse_header(octets);
  if (!raw || raw->header.id != id || !raw->header.response ||
      raw->header.opcode != wire::Opcode::Query)
    return Match::No;
  if (raw->questions == 0) {
    // Servers that do not understand a question may leave it out of their complaint.
    const auto rcode = raw->header.rcode;
    const bool complaint = rcode == wire::Rcode::FORMERR || rcode == wire::Rcode::NOTIMP;
    return complaint && raw->answers == 0 && raw->authorities == 0 ? Match::Yes : Match::No;
  }
  if (raw->questions != 1) return Match::No;
  wire::Reader reader(octets, wire::header_octets);
  const Name name = reader.name();
  const auto type = static_cast<wire::RRType>(reader.u16());
  const auto rrclass = static_cast<wire::RRClass>(reader.u16());
  if (reader.failed() || type != question.type || rrclass != question.rrclass) return Match::No;
  // Octet for octet as it was sent: nothing stands before a question that it could be compressed
  // against.
  if (reader.at() != wire::header_octets + sent_name.size() + 4) return Match::No;
  if (name.is_identical(sent_name)) return Match::Yes;
  return name == sent_name ? Match::OtherCase : Match::No;
}

/// The reply with the question in the case in which it was asked: servers compress names against
/// the question, and the random case of 0x20 would otherwise appear in owners and targets.
wire::Result<wire::Message> parse_as_asked(std::span<const std::uint8_t> octets,
                                           const Name& asked) {
  wire::Bytes restored(octets.begin(), octets.end());
  const bool has_question = (octets[4] | octets[5]) != 0;
  if (has_question) std::ranges::copy(asked.wire(), restored.begin() + wire::header_octets);
  return wire::parse(restored);
}

bool understands_no_edns(const wire::Message& reply) {
  if (reply.edns) return reply.header.rcode == wire::Rcode::BADVERS;
  return reply.header.rcode == wire::Rcode::FORMERR || reply.header.rcode == wire::Rcode::NOTIMP ||
         reply.header.rcode == wire::Rcode::BADVERS;
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
    : ask_(ask),
      state_(state),
      settings_(&settings),
      latest_(latest),
      with_edns_(!state.no_edns),
      with_case_(settings.case_randomization && !state.no_case) {}

Exchange::Action Exchange::start(Random& random, wire::Instant now) {
  return send(Transport::Udp, random, now);
}

void Exchange::learn(const cache::ServerState& state) {
  // Each reply moves the smoothed round trip or its variance.
  heard_since_ = heard_since_ || state.srtt != state_.srtt || state.rttvar != state_.rttvar;
  state_.srtt = state.srtt;
  state_.rttvar = state.rttvar;
  state_.timeouts = state.timeouts;
  state_.silent_since = state.silent_since;
  state_.retry_at = state.retry_at;
}

Exchange::Action Exchange::send(Transport transport, Random& random, wire::Instant now) {
  transport_ = transport;
  sent_at_ = now;
  id_ = static_cast<std::uint16_t>(random.next());
  sent_name_ = with_case_ ? with_random_case(ask_.question.name, random) : ask_.question.name;
  ++packets_;
  heard_since_ = false;
  const bool udp = transport == Transport::Udp;
  patience_ = udp ? patience_with(state_) : wire::Duration{limits::tcp_patience};
  const auto timeout = udp ? timeout_for(state_) : wire::Duration{limits::tcp_timeout};
  return Send{transport,
              question_message(id_, sent_name_, ask_.question, ask_.recursive, with_edns_,
                               settings_->edns_udp_size),
              std::min(now + timeout, latest_)};
}

Exchange::Action Exchange::on_message(const wire::Endpoint& from, Transport transport,
                                      std::span<const std::uint8_t> octets, Random& random,
                                      wire::Instant now) {
  if (transport != transport_) return Wait{};
  const Match matched =
      from == ask_.server ? match(octets, id_, sent_name_, ask_.question) : Match::No;

  if (matched == Match::No) {
    ++ignored_;
    // A stream carries this one question: what begins with something else has no answer to it.
    if (transport == Transport::Tcp) return finish(ReplyKind::Unusable, now);
    // Somebody is guessing ids or ports (Kaminsky 2008): a guess may soon be right, so leave UDP.
    if (ignored_ > limits::mismatches_per_socket) return send(Transport::Tcp, random, now);
    return Wait{};
  }
  if (matched == Match::OtherCase) {
    if (transport == Transport::Udp && with_case_) {
      // A forgery that guessed all but the case, or a server that folds case: TCP tells.
      ++ignored_;
      other_case_ = true;
      return send(Transport::Tcp, random, now);
    }
    state_.no_case = state_.no_case || with_case_;
  }

  if (wire::parse_header(octets)->header.truncated && transport == Transport::Udp)
    return send(Transport::Tcp, random, now);

  auto reply = parse_as_asked(octets, ask_.question.name);
  if (!reply || reply->header.truncated) {
    // Broken near misses must not end the wait for the true reply (TuDoor 2024). A stream has no
    // other, and what is truncated there as well says nothing at all.
    ++ignored_;
    if (transport == Transport::Udp) return Wait{};
    return finish(ReplyKind::Unusable, now);
  }
  if (with_edns_ && understands_no_edns(*reply)) {
    with_edns_ = false;
    return send(transport, random, now);
  }
  if (transport == Transport::Udp) add_round_trip(state_, now - sent_at_);
  state_.timeouts = 0;
  state_.retry_at = {};
  // Only a server that did better without OPT is remembered as one that needs it so.
  if (!with_edns_ && !understands_no_edns(*reply)) state_.no_edns = true;
  return finish(std::move(*reply), now);
}

Exchange::Action Exchange::on_unreachable(Random& random, wire::Instant now) {
  if (transport_ == Transport::Tcp && other_case_ && with_case_) {
    // Folds case and has no TCP: what remains is the id and the port, as for a name without
    // letters.
    with_case_ = false;
    return send(Transport::Udp, random, now);
  }
  return finish(ReplyKind::Unreachable, now);
}

Exchange::Action Exchange::on_unsendable(Random& random, wire::Instant now) {
  --packets_;
  state_.retry_at = now + limits::unsendable;
  return on_unreachable(random, now);
}

Exchange::Action Exchange::on_deadline(Random& random, wire::Instant now) {
  if (transport_ == Transport::Tcp) return on_unreachable(random, now);
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
