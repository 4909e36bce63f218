// What the resolver's unit tests are made of: replies and names from DNS text, chance from a seed,
// an hour that starts at zero.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "cache/cache.hpp"
#include "resolver/exchange.hpp"
#include "resolver/known.hpp"
#include "wire/message.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::resolver {

using wire::operator""_name;

class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  std::uint64_t next() override {
    // splitmix64 (Steele, Lea, Flood 2014)
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
    return mixed ^ mixed >> 31;
  }

 private:
  std::uint64_t state_;
};

inline wire::Endpoint endpoint(const char* text) {
  return *wire::Endpoint::from_text(text, 53);
}
inline wire::IpAddress address(const char* text) {
  return *wire::IpAddress::from_text(text);
}
inline wire::Instant at(wire::Duration since_start) {
  return wire::Instant{} + since_start;
}

inline wire::Record record(const char* text) {
  auto parsed = wire::record_from_text(text);
  REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error()));
  return *parsed;
}

using Records = std::initializer_list<const char*>;
inline std::vector<wire::Record> records(Records texts) {
  std::vector<wire::Record> all;
  for (const char* text : texts) all.push_back(record(text));
  return all;
}

inline Ask ask(const char* name, wire::RRType type, const char* zone) {
  return {{*wire::Name::from_text(name), type, wire::RRClass::IN},
          *wire::Name::from_text(zone),
          endpoint("192.0.2.1")};
}

/// A reply with AA to a question, as a server would build it.
struct ReplyText {
  Records answer = {};
  Records authority = {};
  Records additional = {};
  wire::Rcode rcode = wire::Rcode::NOERROR;
  bool authoritative = true;
};
inline wire::Message reply(const wire::Question& question, const ReplyText& text) {
  wire::Message message;
  message.header.response = true;
  message.header.authoritative = text.authoritative;
  message.header.rcode = text.rcode;
  message.questions = {question};
  message.answer = records(text.answer);
  message.authority = records(text.authority);
  message.additional = records(text.additional);
  return message;
}

}  // namespace cairn::resolver
