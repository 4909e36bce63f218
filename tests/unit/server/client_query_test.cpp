#include "server/client_query.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

using wire::Rcode;
using wire::RRType;

constexpr const char* lab = R"($TTL 300
@ SOA ns admin 1 3600 600 86400 60
@ NS ns
ns A 192.168.1.1
www A 192.168.1.10
www A 192.168.1.11
out CNAME www.example.
sub NS ns.sub
ns.sub A 192.168.2.1
)";

TEST_CASE("a stranger is refused with no more octets than he sent, for ours and for cached names") {
  World world(serving_with({zone("lab.", lab)}));
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  for (const char* name : {"www.lab.", "www.example.", "other.example."}) {
    for (const auto& edns : {std::optional<wire::Edns>(), std::optional(wire::Edns{})}) {
      const auto octets = Asking{.name = name, .edns = edns}.octets();
      const auto reply = world.ask(octets, client("203.0.113.5"), at(1));
      CHECK(reply.size() <= octets.size());
      const auto message = wire::parse(reply);
      REQUIRE(message.ok());
      CHECK(message->header.rcode == Rcode::REFUSED);
      CHECK_FALSE(message->header.recursion_available);
      CHECK(message->answer.empty());
    }
  }
  CHECK(world.queries.statistics().not_allowed == 6);
  CHECK(world.network.sent == 0);
}

TEST_CASE("a stranger hears why he is refused, as far as he left room for it in his question") {
  World world(serving_strangers());
  wire::Edns edns;
  const auto error_for = [&](std::size_t padding) {
    edns.options = {{wire::OptionCode::Padding, wire::Bytes(padding)}};
    const auto octets = Asking{.edns = edns}.octets();
    const wire::Bytes reply = world.ask(octets, client("198.51.100.1"), at(0));
    CHECK(reply.size() <= octets.size());
    return wire::parse(reply)->edns->extended_error();
  };
  CHECK_FALSE(error_for(0));
  REQUIRE(error_for(8));
  CHECK(error_for(8)->code == wire::ExtendedErrorCode::Prohibited);
  CHECK(error_for(8)->text.empty());
  CHECK_FALSE(error_for(100)->text.empty());
}

TEST_CASE("a client that asks how long its stream may be idle is told, and only over a stream") {
  World world(serving_with({zone("lab.", lab)}));
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  wire::Edns edns;
  edns.options = {{wire::OptionCode::Keepalive, {}}};
  Client stream = client("127.0.0.1", true);
  stream.patience = std::chrono::milliseconds{2500};
  for (const char* name : {"www.lab.", "www.example.", "www.example."}) {  // the last one finished
    CAPTURE(name);
    const auto octets = Asking{.name = name, .edns = edns}.octets();
    const auto told = wire::parse(world.ask(octets, stream, at(1)));
    REQUIRE(told->edns->find(wire::OptionCode::Keepalive));
    CHECK(told->edns->find(wire::OptionCode::Keepalive)->data == wire::Bytes{0, 25});
    CHECK_FALSE(wire::parse(world.ask(octets, client("127.0.0.1"), at(1)))
                    ->edns->find(wire::OptionCode::Keepalive));
  }
  CHECK(world.queries.statistics().from_cache > 0);
  const auto octets = Asking{.name = "www.lab.", .edns = edns}.octets();
  stream.from.address = *wire::IpAddress::from_text("203.0.113.5");
  CHECK(world.ask(octets, stream, at(1)).size() <= octets.size());  // a stranger
}

