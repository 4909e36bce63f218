#include "server/forward_config.hpp"

#include <doctest/doctest.h>

#include "server/config.hpp"
#include "server/loading.hpp"

namespace cairn::server {
namespace {

std::string error_of(std::string_view text) {
  try {
    load(config_from_text(text, "cairn.toml"));
  } catch (const StartError& error) {
    CHECK(error.code == ExitCode::Configuration);
    return error.message;
  }
  return "no error";
}

std::vector<ForwardConfig> forwards_of(std::string_view text) {
  return config_from_text(text, "cairn.toml").forwards;
}

resolver::ForwardZone zone_for(std::string_view toml, const char* name,
                               const FoundAddresses& found = {}) {
  const auto zone =
      forwarding_of(forwards_of(toml), found).find({*wire::Name::from_text(name), wire::RRType::A});
  REQUIRE(zone);
  return *zone;
}

std::string servers_of(const resolver::ForwardZone& zone) {
  std::string text;
  for (const wire::Endpoint& server : zone.servers) text += server.to_text() + " ";
  return text;
}

TEST_CASE("addresses alone are forwarders of the whole tree") {
  const auto zone = zone_for("forward = [\"9.9.9.9\", \"[2620:fe::fe]:5353\"]", "www.example.");
  CHECK(zone.zone.is_root());
  CHECK(servers_of(zone) == "9.9.9.9:53 [2620:fe::fe]:5353 ");
  CHECK_FALSE(zone.stub);
  CHECK_FALSE(zone.first);
  CHECK_FALSE(zone.listed);
  CHECK(servers_of(zone_for("forward = \"9.9.9.9\"", "www.example.")) == "9.9.9.9:53 ");
}

TEST_CASE("a table says which zone, whether it is forward-first, and in which order") {
  const char* toml =
      "forward = [\"9.9.9.9\", { zone = \"corp.example\", servers = [\"10.0.0.1\", "
      "\"10.0.0.2:5353\"], first = true, order = \"listed\" }]\n"
      "stub = [{ zone = \"lab.example.\", servers = \"10.0.0.3:5300\" }]";
  const auto corp = zone_for(toml, "www.corp.example.");
  CHECK(servers_of(corp) == "10.0.0.1:53 10.0.0.2:5353 ");
  CHECK(corp.first);
  CHECK(corp.listed);
  const auto lab = zone_for(toml, "lab.example.");
  CHECK(lab.stub);
  CHECK(servers_of(lab) == "10.0.0.3:5300 ");
  CHECK(servers_of(zone_for(toml, "www.example.")) == "9.9.9.9:53 ");
}

TEST_CASE("servers with names come in where they were written, as far as they were found") {
  const char* toml =
      "forward = [\"10.0.0.1\", \"dns.example.net:5353\", \"lost.example.net\", \"10.0.0.2\"]";
  CHECK(server_names(forwards_of(toml)) ==
        std::vector<std::string>{"dns.example.net", "lost.example.net"});
  const FoundAddresses found = {
      {"dns.example.net",
       {*wire::IpAddress::from_text("192.0.2.1"), *wire::IpAddress::from_text("2001:db8::1")}}};
  CHECK(servers_of(zone_for(toml, "www.", found)) ==
        "10.0.0.1:53 192.0.2.1:5353 [2001:db8::1]:5353 10.0.0.2:53 ");
}

TEST_CASE("a server is an address or the name of a host, each perhaps with a port") {
  for (const char* text : {"10.0.0.1", "10.0.0.1:53", "::1", "[::1]:5300", "dns", "dns.example",
                           "dns.example.:53", "1.dns-2.example"}) {
    CAPTURE(text);
    CHECK(ForwardServer::from_text(text));
  }
  for (const char* text :
       {"", ".", "10.0.0", "10.0.0.1.1", "256.0.0.1", "10.0.0.1:0", "10.0.0.1:65536",
        "dns:", "dns:0", "dns:x", "dns example", "::g", "https://dns.example", "dns..example"}) {
    CAPTURE(text);
    CHECK_FALSE(ForwardServer::from_text(text));
  }
}

TEST_CASE("mistakes in forward and stub zones are told with their place and the remedy") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"forward = [\"9.9.9\"]",
       "cairn.toml:1:12: `forward`: found \"9.9.9\", expected the address or the name of a server"},
      {"forward = 9", "`forward`: found 9, expected a list of servers"},
      {"forward = [{ servers = [\"10.0.0.1\"] }]", "`forward`: a zone without `zone`"},
      {"forward = [{ zone = \"a.example\" }]", "`forward`: a.example. has no servers"},
      {"forward = [{ zone = \"a..example\", servers = [\"10.0.0.1\"] }]", "the name of a zone"},
      {"forward = [{ zone = \"a\", servers = [\"10.0.0.1\"], order = \"first\" }]",
       "expected \"fastest\" or \"listed\""},
      {"forward = [{ zone = \"a\", server = [\"10.0.0.1\"] }]",
       "unknown key `forward.server`; did you mean `servers`?"},
      {"stub = [\"10.0.0.1\"]", "`stub`: found \"10.0.0.1\", expected a table"},
      {"stub = [{ zone = \"a\", servers = [\"10.0.0.1\"], first = true }]",
       "a stub zone has `zone` and `servers`"},
      {"forward = [{ zone = \"a\", servers = [\"10.0.0.1\"] }]\n"
       "stub = [{ zone = \"A.\", servers = [\"10.0.0.2\"] }]",
       "cairn.toml:2:9: `stub`: A. is told twice, first at cairn.toml:1:12"},
      {"listen = [\"127.0.0.1:5300\"]\nforward = [\"127.0.0.1:5300\"]",
       "cairn.toml:2:12: 127.0.0.1:5300 for . is where this resolver itself listens"},
      {"listen = [\"0.0.0.0:5300\"]\nforward = [\"127.0.0.1:5300\"]",
       "127.0.0.1:5300 for . is where this resolver itself listens"},
      {"forward = [\"[2001:db8::1]:53\"]\n[resolver]\nipv6 = false",
       "[2001:db8::1]:53 for . cannot be asked, because `resolver.ipv6` is false"},
      {"[resolver]\ndns64-prefix = \"64:ff9b::/95\"", "expected \"\" or an IPv6 prefix of 32, 40"},
      {"[resolver]\nrebinding-exceptions = [\"10.0.0.1/8\"]", "expected names such as"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CAPTURE(error_of(row.text));
    CHECK(error_of(row.text).find(row.message) != std::string::npos);
  }
  CHECK(error_of("listen = [\"127.0.0.1:5300\"]\nforward = [\"127.0.0.1:5301\"]") == "no error");
}

