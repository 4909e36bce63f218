// Replies to one question, in any order, at any time, from anybody: the exchange never believes one
// that does not match, ends within a bounded number of questions, and nothing that is read from its
// reply lies outside the zone that was asked.
#include "resolver/exchange.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

#include "resolver/limits.hpp"
#include "resolver/reading.hpp"
#include "wire/message.hpp"

namespace {

using namespace cairn;
using resolver::Exchange;
using resolver::Transport;

void require(bool holds) {
  if (!holds) std::abort();
}

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  bool empty() const { return left_.empty(); }
  std::uint8_t octet() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  std::span<const std::uint8_t> chunk() {
    const std::size_t length = static_cast<std::size_t>(octet() << 8 | octet());
    const auto chunk = left_.first(std::min(length, left_.size()));
    left_ = left_.subspan(chunk.size());
    return chunk;
  }

 private:
  std::span<const std::uint8_t> left_;
};

class FuzzedRandom : public resolver::Random {
 public:
  explicit FuzzedRandom(std::uint8_t seed) : state_(seed) {}
  std::uint64_t next() override {
    return state_ = state_ * 6364136223846793005U + 1442695040888963407U;
  }

 private:
  std::uint64_t state_;
};

void check_reading(const resolver::Ask& ask, const resolver::Reading& reading) {
  for (const wire::RRset& set : reading.answer) {
    require(set.owner.is_within(ask.zone));
    require(set.rdata.size() <= resolver::limits::records_per_set ||
            reading.kind == resolver::ReplyKind::Unusable);
  }
  for (const wire::RRset& set : reading.authority) require(set.owner.is_within(ask.zone));
  if (reading.kind == resolver::ReplyKind::Referral) {
    require(reading.referral.zone.is_below(ask.zone));
    require(ask.question.name.is_within(reading.referral.zone) ||
            reading.alias_target.is_within(reading.referral.zone));
  }
  // A forwarder resolves: where else to ask is none of its business.
  require(!ask.recursive || reading.referral.servers.empty());
  require(reading.referral.servers.size() <= resolver::limits::servers_per_delegation);
  for (const cache::NameServer& server : reading.referral.servers) {
    require(server.glue.size() <= resolver::limits::glue_per_server);
    require(server.glue.empty() || server.name.is_within(ask.zone));
  }
}

/// A cookie in a datagram that was believed has our half in it; and where the server is known to
/// give one, and TCP was no way out, there is one.
void check_cookie(const Exchange::Send& sent, const wire::Message& reply, bool expected) {
  const auto question = wire::parse(sent.message);
  const auto* ours = question->edns ? question->edns->find(wire::OptionCode::Cookie) : nullptr;
  if (sent.transport == Transport::Tcp || !ours) return;
  const auto* theirs = reply.edns ? reply.edns->find(wire::OptionCode::Cookie) : nullptr;
  require(theirs || !expected);
  if (theirs)
    require(theirs->data.size() >= 8 &&
            std::equal(ours->data.begin(), ours->data.begin() + 8, theirs->data.begin()));
}

void put_echo(wire::Bytes& reply, const wire::Bytes& sent) {
  // The id, QR, and the question as it was sent, so that the rest is read as well.
  const std::size_t question_end = 12 + 17 + 4;  // "www.example.com." and its type and class
  if (reply.size() < question_end) reply.resize(question_end);
  std::copy(sent.begin(), sent.begin() + 2, reply.begin());
  reply[2] = static_cast<std::uint8_t>((reply[2] | 0x80) & 0x87);
  reply[4] = 0;
  reply[5] = 1;
  std::copy(sent.begin() + 12, sent.begin() + static_cast<std::ptrdiff_t>(question_end),
            reply.begin() + 12);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes input(data, size);
  FuzzedRandom random(input.octet());
  static const resolver::Settings settings;
  const std::uint8_t setup = input.octet();
  cache::ServerState state;
  state.no_edns = setup & 1;
  state.no_case = setup & 2;
  state.cookies = static_cast<cache::CookieConduct>(setup >> 4 & 7);
  if (state.cookies > cache::CookieConduct::Refused) state.cookies = cache::CookieConduct::Given;
  if (state.cookies == cache::CookieConduct::Given) state.cookie.server_octets = 16;
  state.quirks_end = setup & 0x80 ? wire::Instant{} : wire::Instant{} + std::chrono::hours{1};
  const resolver::Ask ask{{*wire::Name::from_text("www.example.com."),
                           setup & 4 ? wire::RRType::ANY : wire::RRType::A, wire::RRClass::IN},
                          *wire::Name::from_text(setup & 8 ? "." : "com."),
                          {*wire::IpAddress::from_text("192.0.2.1"), 53}};
  const wire::Endpoint stranger{*wire::IpAddress::from_text("192.0.2.2"), 53};
  wire::Instant now{};
  Exchange exchange(ask, state, settings, now + resolver::limits::query_time);
  Exchange::Action action = exchange.start(random, now);
  Exchange::Send sent{Transport::Udp, {}, {}};
  unsigned sends = 0;
  bool without_tcp = false;
  for (;;) {
    if (auto* send = std::get_if<Exchange::Send>(&action)) {
      require(++sends <= resolver::limits::sends_per_exchange);
      sent = *send;
    } else if (auto* finished = std::get_if<Exchange::Finished>(&action)) {
      if (!finished->reply) return 0;
      require(finished->reply->header.id == (sent.message[0] << 8 | sent.message[1]));
      if (!finished->reply->questions.empty())
        require(finished->reply->questions[0].name == ask.question.name);
      check_cookie(sent, *finished->reply,
                   state.cookies == cache::CookieConduct::Given && !without_tcp);
      check_reading(ask, resolver::read_reply(ask, *finished->reply, random));
      resolver::Ask forwarded = ask;
      forwarded.recursive = true;
      check_reading(forwarded, resolver::read_reply(forwarded, *finished->reply, random));
      return 0;
    }
    if (input.empty()) return 0;
    const std::uint8_t event = input.octet();
    now += std::chrono::milliseconds{event};
    const Transport transport = event & 0x10 ? Transport::Tcp : sent.transport;
    switch (event & 7) {
      case 0:
        without_tcp = without_tcp || sent.transport == Transport::Tcp;
        action = exchange.on_deadline(random, now);
        break;
      case 1:
        without_tcp = without_tcp || sent.transport == Transport::Tcp;
        action = event & 0x20 ? exchange.on_stream_lost(random, now)
                              : exchange.on_unreachable(random, now);
        break;
      case 2: {
        action = exchange.on_message(stranger, transport, sent.message, random, now);
        // A stream that begins with something else ends; a datagram of a stranger ends nothing.
        const auto* ended = std::get_if<Exchange::Finished>(&action);
        require(!ended || (transport == Transport::Tcp && !ended->reply));
        break;
      }
      case 3:
        action = exchange.on_message(ask.server, transport, input.chunk(), random, now);
        break;
      default: {
        const auto chunk = input.chunk();
        wire::Bytes reply(chunk.begin(), chunk.end());
        put_echo(reply, sent.message);
        if (event & 0x20) reply[12 + 1] ^= 0x20;  // one letter in the other case
        action = exchange.on_message(ask.server, sent.transport, reply, random, now);
      }
    }
  }
}
