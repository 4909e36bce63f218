#include "zones/zone_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using Lines = std::vector<std::string>;

namespace {

Lines records_of(const ZoneFile& file) {
  Lines lines;
  for (const Record& record : file.records) lines.push_back(to_text(record));
  return lines;
}

Lines errors_of(const ZoneFile& file) {
  Lines lines;
  for (const ZoneFileError& error : file.errors) lines.push_back(error.to_text());
  return lines;
}

ZoneFile parse(std::string_view text) {
  return parse_zone_file(text, "lab."_name, "f");
}

}  // namespace

// What BIND's named-checkzone and NSD's nsd-checkzone read in the same way, unless a line says so.
TEST_CASE("records are read as RFC 1035 section 5.1 writes them") {
  struct {
    const char* says;
    const char* text;
    Lines records;
  } const cases[] = {
      {"nothing", "", {}},
      {"empty lines and comments", "\n ; a comment\n\t\n;\n", {}},
      {"relative, absolute, the origin",
       "$TTL 9\na A 192.0.2.1\na.b. A 192.0.2.1\n@ A 192.0.2.1\n",
       {"a.lab. 9 IN A 192.0.2.1", "a.b. 9 IN A 192.0.2.1", "lab. 9 IN A 192.0.2.1"}},
      {"the last line needs no end", "a 9 A 192.0.2.1", {"a.lab. 9 IN A 192.0.2.1"}},
      {"a blank owner is the last one",
       "a 9 A 192.0.2.1\n  9 A 192.0.2.2\n\t9 TXT x\n",
       {"a.lab. 9 IN A 192.0.2.1", "a.lab. 9 IN A 192.0.2.2", "a.lab. 9 IN TXT \"x\""}},
      {"TTL and class in either order, any case",
       "a 9 IN A 192.0.2.1\na in 8 a 192.0.2.2\na CLASS1 7 TYPE1 192.0.2.3\n",
       {"a.lab. 9 IN A 192.0.2.1", "a.lab. 8 IN A 192.0.2.2", "a.lab. 7 IN A 192.0.2.3"}},
      {"an owner may be called like a class or a TTL",
       "IN 9 A 192.0.2.1\n10 9 A 192.0.2.1\n",
       {"IN.lab. 9 IN A 192.0.2.1", "10.lab. 9 IN A 192.0.2.1"}},
      {"units", "a 1w2d3H4m5s A 192.0.2.1\n", {"a.lab. 788645 IN A 192.0.2.1"}},
      {"the largest TTL", "a 2147483647 A 192.0.2.1\n", {"a.lab. 2147483647 IN A 192.0.2.1"}},
      {"$TTL serves those that have none (RFC 2308 section 4)",
       "$TTL 1h\na 5 A 192.0.2.1\nb A 192.0.2.2\n$ttl 2\nc A 192.0.2.3\n",
       {"a.lab. 5 IN A 192.0.2.1", "b.lab. 3600 IN A 192.0.2.2", "c.lab. 2 IN A 192.0.2.3"}},
      {"without $TTL the last one holds",
       "a 5 A 192.0.2.1\nb A 192.0.2.2\n",
       {"a.lab. 5 IN A 192.0.2.1", "b.lab. 5 IN A 192.0.2.2"}},
      {"without any, the SOA's minimum",
       "@ SOA a. b. 1 2 3 4 60\n@ NS a.\n",
       {"lab. 60 IN SOA a. b. 1 2 3 4 60", "lab. 60 IN NS a."}},
      {"$ORIGIN, itself relative to the last",
       "$TTL 9\n$ORIGIN sub\nwww A 192.0.2.1\n$ORIGIN example.com. ; here\nwww CNAME a\n",
       {"www.sub.lab. 9 IN A 192.0.2.1", "www.example.com. 9 IN CNAME a.example.com."}},
      {"parentheses join lines, comments inside them do not matter",
       "@ 9 SOA ns ( ; who\n hostmaster\n1 ; serial )\n 2h 3 4\n5 )\n",
       {"lab. 9 IN SOA ns.lab. hostmaster.lab. 1 7200 3 4 5"}},
      {"parentheses around anything",
       "a ( \n9\n) IN (A\n)(\n192.0.2.1)\n",
       {"a.lab. 9 IN A 192.0.2.1"}},
      {"CRLF",
       "$TTL 9\r\n\r\na A 192.0.2.1\r\n A 192.0.2.2 ; x\r\n",
       {"a.lab. 9 IN A 192.0.2.1", "a.lab. 9 IN A 192.0.2.2"}},
      {"CR alone, as all three take it",
       "a 9 A 192.0.2.1\r 9 A 192.0.2.2 ; x\rb 9 A 192.0.2.3\r",
       {"a.lab. 9 IN A 192.0.2.1", "a.lab. 9 IN A 192.0.2.2", "b.lab. 9 IN A 192.0.2.3"}},
      {"strings",
       "a 9 TXT \"one; (two)\" three \"\" \"f\\\"o\\\"ur\" \"a\"\"b\"\n",
       {"a.lab. 9 IN TXT \"one; (two)\" \"three\" \"\" \"f\\\"o\\\"ur\" \"a\" \"b\""}},
      {"a quoted value belongs to its key (RFC 9460 section 2.1)",
       "a 9 HTTPS 1 . alpn=\"h2,h3\" port=443;x\n",
       {"a.lab. 9 IN HTTPS 1 . alpn=\"h2,h3\" port=443"}},
      {"escapes in names",
       "a\\.b 9 A 192.0.2.1\n\\$x 9 A 192.0.2.1\na\\032b 9 CNAME \\@\n",
       {"a\\.b.lab. 9 IN A 192.0.2.1", "\\$x.lab. 9 IN A 192.0.2.1",
        "a\\032b.lab. 9 IN CNAME \\@.lab."}},
      {"unknown types (RFC 3597)",
       "a 9 TYPE65280 \\# 4 c0 00 0201\na 9 A \\# 4 c0000201\n",
       {"a.lab. 9 IN TYPE65280 \\# 4 C0000201", "a.lab. 9 IN A 192.0.2.1"}},
      {"a mark of byte order in front",
       "\xEF\xBB\xBF"
       "a 9 A 192.0.2.1\n",
       {"a.lab. 9 IN A 192.0.2.1"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.says);
    const ZoneFile file = parse(c.text);
    CHECK(errors_of(file) == Lines{});
    CHECK(records_of(file) == c.records);
  }
}

TEST_CASE("every error says where it is, what was found and what was expected") {
  const std::string ttl_expected =
      " is no TTL; expected seconds up to 2147483647, or units as in 1h30m";
  const std::string type_expected =
      " is no record type; expected one such as A, AAAA or MX, or TYPE65280 for a type without a "
      "name";
  struct {
    const char* text;
    std::string error;
  } const cases[] = {
      {"\nwww 9 IN AAAAA ::1\n", "f:2:10: 'AAAAA'" + type_expected},
      {"www 9 \"A\" 192.0.2.1\n", "f:1:7: 'A'" + type_expected},
      {"www 9 8 A 192.0.2.1\n", "f:1:7: '8'" + type_expected},
      {"www IN 9 IN A 192.0.2.1\n", "f:1:10: 'IN'" + type_expected},
      {"www 9\n", "f:1:6: no type: expected a record type such as A, AAAA or MX"},
      {"www 9 ANY x\n",
       "f:1:7: 'ANY' is a type for questions and messages; a zone holds no such records"},
      {"www 2147483648 A 192.0.2.1\n", "f:1:5: '2147483648'" + ttl_expected},
      {"www 1h30 A 192.0.2.1\n", "f:1:5: '1h30'" + ttl_expected},
      {"www 99999999999999999999 A 192.0.2.1\n", "f:1:5: '99999999999999999999'" + ttl_expected},
      {"www 3600w52000w A 192.0.2.1\n", "f:1:5: '3600w52000w'" + ttl_expected},
      {"www A 192.0.2.1\n",
       "f:1:5: no TTL: write one before the type, or $TTL at the start of the file"},
      {" 9 A 192.0.2.1\n",
       "f:1:2: no owner: the line starts with a space, and no record before it has a name; start "
       "the line with a name or @"},
      {"a 9 A ( 192.0.2.1\n\n", "f:1:7: '(' is never closed; write ')' where the record ends"},
      {"a 9 A 192.0.2.1 )\n", "f:1:17: ')' without a '(' before it; remove it"},
      {"a 9 TXT \"x\n",
       "f:1:9: the quoted string is not closed on its line; write '\"' where it ends"},
      {"a 9 HTTPS 1 . alpn=\"h2\n",
       "f:1:20: the quoted string is not closed on its line; write '\"' where it ends"},
      {"a 9 TXT x\\\n",
       "f:1:10: '\\' at the end of a line; a character or three digits must follow"},
      {"$TTL\n", "f:1:5: $TTL needs a time, such as 3600 or 1h"},
      {"$TTL soon\n", "f:1:6: 'soon'" + ttl_expected},
      {"$TTL 1 2\n", "f:1:8: '2' is too much; $TTL takes one time"},
      {"$ORIGIN\n", "f:1:8: $ORIGIN needs a name, such as example.com."},
      {"$ORIGIN a. b.\n", "f:1:12: 'b.' is too much; $ORIGIN takes one name"},
      {"$INCLUDE x\n", "f:1:10: $INCLUDE cannot be used here; put its lines here"},
      {"$WHAT\n",
       "f:1:1: '$WHAT' is no directive; expected $ORIGIN, $TTL, $INCLUDE or $GENERATE (an owner "
       "that starts with '$' is written '\\$')"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const ZoneFile file = parse(c.text);
    CHECK(errors_of(file) == Lines{c.error});
    CHECK(file.records.empty());
  }
}

TEST_CASE("errors in data stand at the word that is wrong, or behind the last one") {
  struct {
    const char* text;
    std::size_t line, column;
  } const cases[] = {
      {"a 9 A 192.0.2.256\n", 1, 7},
      {"a 9 A\n", 1, 6},
      {"a 9 A 192.0.2.1 192.0.2.2\n", 1, 17},
      {"\na 9 SOA a. b. 1 2\n  3 4\n", 2, 18},
      {"a 9 SOA a. b. ( 1 2\n  x 4\n 5 )\n", 2, 3},
      {"a 9 MX 10 a..b\n", 1, 11},
      {"a 9 TXT \"ok\" \"\\256\"\n", 1, 14},
      {"a..b 9 A 192.0.2.1\n", 1, 1},
      {"$ORIGIN a..b\n", 1, 9},
      {"a 9 TYPE65280 x\n", 1, 15},
      {"\r\n\r\n a 9 A 192.0.2.256\r\n", 3, 2},
      {"\r\ra 9 A 192.0.2.256\r", 3, 7},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const ZoneFile file = parse(c.text);
    REQUIRE(!file.errors.empty());
    CHECK(file.errors[0].line == c.line);
    CHECK(file.errors[0].column == c.column);
    CHECK(!file.errors[0].message.empty());
    CHECK(file.records.empty());
  }
}

TEST_CASE("all errors of a file come in one go, and what could be read is there") {
  const ZoneFile file = parse(
      "$TTL 9\n"
      "a A 1\n"
      "b A 192.0.2.1\n"
      "c AA 192.0.2.2\n"
      "  TXT c\n"
      "a..b A 192.0.2.3\n"
      "  TXT whose\n"
      "d A 192.0.2.4\n");
  CHECK(records_of(file) ==
        Lines{"b.lab. 9 IN A 192.0.2.1", "c.lab. 9 IN TXT \"c\"", "d.lab. 9 IN A 192.0.2.4"});
  REQUIRE(file.errors.size() == 4);
  const std::size_t lines[] = {2, 4, 6, 7};
  for (std::size_t i = 0; i < 4; ++i) CHECK(file.errors[i].line == lines[i]);
}

TEST_CASE("a file that is no zone file gives a hundred errors, and counts the others") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "#!/bin/sh\n";
  const ZoneFile file = parse(text);
  CHECK(file.errors.size() == 100);
  CHECK(file.more_errors == 900);
}

TEST_CASE("what is written reads back as it was") {
  const ZoneFile first = parse(
      "$TTL 300\n"
      "@ SOA ns hostmaster 1 2h 3 4 5\n"
      "@ NS ns\n"
      "* TXT \"a b\" \"\\000\\255\\\"\" \"\"\n"
      "WWW 60 A 192.0.2.1\n"
      "www.LAB. AAAA 2001:db8::1\n"
      "\\@ A 192.0.2.2\n"
      "\\$TTL A 192.0.2.3\n"
      "a\\.b\\;\\(c\\\"\\032 CNAME d\\000.e.\n"
      "x CAA 0 issue \"ca.example\"\n"
      "x HTTPS 1 . alpn=h2,h3 port=443\n"
      "x TYPE65280 \\# 0\n"
      "x TYPE65281 \\# 3 010203\n"
      "y CH TXT chaos\n"
      "outside.example. IN A 192.0.2.4\n");
  REQUIRE(errors_of(first) == Lines{});
  for (const Name& origin : {"lab."_name, "LAB."_name, "."_name, "other."_name}) {
    const std::string text = write_zone_file(first.records, origin);
    CAPTURE(text);
    const ZoneFile second = parse_zone_file(text, "elsewhere."_name, "f");
    CHECK(errors_of(second) == Lines{});
    REQUIRE(second.records.size() == first.records.size());
    for (std::size_t i = 0; i < first.records.size(); ++i) {
      CHECK(second.records[i] == first.records[i]);
      CHECK(second.records[i].owner.is_identical(first.records[i].owner));
    }
  }
}

TEST_CASE("owners are written relative to the origin") {
  const ZoneFile file = parse("$TTL 9\n@ NS a.\nwww A 192.0.2.1\nw.example. A 192.0.2.1\n");
  CHECK(write_zone_file(file.records, "lab."_name) ==
        "$ORIGIN lab.\n"
        "@\t9\tIN\tNS\ta.\n"
        "www\t9\tIN\tA\t192.0.2.1\n"
        "w.example.\t9\tIN\tA\t192.0.2.1\n");
}
