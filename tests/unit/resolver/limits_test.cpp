#include "resolver/limits.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "resolver/engine.hpp"
#include "resolver/engine_state.hpp"
#include "resolver/reading.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

const Ask question = ask("www.example.com.", wire::RRType::A, "com.");

const cache::CacheOptions small_cache = [] {
  cache::CacheOptions options;
  options.size = 1 << 20;
  return options;
}();

/// Whatever is sent, nobody replies.
struct Silence : Network {
  bool send(ExchangeId, Transport, const wire::Endpoint&, std::span<const std::uint8_t>) override {
    ++sends;
    return true;
  }
  void close(ExchangeId) override {}
  std::size_t sends = 0;
};

wire::Message empty_reply() {
  return reply(question.question, {.authoritative = false});
}

wire::Record address_of(const std::string& owner, std::size_t number) {
  const std::string address =
      "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250);
  return record((owner + " 60 IN A " + address).c_str());
}

Reading read(const wire::Message& message) {
  SeededRandom random;
  return read_reply(question, message, random);
}

TEST_CASE("a reply of more records than are looked at is unusable, as many are read") {
  wire::Message message = empty_reply();
  message.answer.push_back(address_of("www.example.com.", 1));
  while (message.answer.size() < limits::records_per_message)
    message.answer.push_back(address_of("other.example.com.", message.answer.size()));
  CHECK(read(message).kind == ReplyKind::Answer);
  message.additional.push_back(address_of("one-more.example.com.", 1));
  CHECK(read(message).kind == ReplyKind::Unusable);
}

TEST_CASE("of a delegation nobody stays whose name comes after those that are read") {
  wire::Message message = empty_reply();
  std::set<wire::Name> read_ones;
  for (std::size_t i = 0; i < 4 * limits::servers_parsed_per_delegation; ++i) {
    const std::string server = "ns" + std::to_string(i) + ".example.net.";
    message.authority.push_back(record(("example.com. 60 IN NS " + server).c_str()));
    if (i < limits::servers_parsed_per_delegation) read_ones.insert(*wire::Name::from_text(server));
  }
  const Reading reading = read(message);
  CHECK(reading.referral.servers.size() == limits::servers_per_delegation);
  for (const cache::NameServer& server : reading.referral.servers)
    CHECK(read_ones.contains(server.name));
}

TEST_CASE("a server of a delegation keeps a few of its addresses") {
  wire::Message message = empty_reply();
  message.authority.push_back(record("example.com. 60 IN NS ns.example.com."));
  for (std::size_t i = 0; i < 3 * limits::glue_per_server; ++i)
    message.additional.push_back(address_of("ns.example.com.", i));
  const Reading reading = read(message);
  REQUIRE(reading.referral.servers.size() == 1);
  CHECK(reading.referral.servers[0].glue.size() == limits::glue_per_server);
}

TEST_CASE("a negative answer keeps a bounded number of proofs") {
  wire::Message message = empty_reply();
  message.header.rcode = wire::Rcode::NXDOMAIN;
  message.authority.push_back(
      record("example.com. 60 IN SOA ns.example.com. h.example.com. 1 2 3 4 5"));
  for (std::size_t i = 0; i < 2 * limits::sets_kept_per_message; ++i)
    message.authority.push_back(record(
        ("n" + std::to_string(i) + ".example.com. 60 IN NSEC z.example.com. A NSEC").c_str()));
  CHECK(read(message).authority.size() == limits::sets_kept_per_message);
}

TEST_CASE("the wait for a server alone is short, and that for its reply lets three be tried") {
  CHECK(patience_with({}) == limits::first_patience);
  CHECK(patience_with({.srtt = 20ms, .rttvar = 0ms}) == 20ms + limits::least_variance);
  CHECK(patience_with({.srtt = 1200ms, .rttvar = 600ms}) == limits::longest_timeout);
  CHECK(patience_with({.timeouts = 255}) == limits::longest_timeout);
  CHECK(timeout_for({}) == limits::patiences_until_timeout * limits::first_patience);
  CHECK(timeout_for({.srtt = 1ms, .rttvar = 0ms}) == limits::shortest_timeout);
  CHECK(timeout_for({.timeouts = 255}) == limits::longest_timeout);
  CHECK(3 * limits::longest_timeout < limits::query_time);
}

TEST_CASE(
    "a server that stays silent rests for as long again, two seconds at least, five minutes at "
    "most") {
  cache::ServerState state;
  SeededRandom random;
  const Settings settings;
  wire::Instant now = at(0s);
  for (unsigned asked = 1; asked <= 12; ++asked) {
    Exchange exchange(question, state, settings, now + 5s);
    now = std::get<Exchange::Send>(exchange.start(random, now)).deadline;
    state = std::get<Exchange::Finished>(exchange.on_deadline(random, now)).learned;
    if (asked < limits::timeouts_until_dead) {
      CHECK(state.retry_at == wire::Instant{});
      continue;
    }
    const wire::Duration silent = now - at(0s);
    CHECK(state.retry_at - now ==
          std::clamp<wire::Duration>(silent, limits::first_probe, limits::longest_probe));
    now = state.retry_at;
  }
  CHECK(now - at(0s) > 2 * limits::longest_probe);
}

