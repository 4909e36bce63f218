// $INCLUDE, over files that exist in a table only.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using Lines = std::vector<std::string>;

namespace {

using Files = std::map<std::string, std::string>;

/// The records of dir/main, then the errors.
Lines lines_of(const Files& files, ZoneFileOptions options = {}) {
  options.read_file = [&files](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return Error{"no such file"};
    return found->second;
  };
  const ZoneFile file =
      parse_zone_file("$TTL 9\n" + files.at("dir/main"), "lab."_name, "dir/main", options);
  Lines lines;
  for (const Record& record : file.records) lines.push_back(to_text(record));
  for (const ZoneFileError& error : file.errors) lines.push_back(error.to_text());
  return lines;
}

}  // namespace

TEST_CASE("an included file is read as if it stood there, but origin and owner come back") {
  CHECK(lines_of({{"dir/main", "own TXT own\n$INCLUDE hosts ; here\n TXT own\nafter TXT after\n"},
                  {"dir/hosts", " TXT inherited\n$ORIGIN deep\nx TXT x\n$TTL 77\ny TXT y"}}) ==
        Lines{"own.lab. 9 IN TXT \"own\"", "own.lab. 9 IN TXT \"inherited\"",
              "x.deep.lab. 9 IN TXT \"x\"", "y.deep.lab. 77 IN TXT \"y\"",
              // $TTL is for all that follows (RFC 2308 section 4); BIND reads it so, too.
              "own.lab. 77 IN TXT \"own\"", "after.lab. 77 IN TXT \"after\""});
}

TEST_CASE("an included file may have an origin of its own, relative to its includer's") {
  CHECK(lines_of({{"dir/main", "$include \"a file\" sub\nx TXT x\n$INCLUDE a\\ file o.\n"},
                  {"dir/a file", "@ TXT here\n"}}) ==
        Lines{"sub.lab. 9 IN TXT \"here\"", "x.lab. 9 IN TXT \"x\"", "o. 9 IN TXT \"here\""});
}

TEST_CASE("paths are relative to the file that they stand in") {
  CHECK(lines_of({{"dir/main", "$INCLUDE sub/one\n"},
                  {"dir/sub/one", "$INCLUDE two\n$INCLUDE ../three\n"},
                  {"dir/sub/two", "a TXT two\n"},
                  {"dir/three", "a TXT three\n"}}) ==
        Lines{"a.lab. 9 IN TXT \"two\"", "a.lab. 9 IN TXT \"three\""});
}

TEST_CASE("nothing outside of the zone file's folder is included, from however deep") {
  const Files outside{{"dir/main", "$INCLUDE ../secret\n$INCLUDE /dir/a\n$INCLUDE sub/one\n"},
                      {"dir/sub/one", "$INCLUDE ../../secret\n$INCLUDE ../../dir/a\n"},
                      {"dir/a", "a TXT a\n"},
                      {"/dir/a", "a TXT other\n"},
                      {"secret", "a TXT secret\n"}};
  const std::string why =
      " is outside of the zone file's folder, dir; only files in there are included: put it there";
  CHECK(lines_of(outside) == Lines{"a.lab. 9 IN TXT \"a\"", "dir/main:2:10: secret" + why,
                                   "dir/main:3:10: /dir/a" + why,
                                   "dir/sub/one:1:10: secret" + why});
}

TEST_CASE(
    "a zone file in the folder where one stands, and one with its whole path, include alike") {
  ZoneFileOptions options;
  options.read_file = [](const std::string& path) -> Result<std::string> {
    return "a TXT " + path + "\n";
  };
  const auto included = [&](const char* file, const std::string& path) {
    const auto read =
        parse_zone_file("$TTL 9\n$INCLUDE " + path + "\n", "lab."_name, file, options);
    return read.errors.empty();
  };
  CHECK(included("main", "sub/one"));
  CHECK(included("./main", "one"));
  CHECK(included("/zones/main", "/zones/sub/one"));
  CHECK(included("../main", "one"));
  CHECK_FALSE(included("main", "../one"));
  CHECK_FALSE(included("main", "/one"));
  CHECK_FALSE(included("/zones/main", "/zones2/one"));
  CHECK_FALSE(included("/zones/main", "sub/../../etc/passwd"));
  CHECK_FALSE(included("../main", "../../one"));
}

