// Octets as a client sends them, over the whole way of a query: read, decided by access list,
// zones, cache and engine, and replied to, at once or when its time is up. The reply is a message
// that belongs to this query, no larger than this client may be sent, and nobody gets more than he
// may.
#include "server/client_query.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "server/limits.hpp"
#include "wire/message.hpp"
#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"

namespace {

using namespace cairn;
using wire::RRType;
using wire::operator""_name;

void require(bool holds) {
  if (!holds) std::abort();
}

class SeededRandom : public resolver::Random {
 public:
  std::uint64_t next() override {
    return state_ = state_ * 6364136223846793005U + 1442695040888963407U;
  }

 private:
  std::uint64_t state_ = 1;
};

class Silence : public resolver::Network {
 public:
  bool send(resolver::ExchangeId, resolver::Transport, const wire::Endpoint&,
            std::span<const std::uint8_t>) override {
    return ++sent, true;
  }
  void close(resolver::ExchangeId) override {}
  unsigned sent = 0;
};

class Sent : public server::Replies {
 public:
  void reply(const server::Client&, std::span<const std::uint8_t> message) override {
    last.assign(message.begin(), message.end());
    ++count;
  }
  wire::Bytes last;
  unsigned count = 0;
};

server::ServingPtr serving() {
  constexpr std::string_view text = R"($TTL 300
@ SOA ns admin 1 3600 600 86400 60
@ NS ns
@ MX 10 mail
ns A 192.168.1.1
www A 192.168.1.10
www A 192.168.1.11
mail AAAA fd00::25
out CNAME www.example.
d DNAME example.
* TXT "anything"
sub NS ns.sub
ns.sub A 192.168.2.1
)";
  const auto parsed = zones::parse_zone_file(text, "lab."_name, "lab.zone");
  auto serving = std::make_shared<server::Serving>();
  serving->identity = server::Identity("fuzzed", "0");
  serving->zones = zones::ZoneSet({zones::Zone::from_records("lab."_name, parsed.records).value()});
  return serving;
}

wire::RRset addresses(const wire::Name& owner, std::uint8_t count) {
  wire::RRset set;
  set.owner = owner;
  set.type = RRType::A;
  set.ttl = wire::Ttl{60};
  for (std::uint8_t last = 0; last < count; ++last)
    set.rdata.add(std::array<std::uint8_t, 4>{192, 0, 2, last});
  return set;
}

struct World {
  explicit World(wire::Instant now) {
    cache.put(addresses("www.example."_name, 2), cache::Rank::AuthoritativeAnswer, now);
    cache.put(addresses("many.example."_name, 100), cache::Rank::AuthoritativeAnswer, now);
  }
  cache::Cache cache{cache::CacheOptions{.size = 1U << 20, .key = {1, 2}, .shards = 1}};
  server::RateLimit rate_limit{{1, 2}};
  Silence network;
  SeededRandom random;
  Sent sent;
  server::ClientQueries queries{[]() -> server::ServingPtr {
                                  static const server::ServingPtr one = serving();
                                  return one;
                                }(),
                                cache,
                                rate_limit,
                                {network, random, sent}};
};

struct Asker {
  server::Client client;
  bool stranger;
};

Asker asker(std::uint8_t setup) {
  constexpr std::string_view addresses[] = {"127.0.0.1", "10.0.0.1", "203.0.113.5", "2001:db8::5"};
  Asker asker;
  asker.client.from = {wire::IpAddress::from_text(addresses[setup & 3]).value(), 40000};
  asker.client.stream = (setup & 4) != 0;
  asker.stranger = (setup & 2) != 0;
  return asker;
}

void check_reply(std::span<const std::uint8_t> query, const Asker& asker,
                 std::span<const std::uint8_t> octets) {
  const auto asked = wire::parse_header(query)->header;
  const auto reply = wire::parse(octets);
  require(reply.ok());
  require(reply->header.response && reply->header.id == asked.id);
  require(reply->header.opcode == asked.opcode);
  require(reply->header.recursion_desired == asked.recursion_desired);
  require(reply->header.checking_disabled == asked.checking_disabled);

  const auto read = server::read_query(query);
  require(reply->edns.has_value() == read->edns);
  const bool cookie = read->cookie && !asker.stranger;
  require((read->edns && reply->edns->find(wire::OptionCode::Cookie)) == cookie);
  require(reply->questions.size() == (read->has_question ? 1 : 0));
  if (read->has_question) {
    require(reply->questions[0] == read->question);
    require(std::ranges::equal(reply->questions[0].name.wire(), read->question.name.wire()));
  }
  if (read->complaint != wire::Rcode::NOERROR)
    require(reply->answer.empty() && reply->header.rcode != wire::Rcode::NOERROR);
  if (!asker.client.stream) require(octets.size() <= (read->edns ? 1232 : 512));
  if (asker.client.stream) require(!reply->header.truncated);
  if (asker.stranger) {
    require(reply->header.rcode == wire::Rcode::REFUSED);
    require(!read->has_question || octets.size() <= query.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Asker asker = ::asker(data[0]);
  const std::span<const std::uint8_t> octets(data + 1, size - 1);
  wire::Instant now{std::chrono::seconds{1000}};
  World world(now);
  wire::Bytes out(asker.client.stream ? wire::max_message_octets
                                      : server::limits::most_edns_octets);
  const auto header = wire::parse_header(octets);

  // Three times: from sets, as a finished answer is made of them, and the finished answer.
  for (int round = 0; round < 3; ++round) {
    const auto written = world.queries.answer(octets, asker.client, out, now);
    require(written.has_value() || world.network.sent > 0);
    require(written != 0U || !header || header->header.response);
    if (written.value_or(0) > 0) check_reply(octets, asker, std::span(out).first(*written));
  }
  require(world.network.sent == 0 || (!asker.stranger && header->header.recursion_desired));

  // Nobody answers the daemon's own questions: who waits is told so in time.
  const bool waiting = !world.queries.idle();
  for (int second = 0; second < 6; ++second) {
    world.queries.engine().on_deadline(now += std::chrono::seconds{1});
    world.queries.deliver_finished(now);
  }
  require(world.queries.idle());
  require(waiting || world.sent.count == 0);
  if (world.sent.count > 0) check_reply(octets, asker, world.sent.last);
  return 0;
}
