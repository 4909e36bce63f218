#include "resolver/exchange.hpp"

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"
#include "wire/edns_options.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;
using cache::CookieConduct;

/// One exchange for "www.example.com. A", and the last thing that it sent.
struct Talk {
  explicit Talk(cache::ServerState state = {}, wire::Duration start = 0s)
      : exchange(question, state, settings, at(start + 5s)) {
    take(exchange.start(random, at(start)));
  }

  void take(Exchange::Action action) {
    waits = std::holds_alternative<Exchange::Wait>(action);
    if (auto* send = std::get_if<Exchange::Send>(&action)) {
      sent = *send;
      ++sends;
    }
    if (auto* end = std::get_if<Exchange::Finished>(&action)) finished = std::move(*end);
  }

  wire::Message sent_message() const { return *wire::parse(sent.message); }

  wire::Message true_reply() const {
    wire::Message message = sent_message();
    message.header.response = message.header.authoritative = true;
    if (message.edns) message.edns->options.clear();
    message.answer = records({"www.example.com. 60 IN A 192.0.2.80"});
    return message;
  }

  wire::Message complaint() const {
    wire::Message message = true_reply();
    message.header.rcode = wire::Rcode::FORMERR;
    message.answer.clear();
    message.edns.reset();
    return message;
  }

  wire::Cookie sent_cookie() const { return *sent_message().edns->get<wire::Cookie>(); }

  /// With our half of the cookie, and this one of the server.
  wire::Message reply_with_cookie(std::uint8_t fill, std::size_t octets = 16) const {
    wire::Message message = true_reply();
    message.edns.emplace().put(wire::Cookie{sent_cookie().client, wire::Bytes(octets, fill)});
    return message;
  }

  void deliver(const wire::Message& message, const char* from = "192.0.2.1",
               wire::Duration when = 10ms) {
    take(exchange.on_message(endpoint(from), sent.transport, wire::build(message), random,
                             at(when)));
  }

  Ask question = ask("www.example.com.", wire::RRType::A, "example.com.");
  Settings settings;
  SeededRandom random{7};
  Exchange exchange;
  Exchange::Send sent{Transport::Udp, {}, {}};
  std::optional<Exchange::Finished> finished;
  bool waits = false;
  unsigned sends = 0;
};

TEST_CASE(
    "a question goes out with EDNS and DO, without RD, and the true reply ends the exchange") {
  Talk talk;
  const wire::Message sent = talk.sent_message();
  CHECK_FALSE(sent.header.recursion_desired);
  REQUIRE(sent.edns);
  CHECK(sent.edns->udp_size == 1232);
  CHECK(sent.edns->dnssec_ok);
  talk.deliver(talk.true_reply());
  REQUIRE(talk.finished);
  REQUIRE(talk.finished->reply);
  CHECK(talk.finished->reply->answer.size() == 1);
  CHECK(talk.finished->rtt == 10ms);
  CHECK(talk.finished->learned.srtt == 10ms);
}

TEST_CASE("who judges answers asks forwarders not to, and nobody else") {
  for (const bool forwarder : {false, true})
    for (const bool validation : {false, true}) {
      SeededRandom random(3);
      Settings settings;
      settings.validation.on = validation;
      Ask question = ask("www.example.com.", wire::RRType::A, "example.com.");
      question.recursive = forwarder;
      Exchange exchange(question, {}, settings, at(5s));
      const auto sent = std::get<Exchange::Send>(exchange.start(random, at(0s)));
      const auto header = wire::parse(sent.message)->header;
      CHECK(header.recursion_desired == forwarder);
      CHECK(header.checking_disabled == (forwarder && validation));
    }
}

