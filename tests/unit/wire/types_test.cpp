#include "wire/types.hpp"

#include <doctest/doctest.h>

using namespace cairn::wire;

TEST_CASE("every type and class reads back from its own text") {
  for (unsigned number = 0; number <= 0xFFFF; ++number) {
    const auto code = static_cast<std::uint16_t>(number);
    REQUIRE(rrtype_from_text(to_text(RRType{code})) == RRType{code});
    REQUIRE(rrclass_from_text(to_text(RRClass{code})) == RRClass{code});
  }
}

TEST_CASE("types and classes are known by mnemonic and by number, in any case") {
  struct Row {
    std::string_view text;
    std::optional<RRType> type;
  };
  constexpr Row rows[] = {
      {"A", RRType::A},         {"aaaa", RRType::AAAA},       {"Nsec3Param", RRType::NSEC3PARAM},
      {"TYPE1", RRType::A},     {"type65280", RRType{65280}}, {"TYPE65535", RRType{65535}},
      {"ANY", RRType::ANY},     {"TYPE65536", std::nullopt},  {"TYPE", std::nullopt},
      {"TYPE1x", std::nullopt}, {"TYPE-1", std::nullopt},     {"", std::nullopt},
      {"AAAAA", std::nullopt},  {"CLASS1", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(rrtype_from_text(row.text) == row.type);
  }
  CHECK(rrclass_from_text("in") == RRClass::IN);
  CHECK(rrclass_from_text("CLASS32") == RRClass{32});
  CHECK_FALSE(rrclass_from_text("TYPE1"));
  CHECK(to_text(RRType{65280}) == "TYPE65280");
  CHECK(to_text(RRClass{32}) == "CLASS32");
}

TEST_CASE("codes without a name are written as dig writes them") {
  CHECK(to_text(Rcode::NXDOMAIN) == "NXDOMAIN");
  CHECK(to_text(Rcode{11}) == "RESERVED11");
  CHECK(to_text(Rcode::BADCOOKIE) == "BADCOOKIE");
  CHECK(to_text(Opcode::Notify) == "NOTIFY");
  CHECK(to_text(Opcode{3}) == "RESERVED3");
}

TEST_CASE("types of questions and of messages are no data of a zone") {
  for (const RRType type : {RRType::OPT, RRType::ANY, RRType::AXFR, RRType::TSIG, RRType{128}}) {
    CHECK(is_meta(type));
  }
  for (const RRType type : {RRType::A, RRType::URI, RRType{127}, RRType{256}}) {
    CHECK_FALSE(is_meta(type));
  }
}

TEST_CASE("times are plain seconds, or counts with units") {
  struct Row {
    std::string_view text;
    std::optional<std::uint32_t> seconds;
  };
  constexpr Row rows[] = {
      {"0", 0U},
      {"3600", 3600U},
      {"4294967295", 4294967295U},
      {"1h30m", 5400U},
      {"1H30M", 5400U},
      {"2w1d1h1m1s", 2 * 604800U + 86400 + 3600 + 60 + 1},
      {"4294967296", std::nullopt},
      {"7102w", std::nullopt},  // 2^32 seconds are 7101 weeks and some
      {"", std::nullopt},
      {"h", std::nullopt},
      {"1h30", std::nullopt},
      {"1y", std::nullopt},
      {"-1", std::nullopt},
      {"1 h", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(seconds_from_text(row.text) == row.seconds);
  }
}

TEST_CASE("a TTL with its top bit set counts as zero") {
  CHECK(Ttl::from_wire(0x7FFFFFFF).seconds == 0x7FFFFFFF);
  CHECK(Ttl::from_wire(0x80000000).seconds == 0);
  CHECK(Ttl::from_wire(0xFFFFFFFF).seconds == 0);
}