TEST_CASE("what is secure is said to those who ask with AD or DO, from the cache as well") {
  World world(serving_with({zone("lab.", lab)}));
  wire::RRset secure = set("www.example.", RRType::A, 60, {"192.0.2.1"});
  secure.security = wire::Security::Secure;
  world.cache.put(secure, cache::Rank::AuthoritativeAnswer, at(0));
  wire::RRset insecure = set("plain.example.", RRType::A, 60, {"192.0.2.2"});
  insecure.security = wire::Security::Insecure;
  world.cache.put(insecure, cache::Rank::AuthoritativeAnswer, at(0));
  wire::Edns with_do;
  with_do.dnssec_ok = true;
  const auto is_told = [&](Asking asking, bool ad) {
    auto octets = asking.octets();
    if (ad) octets[3] |= 0x20;
    return wire::parse(world.ask(octets, client("127.0.0.1"), at(1)))->header.authentic_data;
  };
  for (int time = 0; time < 3; ++time) {  // put together first, then finished
    CAPTURE(time);
    CHECK(is_told({.name = "www.example."}, true));
    CHECK_FALSE(is_told({.name = "www.example."}, false));
    CHECK(is_told({.name = "www.example.", .edns = with_do}, false));
    CHECK_FALSE(is_told({.name = "plain.example."}, true));
    CHECK_FALSE(is_told({.name = "plain.example.", .edns = with_do}, true));
    CHECK_FALSE(is_told({.name = "www.lab."}, true));
  }
  CHECK(world.queries.statistics().from_cache > 0);
  CHECK(world.network.sent == 0);
}

TEST_CASE("proofs of a denial go only to those who set DO") {
  World world(serving_with({}));
  const std::vector denial{set("example.", RRType::SOA, 60, {"ns.example. h.example. 1 2 3 4 60"}),
                           set("example.", RRType::NSEC, 60, {"z.example. NS SOA RRSIG NSEC"})};
  world.cache.put_nxdomain(*wire::Name::from_text("no.example."), denial, at(0));
  wire::Edns with_do;
  with_do.dnssec_ok = true;
  for (int time = 0; time < 3; ++time) {
    const auto authority = [&](Asking asking) {
      return wire::parse(world.ask(asking.octets(), client("127.0.0.1"), at(1)))->authority.size();
    };
    CHECK(authority({.name = "no.example."}) == 1);
    CHECK(authority({.name = "no.example.", .edns = with_do}) == 2);
  }
}

TEST_CASE("each address that is listened on may let in others, and a reload changes who") {
  const auto allowing = [](std::string_view general, std::string_view of_second) {
    auto serving = std::make_shared<Serving>();
    serving->allow = AccessList(std::array{*wire::Prefix::from_text(general)});
    if (!of_second.empty())
      serving->allow_at.emplace(*wire::Endpoint::from_text("192.0.2.2", 53),
                                AccessList(std::array{*wire::Prefix::from_text(of_second)}));
    return serving;
  };
  World world(allowing("10.0.0.0/8", "203.0.113.0/24"));
  world.queries.listen_on(
      {*wire::Endpoint::from_text("192.0.2.1", 53), *wire::Endpoint::from_text("192.0.2.2", 53)});
  const auto refused = [&](std::string_view from, std::uint32_t listener) {
    Client asking = client(from);
    asking.listener = listener;
    const auto octets = Asking{.name = "localhost.", .recursion_desired = false}.octets();
    const std::uint64_t before = world.queries.statistics().not_allowed;
    world.ask(octets, asking, at(0));
    return world.queries.statistics().not_allowed > before;
  };
  CHECK_FALSE(refused("10.0.0.1", 0));
  CHECK(refused("10.0.0.1", 1));
  CHECK(refused("203.0.113.1", 0));
  CHECK_FALSE(refused("203.0.113.1", 1));
  world.queries.use(allowing("10.0.0.0/8", ""));
  CHECK_FALSE(refused("10.0.0.1", 1));
  CHECK(refused("203.0.113.1", 1));
}

TEST_CASE("a zone of ours answers with AA, each address first in its turn") {
  World world(serving_with({zone("lab.", lab)}));
  std::map<int, int> first;
  for (int round = 0; round < 10; ++round) {
    const auto message = world.ask({.name = "www.lab."});
    CHECK(message.header.authoritative);
    CHECK(message.authority.empty());
    REQUIRE(message.answer.size() == 2);
    ++first[message.answer[0].rdata[3]];
  }
  CHECK(first[10] == 5);
  CHECK(first[11] == 5);
  CHECK(world.queries.statistics().from_zones == 10);
}

