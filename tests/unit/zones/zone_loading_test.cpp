#include "zones/zone_loading.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/zones/lab_zone.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using namespace cairn::zones::tests;
using Lines = std::vector<std::string>;

namespace {

Lines errors_of(const std::string& text) {
  const LoadedZone loaded = load_zone(text, "lab."_name, "f");
  CHECK((loaded.zone == nullptr) == !loaded.errors.empty());
  Lines lines;
  for (const ZoneFileError& error : loaded.errors.errors) lines.push_back(error.to_text());
  return lines;
}

const std::string apex(apex_lines);  // three lines

}  // namespace

TEST_CASE("a zone that is well comes out of its text") {
  const LoadedZone loaded = load_zone(apex + "www A 192.0.2.1\n", "lab."_name, "f");
  REQUIRE(loaded.zone);
  CHECK(loaded.zone->record_count() == 3);
  CHECK(ask(*loaded.zone, "www.lab.", RRType::A) ==
        Lines{"NOERROR aa", "an: www.lab. 300 IN A 192.0.2.1"});
}

TEST_CASE("what breaks a rule of zones has a place, too, and all comes in one go") {
  CHECK(errors_of(apex + "x A 192.0.2.1\n"
                         "c CNAME a\n"
                         "x.example. A 192.0.2.1\n"
                         "  IN AAAAA ::1\n"
                         "\n"
                         "c TXT beside\n"
                         "sub SOA a. b. 1 2 3 4 5\n"
                         "d DNAME a\n"
                         "w.d TXT below\n") ==
        Lines{"f:6:12: x.example. A: outside the zone lab.; is a final dot too many?",
              "f:7:6: 'AAAAA' is no record type; expected one such as A, AAAA or MX, or TYPE65280 "
              "for a type without a name",
              "f:10:5: sub.lab. SOA: a SOA belongs to the apex lab. only (RFC 1035 section 5.2)",
              "f:5:3: c.lab. CNAME: beside TXT; an alias has no other data (RFC 1034 section "
              "3.6.2)",
              "f:12:5: w.d.lab. TXT: below a DNAME nothing may stand (RFC 6672 section 2.4)"});
}

TEST_CASE("a set that is too large below a DNAME is told of as that") {
  std::string text = apex + "d DNAME x.\n";
  for (int number = 100; number < 400; ++number)
    text += "a.d TXT \"" + std::to_string(number) + std::string(240, 'x') + "\"\n";
  CHECK_FALSE(errors_of(text).empty());
}

TEST_CASE("what is missing has no place, and is not missed where lines could not be read") {
  CHECK(errors_of("$TTL 9\nwww A 192.0.2.1\n") ==
        Lines{"f: lab.: the zone has no SOA at its apex; add one",
              "f: lab.: the zone has no NS at its apex; add one"});
  CHECK(errors_of("$TTL 9\n@ SOA a. b. 1 2 3 4\n").size() == 1);
}

TEST_CASE("the records of a name may stand apart from each other, in any order") {
  std::string together(apex), apart(apex);
  const auto number = [](int i) { return std::to_string(i); };
  for (int i = 0; i < 50; ++i)
    for (int k = 0; k < 4; ++k)
      together += "h" + number(i) + " " + number(100 - k) + " A 192.0.2." + number(k) + "\n";
  together += "h1 TXT text\n";
  for (int k = 0; k < 4; ++k)
    for (int i = 0; i < 50; ++i) {
      apart += "h" + number(i) + " " + number(100 - k) + " A 192.0.2." + number(k) + "\n";
      apart += "h" + number(i) + " A 192.0.2." + number(k / 2) + "\n";  // each record once
      if (k == 2 && i == 1) apart += "h1 TXT text\n";
    }
  const auto sets_of = [](const std::string& text) {
    const LoadedZone loaded = load_zone(text, "lab."_name, "f");
    REQUIRE(loaded.zone);
    CHECK(loaded.zone->record_count() == 2 + 200 + 1);
    std::vector<RRset> sets;
    loaded.zone->for_each_set([&](const RRsetView& set) { sets.push_back(copy_of(set)); });
    return sets;
  };
  CHECK(sets_of(together) == sets_of(apart));
  // Their turns are their own.
  const auto zone = load_zone(apart, "lab."_name, "f").zone;
  for (const char* first : {"192.0.2.0", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.0"})
    CHECK(ask(*zone, "h7.lab.", RRType::A)[1] == "an: h7.lab. 97 IN A " + std::string(first));
}