TEST_CASE("ids and cases differ from question to question") {
  SeededRandom random(3);
  const Settings settings;
  const Ask question =
      ask("a-name-with-many-letters.example.com.", wire::RRType::A, "example.com.");
  std::vector<wire::Bytes> sent;
  for (int i = 0; i < 50; ++i) {
    Exchange exchange(question, {}, settings, at(5s));
    sent.push_back(std::get<Exchange::Send>(exchange.start(random, at(0s))).message);
  }
  for (std::size_t i = 1; i < sent.size(); ++i) {
    CHECK_FALSE(std::equal(sent[i].begin(), sent[i].begin() + 2, sent[0].begin()));
    CHECK_FALSE(std::equal(sent[i].begin() + 12, sent[i].end(), sent[0].begin() + 12));
  }
}

TEST_CASE("what does not match is ignored, and the true reply is still believed") {
  struct Forgery {
    const char* what;
    void (*change)(wire::Message&);
    const char* from;
  };
  const Forgery forgeries[] = {
      {"another id", [](wire::Message& m) { m.header.id ^= 1; }, "192.0.2.1"},
      {"another address", [](wire::Message&) {}, "192.0.2.99"},
      {"another port", [](wire::Message&) {}, "192.0.2.1:5353"},
      {"a question, not a reply", [](wire::Message& m) { m.header.response = false; }, "192.0.2.1"},
      {"another name", [](wire::Message& m) { m.questions[0].name = "www.example.net."_name; },
       "192.0.2.1"},
      {"another type", [](wire::Message& m) { m.questions[0].type = wire::RRType::AAAA; },
       "192.0.2.1"},
      {"another class", [](wire::Message& m) { m.questions[0].rrclass = wire::RRClass::CH; },
       "192.0.2.1"},
      {"no question", [](wire::Message& m) { m.questions.clear(); }, "192.0.2.1"},
      {"two questions", [](wire::Message& m) { m.questions.push_back(m.questions[0]); },
       "192.0.2.1"},
      {"another opcode", [](wire::Message& m) { m.header.opcode = wire::Opcode::Notify; },
       "192.0.2.1"},
  };
  for (const Forgery& forgery : forgeries) {
    CAPTURE(forgery.what);
    Talk talk;
    wire::Message forged = talk.true_reply();
    forgery.change(forged);
    talk.deliver(forged, forgery.from);
    CHECK_FALSE(talk.finished);
    CHECK(talk.waits);
    talk.deliver(talk.true_reply());
    REQUIRE(talk.finished);
    CHECK(talk.finished->ignored == 1);
  }
}

TEST_CASE("a broken message with the right id does not end the wait") {
  Talk talk;
  wire::Bytes broken = wire::build(talk.true_reply());
  broken.pop_back();
  talk.take(talk.exchange.on_message(endpoint("192.0.2.1"), Transport::Udp, broken, talk.random,
                                     at(1ms)));
  CHECK(talk.waits);
  talk.deliver(talk.true_reply());
  CHECK(talk.finished);
}

TEST_CASE("after too many wrong ids the right id is no longer believed over UDP") {
  Talk talk;
  wire::Message forged = talk.true_reply();
  for (unsigned i = 0; i <= limits::mismatches_per_socket; ++i) {
    forged.header.id = static_cast<std::uint16_t>(forged.header.id + 1);
    talk.deliver(forged);
  }
  CHECK_FALSE(talk.finished);
  CHECK(talk.sent.transport == Transport::Tcp);
  const wire::Message right = talk.true_reply();
  talk.take(talk.exchange.on_message(endpoint("192.0.2.1"), Transport::Udp, wire::build(right),
                                     talk.random, at(2ms)));
  CHECK_FALSE(talk.finished);
}

TEST_CASE(
    "the right question in the wrong case moves to TCP, and a server that folds case is "
    "remembered") {
  Talk talk;
  wire::Message folded = talk.true_reply();
  folded.questions[0].name = folded.questions[0].name.lowercase();
  REQUIRE_FALSE(folded.questions[0].name.is_identical(talk.sent_message().questions[0].name));
  talk.deliver(folded);
  CHECK_FALSE(talk.finished);
  CHECK(talk.sent.transport == Transport::Tcp);
  folded = talk.true_reply();
  folded.questions[0].name = folded.questions[0].name.lowercase();
  talk.deliver(folded);
  REQUIRE(talk.finished);
  CHECK(talk.finished->learned.no_case);
}