TEST_CASE("a worker holds so many octets of replies that wait for keys, and small ones beyond it") {
  struct Talk : Network {
    bool send(ExchangeId id, Transport transport, const wire::Endpoint&,
              std::span<const std::uint8_t> octets) override {
      over = transport;
      sent.emplace_back(id, *wire::parse(octets));
      return true;
    }
    void close(ExchangeId) override {}
    Transport over = Transport::Udp;
    std::vector<std::pair<ExchangeId, wire::Message>> sent;
  } network;
  SeededRandom random;
  cache::Cache cache(small_cache);
  const zones::ZoneSet zones;
  Settings settings;
  settings.validation.on = true;
  settings.forwarding = Forwarding({{wire::Name(), {endpoint("192.0.2.1")}}});
  Engine engine({cache, &zones, settings}, network, random);

  // Who is asked for the keys of the root says nothing.
  auto ask_for_reply = [&, number = 0](std::size_t octets) mutable {
    const std::string name = "q" + std::to_string(++number) + ".example.";
    engine.ask({*wire::Name::from_text(name), wire::RRType::NULL_, wire::RRClass::IN}, at(0s));
    // Over UDP as well as over TCP, where large replies come from.
    for (int tries = 0; tries < 2; ++tries) {
      auto [id, message] = network.sent.back();
      if (message.questions[0].type != wire::RRType::NULL_) return;
      message.header.response = message.header.recursion_available = true;
      message.edns->options.clear();
      message.answer = {{*wire::Name::from_text(name), wire::RRType::NULL_, wire::RRClass::IN,
                         wire::Ttl{60}, wire::Bytes(octets)}};
      engine.on_message(id, endpoint("192.0.2.1"), network.over, wire::build(message), at(0s));
    }
  };
  const std::size_t large = 60000;
  for (std::size_t held = 0; held + large + 500 < limits::held_octets; held += large + 500)
    ask_for_reply(large);
  CHECK(engine.take_finished().empty());
  for (int more = 0; more < 10; ++more) ask_for_reply(large);
  const auto refused = engine.take_finished();
  REQUIRE_FALSE(refused.empty());
  CHECK(refused[0].answer.rcode == wire::Rcode::SERVFAIL);
  ask_for_reply(limits::small_reply / 2);
  CHECK(engine.take_finished().empty());
}

TEST_CASE("a worker has so many questions in progress, and refuses what is beyond it at once") {
  Silence network;
  SeededRandom random;
  cache::Cache cache(small_cache);
  const zones::ZoneSet zones;
  Settings settings;
  settings.priming = false;
  settings.root_hints.servers = {{*wire::Name::from_text("a.root."), {address("192.0.2.1")}}};
  Engine engine({cache, &zones, settings}, network, random);

  auto ask_next = [&, number = 0]() mutable {
    const std::string name = "q" + std::to_string(++number) + ".example.";
    return engine.ask({*wire::Name::from_text(name), wire::RRType::A, wire::RRClass::IN}, at(0s));
  };
  const QueryId first = ask_next();
  for (std::size_t i = 1; i < limits::jobs; ++i) ask_next();
  CHECK(engine.take_finished().empty());
  const QueryId refused = ask_next();
  const auto finished = engine.take_finished();
  REQUIRE(finished.size() == 1);
  CHECK(finished[0].query == refused);
  CHECK(finished[0].answer.rcode == wire::Rcode::SERVFAIL);
  CHECK(engine.jobs() == limits::jobs);
  // All of them wait for the root to say where example. is.
  CHECK(network.sends == limits::jobs / limits::passengers_per_flight);

  engine.cancel(first);
  ask_next();
  CHECK(engine.take_finished().empty());
}

TEST_CASE("one query waits for so many questions, also for the same one again and again") {
  Silence network;
  SeededRandom random;
  cache::Cache cache(small_cache);
  const zones::ZoneSet zones;
  const Settings settings;
  Engine::State state({cache, &zones, settings}, network, random);
  const auto name = [](unsigned i) {
    return *wire::Name::from_text("q" + std::to_string(i) + ".example.");
  };
  const auto budget = Engine::State::new_budget(at(0s));
  Job& parent = state.start({name(0), wire::RRType::A, wire::RRClass::IN}, budget, 0);
  const Need need{{name(1), wire::RRType::A, wire::RRClass::IN}};
  for (unsigned i = 0; i < limits::children_per_query; ++i)
    REQUIRE(state.wait_for(parent, need, at(0s)) == Engine::State::Waiting::Begun);
  CHECK(state.wait_for(parent, need, at(0s)) == Engine::State::Waiting::TooMuch);
}

}  // namespace
}  // namespace cairn::resolver