TEST_CASE("a negative answer of ours carries the SOA") {
  World world(serving_with({zone("lab.", lab)}));
  const auto message = world.ask({.name = "nobody.lab."});
  CHECK(message.header.rcode == Rcode::NXDOMAIN);
  CHECK(message.header.authoritative);
  REQUIRE(message.authority.size() == 1);
  CHECK(message.authority[0].type == RRType::SOA);
}

TEST_CASE("ANY over UDP gets the smallest set alone, over a stream all that the server gave") {
  for (const bool stream : {false, true}) {
    World world(serving_with({zone("lab.", lab)}));
    const Asking any{.name = "host.sub.lab.", .type = RRType::ANY};
    world.ask(any.octets(), client("127.0.0.1", stream), at(0));
    auto reply = wire::parse(world.network.last.message).value();
    reply.header.response = reply.header.authoritative = true;
    for (const char* record : {"host.sub.lab. 60 IN TXT \"a long text beside a short address\"",
                               "host.sub.lab. 60 IN A 192.0.2.1"})
      reply.answer.push_back(wire::record_from_text(record).value());
    world.queries.engine().on_message(world.network.last.id, world.network.last.server,
                                      resolver::Transport::Udp, wire::build(reply), at(0));
    world.queries.deliver_finished(at(0));
    REQUIRE(world.sent.replies.size() == 1);
    const auto message = wire::parse(world.sent.replies[0].second).value();
    REQUIRE(message.answer.size() == (stream ? 2 : 1));
    CHECK(message.answer.back().type == RRType::A);
  }
}

TEST_CASE("a delegation of ours is a referral without RD, and followed with RD") {
  World world(serving_with({zone("lab.", lab)}));
  const auto message = world.ask({.name = "host.sub.lab.", .recursion_desired = false});
  CHECK_FALSE(message.header.authoritative);
  CHECK(message.answer.empty());
  REQUIRE(message.authority.size() == 1);
  CHECK(message.additional.size() == 1);
  CHECK(world.ask(Asking{.name = "host.sub.lab."}.octets(), client("127.0.0.1"), at(0)).empty());
  CHECK(world.network.sent == 1);
}

TEST_CASE("an alias that leaves our zone goes on in the cache, and stays authoritative") {
  World world(serving_with({zone("lab.", lab)}));
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  for (int round = 0; round < 3; ++round) {
    const auto message = world.ask({.name = "out.lab."}, at(1));
    CHECK(message.header.authoritative);
    REQUIRE(message.answer.size() == 2);
    CHECK(message.answer[0].type == RRType::CNAME);
    CHECK(message.answer[1].ttl.seconds == 59);
  }
  CHECK(world.queries.statistics().from_cache == 0);  // our data is never kept as finished
}

TEST_CASE("the second question for a cached name makes a finished answer for the third") {
  World world;
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1", "192.0.2.2", "192.0.2.3"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  CHECK(world.ask({}, at(1)).answer.size() == 3);
  CHECK(world.queries.statistics().from_cache == 0);
  std::map<int, int> first;
  for (int round = 0; round < 300; ++round) {
    const auto message = world.ask({.name = "WWW.eXample."}, at(11));
    CHECK(message.header.id == 0xcafe);
    CHECK(message.questions[0].name.to_text() == "WWW.eXample.");
    REQUIRE(message.answer.size() == 3);
    CHECK(message.answer[0].owner.to_text() == "WWW.eXample.");
    CHECK(message.answer[2].ttl.seconds == 49);
    CHECK_FALSE(message.header.authoritative);
    CHECK(message.header.recursion_available);
    CHECK_FALSE(message.edns);
    ++first[message.answer[0].rdata[3]];
  }
  CHECK(world.queries.statistics().from_cache == 300);
  for (const int last_octet : {1, 2, 3}) CHECK(first[last_octet] == 100);
}

TEST_CASE("a finished answer gets the OPT of the client that asks") {
  World world;
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  world.ask({}, at(1));
  const auto message = world.ask({.edns = wire::Edns{}}, at(1));
  CHECK(world.queries.statistics().from_cache == 1);
  REQUIRE(message.edns);
  CHECK(message.answer.size() == 1);
  CHECK_FALSE(world.ask(Asking{}, at(1)).edns);
}