TEST_CASE("the files of a zone are bounded together, each as often as it is included") {
  ZoneFileOptions options;
  options.max_octets = 100;
  const Files files{{"dir/main", "$INCLUDE a\n$INCLUDE a\n"}, {"dir/a", std::string(40, '\n')}};
  CHECK(lines_of(files, options) ==
        Lines{"dir/main:3:10: with it the zone's files have more than 100 octets, and no zone of "
              "that size is loaded; delegate parts of it"});
  CHECK(lines_of({{"dir/main", std::string(101, '\n')}}, options) ==
        Lines{"dir/main: it has more than 100 octets, and no zone of that size is loaded; "
              "delegate parts of it"});
}

TEST_CASE("errors carry the name of the file that they are in, and reading goes on") {
  CHECK(lines_of({{"dir/main", "$INCLUDE one\n$INCLUDE none\nb AA x\n"},
                  {"dir/one", "\n  a A 192.0.2.1\nb A 192.0.2.1\nc A 1 ( "}}) ==
        Lines{"b.lab. 9 IN A 192.0.2.1",
              "dir/one:2:3: no owner: the line starts with a space, and no record before it has a "
              "name; start the line with a name or @",
              "dir/one:4:7: '(' is never closed; write ')' where the record ends",
              "dir/main:3:10: cannot read dir/none: no such file; its name is relative to the "
              "file that includes it",
              "dir/main:4:3: 'AA' is no record type; expected one such as A, AAAA or MX, or "
              "TYPE65280 for a type without a name"});
}

TEST_CASE("a directive that is not whole says what it needs") {
  CHECK(lines_of({{"dir/main", "$INCLUDE\n$INCLUDE f a..b\n$INCLUDE f a b\n"}}) ==
        Lines{"dir/main:2:9: $INCLUDE needs a file, such as hosts.zone",
              "dir/main:3:12: 'a..b' is no domain name: it has an empty label",
              "dir/main:4:14: 'b' is too much; $INCLUDE takes a file and the name that it is "
              "relative to"});
}

TEST_CASE("a file that includes itself is found out, also by way of others") {
  CHECK(lines_of({{"dir/main", "$INCLUDE ./x/../main\n"}}) ==
        Lines{"dir/main:2:10: the file would include itself: dir/main -> dir/main; remove one of "
              "them"});
  CHECK(lines_of({{"dir/main", "$INCLUDE a\n"},
                  {"dir/a", "$INCLUDE b\nx TXT x\n"},
                  {"dir/b", "$INCLUDE a\n$INCLUDE main"}}) ==
        Lines{"x.lab. 9 IN TXT \"x\"",
              "dir/b:1:10: the file would include itself: dir/a -> dir/b -> dir/a; "
              "remove one of them",
              "dir/b:2:10: the file would include itself: dir/main -> dir/a -> dir/b -> dir/main; "
              "remove one of them"});
}

TEST_CASE("files within files end at a depth, and at a number") {
  Files deep{{"dir/main", "$INCLUDE 1\n"}};
  for (int i = 1; i < 30; ++i)
    deep["dir/" + std::to_string(i)] = "x TXT x\n$INCLUDE " + std::to_string(i + 1) + "\n";
  const Lines lines = lines_of(deep);
  REQUIRE(lines.size() == 9);
  CHECK(lines.back().starts_with("dir/8:2:10: more than 8 files within each other: dir/main -> "));

  Files many;
  for (int i = 0; i < 10'001; ++i) many["dir/main"] += "$INCLUDE empty\n";
  many["dir/empty"] = "";
  CHECK(lines_of(many) ==
        Lines{"dir/main:10002:10: more than 10000 files are included; put their lines into fewer "
              "files"});
}