TEST_CASE("what is cached of zones whose servers have changed comes from elsewhere") {
  const auto before = forwards_of(
      "forward = [\"9.9.9.9\", { zone = \"a\", servers = [\"10.0.0.1\"] }, "
      "{ zone = \"b\", servers = [\"10.0.0.1\"] }]");
  const auto after = forwards_of(
      "forward = [{ zone = \"a\", servers = [\"10.0.0.1\"] }, { zone = \"b\", servers = "
      "[\"10.0.0.2\"] }, { zone = \"c\", servers = [\"10.0.0.1\"] }]");
  std::string changed;
  for (const wire::Name& zone : changed_zones(before, after)) changed += zone.to_text() + " ";
  CHECK(changed == ". b. c. ");
  CHECK(changed_zones(before, before).empty());
}

TEST_CASE("special zones make way for forward zones at, above and below them") {
  const auto serving = load(config_from_text(
      "forward = [\"9.9.9.9\", { zone = \"home.arpa\", servers = [\"10.0.0.1\"] }, "
      "{ zone = \"1.168.192.in-addr.arpa\", servers = [\"10.0.0.1\"] }]",
      "cairn.toml"));
  const auto ours = [&](const char* name) {
    return serving->zones.find(*wire::Name::from_text(name)) != nullptr;
  };
  CHECK_FALSE(ours("nas.home.arpa."));
  CHECK_FALSE(ours("1.1.168.192.in-addr.arpa."));
  CHECK(ours("1.2.168.192.in-addr.arpa."));
  CHECK(ours("www.invalid."));
}

TEST_CASE("DNS64 and protection from rebinding are off unless they are asked for") {
  CHECK_FALSE(config_from_text("", "cairn.toml").resolver.dns64);
  CHECK_FALSE(config_from_text("", "cairn.toml").resolver.rebinding.protection);
  const Config config = config_from_text(
      "[resolver]\ndns64-prefix = \"64:ff9b::/96\"\nrebinding-protection = true\n"
      "rebinding-exceptions = [\"lan.example\", \"127.0.0.0/8\"]",
      "cairn.toml");
  CHECK(config.resolver.dns64->prefix().to_text() == "64:ff9b::/96");
  CHECK(config.resolver.rebinding.protection);
  REQUIRE(config.resolver.rebinding.exceptions.size() == 1);
  CHECK(config.resolver.rebinding.exceptions[0].to_text() == "lan.example.");
  REQUIRE(config.resolver.rebinding.allowed.size() == 1);
  CHECK(config.resolver.rebinding.allowed[0].to_text() == "127.0.0.0/8");
}

}  // namespace
}  // namespace cairn::server