TEST_CASE("the random case of the question does not appear in the names of the reply") {
  Talk talk;
  wire::Message message = talk.true_reply();
  const wire::Name sent_name = message.questions[0].name;
  REQUIRE_FALSE(sent_name.is_identical("www.example.com."_name));
  message.answer = {{sent_name, wire::RRType::CNAME, wire::RRClass::IN, wire::Ttl{60}, {}}};
  const wire::Name target = *sent_name.parent().with_label(std::array<std::uint8_t, 1>{'w'});
  message.answer[0].rdata.assign(target.wire().begin(), target.wire().end());
  talk.deliver(message);
  REQUIRE(talk.finished);
  const wire::Record& alias = talk.finished->reply->answer[0];
  CHECK(alias.owner.is_identical("www.example.com."_name));
  CHECK(wire::Name::from_wire(alias.rdata)->is_identical("w.example.com."_name));
}

TEST_CASE("TC moves to TCP, once") {
  Talk talk;
  wire::Message cut = talk.true_reply();
  cut.header.truncated = true;
  cut.answer.clear();
  talk.deliver(cut);
  CHECK(talk.sent.transport == Transport::Tcp);
  cut = talk.true_reply();
  cut.header.truncated = true;
  talk.deliver(cut);
  REQUIRE(talk.finished);
  CHECK_FALSE(talk.finished->reply);
  CHECK(talk.sends == 2);
}

TEST_CASE("a server that complains about EDNS is asked without, and remembered when that helps") {
  Talk talk;
  talk.deliver(talk.complaint());
  CHECK_FALSE(talk.finished);
  REQUIRE(talk.sent_message().edns);  // the options may be what it does not know
  CHECK(talk.sent_message().edns->options.empty());
  talk.deliver(talk.complaint());
  CHECK_FALSE(talk.finished);
  CHECK_FALSE(talk.sent_message().edns);
  talk.deliver(talk.true_reply());
  REQUIRE(talk.finished);
  CHECK(talk.finished->learned.no_edns);
  CHECK(talk.finished->learned.cookies == CookieConduct::Untried);
}

TEST_CASE("a server that complains about everything is not remembered as one without EDNS") {
  Talk talk;
  for (int i = 0; i < 3; ++i) talk.deliver(talk.complaint());
  REQUIRE(talk.finished);
  CHECK(talk.sends == 3);
  CHECK_FALSE(talk.finished->learned.no_edns);
}

TEST_CASE(
    "a question carries a cookie, another one for each server, and the server's half goes back") {
  Talk first;
  REQUIRE(first.sent_message().edns->get<wire::Cookie>());
  const wire::Cookie ours = first.sent_cookie();
  CHECK(ours.server.empty());
  first.deliver(first.reply_with_cookie(7));
  REQUIRE(first.finished);
  CHECK(first.finished->learned.cookies == CookieConduct::Given);
  Talk second(first.finished->learned);
  CHECK(second.sent_cookie() == wire::Cookie{ours.client, wire::Bytes(16, 7)});
  // It may be replaced by another one, of another length, at any time.
  second.deliver(second.reply_with_cookie(8, 32));
  REQUIRE(second.finished);
  CHECK(Talk(second.finished->learned).sent_cookie().server == wire::Bytes(32, 8));

  SeededRandom other_random(8);
  const Settings settings;
  Exchange other(first.question, {}, settings, at(5s));
  const auto sent = std::get<Exchange::Send>(other.start(other_random, at(0s)));
  CHECK(wire::parse(sent.message)->edns->get<wire::Cookie>()->client != ours.client);
}

