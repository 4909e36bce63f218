#include "wire/message.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/unit/wire/message_builder.hpp"
#include "tests/unit/wire/random_rdata.hpp"

using namespace cairn::wire;
using namespace std::string_literals;

namespace {

Bytes octets_of(const std::string& text) {
  return {text.begin(), text.end()};
}

/// A header with QR set and these counts.
std::string head(int questions, int answers, int authorities, int additionals) {
  std::string octets = "\x12\x34\x80\0"s;
  for (const int count : {questions, answers, authorities, additionals}) {
    octets += static_cast<char>(count >> 8);
    octets += static_cast<char>(count);
  }
  return octets;
}

const std::string question = "\3www\7example\0\0\1\0\1"s;
const std::string address = "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1"s;
const std::string opt = "\0\0\x29\4\xd0\0\0\x80\0\0\0"s;  // 1232, DO

}  // namespace

TEST_CASE("a reply reads as what it says") {
  const Message message =
      parsed(octets_of("\x12\x34\x85\x80\0\1\0\1\0\0\0\1"s + question + address + opt));
  CHECK(message.header.id == 0x1234);
  CHECK(message.header.response);
  CHECK(message.header.authoritative);
  CHECK(message.header.recursion_desired);
  CHECK(message.header.recursion_available);
  CHECK_FALSE(message.header.truncated);
  CHECK(message.header.rcode == Rcode::NOERROR);
  REQUIRE(message.questions.size() == 1);
  CHECK(to_text(message.questions[0]) == "www.example. IN A");
  REQUIRE(message.answer.size() == 1);
  CHECK(to_text(message.answer[0]) == "www.example. 300 IN A 192.0.2.1");
  CHECK(message.additional.empty());
  REQUIRE(message.edns.has_value());
  CHECK(message.edns->udp_size == 1232);
  CHECK(message.edns->dnssec_ok);
}

TEST_CASE("the same reply is written in the same octets") {
  const Bytes octets = octets_of(head(1, 1, 0, 1) + question + address + opt);
  CHECK(build(parsed(octets)) == octets);
}

TEST_CASE("each bit of the header has its own place") {
  struct Row {
    std::string flags;
    void (*set)(Header&);
  };
  const Row rows[] = {
      {"\x80\0"s, [](Header& h) { h.response = true; }},
      {"\x28\0"s, [](Header& h) { h.opcode = Opcode::Update; }},
      {"\4\0"s, [](Header& h) { h.authoritative = true; }},
      {"\2\0"s, [](Header& h) { h.truncated = true; }},
      {"\1\0"s, [](Header& h) { h.recursion_desired = true; }},
      {"\0\x80"s, [](Header& h) { h.recursion_available = true; }},
      {"\0\x40"s, [](Header& h) { h.reserved = true; }},
      {"\0\x20"s, [](Header& h) { h.authentic_data = true; }},
      {"\0\x10"s, [](Header& h) { h.checking_disabled = true; }},
      {"\0\3"s, [](Header& h) { h.rcode = Rcode::NXDOMAIN; }},
  };
  for (const Row& row : rows) {
    Message message;
    row.set(message.header);
    const Bytes octets = octets_of("\0\0"s + row.flags + std::string(8, '\0'));
    CHECK(build(message) == octets);
    CHECK(parsed(octets) == message);
  }
}

TEST_CASE("the header alone can be read before the message") {
  const auto raw = parse_header(octets_of("\x12\x34\x81\x83\0\1\0\2\0\3\0\4 and more"s));
  REQUIRE(raw.has_value());
  CHECK(raw->header.id == 0x1234);
  CHECK(raw->header.rcode == Rcode::NXDOMAIN);
  CHECK(raw->questions == 1);
  CHECK(raw->answers == 2);
  CHECK(raw->authorities == 3);
  CHECK(raw->additionals == 4);
  CHECK_FALSE(parse_header(Bytes(11)).has_value());
}

TEST_CASE("EDNS carries the upper bits of the rcode") {
  Message message = response("www.example.", RRType::A);
  message.header.rcode = Rcode::BADVERS;
  message.edns = Edns{};
  const Message back = parsed(build(message));
  CHECK(back.header.rcode == Rcode::BADVERS);
  CHECK(back == message);
  message.edns.reset();
  CHECK(parsed(build(message)).header.rcode == Rcode::SERVFAIL);
}

TEST_CASE("all of EDNS survives, whatever its version") {
  Message message = response("www.example.", RRType::A);
  message.edns =
      Edns{4096, 7, true, 0x1234, {{OptionCode::Cookie, Bytes(8, 1)}, {OptionCode::NSID, {}}}};
  CHECK(parsed(build(message)) == message);
}

