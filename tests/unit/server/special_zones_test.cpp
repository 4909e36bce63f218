#include "server/special_zones.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

using wire::Rcode;
using wire::RRType;

constexpr const char* nothing = "";

World special_world(const std::vector<wire::Name>& hosted = {}) {
  return World(serving_with(special_zones(hosted)));
}

TEST_CASE("each special name is answered here as its RFC says, and nobody is asked") {
  struct Row {
    const char* name;
    RRType type;
    Rcode rcode;
    const char* first;  // RDATA
  };
  using enum Rcode;
  const Row rows[] = {
      {"localhost.", RRType::A, NOERROR, "127.0.0.1"},
      {"LocalHost.", RRType::AAAA, NOERROR, "::1"},
      {"a.b.localhost.", RRType::A, NOERROR, "127.0.0.1"},
      {"a.localhost.", RRType::AAAA, NOERROR, "::1"},
      {"localhost.", RRType::MX, NOERROR, nothing},
      {"a.localhost.", RRType::TXT, NOERROR, nothing},
      {"1.0.0.127.in-addr.arpa.", RRType::PTR, NOERROR, "localhost."},
      {"2.0.0.127.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.", RRType::PTR,
       NOERROR, "localhost."},
      {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.", RRType::PTR,
       NOERROR, nothing},
      {"www.invalid.", RRType::A, NXDOMAIN, nothing},
      {"www.test.", RRType::A, NXDOMAIN, nothing},
      {"printer.local.", RRType::A, NXDOMAIN, nothing},
      {"facebookcorewwwi.onion.", RRType::A, NXDOMAIN, nothing},
      {"name.alt.", RRType::A, NXDOMAIN, nothing},
      {"nas.home.arpa.", RRType::A, NXDOMAIN, nothing},
      {"home.arpa.", RRType::A, NOERROR, nothing},
      {"default.service.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"_dns.resolver.arpa.", RRType{64}, NOERROR, nothing},
      {"other.resolver.arpa.", RRType::A, NOERROR, nothing},
      {"ipv4only.arpa.", RRType::A, NOERROR, "192.0.0.170"},
      {"ipv4only.arpa.", RRType::AAAA, NOERROR, nothing},
      {"170.0.0.192.in-addr.arpa.", RRType::PTR, NOERROR, "ipv4only.arpa."},
      {"171.0.0.192.in-addr.arpa.", RRType::PTR, NOERROR, "ipv4only.arpa."},
      {"1.0.0.10.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.16.172.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.31.172.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.168.192.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.64.100.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.127.100.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.1.254.169.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.2.0.192.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.100.51.198.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.113.0.203.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"255.255.255.255.in-addr.arpa.", RRType::PTR, NOERROR, nothing},
      {"1.0.0.0.in-addr.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.8.b.d.0.1.0.0.2.ip6.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.0.f.f.f.3.ip6.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"1.d.f.ip6.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"0.8.e.f.ip6.arpa.", RRType::PTR, NXDOMAIN, nothing},
      {"0.b.e.f.ip6.arpa.", RRType::PTR, NXDOMAIN, nothing},
  };
  World world = special_world();
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto message = world.ask({.name = row.name, .type = row.type});
    CHECK(message.header.rcode == row.rcode);
    CHECK(message.header.authoritative);
    if (row.first == nothing) {
      CHECK(message.answer.empty());
      REQUIRE(message.authority.size() == 1);  // for how long there is nothing (RFC 2308)
      CHECK(message.authority[0].type == RRType::SOA);
    } else {
      REQUIRE_FALSE(message.answer.empty());
      const bool among = std::ranges::any_of(message.answer, [&row](const wire::Record& record) {
        return wire::rdata_to_text(record.type, record.rdata) == row.first;
      });
      CHECK(among);
    }
  }
  CHECK(world.network.sent == 0);
}

TEST_CASE("names beside the special ones are asked for as ever") {
  for (const char* name :
       {"example.", "www.example.com.", "arpa.", "1.1.1.1.in-addr.arpa.",
        "1.0.15.172.in-addr.arpa.", "1.0.32.172.in-addr.arpa.", "1.0.63.100.in-addr.arpa.",
        "1.0.128.100.in-addr.arpa.", "172.in-addr.arpa.", "0.0.2.ip6.arpa.", "localhost.example.",
        "latest."}) {
    CAPTURE(name);
    World world = special_world();
    CHECK(world.ask(Asking{.name = name}.octets(), client("127.0.0.1"), at(0)).empty());
    CHECK(world.network.sent == 1);
  }
}

TEST_CASE("what the operator hosts takes the place of special zones at and below it") {
  const auto names = [](const std::vector<wire::Name>& hosted) {
    std::vector<std::string> apexes;
    for (const auto& zone : special_zones(hosted)) apexes.push_back(zone->apex().to_text());
    return apexes;
  };
  const auto has = [](const std::vector<std::string>& all, const char* name) {
    return std::ranges::find(all, name) != all.end();
  };
  using wire::operator""_name;
  const auto all = names({});
  CHECK(has(all, "10.in-addr.arpa."));
  CHECK_FALSE(has(names({"10.in-addr.arpa."_name}), "10.in-addr.arpa."));
  CHECK_FALSE(has(names({"in-addr.arpa."_name}), "10.in-addr.arpa."));
  CHECK(has(names({"in-addr.arpa."_name}), "d.f.ip6.arpa."));
  CHECK(names({"1.10.in-addr.arpa."_name}) == all);  // the longer one answers by itself
  CHECK(names({"."_name}) == all);  // a copy of the root knows nothing of localhost (RFC 8806)
}

}  // namespace
}  // namespace cairn::server::test