TEST_CASE("a reply with a wrong cookie is nobody's, and ends nothing") {
  for (const bool known : {false, true}) {
    cache::ServerState state;
    if (known) {
      state.cookies = CookieConduct::Given;
      state.cookie.client = {1, 2, 3, 4, 5, 6, 7, 8};
      state.cookie.server_octets = 8;
    }
    Talk talk(state);
    for (const std::size_t octets : {0U, 1U, 7U, 8U, 9U, 15U, 24U, 41U}) {
      wire::Message forged = talk.true_reply();
      forged.edns.emplace().options = {{wire::OptionCode::Cookie, wire::Bytes(octets, 0x66)}};
      talk.deliver(forged);
      CHECK(talk.waits);
    }
    talk.deliver(talk.reply_with_cookie(7));
    REQUIRE(talk.finished);
    CHECK(talk.finished->reply);
    CHECK(talk.finished->ignored == 8);
  }
}

TEST_CASE("a server that gets cookies wrong is asked over TCP, and without them from then on") {
  Talk talk;
  const auto wrong = [&] {
    wire::Message message = talk.reply_with_cookie(7);
    message.edns->options[0].data[0] ^= 1;
    return message;
  };
  talk.deliver(wrong());
  CHECK(talk.waits);
  talk.take(talk.exchange.on_deadline(talk.random, talk.sent.deadline));
  CHECK(talk.sent.transport == Transport::Tcp);
  talk.deliver(wrong());
  REQUIRE(talk.finished);
  CHECK(talk.finished->reply);
  CHECK(talk.finished->learned.cookies == CookieConduct::Refused);
  CHECK(talk.finished->learned.timeouts == 0);
  CHECK(Talk(talk.finished->learned).sent_message().edns->options.empty());
}

TEST_CASE("a server that has given cookies and leaves one out is asked over TCP") {
  cache::ServerState state;
  state.cookies = CookieConduct::Given;
  state.cookie.server_octets = 8;
  Talk talk(state);
  talk.deliver(talk.true_reply());
  CHECK_FALSE(talk.finished);
  REQUIRE(talk.sent.transport == Transport::Tcp);
  SUBCASE("the reply was forged") {
    talk.deliver(talk.reply_with_cookie(7));
    REQUIRE(talk.finished);
    CHECK(talk.finished->learned.cookies == CookieConduct::Given);
  }
  SUBCASE("it gives none any more") {
    talk.deliver(talk.true_reply());
    REQUIRE(talk.finished);
    CHECK(talk.finished->reply);
    CHECK(talk.finished->learned.cookies == CookieConduct::Sometimes);
  }
  SUBCASE("it has no TCP") {
    talk.take(talk.exchange.on_unreachable(talk.random, at(20ms)));
    REQUIRE(talk.sent.transport == Transport::Udp);
    talk.deliver(talk.true_reply());
    REQUIRE(talk.finished);
    CHECK(talk.finished->reply);
    CHECK(talk.finished->learned.cookies == CookieConduct::Sometimes);
  }
  if (talk.finished->learned.cookies != CookieConduct::Sometimes) return;
  // Of the servers behind the address only some give cookies: that costs one stream an hour.
  Talk next(talk.finished->learned);
  next.deliver(next.reply_with_cookie(7));
  REQUIRE(next.finished);
  Talk last(next.finished->learned);
  CHECK(last.sent_cookie().server.size() == 16);
  last.deliver(last.true_reply());
  REQUIRE(last.finished);
  CHECK(last.finished->reply);
}

