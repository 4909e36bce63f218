// A worker without sockets: the production decisions over a cache and zones, a network that only
// writes down what would leave, and a clock that stands where the test puts it.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/client_query.hpp"
#include "server/limits.hpp"
#include "wire/message.hpp"
#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"

namespace cairn::server::test {

inline wire::Instant at(std::int64_t seconds) {
  return wire::Instant{std::chrono::seconds{1000 + seconds}};
}

inline Client client(std::string_view address, bool stream = false) {
  Client client;
  client.from = {wire::IpAddress::from_text(address).value(), 40000};
  client.stream = stream;
  return client;
}

/// A query as a stub sends it: RD set, without EDNS unless given.
struct Asking {
  std::string name = "www.example.";
  wire::RRType type = wire::RRType::A;
  bool recursion_desired = true;
  std::optional<wire::Edns> edns = std::nullopt;

  wire::Message message() const {
    wire::Message message;
    message.header.id = 0xcafe;
    message.header.recursion_desired = recursion_desired;
    message.questions.push_back({wire::Name::from_text(name).value(), type, wire::RRClass::IN});
    message.edns = edns;
    return message;
  }
  wire::Bytes octets() const { return wire::build(message()); }
};

inline std::shared_ptr<const zones::Zone> zone(std::string_view apex, std::string_view text) {
  const auto name = wire::Name::from_text(apex).value();
  const auto parsed = zones::parse_zone_file(text, name, "test.zone");
  REQUIRE(parsed.errors.empty());
  auto made = zones::Zone::from_records(name, parsed.records);
  REQUIRE(made.ok());
  return *made;
}

inline wire::RRset set(std::string_view owner, wire::RRType type, std::uint32_t ttl,
                       std::initializer_list<std::string_view> rdata) {
  wire::RRset set;
  set.owner = wire::Name::from_text(owner).value();
  set.type = type;
  set.ttl = wire::Ttl{ttl};
  for (const auto text : rdata) set.rdata.add(wire::rdata_from_text(type, text).value());
  return set;
}

class Silence : public resolver::Network {
 public:
  bool send(resolver::ExchangeId id, resolver::Transport, const wire::Endpoint& server,
            std::span<const std::uint8_t> message) override {
    ++sent;
    last = {id, server, wire::Bytes(message.begin(), message.end())};
    return true;
  }
  void close(resolver::ExchangeId) override {}
  std::size_t sent = 0;
  struct {
    resolver::ExchangeId id = 0;
    wire::Endpoint server;
    wire::Bytes message;
  } last;
};

class Counting : public resolver::Random {
 public:
  std::uint64_t next() override {
    return state_ = state_ * 6364136223846793005U + 1442695040888963407U;
  }

 private:
  std::uint64_t state_ = 1;
};

class Sent : public Replies {
 public:
  void reply(const Client& client, std::span<const std::uint8_t> message) override {
    replies.emplace_back(client, wire::Bytes(message.begin(), message.end()));
  }
  std::vector<std::pair<Client, wire::Bytes>> replies;
};

inline ServingPtr serving_with(std::vector<std::shared_ptr<const zones::Zone>> zones) {
  auto serving = std::make_shared<Serving>();
  serving->zones = zones::ZoneSet(std::move(zones));
  return serving;
}

/// Nothing is hosted, and 203.0.113.0/24 may ask as well.
inline ServingPtr serving_strangers() {
  auto serving = std::make_shared<Serving>();
  serving->allow = AccessList(std::array{*wire::Prefix::from_text("203.0.113.0/24"),
                                         *wire::Prefix::from_text("127.0.0.0/8")});
  return serving;
}

struct World {
  explicit World(ServingPtr serving = serving_with({}))
      : queries(std::move(serving), cache, rate_limit, {network, random, sent}) {}

  /// The reply at once, or nothing.
  wire::Bytes ask(std::span<const std::uint8_t> octets, const Client& from, wire::Instant now) {
    out.resize(from.stream ? wire::max_message_octets : limits::most_edns_octets);
    out.resize(queries.answer(octets, from, out, now).value_or(0));
    return out;
  }
  wire::Message ask(const Asking& asking, wire::Instant now = at(0),
                    std::string_view from = "127.0.0.1") {
    const auto reply = wire::parse(ask(asking.octets(), client(from), now));
    REQUIRE(reply.ok());
    return *reply;
  }

  cache::Cache cache{cache::CacheOptions{.size = 4U << 20, .key = {1, 2}, .shards = 4}};
  RateLimit rate_limit{{1, 2}};
  Silence network;
  Counting random;
  Sent sent;
  ClientQueries queries;
  wire::Bytes out;
};

}  // namespace cairn::server::test