TEST_CASE("a cached answer that does not fit a datagram is truncated, and whole over a stream") {
  World world;
  wire::RRset many = set("www.example.", RRType::A, 60, {});
  for (std::uint8_t last = 0; last < 100; ++last)
    many.rdata.add(std::array<std::uint8_t, 4>{192, 0, 2, last});
  world.cache.put(many, cache::Rank::AuthoritativeAnswer, at(0));
  for (int round = 0; round < 3; ++round) {
    wire::Edns edns;
    edns.udp_size = 4096;
    const auto octets = Asking{.edns = edns}.octets();
    const auto datagram = world.ask(octets, client("127.0.0.1"), at(1));
    CHECK(datagram.size() <= 1232);  // whatever the client offers
    CHECK(wire::parse(datagram)->header.truncated);
    const auto whole = wire::parse(world.ask(octets, client("127.0.0.1", true), at(1)));
    CHECK_FALSE(whole->header.truncated);
    CHECK(whole->answer.size() == 100);
  }
}

TEST_CASE("without RD only what is known is told, and nobody is asked") {
  World world;
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  CHECK(world.ask({.recursion_desired = false}, at(1)).answer.size() == 1);
  const auto message = world.ask({.name = "other.", .recursion_desired = false}, at(1));
  CHECK(message.header.rcode == Rcode::REFUSED);
  CHECK(world.network.sent == 0);
  CHECK(world.queries.engine().idle());
}

TEST_CASE("who is refused for a reason of ours is told it, if he sent EDNS") {
  World world;
  struct Row {
    Asking asking;
    Rcode rcode;
    wire::ExtendedErrorCode code;
  };
  using enum wire::ExtendedErrorCode;
  const wire::Edns edns;
  const Row rows[] = {
      {{.recursion_desired = false, .edns = edns}, Rcode::REFUSED, NotAuthoritative},
      {{.type = RRType::AXFR, .edns = edns}, Rcode::REFUSED, NotSupported},
      {{.type = RRType::MAILA, .edns = edns}, Rcode::NOTIMP, NotSupported},
      {{.type = RRType::TKEY, .edns = edns}, Rcode::FORMERR, InvalidQueryType},
  };
  for (const Row& row : rows) {
    CAPTURE(wire::to_text(row.asking.type));
    const auto message = world.ask(row.asking);
    CHECK(message.header.rcode == row.rcode);
    const auto error = message.edns->extended_error();
    REQUIRE(error);
    CHECK(error->code == row.code);
    CHECK_FALSE(error->text.empty());
  }
}

/// Asks with this COOKIE option; gives back what the reply holds of one.
std::optional<wire::Bytes> cookie_of(const wire::Message& message) {
  const auto* option = message.edns ? message.edns->find(wire::OptionCode::Cookie) : nullptr;
  return option ? std::optional(option->data) : std::nullopt;
}
wire::Edns with_cookie(wire::Bytes cookie) {
  wire::Edns edns;
  edns.options.push_back({wire::OptionCode::Cookie, std::move(cookie)});
  return edns;
}