TEST_CASE("BADCOOKIE: once more with the cookie that came, then over TCP") {
  Talk talk;
  const auto bad = [&](std::uint8_t fill) {
    wire::Message message = talk.reply_with_cookie(fill);
    message.header.rcode = wire::Rcode::BADCOOKIE;
    message.answer.clear();
    return message;
  };
  const wire::Cookie ours = talk.sent_cookie();
  talk.deliver(bad(7));
  CHECK_FALSE(talk.finished);
  CHECK(talk.sent.transport == Transport::Udp);
  CHECK(talk.sent_cookie() == wire::Cookie{ours.client, wire::Bytes(16, 7)});
  SUBCASE("it is content") {
    talk.deliver(talk.reply_with_cookie(7));
    REQUIRE(talk.finished);
    CHECK(talk.finished->learned.cookies == CookieConduct::Given);
  }
  SUBCASE("it is not") {
    talk.deliver(bad(8));
    CHECK(talk.sent.transport == Transport::Tcp);
    talk.deliver(bad(9));
    CHECK_FALSE(talk.finished);
    CHECK(talk.sent.transport == Transport::Tcp);
    CHECK(talk.sent_message().edns->options.empty());
    talk.deliver(talk.true_reply());
    REQUIRE(talk.finished);
    CHECK(talk.finished->reply);
    CHECK(talk.finished->learned.cookies == CookieConduct::Refused);
  }
}

TEST_CASE("a server that finds options malformed is asked without a cookie, but with EDNS") {
  for (const bool with_opt : {false, true}) {
    Talk talk;
    wire::Message complaint = talk.complaint();
    if (with_opt) complaint.edns.emplace();
    talk.deliver(complaint);
    CHECK_FALSE(talk.finished);
    REQUIRE(talk.sent_message().edns);
    CHECK(talk.sent_message().edns->options.empty());
    talk.deliver(talk.true_reply());
    REQUIRE(talk.finished);
    CHECK(talk.finished->learned.cookies == CookieConduct::Refused);
    CHECK_FALSE(talk.finished->learned.no_edns);
  }
}

TEST_CASE("a server that was silent to the first question gets the next one without a cookie") {
  cache::ServerState state;
  state.timeouts = 1;
  Talk talk(state);
  CHECK(talk.sent_message().edns->options.empty());
  talk.deliver(talk.true_reply());
  REQUIRE(talk.finished);
  CHECK(talk.finished->learned.cookies == CookieConduct::Refused);
  CHECK(talk.finished->learned.quirks_end == at(10ms) + limits::supposed_quirk_lifetime);
  // One that has answered a question with a cookie knows what it is.
  state.cookies = CookieConduct::Ignored;
  CHECK(Talk(state).sent_message().edns->get<wire::Cookie>());
}

