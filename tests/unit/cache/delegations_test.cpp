#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

TEST_CASE("the deepest live delegation at or above a name is found, with its glue") {
  Cache cache({.key = sip_key});
  const std::vector<NameServer> with_glue{
      {"ns1.example."_name, {address("192.0.2.53"), address("2001:db8::53")}},
      {"ns.elsewhere."_name, {}}};
  cache.put_delegation(wire::Name{}, servers({"a.root-servers.net."}), {600}, start);
  cache.put_delegation("example."_name, with_glue, {300}, start);
  cache.put_delegation("b.example."_name, servers({"ns.b.example."}), {60}, start);
  struct {
    wire::Name name;
    wire::Name zone;
  } const rows[] = {
      {"a.B.Example."_name, "b.example."_name},
      {"b.example."_name, "b.example."_name},
      {"bb.example."_name, "example."_name},
      {"example."_name, "example."_name},
      {"org."_name, wire::Name{}},
      {wire::Name{}, wire::Name{}},
  };
  for (const auto& row : rows) {
    const auto found = cache.deepest_delegation(row.name, start);
    REQUIRE(found);
    CHECK(found->zone == row.zone);
  }
  CHECK(cache.deepest_delegation("example."_name, start) ==
        Delegation{"example."_name, with_glue, start + 300s});
  CHECK(cache.deepest_delegation("b.example."_name, start + 60s)->zone == "example."_name);
  CHECK_FALSE(cache.deepest_delegation("b.example."_name, start + 600s));

  cache.forget_delegation("B.example."_name);
  CHECK(cache.deepest_delegation("b.example."_name, start)->zone == "example."_name);
}

TEST_CASE("seeing the same delegation again does not prolong it, in whatever order or case") {
  Cache cache({.key = sip_key});
  const wire::Name zone = "example."_name;
  cache.put_delegation(zone, servers({"ns1.example.", "ns2.example."}), {60}, start);
  cache.put_delegation(zone, servers({"NS2.example.", "ns1.example."}), {60}, start + 59s);
  CHECK(cache.deepest_delegation(zone, start + 59s)->expires == start + 60s);
  CHECK_FALSE(cache.deepest_delegation(zone, start + 60s));

  cache.put_delegation(zone, servers({"ns1.example.", "ns2.example."}), {60}, start + 60s);
  CHECK(cache.deepest_delegation(zone, start + 60s)->expires == start + 120s);
}

TEST_CASE("a delegation to other servers is a new one") {
  Cache cache({.key = sip_key});
  const wire::Name zone = "example."_name;
  cache.put_delegation(zone, servers({"ns1.example.", "ns2.example."}), {60}, start);
  cache.put_delegation(zone, servers({"ns1.example.", "ns3.example."}), {60}, start + 30s);
  CHECK(cache.deepest_delegation(zone, start + 30s)->expires == start + 90s);
  cache.put_delegation(zone, servers({"ns1.example."}), {60}, start + 40s);
  CHECK(cache.deepest_delegation(zone, start + 40s)->expires == start + 100s);
}

TEST_CASE("the same delegation with a shorter TTL ends earlier, and brings its newer glue") {
  Cache cache({.key = sip_key});
  const wire::Name zone = "example."_name;
  const NameServer old{"ns.example."_name, {address("192.0.2.1")}};
  const NameServer moved{"ns.example."_name, {address("192.0.2.2")}};
  cache.put_delegation(zone, {&old, 1}, {60}, start);
  cache.put_delegation(zone, {&moved, 1}, {10}, start);
  const auto found = cache.deepest_delegation(zone, start);
  CHECK(found->expires == start + 10s);
  CHECK(found->servers.front() == moved);
}

TEST_CASE("deeper delegations die with the ancestor that they hang from: no ghost domains") {
  Cache cache({.key = sip_key});
  cache.put_delegation(wire::Name{}, servers({"a.root-servers.net."}), {3}, start);
  cache.put_delegation("evil."_name, servers({"ns.evil."}), {5}, start);
  // The holder of the revoked name goes on delegating to itself, one cut deeper each second.
  wire::Name zone = "evil."_name;
  for (int second = 0; second < 5; ++second) {
    const std::uint8_t label[] = {static_cast<std::uint8_t>('a' + second)};
    zone = zone.with_label(label).value();
    cache.put_delegation(zone, servers({"ns.evil."}), {86400},
                         start + std::chrono::seconds{second});
    cache.put_delegation(zone, servers({"ns2.evil."}), {86400},
                         start + std::chrono::seconds{second});
    // The root hangs from nothing and holds nobody back.
    CHECK(cache.deepest_delegation(zone, start + 4s)->expires == start + 5s);
  }
  CHECK_FALSE(cache.deepest_delegation(zone, start + 5s));
}

TEST_CASE("what is known of a server comes back, and fades after a quarter of an hour") {
  Cache cache({.key = sip_key});
  const ServerState state{.srtt = 12ms,
                          .rttvar = 3456us,
                          .timeouts = 2,
                          .silent_since = start - 3s,
                          .no_edns = true,
                          .no_case = false,
                          .heard_plain_only = true,
                          .retry_at = start + 9s};
  ServerState with_cookie = state;
  with_cookie.heard_plain_only = false;
  with_cookie.cookies = CookieConduct::Given;
  with_cookie.cookie.client = {1, 2, 3, 4, 5, 6, 7, 8};
  with_cookie.cookie.server.fill(9);
  with_cookie.cookie.server_octets = 32;
  with_cookie.quirks_end = start + 1h;
  for (const std::string_view text : {"192.0.2.53", "2001:db8::53"}) {
    CHECK(cache.server({address(text)}, start) == ServerState{});
    cache.put_server({address(text)}, with_cookie, start);
    CHECK(cache.server({address(text)}, start) == with_cookie);
    cache.put_server({address(text)}, state, start);
    CHECK(cache.server({address(text)}, start + 15min - 1ns) == state);
    CHECK(cache.server({address(text)}, start + 15min) == ServerState{});
  }
  CHECK(cache.server({address("192.0.2.54")}, start) == ServerState{});
}

TEST_CASE("two servers at one address, each at its port, are not confused") {
  Cache cache({.key = sip_key});
  const wire::Endpoint one{address("192.0.2.53"), 53}, other{address("192.0.2.53"), 5353};
  cache.put_server(one, {.timeouts = 2}, start);
  cache.put_lame(one, "example."_name, 10s, start);
  CHECK(cache.server(other, start) == ServerState{});
  CHECK_FALSE(cache.is_lame(other, "example."_name, start));
}

TEST_CASE("a server is lame for one zone, for a time") {
  Cache cache({.key = sip_key});
  const wire::IpAddress server = address("192.0.2.53");
  cache.put_lame({server}, "example."_name, 10s, start);
  CHECK(cache.is_lame({server}, "EXAMPLE."_name, start + 9s));
  CHECK_FALSE(cache.is_lame({server}, "example."_name, start + 10s));
  CHECK_FALSE(cache.is_lame({server}, "www.example."_name, start));
  CHECK_FALSE(cache.is_lame({address("192.0.2.54")}, "example."_name, start));
}

}  // namespace cairn::cache::test
