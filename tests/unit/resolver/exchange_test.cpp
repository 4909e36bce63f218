#include "resolver/exchange.hpp"

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

/// One exchange for "www.example.com. A", and the last thing that it sent.
struct Talk {
  explicit Talk(cache::ServerState state = {}, Settings its_settings = {})
      : settings(std::move(its_settings)), exchange(question, state, settings, at(5s)) {
    take(exchange.start(random, at(0s)));
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
    message.answer = records({"www.example.com. 60 IN A 192.0.2.80"});
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
  wire::Message complaint = talk.true_reply();
  complaint.header.rcode = wire::Rcode::FORMERR;
  complaint.answer.clear();
  complaint.edns.reset();
  talk.deliver(complaint);
  CHECK_FALSE(talk.finished);
  CHECK_FALSE(talk.sent_message().edns);
  talk.deliver(talk.true_reply());
  REQUIRE(talk.finished);
  CHECK(talk.finished->learned.no_edns);
}

TEST_CASE("a server that complains about everything is not remembered as one without EDNS") {
  Talk talk;
  for (int i = 0; i < 2; ++i) {
    wire::Message complaint = talk.true_reply();
    complaint.header.rcode = wire::Rcode::FORMERR;
    complaint.answer.clear();
    complaint.edns.reset();
    talk.deliver(complaint);
  }
  REQUIRE(talk.finished);
  CHECK(talk.sends == 2);
  CHECK_FALSE(talk.finished->learned.no_edns);
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

}  // namespace
}  // namespace cairn::resolver
