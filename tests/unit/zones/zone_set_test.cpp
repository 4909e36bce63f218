#include "zones/zone_set.hpp"

#include <doctest/doctest.h>

#include "tests/unit/zones/lab_zone.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using namespace cairn::zones::tests;

TEST_CASE("the zone with the longest apex answers") {
  const auto com = zone("com.", ""), example = zone("example.com.", ""),
             deep = zone("a.b.example.com.", "");
  const ZoneSet set({example, deep, com});
  struct {
    const char* name;
    const Zone* expected;
  } const cases[] = {
      {"com.", com.get()},
      {"COM.", com.get()},
      {"www.other.com.", com.get()},
      {"notexample.com.", com.get()},
      {"example.com.", example.get()},
      {"b.Example.com.", example.get()},
      {"x.b.example.com.", example.get()},
      {"a.b.example.com.", deep.get()},
      {"www.a.b.example.COM.", deep.get()},
      {"net.", nullptr},
      {"com.net.", nullptr},
      {".", nullptr},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(set.find(*Name::from_text(c.name)) == c.expected);
  }
}

TEST_CASE("the DS of an apex is asked of the parent zone, when that is ours too") {
  const auto com = zone("com.", "example NS ns.elsewhere.\n"), example = zone("example.com.", "");
  const ZoneSet both({com, example});
  CHECK(both.find(Question{"example.com."_name, RRType::DS}) == com.get());
  CHECK(both.find(Question{"example.com."_name, RRType::A}) == example.get());
  CHECK(both.find(Question{"www.example.com."_name, RRType::DS}) == example.get());
  const ZoneSet child({example});
  CHECK(child.find(Question{"example.com."_name, RRType::DS}) == nullptr);
  CHECK(child.find(Question{"www.example.com."_name, RRType::DS}) == example.get());
  // Who could be asked for the DS of a private top-level name knows nothing of it.
  const ZoneSet top({com});
  CHECK(top.find(Question{"com."_name, RRType::DS}) == com.get());
  const ZoneSet root({zone(".", "")});
  CHECK(root.find(Question{"."_name, RRType::DS}) == root.find("."_name));
}

TEST_CASE("names of others below a zone of ours are not ours, but a zone of ours below these is") {
  const auto root = zone(".", ""), com = zone("com.", ""), deep = zone("a.b.example.com.", "");
  const std::vector<Name> others = {"example.com."_name, "."_name};
  const ZoneSet set({com, deep}, others);
  CHECK(set.find("www.com."_name) == com.get());
  CHECK(set.find("example.com."_name) == nullptr);
  CHECK(set.find("b.example.com."_name) == nullptr);
  CHECK(set.find("www.a.b.example.com."_name) == deep.get());
  CHECK(set.find("www.net."_name) == nullptr);
  const ZoneSet same({root}, others);
  CHECK(same.find("www.net."_name) == root.get());
}

TEST_CASE("an empty set finds nothing, and of two zones with one apex the last counts") {
  CHECK(ZoneSet().empty());
  CHECK(ZoneSet().find("com."_name) == nullptr);
  const auto old_zone = zone("lab.", ""), new_zone = zone("LAB.", "");
  const ZoneSet set({old_zone, new_zone});
  CHECK(set.find("www.lab."_name) == new_zone.get());
}

TEST_CASE("a root zone is above everything") {
  const auto root = zone(".", ""), lab = zone("lab.", "");
  const ZoneSet set({lab, root});
  CHECK(set.find("www.example."_name) == root.get());
  CHECK(set.find("."_name) == root.get());
  CHECK(set.find("x.lab."_name) == lab.get());
}
