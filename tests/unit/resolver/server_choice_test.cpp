#include "resolver/server_choice.hpp"

#include <map>
#include <set>

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

struct Choosing {
  cache::Cache cache{cache::CacheOptions{}};
  zones::ZoneSet zones;
  Settings settings;
  Known known{cache, &zones, settings};
  SeededRandom random{11};
  Budget budget;

  cache::Delegation delegation(std::initializer_list<std::pair<const char*, const char*>> servers) {
    cache::Delegation made;
    made.zone = "example.com."_name;
    for (const auto& [name, its] : servers) {
      made.servers.push_back({*wire::Name::from_text(name), {}});
      if (its) made.servers.back().glue.push_back(address(its));
    }
    return made;
  }
  void set_round_trip(const char* server, wire::Duration rtt) {
    cache::ServerState state;
    add_round_trip(state, rtt);
    cache.put_server({address(server)}, state, at(0s));
  }
};

TEST_CASE("the near server is asked first nearly always, and the far one sometimes") {
  Choosing its;
  its.set_round_trip("192.0.2.1", 5ms);
  its.set_round_trip("192.0.2.2", 200ms);
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  std::map<std::string, int> first;
  for (int i = 0; i < 2000; ++i) {
    ServerChoice choice(delegation, its.known, its.random, at(0s));
    ++first[choice.fresh(its.known, its.random, at(0s))->address.to_text()];
  }
  CHECK(first["192.0.2.1"] > 1900);
  CHECK(first["192.0.2.2"] > 5);
}

TEST_CASE("servers that are as good as equally near share the questions, the others get few") {
  Choosing its;
  its.set_round_trip("192.0.2.1", 10ms);
  its.set_round_trip("192.0.2.2", 12ms);
  its.set_round_trip("192.0.2.3", 60ms);
  its.set_round_trip("192.0.2.4", 90ms);
  const auto delegation = its.delegation({{"ns1.example.com.", "192.0.2.1"},
                                          {"ns2.example.com.", "192.0.2.2"},
                                          {"ns3.example.com.", "192.0.2.3"},
                                          {"ns4.example.com.", "192.0.2.4"}});
  std::map<std::string, int> first;
  for (int i = 0; i < 6400; ++i) {
    ServerChoice choice(delegation, its.known, its.random, at(0s));
    ++first[choice.fresh(its.known, its.random, at(0s))->address.to_text()];
  }
  for (const char* near : {"192.0.2.1", "192.0.2.2"}) {
    CHECK(first[near] > 2900);
    CHECK(first[near] < 3400);
  }
  for (const char* far : {"192.0.2.3", "192.0.2.4"}) {
    CHECK(first[far] > 20);
    CHECK(first[far] < 100);
  }
}

TEST_CASE("a server that has become the nearest is found and takes over") {
  Choosing its;
  its.set_round_trip("192.0.2.1", 40ms);
  its.set_round_trip("192.0.2.2", 150ms);
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  std::map<std::string, int> late;
  for (int i = 0; i < 4000; ++i) {
    ServerChoice choice(delegation, its.known, its.random, at(0s));
    const auto server = *choice.fresh(its.known, its.random, at(0s));
    cache::ServerState state = its.cache.server(server, at(0s));
    add_round_trip(state, server.address == address("192.0.2.1") ? 40ms : 5ms);
    its.cache.put_server(server, state, at(0s));
    if (i >= 3000) ++late[server.address.to_text()];
  }
  CHECK(late["192.0.2.2"] > 950);
  CHECK(late["192.0.2.1"] > 0);
}

TEST_CASE("a near server that has been silent comes behind a farther one that has not") {
  Choosing its;
  its.set_round_trip("192.0.2.2", 60ms);
  cache::ServerState silent;
  add_round_trip(silent, 20ms);
  silent.timeouts = 1;
  its.cache.put_server({address("192.0.2.1")}, silent, at(0s));
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  int silent_first = 0;
  for (int i = 0; i < 640; ++i) {
    ServerChoice choice(delegation, its.known, its.random, at(0s));
    silent_first += choice.fresh(its.known, its.random, at(0s))->address == address("192.0.2.1");
  }
  CHECK(silent_first < 40);
}

