#include "zones/zone_generate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using Lines = std::vector<std::string>;

namespace {

/// The records, then the errors.
Lines lines_of(const std::string& text, const ZoneFileOptions& options = {}) {
  const ZoneFile file = parse_zone_file("$TTL 9\n" + text, "lab."_name, "f", options);
  Lines lines;
  for (const Record& record : file.records) lines.push_back(to_text(record));
  for (const ZoneFileError& error : file.errors) lines.push_back(error.to_text());
  return lines;
}

}  // namespace

TEST_CASE("a range has a first, a last and perhaps a step") {
  CHECK(*generate_range_from_text("1-254") == GenerateRange{1, 254, 1});
  CHECK(*generate_range_from_text("00-+255/16") == GenerateRange{0, 255, 16});
  CHECK(generate_range_from_text("0-255/16")->count() == 16);
  CHECK(generate_range_from_text("7-7")->count() == 1);
  CHECK(generate_range_from_text("1-3/7")->count() == 1);
  CHECK(generate_range_from_text("0-2147483647")->count() == 2147483648U);
  const std::string expected = ": expected FIRST-LAST or FIRST-LAST/STEP, numbers up to 2147483647";
  for (const char* text : {"", "1", "1-", "-1", "1-2/", "1-2/x", "1-2 ", "1-2147483648", "a-b"})
    CHECK(generate_range_from_text(text).error() ==
          "'" + std::string(text) + "' is no range" + expected);
  CHECK(generate_range_from_text("3-1").error() ==
        "'3-1' is no range: its first number is greater than its last");
  CHECK(generate_range_from_text("1-3/0").error() ==
        "'1-3/0' is no range: with step 0 it has no end");
}

// What named-compilezone of BIND 9.18 makes of the same patterns.
TEST_CASE("the number stands where the pattern has a dollar sign, in the form that is asked for") {
  struct {
    const char* pattern;
    std::uint32_t number;
    const char* text;
  } const cases[] = {
      {"", 1, ""},
      {"plain", 1, "plain"},
      {"a$b$", 12, "a12b12"},
      {"b${10,4,d}", 3, "b0013"},
      {"c${0,3,x}", 255, "c0ff"},
      {"c${-20,3,d}", 12, "c-08"},
      {"c${-20}", 10, "c-10"},
      {"${0,4,X}", 254, "00FE"},
      {"${0,1,X}", 256, "100"},
      {"${0,3,o}", 8, "010"},
      {"${1}", 8, "9"},
      {"${1,3}", 8, "009"},
      {"${+1,3,d}", 8, "009"},
      {"${0,5,n}.nib", 18, "2.1.0.nib"},
      {"${0,4,N}nib", 18, "2.1.nib"},
      {"${0,1,N}.nib", 171, "B.A.nib"},
      {"${0,2,N}nib", 171, "B.Anib"},
      {"${0,0,n}.nib", 171, "b.a.nib"},
      {"${0,8,n}nib", 171, "b.a.0.0.nib"},
      {"${0,7,n}.nib", 171, "b.a.0.0.nib"},
      {"${0,0,n}", 0, "0"},
      {"d$$x", 1, "d$x"},
      {"$$$", 1, "$1"},
      {"$${0,3,d}$", 1, "${0,3,d}1"},
      {"e\\$$", 8, "e\\$8"},
      {"\\\\$", 8, "\\\\8"},
      {"a{$}", 16, "a{16}"},
      {"$\\", 1, "1\\"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.pattern));
    const auto text = generate_text(c.pattern, c.number);
    REQUIRE(text.ok());
    CHECK(*text == c.text);
  }
}

TEST_CASE("a form that is none is refused, and so are numbers that it cannot write") {
  for (const char* pattern :
       {"${", "${}", "${x", "${1,3,q}", "${1,3,dx}", "${1,3,d,x}", "${,3}", "${1,}", "${1,3,}",
        "${1, 3}", "${1,-3}", "${0,256}", "${2147483648}"}) {
    CAPTURE(std::string(pattern));
    CHECK(generate_text(pattern, 1).error().starts_with("expected ${OFFSET}, "));
  }
  CHECK(generate_text("${2}", 0x7FFFFFFF).error() == "2147483649 is more than 2147483647");
  CHECK(generate_text("${-3,0,x}", 1).error() ==
        "-2 is below zero, and only decimal numbers have a sign");
}