TEST_CASE(
    "a server that was silent twice and never answered is asked without EDNS and random case") {
  const auto is_plain = [](const Talk& talk) {
    const wire::Message sent = talk.sent_message();
    return !sent.edns && sent.questions[0].name.is_identical("www.example.com."_name);
  };
  cache::ServerState state;
  for (const bool plain : {false, false, true, false, false, true}) {
    CHECK(is_plain(Talk(state)) == plain);
    ++state.timeouts;
  }
  state.timeouts = 2;
  SUBCASE("what answers that once is asked with both again, and if silent plainly") {
    Talk first(state);
    first.deliver(first.true_reply());
    REQUIRE(first.finished);
    state = first.finished->learned;
    CHECK(state.heard_plain_only);
    CHECK_FALSE(state.no_edns);
    CHECK_FALSE(is_plain(Talk(state)));
    state.timeouts = 1;
    Talk second(state);
    CHECK(is_plain(second));
    SUBCASE("then it is supposed to need that") {
      second.deliver(second.true_reply());
      REQUIRE(second.finished);
      CHECK(second.finished->learned.no_edns);
      CHECK(second.finished->learned.no_case);
      CHECK(second.finished->learned.quirks_end == at(10ms) + limits::supposed_quirk_lifetime);
      CHECK(is_plain(Talk(second.finished->learned)));
    }
    SUBCASE("unless it answers a question with both") {
      state.timeouts = 0;
      Talk whole(state);
      whole.deliver(whole.true_reply());
      REQUIRE(whole.finished);
      CHECK_FALSE(whole.finished->learned.heard_plain_only);
    }
    SUBCASE("a complaint is no better answer") {
      second.deliver(second.complaint());
      REQUIRE(second.finished);
      CHECK_FALSE(second.finished->learned.no_edns);
    }
  }
  SUBCASE("where a reply without signatures is of no use, it is asked with EDNS all the same") {
    Settings settings;
    SeededRandom random{7};
    Ask question = ask("www.example.com.", wire::RRType::A, "example.com.");
    question.signed_only = true;
    state.no_edns = true;
    state.quirks_end = at(60s);
    Exchange exchange(question, state, settings, at(5s));
    const auto sent = std::get<Exchange::Send>(exchange.start(random, at(0s)));
    wire::Message message = *wire::parse(sent.message);
    REQUIRE(message.edns);
    CHECK(message.edns->dnssec_ok);
    message.header.response = true;
    message.edns->options.clear();
    const auto action = exchange.on_message(question.server, sent.transport, wire::build(message),
                                            random, at(10ms));
    const auto& finished = std::get<Exchange::Finished>(action);
    CHECK(finished.with_edns);
    CHECK_FALSE(finished.learned.no_edns);
  }
  SUBCASE("one that has answered before has lost packets") {
    state.srtt = 20ms;
    CHECK_FALSE(is_plain(Talk(state)));
  }
  SUBCASE("one of which something came was not silent") {
    const Talk talk;
    Exchange noisy(talk.question, {}, talk.settings, at(5s));
    SeededRandom random(5);
    noisy.start(random, at(0s));
    const wire::Bytes junk(12);
    for (const bool heard : {false, true}) {
      if (heard) noisy.on_message(talk.question.server, Transport::Udp, junk, random, at(1ms));
      Exchange again(talk.question, {}, talk.settings, at(5s));
      Exchange third(talk.question, {}, talk.settings, at(5s));
      again.repeats(noisy);
      third.repeats(again);
      const auto sent = std::get<Exchange::Send>(third.start(random, at(1s)));
      CHECK(wire::parse(sent.message)->edns.has_value() == heard);
    }
  }
}

TEST_CASE("what a server does not understand is tried again when an hour is over") {
  cache::ServerState state;
  state.no_edns = state.no_case = true;
  state.cookies = CookieConduct::Refused;
  state.quirks_end = at(1h);
  Talk before(state, 1h - 1ms);
  CHECK_FALSE(before.sent_message().edns);
  CHECK(before.sent_message().questions[0].name.is_identical("www.example.com."_name));
  // A question that was in progress when the time was over says nothing new.
  before.deliver(before.true_reply(), "192.0.2.1", 1h + 1ms);
  REQUIRE(before.finished);
  CHECK_FALSE(before.finished->learned.no_edns);

  Talk probe(state, 1h);
  REQUIRE(probe.sent_message().edns);
  CHECK(probe.sent_message().edns->get<wire::Cookie>());
  CHECK_FALSE(probe.sent_message().questions[0].name.is_identical("www.example.com."_name));
  SUBCASE("it understands now") {
    probe.deliver(probe.reply_with_cookie(7), "192.0.2.1", 1h + 10ms);
    REQUIRE(probe.finished);
    CHECK_FALSE(probe.finished->learned.no_edns);
    CHECK_FALSE(probe.finished->learned.no_case);
    CHECK(probe.finished->learned.cookies == CookieConduct::Given);
  }
  SUBCASE("it does not") {
    for (int i = 0; i < 2; ++i) probe.deliver(probe.complaint(), "192.0.2.1", 1h + 10ms);
    probe.deliver(probe.true_reply(), "192.0.2.1", 1h + 20ms);
    REQUIRE(probe.finished);
    CHECK(probe.finished->learned.no_edns);
    CHECK(probe.finished->learned.quirks_end == at(2h + 20ms));
  }
}

