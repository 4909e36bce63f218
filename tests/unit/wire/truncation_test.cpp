// What build() leaves out when a message does not fit, and when it says so (RFC 2181 section 9).
#include <doctest/doctest.h>

#include "tests/unit/wire/message_builder.hpp"

using namespace cairn::wire;

namespace {

Message full() {
  Message message = response("www.example.", RRType::A);
  message.answer = records({"www.example. 300 IN CNAME a.example.", "a.example. 300 IN A 192.0.2.1",
                            "a.example. 300 IN A 192.0.2.2"});
  message.authority =
      records({"example. 300 IN NS ns1.example.", "example. 300 IN NS ns2.example."});
  message.additional =
      records({"ns1.example. 300 IN A 192.0.2.8", "ns1.example. 300 IN AAAA 2001:db8::8",
               "ns2.example. 300 IN A 192.0.2.9"});
  message.edns = Edns{};
  return message;
}

struct Kept {
  std::size_t answer, authority, additional;
  bool truncated;
  bool operator==(const Kept&) const = default;
};

Kept kept(const Message& message, std::size_t limit) {
  const Bytes octets = build(message, limit);
  CHECK(octets.size() <= limit);
  const Message back = parsed(octets);
  CHECK(back.edns == message.edns);
  return {back.answer.size(), back.authority.size(), back.additional.size(), back.header.truncated};
}

}  // namespace

TEST_CASE("a message that fits exactly is whole, and one octet less costs a set") {
  const Message message = full();
  const std::size_t whole = build(message).size();
  CHECK(kept(message, whole) == Kept{3, 2, 3, false});
  CHECK(kept(message, whole - 1) == Kept{3, 2, 2, false});
}

TEST_CASE("missing additional records are no truncation") {
  const Message message = full();
  Message without = message;
  without.additional.clear();
  const std::size_t size = build(without).size();
  CHECK(kept(message, size) == Kept{3, 2, 0, false});
  CHECK(kept(message, size + 5) == Kept{3, 2, 0, false});
}

TEST_CASE("sets of the authority and answer sections go whole, and TC says so") {
  const Message message = full();
  Message without = message;
  without.additional.clear();
  CHECK(kept(message, build(without).size() - 1) == Kept{3, 0, 0, true});
  without.authority.clear();
  CHECK(kept(message, build(without).size()) == Kept{3, 0, 0, true});
  CHECK(kept(message, build(without).size() - 1) == Kept{1, 0, 0, true});
  without.answer.clear();
  CHECK(kept(message, build(without).size()) == Kept{0, 0, 0, true});
}

TEST_CASE("nothing of a later section stands in for what was left out before") {
  // The answer's set is too long for the limit; the small records behind it would fit.
  Message message = full();
  message.answer = records({"www.example. 300 IN TXT " + std::string(250, 'x')});
  CHECK(kept(message, 200) == Kept{0, 0, 0, true});
}

TEST_CASE("at every limit the message is in form and keeps its options") {
  Message message = full();
  message.edns->add({ExtendedErrorCode::StaleAnswer, "no answer for two days"});
  Message least = message;
  least.answer.clear();
  least.authority.clear();
  least.additional.clear();
  Kept before{0, 0, 0, true};
  for (std::size_t limit = build(least).size(); limit <= build(message).size(); ++limit) {
    const Kept now = kept(message, limit);
    CHECK(now.answer >= before.answer);
    CHECK(now.truncated == (now.answer < 3 || now.authority < 2));
    before = now;
  }
  CHECK(before == Kept{3, 2, 3, false});
}

TEST_CASE("a limit too small for anything never writes beyond it") {
  const Message message = full();
  for (std::size_t limit = 0; limit < 60; ++limit) {
    const Bytes octets = build(message, limit);
    CHECK(octets.size() <= limit);
    if (limit >= header_octets) CHECK(parsed(octets).header.truncated);
  }
}

TEST_CASE("no message is longer than 65535 octets") {
  Message message = response("www.example.", RRType::TXT);
  message.edns = Edns{};
  const std::string text = " " + std::string(255, 'x');
  for (char c = 'a'; c <= 'h'; ++c) {
    std::string line = std::string(1, c) + ".example. 300 IN TXT";
    for (int i = 0; i < 40; ++i) line += text;
    message.answer.push_back(records({line})[0]);
  }
  CHECK(kept(message, 1000000) == Kept{6, 0, 0, true});
}
