// What is expected of each message is what dig 9.18.49 did with it when a server of prepared octets
// sent it: a warning and the readable part, or ";; Got bad packet:" with the words of `trouble`.
#include "wire/loose_message.hpp"

#include "message_builder.hpp"
#include "wire/octets_text.hpp"

using namespace cairn::wire;

namespace {

// Question and records of "x.example." in hex, pieces that messages are put together from.
const std::string question = "0178076578616d706c650000010001";
const std::string owner = "0178076578616d706c6500";
const std::string address = owner + "000100010000012c0004c0000201";
const std::string opt = "00002904d0000000000000";
const std::string tsig =
    "016b0000fa00ff00000000001f0b686d61632d7368613235360000000000000100030002616200000000"
    "0000";

// Counts, then the rest, all in hex, behind an id and the flags of an answer.
Bytes message(const std::string& counts, const std::string& rest) {
  return from_hex("12348180" + counts + rest).value();
}

std::string record(const std::string& type, const std::string& rdata,
                   const std::string& rrclass = "0001") {
  const std::size_t length = rdata.size() / 2;
  return owner + type + rrclass + "0000012c" +
         to_hex(Bytes{static_cast<std::uint8_t>(length >> 8),
                      static_cast<std::uint8_t>(length & 0xff)}) +
         rdata;
}

}  // namespace

TEST_CASE("what a strict reader refuses is read as far as it goes") {
  struct Case {
    std::string what;
    std::string counts;
    std::string rest;
    bool malformed;
    std::size_t unread;
    std::size_t questions, answers, additionals;
  };
  const Case cases[] = {
      {"octets behind the end", "0001000100000000", question + address + "61626364", false, 4, 1, 1,
       0},
      {"the same question twice", "0002000100000000", question + question + address, true, 0, 2, 1,
       0},
      {"no question", "0000000100000000", address, false, 0, 0, 1, 0},
      {"a question that is not there", "0001000000000000", "", true, 0, 0, 0, 0},
      {"a header alone", "0000000000000000", "", false, 0, 0, 0, 0},
      {"an OPT among the answers", "0001000200000000", question + address + opt, true, 0, 1, 2, 0},
      {"two OPT", "0001000100000002", question + address + opt + opt, true, 0, 1, 1, 1},
      {"an OPT with an owner", "0001000100000001", question + address + "0161" + opt, true, 0, 1, 1,
       1},
      {"options that break off", "0001000100000001",
       question + address + "00002904d0000000000003000100", true, 3, 1, 1, 0},
      {"a record of another class", "0001000200000000",
       question + address + record("0010", "03616263", "0003"), true, 0, 1, 2, 0},
      {"an address without data of class ANY", "0001000100000000",
       question + record("0001", "", "00ff"), true, 0, 1, 1, 0},
      {"an address without data", "0001000100000000", question + record("0001", ""), true, 0, 1, 0,
       0},
      {"an address of three octets", "0001000100000000", question + record("0001", "010203"), true,
       3, 1, 0, 0},
      {"more records than counted", "0001000100000000", question + address + address, false, 25, 1,
       1, 0},
      {"fewer records than counted", "0001000200000000", question + address, true, 0, 1, 1, 0},
      {"data that is longer than the message", "0001000100000000",
       question + owner + "000100010000012c002831323334", true, 4, 1, 0, 0},
      {"text that is cut off", "0001000200000000", question + record("0010", "056162") + address,
       true, 28, 1, 0, 0},
      {"a name that is cut off", "0001000100000000", question + record("0002", "036162"), true, 3,
       1, 0, 0},
      {"half a pointer", "0001000100000000", question + record("0002", "c0"), true, 1, 1, 0, 0},
      {"a digest that is too short", "0001000100000000", question + record("002b", "0001080101"),
       true, 5, 1, 0, 0},
      {"a key that is not there", "0001000100000000", question + record("0019", "80000308"), true,
       4, 1, 0, 0},
      {"a parameter of a service without its data", "0001000100000000",
       question + record("0040", "00010000060010"), true, 7, 1, 0, 0},
      {"an address prefix that breaks off", "0001000100000000",
       question + record("002a", "0001180403c0000201"), true, 9, 1, 0, 0},
      {"a property without its name", "0001000100000000", question + record("0101", "80"), true, 1,
       1, 0, 0},
      {"services without a protocol", "0001000100000000", question + record("000b", "c0000201"),
       true, 4, 1, 0, 0},
      {"a TSIG in the midst", "0001000100000002", question + address + tsig + address, true, 0, 1,
       1, 2},
      {"a TSIG among the answers", "0001000200000000", question + address + tsig, true, 0, 1, 2, 0},
      {"an OPT behind the TSIG", "0001000100000002", question + address + tsig + opt, true, 0, 1, 1,
       1},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto loose = read_loosely(message(each.counts, each.rest));
    REQUIRE_MESSAGE(loose.ok(), loose.error());
    CHECK(loose->malformed == each.malformed);
    CHECK(loose->unread == each.unread);
    CHECK(loose->questions.size() == each.questions);
    CHECK(loose->answer.size() == each.answers);
    CHECK(loose->additional.size() == each.additionals);
  }
}

