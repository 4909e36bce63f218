#include "server/upstream_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "server/limits.hpp"
#include "wire/edns_options.hpp"
#include "wire/message.hpp"

namespace cairn::server {
namespace {

using namespace std::chrono_literals;
using wire::operator""_name;

wire::Instant at(wire::Duration since_start) {
  return wire::Instant{} + since_start;
}

wire::Message message(std::uint16_t id) {
  wire::Message made;
  made.header.id = id;
  made.questions = {{"www.example.com."_name, wire::RRType::A, wire::RRClass::IN}};
  return made;
}

wire::Bytes framed(const wire::Message& message) {
  wire::Bytes octets = wire::build(message);
  octets.insert(octets.begin(), {static_cast<std::uint8_t>(octets.size() >> 8),
                                 static_cast<std::uint8_t>(octets.size() & 0xff)});
  return octets;
}

struct Talk {
  void ask(resolver::ExchangeId exchange, std::uint16_t id) {
    const wire::Bytes octets = wire::build(message(id));
    REQUIRE(stream.takes(octets));
    stream.ask(exchange, octets);
  }
  std::vector<resolver::ExchangeId> reply(const wire::Message& reply, wire::Duration when = 0s) {
    stream.receive(framed(reply));
    const auto next = stream.next_reply(at(when));
    REQUIRE(next);
    CHECK(next->message == wire::build(reply));
    return next->to;
  }
  UpstreamStream stream{at(0s)};
};

using Exchanges = std::vector<resolver::ExchangeId>;

TEST_CASE(
    "several questions are open at once, and each gets its reply in whatever order they come") {
  Talk talk;
  talk.ask(1, 10);
  talk.ask(2, 20);
  talk.ask(3, 30);
  wire::Bytes all = framed(message(10));
  for (const std::uint16_t id : {std::uint16_t{20}, std::uint16_t{30}}) {
    const wire::Bytes one = framed(message(id));
    all.insert(all.end(), one.begin(), one.end());
  }
  CHECK(std::ranges::equal(talk.stream.unsent(), all));
  talk.stream.sent(all.size() - 1);
  CHECK(talk.stream.unsent().size() == 1);
  CHECK(talk.reply(message(30)) == Exchanges{3});
  CHECK(talk.reply(message(10)) == Exchanges{1});
  CHECK(talk.stream.open() == Exchanges{2});
  CHECK(talk.reply(message(20)) == Exchanges{2});
  CHECK(talk.stream.idle());
}

TEST_CASE("replies are put together from whatever pieces they come in") {
  Talk talk;
  talk.ask(1, 10);
  const wire::Bytes octets = framed(message(10));
  for (std::size_t i = 0; i < octets.size(); ++i) {
    CHECK_FALSE(talk.stream.next_reply(at(0s)));
    talk.stream.receive(std::span(octets).subspan(i, 1));
  }
  CHECK(talk.stream.next_reply(at(0s))->to == Exchanges{1});
}

TEST_CASE("a second question with the same id goes elsewhere") {
  Talk talk;
  talk.ask(1, 10);
  CHECK_FALSE(talk.stream.takes(wire::build(message(10))));
  CHECK(talk.stream.takes(wire::build(message(11))));
  talk.reply(message(10));
  CHECK(talk.stream.takes(wire::build(message(10))));
}

TEST_CASE("a stream carries so many questions at once and no more") {
  Talk talk;
  for (std::uint16_t id = 0; id < limits::questions_per_stream; ++id) talk.ask(id + 1U, id);
  CHECK_FALSE(talk.stream.takes(wire::build(message(1000))));
  talk.reply(message(0));
  CHECK(talk.stream.takes(wire::build(message(1000))));
}

TEST_CASE("an idle stream is kept for a while, and no longer") {
  Talk talk;
  talk.ask(1, 10);
  CHECK_FALSE(talk.stream.over(at(1h)));  // the exchange has a deadline of its own
  talk.reply(message(10), 1s);
  CHECK_FALSE(talk.stream.over(at(1s + limits::idle_stream) - 1ms));
  CHECK(talk.stream.over(at(1s + limits::idle_stream)));
}

TEST_CASE("a server says how long a stream is kept, within our bounds") {
  struct Case {
    std::uint16_t tenths;
    wire::Duration kept;
  };
  for (const auto& [tenths, kept] :
       {Case{20, 2s}, Case{100, 10s}, Case{36000, limits::longest_idle_stream}}) {
    Talk talk;
    talk.ask(1, 10);
    wire::Message reply = message(10);
    reply.edns.emplace().put(wire::Keepalive{tenths});
    talk.reply(reply);
    CHECK(talk.stream.takes(wire::build(message(11))));
    CHECK_FALSE(talk.stream.over(at(kept - 1ms)));
    CHECK(talk.stream.over(at(kept)));
  }
}

TEST_CASE("a server that wants the stream closed gets no new question on it") {
  Talk talk;
  talk.ask(1, 10);
  talk.ask(2, 20);
  wire::Message reply = message(10);
  reply.edns.emplace().put(wire::Keepalive{0});
  talk.reply(reply);
  CHECK_FALSE(talk.stream.takes(wire::build(message(11))));
  CHECK_FALSE(talk.stream.over(at(0s)));
  CHECK(talk.reply(message(20)) == Exchanges{2});
  CHECK(talk.stream.over(at(0s)));
}

TEST_CASE(
    "a question that was given up ends the use of the stream, and its late reply is nobody's") {
  Talk talk;
  talk.ask(1, 10);
  talk.ask(2, 20);
  talk.stream.leave(1);
  CHECK_FALSE(talk.stream.takes(wire::build(message(11))));
  CHECK(talk.reply(message(10)).empty());
  CHECK(talk.reply(message(20)) == Exchanges{2});
  CHECK(talk.stream.over(at(0s)));
  talk.stream.leave(1);
  talk.stream.leave(2);
}

TEST_CASE("what answers no question ends the stream for all who wait on it") {
  Talk talk;
  talk.ask(1, 10);
  talk.ask(2, 20);
  CHECK(talk.reply(message(99)) == Exchanges{1, 2});
  CHECK_FALSE(talk.stream.takes(wire::build(message(11))));
  CHECK(talk.stream.over(at(0s)));

  Talk idle;
  idle.ask(1, 10);
  idle.reply(message(10));
  CHECK(idle.reply(message(10)).empty());  // a second time
  CHECK(idle.stream.over(at(0s)));

  Talk short_one;
  short_one.ask(1, 10);
  short_one.stream.receive(wire::Bytes{0, 0});
  CHECK(short_one.stream.next_reply(at(0s))->to == Exchanges{1});
}

TEST_CASE("only a stream that has answered before may have been closed as idle") {
  Talk talk;
  talk.ask(1, 10);
  CHECK_FALSE(talk.stream.served());
  talk.reply(message(10));
  CHECK(talk.stream.served());
}

TEST_CASE("what comes after a message that answers nothing is not even looked at") {
  Talk talk;
  talk.ask(1, 10);
  talk.stream.receive(wire::Bytes(65536, 0));  // 32,768 empty messages
  const auto nobodys = talk.stream.next_reply(at(0s));
  REQUIRE(nobodys);
  CHECK(nobodys->to == Exchanges{1});
  talk.stream.receive(framed(message(10)));
  CHECK_FALSE(talk.stream.next_reply(at(0s)));
  CHECK(talk.stream.over(at(0s)));
}

}  // namespace
}  // namespace cairn::server
