#include "dnssec/nsec.hpp"

#include <doctest/doctest.h>

#include "tests/unit/dnssec/denial_sets.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::Name;
using wire::RRType;
using wire::operator""_name;

TEST_CASE("a type is in a set of types where its bit is, in any window") {
  const std::vector<RRType> types{RRType::A, RRType::NSEC, RRType::CAA, RRType::DLV};
  const wire::Bytes bitmap = wire::bitmap_of_types(types);
  const TypeSet set(bitmap);
  for (unsigned value = 0; value < 65536; ++value) {
    const auto type = static_cast<RRType>(value);
    CHECK_MESSAGE(set.has(type) == (std::ranges::count(types, type) > 0), value);
  }
  CHECK(TypeSet().empty());
  CHECK_FALSE(TypeSet().has(RRType::A));
}

TEST_CASE("a cut is where NS stands without SOA, and a zone ends there and at a DNAME") {
  const auto types = [](std::vector<RRType> list) { return wire::bitmap_of_types(list); };
  const auto cut = types({RRType::NS, RRType::DS});
  CHECK(TypeSet(cut).is_cut());
  CHECK(TypeSet(cut).ends_zone());
  const auto apex = types({RRType::NS, RRType::SOA});
  CHECK_FALSE(TypeSet(apex).is_cut());
  CHECK_FALSE(TypeSet(apex).ends_zone());
  const auto dname = types({RRType::NS, RRType::SOA, RRType::DNAME});
  CHECK_FALSE(TypeSet(dname).is_cut());
  CHECK(TypeSet(dname).ends_zone());
}

TEST_CASE("a NSEC covers what lies between its owner and its next name, and they do not") {
  const struct {
    const char* record;
    const char* name;
    bool covered;
  } cases[] = {
      {"b.example. 60 IN NSEC d.example. A", "c.example.", true},
      {"b.example. 60 IN NSEC d.example. A", "C.EXAMPLE.", true},
      {"b.example. 60 IN NSEC d.example. A", "b.example.", false},
      {"b.example. 60 IN NSEC d.example. A", "d.example.", false},
      {"b.example. 60 IN NSEC d.example. A", "z.b.example.", true},
      {"b.example. 60 IN NSEC d.example. A", "z.d.example.", false},
      {"b.example. 60 IN NSEC d.example. A", "a.example.", false},
      {"b.example. 60 IN NSEC d.example. A", "example.", false},
      // The last one leads back to the apex; others that lead back are broken.
      {"x.example. 60 IN NSEC example. A", "y.example.", true},
      {"x.example. 60 IN NSEC example. A", "a.example.", false},
      {"x.example. 60 IN NSEC b.example. A", "y.example.", false},
      {"x.example. 60 IN NSEC b.example. A", "a.example.", false},
      {"x.example. 60 IN NSEC x.example. A", "y.example.", false},
      // A zone of one name.
      {"example. 60 IN NSEC example. SOA NS", "a.example.", true},
      {"example. 60 IN NSEC example. SOA NS", "example.", false},
      // Below a cut and a DNAME nothing is the zone's to deny; above and beside it is.
      {"b.example. 60 IN NSEC d.example. NS", "z.b.example.", false},
      {"b.example. 60 IN NSEC d.example. NS DS", "c.example.", true},
      {"b.example. 60 IN NSEC d.example. DNAME", "z.b.example.", false},
      {"b.example. 60 IN NSEC d.example. DNAME", "c.example.", true},
      {"example. 60 IN NSEC d.example. SOA NS", "c.example.", true},
      // The end of the zone is not the end of the world.
      {"x.example. 60 IN NSEC example. A", "y.example2.", false},
  };
  for (const auto& [record, name, covered] : cases) {
    const auto all = sets({record});
    const auto nsec = Nsec::of(all[0], "example."_name);
    REQUIRE(nsec);
    CHECK_MESSAGE(nsec->covers(*Name::from_text(name), "example."_name) == covered, record, " ",
                  name);
  }
}

TEST_CASE("a NSEC that leaves its zone is none") {
  const auto is_nsec = [](std::vector<std::string> lines) {
    return Nsec::of(sets(lines)[0], "example."_name).has_value();
  };
  CHECK(is_nsec({"a.example. 60 IN NSEC b.example. A"}));
  CHECK_FALSE(is_nsec({"a.example. 60 IN NSEC b.test. A"}));
  CHECK_FALSE(is_nsec({"a.test. 60 IN NSEC b.example. A"}));
  CHECK_FALSE(is_nsec({"a.example. 60 IN NSEC com. A"}));
  CHECK_FALSE(
      is_nsec({"a.example. 60 IN NSEC b.example. A", "a.example. 60 IN NSEC c.example. A"}));
  CHECK_FALSE(is_nsec({"a.example. 60 IN A 192.0.2.1"}));
}

TEST_CASE("RDATA that is no NSEC is none") {
  const Name owner = "a.example."_name;
  for (const wire::Bytes& rdata : {wire::Bytes{}, wire::Bytes{5, 'a'}, wire::Bytes{0, 0, 1, 0},
                                   wire::Bytes{0, 0, 33}, wire::Bytes{0xc0, 0x00}}) {
    CHECK_FALSE(Nsec::of(one_record(owner, RRType::NSEC, rdata), {}));
  }
}