TEST_CASE("what cannot be shown at all says why") {
  struct Case {
    std::string trouble;
    std::string rest;  // one answer
  };
  const std::string label = "3f" + to_hex(Bytes(63, 'a'));
  const Case cases[] = {
      {"extra input data", record("0001", "0102030405")},
      {"extra input data", record("0002", "01610000")},
      {"bad label type", record("0002", "4061")},
      {"bad label type", record("0002", "8061")},
      {"bad compression pointer", record("0002", "0161c0ff")},
      {"bad compression pointer", "c01b0001000100000000000401020304"},
      {"name too long", record("0002", label + label + label + label + "00")},
      {"name too long", label + label + label + label + "00000200010000000000" + "0100"},
      {"FORMERR", record("0000", "616263")},
      {"bad owner name (check-names)",
       record("0032", "01010000001409F1A2B3C4D5E6F7A8B9C0D1E2F3A4B5C6D7E8F9")},
      {"FORMERR", record("0032", "01")},
      {"extra input data", record("002b", "30390d01" + to_hex(Bytes(21, 7)))},
      {"out of range", record("0026", "8100")},
      {"out of range", record("001d", "0000000000000000000000000000000000")},
      {"not implemented", record("002d", "0a0402")},
      {"FORMERR", record("0069", "000a")},
      {"FORMERR", record("0101", "0005")},
      {"bad bitmap", record("001e", "0161000001020304050607080910111213141516")},
  };
  for (const Case& each : cases) {
    CAPTURE(each.rest);
    const auto loose = read_loosely(message("0001000100000000", question + each.rest));
    REQUIRE_FALSE(loose.ok());
    CHECK(loose.error() == each.trouble);
  }
}