TEST_CASE("a cookie goes back with every kind of answer, and the next question proves it") {
  World world(serving_with({zone("lab.", lab)}));
  world.queries.tell_time(std::chrono::sys_seconds{std::chrono::seconds{1700000000}});
  world.cache.put(set("www.example.", RRType::A, 60, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  const wire::Bytes half(8, 7);
  for (const char* name :
       {"www.lab.", "nobody.lab.", "www.example.", "www.example.", "www.example."}) {
    CAPTURE(name);
    const auto first = cookie_of(world.ask({.name = name, .edns = with_cookie(half)}));
    REQUIRE(first);
    CHECK(first->size() == 24);
    CHECK(std::equal(half.begin(), half.end(), first->begin()));
    const auto proven = world.queries.statistics().proven;
    CHECK(cookie_of(world.ask({.name = name, .edns = with_cookie(*first)})) == first);
    CHECK(world.queries.statistics().proven == proven + 1);
    // Stolen, it proves nothing.
    world.ask({.name = name, .edns = with_cookie(*first)}, at(0), "10.0.0.1");
    CHECK(world.queries.statistics().proven == proven + 1);
  }
  CHECK(world.queries.statistics().from_cache > 0);
  CHECK_FALSE(cookie_of(world.ask({.name = "www.lab.", .edns = wire::Edns{}})));
}

TEST_CASE("who only wants a cookie gets it without a question, and a stranger gets none") {
  World world;
  auto message = Asking{.edns = with_cookie(wire::Bytes(8, 7))}.message();
  message.questions.clear();
  const auto octets = wire::build(message);
  const auto reply = wire::parse(world.ask(octets, client("127.0.0.1"), at(0))).value();
  CHECK(reply.header.rcode == Rcode::NOERROR);
  CHECK(reply.questions.empty());
  CHECK(cookie_of(reply));
  const auto refused = wire::parse(world.ask(octets, client("203.0.113.5"), at(0))).value();
  CHECK(refused.header.rcode == Rcode::REFUSED);
  CHECK_FALSE(cookie_of(refused));
}

TEST_CASE("a malformed query that may be forged gets no more octets back than it has") {
  World world(serving_strangers());
  // A header that promises one record, and an OPT; no question, or two.
  for (const std::uint8_t questions : {std::uint8_t{0}, std::uint8_t{2}}) {
    const wire::Bytes octets = {0, 7, 1,  0, 0,   questions, 0, 0, 0, 0, 0, 1,
                                0, 0, 41, 4, 208, 0,         0, 0, 0, 0, 0};
    const auto reply = world.ask(octets, client("203.0.113.5"), at(0));
    CHECK(wire::parse(reply).value().header.rcode == Rcode::FORMERR);
    CHECK(reply.size() <= octets.size());
  }
}

TEST_CASE("a client with a valid cookie is not taken for one who forges") {
  World world(serving_strangers());
  const auto cookie = *cookie_of(world.ask(
      {.name = "nobody.", .recursion_desired = false, .edns = with_cookie(wire::Bytes(8, 7))},
      at(0), "203.0.113.1"));
  const auto wait = [&](const wire::Edns& edns) {
    for (std::size_t count = 0; count <= limits::waiting_per_client; ++count)
      world.ask(
          Asking{.name = "n" + std::to_string(world.queries.waiting()) + ".example.", .edns = edns}
              .octets(),
          client("203.0.113.1"), at(0));
    return world.queries.waiting();
  };
  CHECK(wait(wire::Edns{}) == limits::waiting_per_client);
  CHECK(wait(with_cookie(cookie)) == 2 * limits::waiting_per_client + 1);
  for (int second = 1; second <= 6; ++second) {
    world.queries.engine().on_deadline(at(second));
    world.queries.deliver_finished(at(second));
  }
  CHECK(world.queries.statistics().too_late == limits::waiting_per_client);
  CHECK(world.sent.replies.size() == limits::waiting_per_client + 1);
}

TEST_CASE("class CH tells name and version where the operator gave words, and else nothing") {
  const auto ask = [](World& world, const char* name, RRType type) {
    auto message = Asking{.name = name, .type = type}.message();
    message.questions[0].rrclass = wire::RRClass::CH;
    return wire::parse(world.ask(wire::build(message), client("127.0.0.1"), at(0))).value();
  };
  World silent;
  CHECK(ask(silent, "version.bind.", RRType::TXT).header.rcode == Rcode::REFUSED);

  auto serving = std::make_shared<Serving>();
  serving->identity = Identity("resolver-2", "");
  World world(serving);
  for (const char* name : {"id.server.", "Hostname.BIND."})
    for (const auto type : {RRType::TXT, RRType::ANY}) {
      const auto message = ask(world, name, type);
      CHECK(message.header.rcode == Rcode::NOERROR);
      REQUIRE(message.answer.size() == 1);
      CHECK(message.answer[0].rrclass == wire::RRClass::CH);
      CHECK(message.answer[0].ttl.seconds == 0);
      CHECK(wire::rdata_to_text(RRType::TXT, message.answer[0].rdata) == "\"resolver-2\"");
    }
  CHECK(ask(world, "version.bind.", RRType::TXT).header.rcode == Rcode::REFUSED);
  CHECK(ask(world, "id.server.", RRType::A).header.rcode == Rcode::REFUSED);
  CHECK(ask(world, "www.id.server.", RRType::TXT).header.rcode == Rcode::REFUSED);
  CHECK(world.network.sent == 0);
}

TEST_CASE(
    "a question that nobody can answer waits, and fails with the reason when its time is up") {
  World world;
  world.ask(Asking{.edns = wire::Edns{}}.octets(), client("127.0.0.1"), at(0));
  CHECK(world.queries.waiting() == 1);
  CHECK(world.network.sent > 0);
  for (int second = 1; second <= 6; ++second) {
    world.queries.engine().on_deadline(at(second));
    world.queries.deliver_finished(at(second));
  }
  CHECK(world.queries.waiting() == 0);
  REQUIRE(world.sent.replies.size() == 1);
  const auto message = wire::parse(world.sent.replies[0].second);
  REQUIRE(message.ok());
  CHECK(message->header.id == 0xcafe);
  CHECK(message->header.rcode == Rcode::SERVFAIL);
  CHECK(message->edns->extended_error().has_value());
}

TEST_CASE(
    "an answer that is late goes to streams and this host, not to an address that may be forged") {
  World world(serving_strangers());
  for (const auto& from : {client("203.0.113.1"), client("203.0.113.2", true), client("127.0.0.1")})
    world.ask(Asking{}.octets(), from, at(0));
  for (int second = 1; second <= 6; ++second) {
    world.queries.engine().on_deadline(at(second));
    world.queries.deliver_finished(at(second));
  }
  CHECK(world.sent.replies.size() == 2);
  CHECK(world.queries.statistics().too_late == 1);
}

TEST_CASE("one address has so many questions waiting, and no more") {
  World world(serving_strangers());
  for (int at_most = 0; at_most < 200; ++at_most)
    world.ask(Asking{.name = "n" + std::to_string(at_most) + ".example."}.octets(),
              client("203.0.113.1"), at(0));
  CHECK(world.queries.waiting() == limits::waiting_per_client);
  CHECK(world.queries.statistics().too_many == 200 - limits::waiting_per_client);
  world.ask(Asking{}.octets(), client("203.0.113.2"), at(0));
  CHECK(world.queries.waiting() == limits::waiting_per_client + 1);
}

TEST_CASE("at the end everybody who waits is told SERVFAIL") {
  World world;
  world.ask(Asking{.name = "a."}.octets(), client("127.0.0.1"), at(0));
  world.ask(Asking{.name = "b."}.octets(), client("127.0.0.1", true), at(0));
  world.queries.give_up(at(1));
  CHECK(world.sent.replies.size() == 2);
  CHECK(world.queries.idle());
  CHECK(world.queries.engine().idle());
}

TEST_CASE("after a reload the new zones answer") {
  World world(serving_with({zone("lab.", lab)}));
  CHECK(world.ask({.name = "www.lab."}).answer.size() == 2);
  world.queries.use(serving_with({zone("lab.", std::string(lab) + "www A 192.168.1.12\n")}));
  CHECK(world.ask({.name = "www.lab."}).answer.size() == 3);
}

TEST_CASE("ten thousand malformed datagrams change nothing but counters") {
  World world(serving_with({zone("lab.", lab)}));
  wire::Edns edns;
  edns.options.push_back({wire::OptionCode::Cookie, wire::Bytes(8, 1)});
  const auto good = Asking{.name = "www.lab.", .edns = edns}.octets();
  std::mt19937 random(42);
  for (int round = 0; round < 10000; ++round) {
    wire::Bytes octets = good;
    for (unsigned flips = random() % 4; flips > 0; --flips)
      octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
    octets[21] = 0;  // of type TSIG: nothing that could be answered is left
    octets[22] = 250;
    if (random() % 2) octets.resize(random() % octets.size());
    const auto reply = world.ask(octets, client("127.0.0.1"), at(0));
    CHECK(reply.size() <= octets.size() + 64);  // no lever: a cookie and a reason
    if (!reply.empty()) {
      const auto message = wire::parse(reply);
      REQUIRE(message.ok());
      CHECK(message->answer.empty());
    }
  }
  const auto& statistics = world.queries.statistics();
  CHECK(statistics.ignored > 0);
  CHECK(statistics.malformed > 0);
  CHECK(world.queries.idle());
  CHECK(world.queries.engine().idle());
  CHECK(world.cache.statistics().entries == 0);
  CHECK(world.network.sent == 0);
}

TEST_CASE("10,000 clients of a dead domain take nothing from those who ask for something else") {
  auto serving = std::make_shared<Serving>();
  serving->allow = AccessList(std::array{*wire::Prefix::from_text("100.64.0.0/10")});
  World world(serving);
  world.cache.put(set("www.example.", RRType::A, 600, {"192.0.2.1"}),
                  cache::Rank::AuthoritativeAnswer, at(0));
  const auto from = [](int number) {
    return client("100." + std::to_string(64 + number / 25000) + "." +
                  std::to_string(number / 100 % 250) + "." + std::to_string(number % 100));
  };
  int cached = 0, begun = 0;
  for (int number = 0; number < 10'000; ++number) {
    const std::string label = std::to_string(number);
    world.ask(Asking{.name = "d" + label + ".dead.example."}.octets(), from(number), at(0));
    if (number % 10 != 0) continue;
    cached += !world.ask(Asking{}.octets(), from(number + 1), at(0)).empty();
    const std::size_t before = world.queries.waiting();
    world.ask(Asking{.name = "n" + label + ".new.example."}.octets(), from(number + 2), at(0));
    begun += world.queries.waiting() > before;
  }
  CHECK(cached == 1000);
  CHECK(begun == 1000);
  CHECK(world.queries.statistics().too_many == 0);
}

TEST_CASE("a wall clock that steps a day back or a year forward costs a cookie and no answer") {
  using namespace std::chrono_literals;
  World world(serving_with({zone("lab.", lab)}));
  wire::Edns edns;
  edns.options = {{wire::OptionCode::Cookie, wire::Bytes(8, 7)}};
  const std::chrono::sys_seconds today{1'800'000'000s};
  std::uint64_t proven = 0;
  for (const auto step : {0s, 0s, -86400s, -86400s, 365 * 86400s, 365 * 86400s, 0s}) {
    world.queries.tell_time(today + step);
    const auto reply = world.ask(Asking{.name = "www.lab.", .edns = edns});
    CHECK(reply.header.rcode == Rcode::NOERROR);
    CHECK_FALSE(reply.answer.empty());
    edns.options[0].data = reply.edns->find(wire::OptionCode::Cookie)->data;
    proven = world.queries.statistics().proven;
  }
  CHECK(proven == 3);  // each time that the clock had stood still since the cookie was made
}

TEST_CASE("whoever asks wrongly and can read it is told what is wrong") {
  World world;
  const auto told = [&](const wire::Bytes& octets) -> std::string {
    const auto reply = wire::parse(world.ask(octets, client("127.0.0.1"), at(0)));
    if (!reply.ok() || !reply->edns || !reply->edns->extended_error()) return "";
    return wire::to_text(reply->header.rcode) + ": " + reply->edns->extended_error()->text;
  };
  wire::Edns edns;
  wire::Message message = Asking{.edns = edns}.message();
  message.questions.clear();
  CHECK(told(wire::build(message)) == "FORMERR: there is no question");
  message = Asking{.edns = edns}.message();
  message.edns->version = 1;
  CHECK(told(wire::build(message)) == "BADVERS: of EDNS only version 0 is known");
  wire::Bytes octets = Asking{.edns = edns}.octets();
  octets.push_back(0);
  CHECK(told(octets) == "FORMERR: the query is cut short, or more follows it");
}

}  // namespace
}  // namespace cairn::server::test