TEST_CASE("a message that breaks a rule is refused with the reason") {
  const std::string opt_of_a_name = "\1a\0\0\x29\4\xd0\0\0\0\0\0\0"s;
  const std::string opt_with_half_an_option = "\0\0\x29\4\xd0\0\0\0\0\0\3\0\12\0"s;
  const std::string address_of_three = "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\3\xc0\0\2"s;
  const std::string empty_address = "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\0"s;
  const std::string name_out_of_rdata = "\xc0\x0c\0\2\0\1\0\0\1\x2c\0\1\1a\0"s;
  const std::string name_short_of_rdata = "\xc0\x0c\0\2\0\1\0\0\1\x2c\0\5\1a\0zz"s;
  struct Row {
    const char* reason;
    std::string octets;
  };
  const Row rows[] = {
      {"shorter than a header", head(1, 0, 0, 0).substr(0, 11)},
      {"a broken question", head(1, 0, 0, 0)},
      {"a broken question", head(1, 0, 0, 0) + question.substr(0, question.size() - 1)},
      {"a broken question", head(1, 0, 0, 0) + "\xc0\x0c\0\1\0\1"s},
      {"more than one question", head(2, 0, 0, 0) + question + question},
      {"a broken answer section", head(1, 1, 0, 0) + question},
      {"a broken answer section", head(1, 2, 0, 0) + question + address},
      {"a broken answer section", head(1, 1, 0, 0) + question + address_of_three},
      {"a broken answer section", head(1, 1, 0, 0) + question + empty_address},
      {"a broken answer section", head(1, 1, 0, 0) + question + name_out_of_rdata},
      {"a broken answer section", head(1, 1, 0, 0) + question + name_short_of_rdata},
      {"a broken authority section", head(1, 0, 1, 0) + question},
      {"a broken additional section", head(1, 0, 0, 1) + question + opt.substr(1)},
      {"octets behind the last record", head(1, 0, 0, 0) + question + "x"},
      {"an OPT record outside the additional section", head(1, 1, 0, 0) + question + opt},
      {"an OPT record outside the additional section", head(1, 0, 1, 0) + question + opt},
      {"two OPT records", head(1, 0, 0, 2) + question + opt + opt},
      {"an OPT record that is not the root's", head(1, 0, 0, 1) + question + opt_of_a_name},
      {"broken EDNS options", head(1, 0, 0, 1) + question + opt_with_half_an_option},
  };
  for (const Row& row : rows) CHECK(complaint(octets_of(row.octets)) == row.reason);
}

TEST_CASE("a message cut at any octet is refused, and no octet behind its end is read") {
  Message message = response("www.example.", RRType::A);
  message.answer =
      records({"www.example. 300 IN CNAME host.example.", "host.example. 300 IN A 192.0.2.1"});
  message.authority = records({"example. 300 IN SOA ns.example. mail.example. 1 2 3 4 5"});
  message.edns = Edns{};
  message.edns->add({ExtendedErrorCode::Other, "why"});
  const Bytes whole = build(message);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(complaint(cut) != "");
  }
  CHECK(complaint(whole) == "");
}

TEST_CASE("counts are not believed: records that are not there take no memory") {
  Bytes octets = octets_of(head(1, 65535, 65535, 65535) + question);
  CHECK(complaint(octets) == "a broken answer section");
}

TEST_CASE("a time to live with the top bit set counts as zero") {
  std::string record = address;
  record[6] = '\x80';
  CHECK(parsed(octets_of(head(1, 1, 0, 0) + question + record)).answer[0].ttl.seconds == 0);
}

TEST_CASE("an update's records without data and a TSIG are carried as they are") {
  // RFC 2136 section 2.5.2: delete an RRset; class ANY, no RDATA.
  const std::string deletion = "\xc0\x0c\0\1\0\xff\0\0\0\0\0\0"s;
  const std::string tsig = "\3key\0\0\xfa\0\xff\0\0\0\0\0\x11\0"s + std::string(16, '\0');
  const Bytes octets = octets_of(head(1, 0, 1, 1) + question + deletion + tsig);
  const Message message = parsed(octets);
  CHECK(message.authority[0].rdata.empty());
  CHECK(message.authority[0].rrclass == RRClass::ANY);
  CHECK(message.additional[0].type == RRType::TSIG);
  CHECK(build(message) == octets);
}

TEST_CASE("names in RDATA are compressed for the types of RFC 1035 only") {
  Message message = response("www.example.", RRType::ANY);
  message.answer = records({"www.example. 1 IN MX 5 www.example."});
  const std::size_t compressed = build(message).size();
  message.answer = records({"www.example. 1 IN SRV 5 0 0 www.example."});
  // SRV has two fields of 16 bits more, and its name of 13 octets whole (RFC 3597 section 4).
  CHECK(build(message).size() == compressed + 4 + 11);
  CHECK(parsed(build(message)) == message);
}

TEST_CASE("what is built is parsed as the same, for random messages of every type") {
  std::mt19937 die(11);
  RandomRdata random(12);
  const std::vector<RRType> types = structured_types();
  for (int round = 0; round < 400; ++round) {
    Message message = response("www.example.", types[die() % types.size()]);
    message.header.rcode = static_cast<Rcode>(die() % 16);
    for (auto* section : {&message.answer, &message.authority, &message.additional})
      for (std::size_t count = die() % 6; count > 0; --count) {
        Record record;
        record.type = types[die() % types.size()];
        record.owner = die() % 2 ? message.questions[0].name : "x.y.example."_name;
        record.ttl = Ttl{static_cast<std::uint32_t>(die()) >> 1};
        record.rdata = random.of(record.type);
        section->push_back(record);
      }
    if (die() % 2) message.edns = Edns{};
    const Bytes octets = build(message);
    const Message back = parsed(octets);
    REQUIRE(back == message);
    CHECK(build(back) == octets);
  }
}