TEST_CASE("a datagram larger than asked for came in fragments, and is fetched over TCP") {
  Talk talk;
  wire::Message large = talk.true_reply();
  while (wire::build(large).size() <= 1232)
    large.answer.push_back(record("www.example.com. 60 IN TXT 0123456789012345678901234567890123"));
  talk.deliver(large);
  CHECK_FALSE(talk.finished);
  CHECK(talk.sent.transport == Transport::Tcp);
  large.header.id = talk.sent_message().header.id;
  large.questions = talk.sent_message().questions;
  talk.deliver(large);
  REQUIRE(talk.finished);
  CHECK(talk.finished->reply);
}

TEST_CASE("a reply with two OPTs is no message, and the wait goes on") {
  Talk talk;
  wire::Bytes octets = wire::build(talk.reply_with_cookie(7));
  const wire::Bytes opt{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};
  octets.insert(octets.end(), opt.begin(), opt.end());
  ++octets[11];
  talk.take(talk.exchange.on_message(endpoint("192.0.2.1"), Transport::Udp, octets, talk.random,
                                     at(1ms)));
  CHECK(talk.waits);
  talk.deliver(talk.true_reply());
  CHECK(talk.finished);
}

TEST_CASE("over TCP a question says that the stream may be kept, over UDP it does not") {
  Talk talk;
  CHECK_FALSE(talk.sent_message().edns->get<wire::Keepalive>());
  wire::Message cut = talk.true_reply();
  cut.header.truncated = true;
  talk.deliver(cut);
  REQUIRE(talk.sent.transport == Transport::Tcp);
  CHECK(talk.sent_message().edns->get<wire::Keepalive>() == wire::Keepalive{});
}

TEST_CASE("a kept stream that ends with the question open is replaced once") {
  Talk talk;
  wire::Message cut = talk.true_reply();
  cut.header.truncated = true;
  talk.deliver(cut);
  talk.take(talk.exchange.on_stream_lost(talk.random, at(20ms)));
  CHECK_FALSE(talk.finished);
  CHECK(talk.sends == 3);
  talk.take(talk.exchange.on_stream_lost(talk.random, at(30ms)));
  REQUIRE(talk.finished);
  CHECK(talk.finished->why == ReplyKind::Unreachable);
}

TEST_CASE("a server that never is content with a question is asked a few times, then given up") {
  Talk talk;
  for (unsigned i = 0; i < 20 && !talk.finished; ++i) {
    wire::Message next = talk.true_reply();
    if (talk.sent_message().edns && !talk.sent_message().edns->options.empty()) {
      next = talk.reply_with_cookie(static_cast<std::uint8_t>(i));
      next.header.rcode = wire::Rcode::BADCOOKIE;
    } else {
      next = talk.complaint();
    }
    talk.deliver(next);
  }
  REQUIRE(talk.finished);
  CHECK(talk.sends <= limits::sends_per_exchange);
}

TEST_CASE(
    "a deadline counts as a timeout, and after several the server rests as long as it was silent") {
  cache::ServerState state;
  wire::Duration rest{};
  for (unsigned i = 1; i <= 12; ++i) {
    Talk talk(state);
    CHECK(talk.sent.deadline <= at(5s));
    const auto when = at(std::chrono::seconds(1U << i));
    talk.take(talk.exchange.on_deadline(talk.random, when));
    REQUIRE(talk.finished);
    state = talk.finished->learned;
    CHECK(state.timeouts == i);
    if (i < limits::timeouts_until_dead) {
      CHECK(state.retry_at == wire::Instant{});
    } else {
      CHECK(state.retry_at - when >= rest);
      rest = state.retry_at - when;
      CHECK(rest <= limits::longest_probe);
    }
  }
  CHECK(rest == limits::longest_probe);
}

