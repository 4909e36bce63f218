#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "tools/cairnctl/zone_command.hpp"

using namespace cairn;
using namespace cairn::cairnctl;

namespace {

std::variant<Request, ZoneCommand, Ending> parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "cairnctl");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

struct Run {
  Ending ending;
  std::string written;
};

Run run(ZoneCommand::Verb verb, const std::string& text) {
  Run run;
  run.ending = run_zone_command({verb, "LAB", "lab.zone"}, text, {}, {},
                                [&run](std::string_view piece) { run.written += piece; });
  return run;
}

const std::string apex = "$TTL 300\n@ SOA ns hostmaster 7 1h 10m 1d 60\n@ NS ns\n";

}  // namespace

TEST_CASE("commands about zone files take a name and a file, and no daemon") {
  CHECK(std::get<ZoneCommand>(parsed({"zone", "check", "lab.", "lab.zone"})) ==
        ZoneCommand{ZoneCommand::Verb::Check, "lab.", "lab.zone"});
  CHECK(std::get<ZoneCommand>(parsed({"zone", "format", "lab.", "lab.zone"})) ==
        ZoneCommand{ZoneCommand::Verb::Format, "lab.", "lab.zone"});
  for (const auto& words : std::vector<std::vector<const char*>>{{"zone"},
                                                                 {"zone", "check"},
                                                                 {"zone", "check", "lab."},
                                                                 {"zone", "check", "a..b", "f"},
                                                                 {"zone", "shout", "lab.", "f"}}) {
    const auto ending = parsed(words);
    REQUIRE(std::holds_alternative<Ending>(ending));
    CHECK(std::get<Ending>(ending).exit_code == exit_usage);
    CHECK(!std::get<Ending>(ending).error.empty());
  }
}

TEST_CASE("a zone that is well is told in one line") {
  const Run good = run(ZoneCommand::Verb::Check, apex + "www A 192.0.2.1\n");
  CHECK(good.ending.exit_code == exit_ok);
  CHECK(good.ending.out == "LAB.: 3 records, serial 7, ok\n");
  CHECK(good.ending.error.empty());
  CHECK(good.written.empty());
}

TEST_CASE("all mistakes are told, and a zone with one is not written") {
  for (const auto verb : {ZoneCommand::Verb::Check, ZoneCommand::Verb::Format}) {
    const Run bad = run(verb, apex + "www A 192.0.2.256\nc CNAME www\nc TXT x\n");
    CHECK(bad.ending.exit_code == exit_error);
    CHECK(bad.ending.out.empty());
    CHECK(bad.written.empty());
    CHECK(bad.ending.error ==
          "lab.zone:4:7: expected an IPv4 address, found \"192.0.2.256\"\n"
          "lab.zone:5:3: c.LAB. CNAME: beside TXT; an alias has no other data (RFC 1034 section "
          "3.6.2)\n");
  }
}

TEST_CASE("more mistakes than anyone reads are counted") {
  std::string text = apex;
  for (int i = 0; i < 130; ++i) text += "x AA 1\n";
  CHECK(run(ZoneCommand::Verb::Check, text).ending.error.ends_with("\nand 30 more\n"));
}

TEST_CASE("a formatted zone is in canonical order, and formatted again it is the same") {
  const Run first = run(ZoneCommand::Verb::Format,
                        "$TTL 300\n"
                        "z A 192.0.2.2\n"
                        "Www.z ( 60 ) AAAA 2001:DB8:0::1\n"
                        "$ORIGIN z\n"
                        "a TXT one \"t w o\"\n"
                        "@ 200 A 192.0.2.1\n"
                        "$ORIGIN LAB.\n"
                        "\\$TTL TXT x\n"
                        "z RRSIG A 8 2 300 20300101000000 20200101000000 1 lab. AAAA\n"
                        "@ NS ns\n"
                        "@ SOA ns hostmaster ( 7 1h 10m\n 1d 60 )\n"
                        "x TYPE65280 \\# 1 ff\n"
                        "z A 192.0.2.2\n");
  CHECK(first.ending.error == "");
  CHECK(first.ending.exit_code == exit_ok);
  CHECK(first.written ==
        "LAB.\t300\tIN\tSOA\tns.LAB. hostmaster.LAB. 7 3600 600 86400 60\n"
        "LAB.\t300\tIN\tNS\tns.LAB.\n"
        "\\$TTL.LAB.\t300\tIN\tTXT\t\"x\"\n"
        "x.LAB.\t300\tIN\tTYPE65280\t\\# 1 FF\n"
        "z.LAB.\t200\tIN\tA\t192.0.2.2\n"
        "z.LAB.\t200\tIN\tA\t192.0.2.1\n"
        "z.LAB.\t200\tIN\tRRSIG\tA 8 2 300 20300101000000 20200101000000 1 lab. AAAA\n"
        "a.z.LAB.\t300\tIN\tTXT\t\"one\" \"t w o\"\n"
        "Www.z.LAB.\t60\tIN\tAAAA\t2001:db8::1\n");
  CHECK(run(ZoneCommand::Verb::Format, first.written).written == first.written);
}