TEST_CASE(
    "each server is asked before one is asked again, and no server more often than its limit") {
  Choosing its;
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  ServerChoice choice(delegation, its.known, its.random, at(0s));
  std::set<std::string> asked;
  asked.insert(choice.fresh(its.known, its.random, at(0s))->to_text());
  asked.insert(choice.fresh(its.known, its.random, at(0s))->to_text());
  CHECK(asked.size() == 2);
  CHECK_FALSE(choice.fresh(its.known, its.random, at(0s)));
  unsigned more = 0;
  while (choice.again(its.known, its.random, at(0s))) ++more;
  CHECK(more == 2 * (limits::asks_per_address - 1));
}

TEST_CASE("denied addresses and families that are switched off are never asked") {
  Choosing its;
  its.settings.ipv6 = false;
  const auto delegation =
      its.delegation({{"ns1.example.com.", "127.0.0.53"}, {"ns2.example.com.", "2001:db8::53"}});
  ServerChoice choice(delegation, its.known, its.random, at(0s));
  CHECK_FALSE(choice.fresh(its.known, its.random, at(0s)));
  CHECK_FALSE(choice.again(its.known, its.random, at(0s)));
}

TEST_CASE("a lame server is not asked for its zone, but for others") {
  Choosing its;
  its.cache.put_lame({address("192.0.2.1")}, "example.com."_name, 60s, at(0s));
  auto delegation = its.delegation({{"ns1.example.com.", "192.0.2.1"}});
  CHECK_FALSE(
      ServerChoice(delegation, its.known, its.random, at(0s)).fresh(its.known, its.random, at(0s)));
  delegation.zone = "example.net."_name;
  CHECK(
      ServerChoice(delegation, its.known, its.random, at(0s)).fresh(its.known, its.random, at(0s)));
}

TEST_CASE("a zone all of whose servers are lame costs one look at each") {
  struct Counting : SeededRandom {
    std::uint64_t next() override {
      ++drawn;
      return SeededRandom::next();
    }
    unsigned drawn = 0;
  } random;
  Choosing its;
  cache::Delegation delegation;
  delegation.zone = "example.com."_name;
  for (int i = 0; i < 100; ++i) {
    const auto server = address(("192.0.2." + std::to_string(i)).c_str());
    its.cache.put_lame({server}, delegation.zone, 60s, at(0s));
    delegation.servers.push_back({"ns.example.com."_name, {server}});
  }
  ServerChoice choice(delegation, its.known, random, at(0s));
  random.drawn = 0;
  CHECK_FALSE(choice.fresh(its.known, random, at(0s)));
  CHECK(random.drawn <= 200);
}

TEST_CASE("addresses of servers are looked up within bounds, fruitless ones fewer") {
  Choosing its;
  cache::Delegation delegation;
  delegation.zone = "example.com."_name;
  for (int i = 0; i < 13; ++i)
    delegation.servers.push_back(
        {*wire::Name::from_text("ns" + std::to_string(i) + ".example.net."), {}});
  ServerChoice choice(delegation, its.known, its.random, at(0s));
  unsigned lookups = 0;
  while (const auto lookup = choice.missing_address(false, its.settings, its.budget)) {
    REQUIRE(++lookups <= limits::lookups_per_delegation);
    choice.add_found(*lookup, {}, its.known);
  }
  CHECK(lookups == limits::fruitless_lookups_per_delegation);
  CHECK(its.budget.address_lookups == lookups);
}

TEST_CASE(
    "of the addresses that the cache holds for a server not more are used than glue may give") {
  Choosing its;
  wire::RRset many;
  many.owner = "ns.example.net."_name;
  many.ttl = wire::Ttl{60};
  for (std::uint8_t i = 1; i <= limits::records_per_set; ++i)
    many.rdata.add(std::array<std::uint8_t, 4>{192, 0, 2, i});
  its.cache.put(many, cache::Rank::AuthoritativeAnswer, at(0s));
  ServerChoice choice(its.delegation({{"ns.example.net.", nullptr}}), its.known, its.random,
                      at(0s));
  unsigned servers = 0;
  while (choice.fresh(its.known, its.random, at(0s))) ++servers;
  CHECK(servers == limits::glue_per_server);
}