TEST_CASE("$GENERATE makes a record for each number of its range") {
  struct {
    const char* says;
    const char* text;
    Lines lines;
  } const cases[] = {
      {"owner and data",
       "$GENERATE 1-2 a$ A 192.0.2.$\n",
       {"a1.lab. 9 IN A 192.0.2.1", "a2.lab. 9 IN A 192.0.2.2"}},
      {"in steps",
       "$generate 0-6/3 @ A 192.0.2.$ ; $\n",
       {"lab. 9 IN A 192.0.2.0", "lab. 9 IN A 192.0.2.3", "lab. 9 IN A 192.0.2.6"}},
      {"TTL and class",
       "$GENERATE 1-1 a$ 1h IN A 192.0.2.$\n$GENERATE 2-2 a$ IN 60 A 192.0.2.$\n",
       {"a1.lab. 3600 IN A 192.0.2.1", "a2.lab. 60 IN A 192.0.2.2"}},
      {"names in the data are relative to the origin",
       "$ORIGIN s\n$GENERATE 1-1 $ NS ns.$\n",
       {"1.s.lab. 9 IN NS ns.1.s.lab."}},
      {"data of several words between quotes, as BIND wants it",
       "$GENERATE 1-1 m$ MX \"10 mail$\"\n$GENERATE 1-1 t$ TXT \"\\\"text $\\\" two\"\n",
       {"m1.lab. 9 IN MX 10 mail1.lab.", "t1.lab. 9 IN TXT \"text 1\" \"two\""}},
      {"and without them",
       "$GENERATE 1-1 m$ MX 10 mail$\n$GENERATE 1-1 t$ TXT \"a $\" ( b$\n\"c\" )\n",
       {"m1.lab. 9 IN MX 10 mail1.lab.", "t1.lab. 9 IN TXT \"a 1\" \"b1\" \"c\""}},
      {"it is nobody's owner",
       "ns A 192.0.2.1\n$GENERATE 1-1 a$ A 192.0.2.$\n TXT ns\n",
       {"ns.lab. 9 IN A 192.0.2.1", "a1.lab. 9 IN A 192.0.2.1", "ns.lab. 9 IN TXT \"ns\""}},
      {"only the first record that is wrong is told",
       "$GENERATE 254-999 a$ A 192.0.2.$\n",
       {"a254.lab. 9 IN A 192.0.2.254", "a255.lab. 9 IN A 192.0.2.255",
        "f:2:24: for 256: expected an IPv4 address, found \"192.0.2.256\""}},
      {"",
       "$GENERATE\n",
       {"f:2:10: $GENERATE needs a range, owner, type and data, as in 1-9 h$ A 10.0.0.$"}},
      {"",
       "$GENERATE 1-2\n",
       {"f:2:14: no owner: expected a name with '$' for the number, as in host-$"}},
      {"",
       "$GENERATE 1-2 a$ A\n",
       {"f:2:19: no data: expected it with '$' for the number, as in 10.0.0.$"}},
      {"",
       "$GENERATE 2-1 a$ A 192.0.2.$\n",
       {"f:2:11: '2-1' is no range: its first number is greater than its last"}},
      {"",
       "$GENERATE 1-2 a..$ A 192.0.2.$\n",
       {"f:2:15: for 1: 'a..1' is no domain name: it has an empty label"}},
      {"",
       "$GENERATE 1-2 a$ MX \"10\"\n",
       {"f:2:21: for 1: expected a domain name, found nothing"}},
      {"", "$GENERATE 1-2 a$ MX \"\"\n", {"f:2:21: for 1: nothing stands between the quotes"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.says);
    CAPTURE(std::string(c.text));
    CHECK(lines_of(c.text) == c.lines);
  }
}

TEST_CASE("what $GENERATE makes is bounded over the whole file") {
  CHECK(lines_of("$GENERATE 0-65535 a$ A 192.0.2.1\n", {}).size() == 65'536);
  CHECK(lines_of("$GENERATE 0-65536 a$ A 192.0.2.1\n", {}).size() == 1);
  const ZoneFileOptions options{.max_generated = 10};
  CHECK(lines_of("$GENERATE 1-10 a$ A 192.0.2.$\n", options).size() == 10);
  CHECK(lines_of("$GENERATE 1-11 a$ A 192.0.2.$\n", options) ==
        Lines{"f:2:11: with it $GENERATE would make more than 10 records; use less of them"});
  CHECK(lines_of("$GENERATE 1-9 a$ A 192.0.2.$\n$GENERATE 1-2 b$ A 192.0.2.$\n", options).back() ==
        "f:3:11: with it $GENERATE would make more than 10 records; use less of them");
}