TEST_CASE("an option of the wrong length spoils the message, an unknown one does not") {
  struct Case {
    std::string what;
    std::string option;  // code, length, data
    bool readable;
  };
  const Case cases[] = {
      {"LLQ", "00010000", false},
      {"a client's subnet", "0008000700011800c00002", true},
      {"of no family", "0008000400000000", true},
      {"of no family with a scope", "0008000400000001", false},
      {"with too few octets", "0008000700012000c00002", false},
      {"with bits behind its prefix", "0008000700011700c00003", false},
      {"with too long a prefix", "0008000900012100c000020100", false},
      {"of a family that nobody knows", "0008000400030000", false},
      {"an expiry", "0009000400000100", true},
      {"a short expiry", "000900020001", false},
      {"a client's cookie", "000a00080102030405060708", true},
      {"an odd cookie", "000a0009010203040506070809", false},
      {"key tags", "000e000400010002", true},
      {"no key tags", "000e0000", false},
      {"an extended error", "000f0002000f", true},
      {"half an extended error", "000f000100", false},
      {"in UTF-8", "000f00060003c3a97874", true},
      {"not in UTF-8", "000f00040003fffe", false},
      {"overlong UTF-8", "000f00040003c081", false},
      {"a client's tag", "001000020001", true},
      {"a long client's tag", "0010000400010002", false},
      {"one that nobody knows", "fde90003616263", true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto length = static_cast<std::uint8_t>(each.option.size() / 2);
    const auto loose =
        read_loosely(message("0001000000000001", question + "00002904d000000000" + "00" +
                                                     to_hex(Bytes{length}) + each.option));
    CHECK(loose.ok() == each.readable);
    if (!loose) CHECK(loose.error() == "malformed OPT option");
  }
}

TEST_CASE("a name without type and class is half a question") {
  const auto loose = read_loosely(message("0001000000000000", "0178076578616d706c6500"));
  REQUIRE(loose);
  CHECK(loose->questions.empty());
  CHECK(loose->half_question);
  CHECK(loose->malformed);
}

TEST_CASE("an address of the class CH is a name and sixteen bits") {
  const auto loose = read_loosely(message("0001000100000000", question + record("0001",
                                                                                "01610012"
                                                                                "34",
                                                                                "0003")));
  REQUIRE(loose);
  REQUIRE(loose->answer.size() == 1);
  CHECK(is_chaos_address(loose->answer[0]));
  CHECK(loose->answer[0].rdata == Bytes{1, 'a', 0, 0x12, 0x34});
}

TEST_CASE("TTLs are read as they came") {
  const auto loose =
      read_loosely(message("0001000100000000", question + owner + "000100018000000100040a000001"));
  REQUIRE(loose);
  CHECK(loose->answer.at(0).ttl.seconds == 2147483649);
}

TEST_CASE("a signature at the end stands apart, in what is read and in what is ours") {
  const Bytes octets = message("0001000100000002", question + address + opt + tsig);
  const auto loose = read_loosely(octets);
  REQUIRE(loose);
  CHECK_FALSE(loose->malformed);
  CHECK(loose->edns);
  CHECK(loose->additional.empty());
  REQUIRE(loose->signature);
  CHECK(loose->signature->type == RRType::TSIG);
  CHECK(loose->claimed.additionals == 2);

  const LooseMessage ours = as_loose(parsed(octets));
  CHECK(ours.signature == loose->signature);
  CHECK(ours.additional.empty());
  CHECK(ours.claimed.additionals == 2);
}

TEST_CASE("a dynamic update may have records without data and of other classes") {
  const auto loose =
      read_loosely(from_hex("1234a800000100020000"
                            "0000" +
                            question + record("0010", "", "00ff") + record("00ff", "", "00fe"))
                       .value());
  REQUIRE(loose);
  CHECK_FALSE(loose->malformed);
  CHECK(loose->answer.size() == 2);
}

TEST_CASE("what is cut off anywhere is read up to there, or refused with a reason") {
  Message whole = response("www.example.", RRType::A);
  whole.answer =
      records({"www.example. 300 IN CNAME web.example.", "web.example. 60 IN A 192.0.2.1",
               "web.example. 60 IN TXT \"one\" \"two\""});
  whole.authority = records({"example. 300 IN SOA ns.example. admin.example. 1 2 3 4 5"});
  whole.edns.emplace().options = {{OptionCode::NSID, {'n', 's'}}};
  const Bytes octets = build(whole);
  for (std::size_t size = header_octets; size < octets.size(); ++size) {
    CAPTURE(size);
    const auto loose = read_loosely(std::span(octets).first(size));
    REQUIRE(loose.ok());
    CHECK(loose->malformed);
    CHECK(loose->answer.size() + loose->authority.size() <= 4);
  }
  const auto all = read_loosely(octets);
  REQUIRE(all);
  CHECK_FALSE(all->malformed);
  CHECK(static_cast<const Message&>(*all) == whole);
}

TEST_CASE("an update may name a set of signatures without any data (RFC 2136 section 2.4)") {
  const auto octets = from_hex(
                          "1234a8000000000100000000"
                          "00002e00ff000000000000")
                          .value();
  const auto loose = read_loosely(octets);
  REQUIRE(loose);
  CHECK(loose->answer.size() == 1);
}
