#include "server/rate_limit.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

using Verdict = RateLimit::Verdict;
using wire::Rcode;

struct Counts {
  int answers = 0, shorts = 0, silences = 0;
};

Counts take(RateLimit& limit, std::string_view address, int times, wire::Instant now) {
  Counts counts;
  for (; times > 0; --times) {
    const auto verdict =
        limit.take(wire::IpAddress::from_text(address).value(), RateLimit::all, 100, now);
    ++(verdict == Verdict::Answer  ? counts.answers
       : verdict == Verdict::Short ? counts.shorts
                                   : counts.silences);
  }
  return counts;
}

TEST_CASE("a network gets its answers of a second, then half short ones and half silence") {
  RateLimit limit({1, 2});
  const auto first = take(limit, "203.0.113.5", 300, at(0));
  CHECK(first.answers == 100);
  CHECK(first.shorts == 100);
  CHECK(first.silences == 100);
  CHECK(take(limit, "203.0.113.77", 10, at(0)).answers == 0);  // of the same /24
  CHECK(take(limit, "203.0.114.5", 10, at(0)).answers == 10);
  CHECK(take(limit, "203.0.113.5", 300, at(0) + std::chrono::milliseconds{500}).answers == 50);
  CHECK(take(limit, "203.0.113.5", 300, at(60)).answers == 100);  // silence is not saved up
}

TEST_CASE("a network of IPv6 is what a household gets, and is none of IPv4") {
  RateLimit limit({1, 2});
  CHECK(take(limit, "2001:db8:0:1100::1", 200, at(0)).answers == 100);
  CHECK(take(limit, "2001:db8:0:11ff::1", 10, at(0)).answers == 0);
  CHECK(take(limit, "2001:db8:0:1200::1", 10, at(0)).answers == 10);
}

TEST_CASE("a busy network stays limited while a hundred thousand others come by") {
  RateLimit limit({1, 2});
  take(limit, "203.0.113.5", 200, at(0));
  for (unsigned other = 0; other < 100'000; ++other) {
    const std::array<std::uint8_t, 4> octets{10, static_cast<std::uint8_t>(other >> 8),
                                             static_cast<std::uint8_t>(other), 1};
    limit.take(wire::IpAddress::v4(octets), RateLimit::all, 100, at(0));
  }
  CHECK(take(limit, "203.0.113.5", 10, at(0)).answers == 0);
}

TEST_CASE("each kind of answer has a share of its own in each network") {
  RateLimit limit({1, 2});
  const auto answers = [&](std::string_view address, RateLimit::Kind kind) {
    int count = 0;
    for (int round = 0; round < 200; ++round)
      count += limit.take(wire::IpAddress::from_text(address).value(), kind, 100, at(0)) ==
               Verdict::Answer;
    return count;
  };
  CHECK(answers("203.0.113.5", 1) == 100);
  CHECK(answers("203.0.113.6", 1) == 0);
  CHECK(answers("203.0.113.6", 2) == 100);
  CHECK(answers("203.0.114.5", 1) == 100);
}

/// A thousand answers a second to 203.0.113.0/24, which could be forged: 250 of a kind.
struct Public {
  Public() {
    auto serving = std::make_shared<Serving>();
    serving->zones = zones::ZoneSet({zone("lab.",
                                          "@ 60 SOA ns a 1 2 3 4 5\n@ 60 NS ns\n"
                                          "ns 60 A 192.0.2.1\n*.www 60 A 192.0.2.2\n")});
    serving->allow = AccessList(std::array{*wire::Prefix::from_text("203.0.113.0/24"),
                                           *wire::Prefix::from_text("127.0.0.0/8")});
    serving->rate_limit = 1000;
    world.emplace(serving);
  }
  /// How many of so many questions get an answer with data, and the last other reply.
  int answered(const Client& from, int questions, const std::optional<wire::Edns>& edns = {},
               bool alike = false) {
    int count = 0;
    for (int round = 0; round < questions; ++round) {
      const std::string label = std::to_string(alike ? 0 : ++sequence);
      const auto octets = Asking{.name = label + ".www.lab.", .edns = edns}.octets();
      const auto reply = wire::parse(world->ask(octets, from, at(0)));
      if (!reply.ok()) continue;
      if (reply->answer.empty())
        other = *reply;
      else
        ++count;
    }
    return count;
  }
  std::optional<World> world;
  wire::Message other;
  int sequence = 0;
};

TEST_CASE("over the limit a client is sent to TCP, which has none, and so has this host") {
  Public all;
  CHECK(all.answered(client("203.0.113.5"), 1200) == 1000);
  CHECK(all.other.header.truncated);
  CHECK(all.other.header.rcode == Rcode::NOERROR);
  CHECK(all.world->queries.statistics().too_fast == 200);
  CHECK(all.world->queries.statistics().sent_short == 100);
  CHECK(all.answered(client("203.0.113.5", true), 1200) == 1200);
  CHECK(all.answered(client("127.0.0.1"), 1200) == 1200);
}

TEST_CASE("over the limit a client that knows cookies gets one, and with it no limit") {
  Public all;
  wire::Edns edns;
  edns.options.push_back({wire::OptionCode::Cookie, wire::Bytes(8, 7)});
  CHECK(all.answered(client("203.0.113.5"), 1200, edns) == 1000);
  CHECK(all.other.header.rcode == Rcode::BADCOOKIE);
  CHECK_FALSE(all.other.header.truncated);
  REQUIRE(all.other.edns);
  REQUIRE(all.other.edns->find(wire::OptionCode::Cookie));
  edns.options[0].data = all.other.edns->find(wire::OptionCode::Cookie)->data;
  CHECK(all.answered(client("203.0.113.5"), 1200, edns) == 1200);
}

TEST_CASE("one question asked again and again leaves most of the limit to all others") {
  Public all;
  CHECK(all.answered(client("203.0.113.5"), 600, {}, true) == 250);
  CHECK(all.other.header.truncated);
  CHECK(all.world->queries.statistics().too_alike == 350);
  CHECK(all.world->queries.statistics().sent_short == 175);
  CHECK(all.answered(client("203.0.113.77"), 600) == 400);  // what the total still allows
}

TEST_CASE("denials and refusals are alike, whatever was asked, and never longer than what came") {
  struct Row {
    const char* from;
    const char* zone;
    Rcode rcode;
  };
  for (const Row& row : {Row{"203.0.113.5", ".lab.", Rcode::NXDOMAIN},
                         Row{"198.51.100.7", ".www.lab.", Rcode::REFUSED}}) {
    Public all;
    int count = 0;
    for (int round = 0; round < 600; ++round) {
      const auto octets = Asking{.name = std::to_string(round) + row.zone}.octets();
      const auto reply = all.world->ask(octets, client(row.from), at(0));
      if (row.rcode == Rcode::REFUSED) CHECK(reply.size() <= octets.size());
      count += !reply.empty() && wire::parse(reply)->header.rcode == row.rcode;
    }
    CHECK(count == 250);
  }
}

TEST_CASE("answers that took their time are counted as all others are") {
  Public all;
  const auto octets = Asking{.name = "www.example."}.octets();
  for (int round = 0; round < 36; ++round)
    for (int host = 1; host <= 10; ++host)
      all.world->ask(octets, client("203.0.113." + std::to_string(host)), at(0));
  all.world->queries.give_up(at(1));
  int failed = 0, in_short = 0;
  for (const auto& [to, reply] : all.world->sent.replies)
    ++(wire::parse(reply)->header.truncated ? in_short : failed);
  CHECK(failed == 250);
  CHECK(in_short == 55);
}

}  // namespace
}  // namespace cairn::server::test
