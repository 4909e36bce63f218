#include "resolver/windows.hpp"

#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

const Ask question = ask("www.example.com.", wire::RRType::A, "example.com.");

Exchange::Finished replied(wire::Duration rtt) {
  Exchange::Finished finished;
  finished.reply.emplace();
  finished.why = ReplyKind::Answer;
  finished.rtt = rtt;
  return finished;
}

Exchange::Finished silent() {
  Exchange::Finished finished;
  finished.rtt = limits::shortest_timeout;
  return finished;
}

std::size_t fill(Windows& windows, wire::Instant now, const Ask& what = question) {
  std::size_t sent = 0;
  for (; windows.room(windows.of(what), now) == Room::Enough; ++sent)
    windows.begin(windows.of(what), now);
  return sent;
}

void empty(Windows& windows, std::size_t sent) {
  for (; sent > 0; --sent) windows.end(windows.of(question));
}

TEST_CASE("a zone has so many unanswered questions, and room again when one ends") {
  Windows windows({1, 2});
  CHECK(fill(windows, at(0s)) == limits::first_zone_window);
  CHECK(windows.room(windows.of(question), at(0s)) == Room::FullZone);
  windows.end(windows.of(question));
  CHECK(fill(windows, at(0s)) == 1);
  const Ask other = ask("www.example.net.", wire::RRType::A, "example.net.");
  CHECK(windows.room(windows.of(other), at(0s)) == Room::Enough);
}

TEST_CASE("a zone that answers promptly is never held up for long") {
  Windows windows({1, 2});
  for (std::size_t i = 0; i < limits::widest_window; ++i) {
    windows.begin(windows.of(question), at(0s));
    windows.learn(windows.of(question), replied(20ms), at(0s));
    windows.end(windows.of(question));
  }
  CHECK(fill(windows, at(0s)) == limits::widest_window);
}

TEST_CASE("silence narrows a zone's window, once a second, to what finds it again") {
  Windows windows({1, 2});
  for (int i = 0; i < 100; ++i) windows.learn(windows.of(question), silent(), at(2s));
  const auto after_one = fill(windows, at(2s));
  CHECK(after_one == limits::first_zone_window / 2);
  empty(windows, after_one);
  for (int second = 3; second < 20; ++second)
    windows.learn(windows.of(question), silent(), at(std::chrono::seconds{second}));
  const auto after_many = fill(windows, at(20s));
  CHECK(after_many == limits::least_zone_window);
  empty(windows, after_many);
  CHECK(fill(windows, at(20s) + limits::window_lifetime) == limits::first_zone_window);
}

TEST_CASE(
    "a server to which no stream can be opened is as silent, one that says so at once is not") {
  Exchange::Finished unreachable;
  unreachable.transport = Transport::Tcp;
  unreachable.why = ReplyKind::Unreachable;
  Windows windows({1, 2});
  for (int second = 2; second < 20; ++second)
    windows.learn(windows.of(question), unreachable, at(std::chrono::seconds{second}));
  const auto while_refused = fill(windows, at(20s));
  CHECK(while_refused == limits::first_zone_window);
  empty(windows, while_refused);
  unreachable.rtt = limits::tcp_timeout;
  for (int second = 22; second < 40; ++second)
    windows.learn(windows.of(question), unreachable, at(std::chrono::seconds{second}));
  CHECK(fill(windows, at(40s)) == limits::least_zone_window);
}

TEST_CASE("who answers late is asked less, but not little") {
  Windows windows({1, 2});
  for (int i = 0; i < 1000; ++i) windows.learn(windows.of(question), replied(800ms), at(1s));
  CHECK(fill(windows, at(1s)) == limits::slow_zone_window);
}

TEST_CASE("a server of many zones has a window of its own") {
  Windows windows({1, 2});
  std::size_t sent = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string zone = "z" + std::to_string(i) + ".example.";
    sent += fill(windows, at(0s), ask(zone.c_str(), wire::RRType::A, zone.c_str()));
  }
  CHECK(sent == limits::first_server_window);
  CHECK(windows.room(windows.of(question), at(0s)) == Room::FullServer);
}

TEST_CASE("a forwarder that is silent for dead names is asked the others, whatever zone it has") {
  Windows windows({1, 2});
  Ask forwarded = ask("www.example.com.", wire::RRType::A, ".");
  forwarded.recursive = true;
  for (int second = 0; second < 20; ++second)
    windows.learn(windows.of(forwarded), silent(), at(std::chrono::seconds{second}));
  CHECK(fill(windows, at(20s), forwarded) == limits::forwarder_window);
  CHECK(windows.room(windows.of(forwarded), at(20s)) == Room::FullServer);
  Ask iterated = forwarded;
  iterated.recursive = false;
  CHECK(windows.room(windows.of(iterated), at(20s)) == Room::Enough);
}

}  // namespace
}  // namespace cairn::resolver