TEST_CASE("a wait that the query's own time cuts short is not held against the server") {
  SeededRandom random(5);
  const Settings settings;
  cache::ServerState state;
  state.timeouts = limits::timeouts_until_dead - 1;
  Exchange exchange(ask("www.example.com.", wire::RRType::A, "example.com."), state, settings,
                    at(50ms));
  const auto sent = std::get<Exchange::Send>(exchange.start(random, at(0s)));
  REQUIRE(sent.deadline == at(50ms));
  const auto finished = std::get<Exchange::Finished>(exchange.on_deadline(random, at(50ms)));
  CHECK(finished.why == ReplyKind::Timeout);
  CHECK(finished.learned == state);
}

TEST_CASE("a stream that begins with something else than the answer is given up") {
  Talk talk;
  wire::Message cut = talk.true_reply();
  cut.header.truncated = true;
  talk.deliver(cut);
  REQUIRE(talk.sent.transport == Transport::Tcp);
  wire::Message other = talk.true_reply();
  other.header.id ^= 1;
  talk.deliver(other);
  REQUIRE(talk.finished);
  CHECK(talk.finished->why == ReplyKind::Unusable);
}

TEST_CASE("a server that has answered before is not dead for a few lost packets") {
  cache::ServerState state;
  state.srtt = 10ms;
  state.timeouts = 5;
  state.silent_since = at(0s) - 1s;
  Talk lost(state);
  lost.take(lost.exchange.on_deadline(lost.random, at(2s)));
  CHECK(lost.finished->learned.retry_at == wire::Instant{});
  Talk dead(state);
  dead.take(dead.exchange.on_deadline(dead.random, at(3s)));
  CHECK(dead.finished->learned.retry_at == at(3s) + limits::silence_until_dead);
}

TEST_CASE("what other questions learn of a server meanwhile is not undone") {
  cache::ServerState state;
  state.timeouts = 2;
  Talk talk(state);
  cache::ServerState heard;  // it has answered somebody else
  heard.srtt = 10ms;
  talk.exchange.learn(heard);
  talk.take(talk.exchange.on_deadline(talk.random, at(2s)));
  REQUIRE(talk.finished);
  CHECK(talk.finished->learned.timeouts == 0);  // this packet was lost, the server is not silent
  CHECK(talk.finished->learned.srtt == 10ms);
}

TEST_CASE("round trips are smoothed as RFC 6298 says") {
  cache::ServerState state;
  add_round_trip(state, 80ms);
  CHECK(state.srtt == 80ms);
  CHECK(state.rttvar == 40ms);
  add_round_trip(state, 160ms);
  CHECK(state.rttvar == 50ms);  // 3/4 * 40 + 1/4 * |80 - 160|
  CHECK(state.srtt == 90ms);    // 7/8 * 80 + 1/8 * 160
  CHECK(patience_with(state) == 290ms);
  state.timeouts = 1;
  CHECK(patience_with(state) == 580ms);
  state.timeouts = 9;
  CHECK(patience_with(state) == limits::longest_timeout);
}

TEST_CASE("nothing is sent when a stream is silent and no time is left") {
  const Settings settings;
  SeededRandom random;
  const Ask its = ask("www.example.com.", wire::RRType::A, "example.com.");
  Exchange exchange(its, {}, settings, at(1s));
  const auto send = std::get<Exchange::Send>(exchange.start(random, at(0s)));
  // Right in all but the case: TCP is to tell, and does not.
  wire::Bytes folded = send.message;
  folded[2] |= 0x80;
  for (std::size_t i = wire::header_octets; i < wire::header_octets + its.question.name.size(); ++i)
    folded[i] = wire::fold(folded[i]);
  const auto over_tcp = std::get<Exchange::Send>(
      exchange.on_message(its.server, Transport::Udp, folded, random, at(100ms)));
  REQUIRE(over_tcp.transport == Transport::Tcp);
  CHECK(std::holds_alternative<Exchange::Finished>(exchange.on_deadline(random, at(1s))));
}

}  // namespace
}  // namespace cairn::resolver