TEST_CASE("the address of a server inside its own zone is not looked up") {
  Choosing its;
  ServerChoice choice(its.delegation({{"ns.example.com.", nullptr}}), its.known, its.random,
                      at(0s));
  CHECK_FALSE(choice.missing_address(false, its.settings, its.budget));
}

TEST_CASE("a server that rests is probed only when nobody else is left") {
  Choosing its;
  cache::ServerState dead;
  dead.timeouts = 5;
  dead.retry_at = at(60s);
  its.cache.put_server({address("192.0.2.1")}, dead, at(0s));
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  ServerChoice choice(delegation, its.known, its.random, at(0s));
  CHECK(choice.fresh(its.known, its.random, at(0s))->address == address("192.0.2.2"));
  CHECK_FALSE(choice.fresh(its.known, its.random, at(0s)));
  choice.failed({address("192.0.2.2")}, false, true);
  CHECK(choice.again(its.known, its.random, at(0s))->address == address("192.0.2.1"));
  CHECK_FALSE(choice.again(its.known, its.random, at(0s)));
}

TEST_CASE("a server that is passed over is not named again for this question, but for the next") {
  Choosing its;
  const auto delegation =
      its.delegation({{"ns1.example.com.", "192.0.2.1"}, {"ns2.example.com.", "192.0.2.2"}});
  ServerChoice choice(delegation, its.known, its.random, at(0s));
  choice.pass_over({address("192.0.2.1")});
  CHECK(choice.fresh(its.known, its.random, at(0s))->address == address("192.0.2.2"));
  while (const auto server = choice.again(its.known, its.random, at(0s)))
    CHECK(server->address == address("192.0.2.2"));
  CHECK_FALSE(choice.exhausted());
  CHECK(choice.passed_over());
  choice.begin_again();
  CHECK_FALSE(choice.passed_over());
  std::set<std::string> asked;
  asked.insert(choice.fresh(its.known, its.random, at(0s))->to_text());
  asked.insert(choice.fresh(its.known, its.random, at(0s))->to_text());
  CHECK(asked.size() == 2);
}

TEST_CASE("where IPv6 leads nowhere, its servers come last, until one of them replies") {
  Choosing its;
  const auto delegation =
      its.delegation({{"ns1.example.com.", "2001:db8::1"}, {"ns2.example.com.", "192.0.2.2"}});
  const auto first = [&](wire::Instant now) {
    ServerChoice choice(delegation, its.known, its.random, now);
    return choice.fresh(its.known, its.random, now)->address;
  };
  Exchange::Finished silence;
  silence.learned.timeouts = 1;
  for (unsigned i = 0; i < limits::timeouts_until_dead; ++i)
    learn_of_ipv6(address(("2001:db8::5" + std::to_string(i)).c_str()), silence, its.cache, at(0s));
  for (int i = 0; i < 200; ++i) REQUIRE(first(at(1s)) == address("192.0.2.2"));

  SUBCASE("they are asked when nobody else is left") {
    ServerChoice choice(delegation, its.known, its.random, at(1s));
    CHECK(choice.fresh(its.known, its.random, at(1s)));
    choice.failed({address("192.0.2.2")}, false, true);
    CHECK(choice.again(its.known, its.random, at(1s))->address == address("2001:db8::1"));
  }
  SUBCASE("a reply ends it") {
    Exchange::Finished answered;
    answered.reply.emplace();
    learn_of_ipv6(address("2001:db8::50"), answered, its.cache, at(1s));
    bool asked = false;
    for (int i = 0; i < 200; ++i) asked = asked || first(at(1s)).is_v6();
    CHECK(asked);
  }
  SUBCASE("without IPv4 there is no other way") {
    its.settings.ipv4 = false;
    CHECK(first(at(1s)).is_v6());
  }
}

}  // namespace
}  // namespace cairn::resolver
