#include "dnssec/nsec3.hpp"

#include <doctest/doctest.h>

#include "tests/unit/dnssec/denial_sets.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::Name;
using wire::RRType;
using wire::operator""_name;

namespace {

const wire::Bytes salt{0xaa, 0xbb, 0xcc, 0xdd};

std::optional<Nsec3> read(const std::string& line, const Name& zone = "example."_name) {
  // What is read borrows from the set.
  static std::vector<std::vector<wire::RRset>> kept;
  kept.push_back(sets({line}));
  return Nsec3::of(kept.back()[0], zone);
}

}  // namespace

TEST_CASE("names are hashed as RFC 5155 appendix A has it") {
  const std::pair<const char*, const char*> cases[] = {
      {"example.", "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM"},
      {"a.example.", "35MTHGPGCU1QG68FAB165KLNSNK3DPVL"},
      {"ai.example.", "GJEQE526PLBF1G8MKLP59ENFD789NJGI"},
      {"ns1.example.", "2T7B4G4VSA5SMI47K61MV5BV1A22BOJR"},
      {"ns2.example.", "Q04JKCEVQVMU85R014C7DKBA38O0JI5R"},
      {"w.example.", "K8UDEMVP1J2F7EG6JEBPS17VP3N8I58H"},
      {"*.w.example.", "R53BQ7CC2UVMUBFU5OCMM6PERS9TK9EN"},
      {"x.w.example.", "B4UM86EGHHDS6NEA196SMVMLO4ORS995"},
      {"y.w.example.", "JI6NEOAEPV8B5O6K4EV33ABHA8HT9FGC"},
      {"x.y.w.example.", "2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S"},
      {"XX.Example.", "T644EBQK9BIBCNA874GIVR6JOJ62MLHV"},
  };
  for (const auto& [name, hash] : cases) {
    Work work;
    const auto hashed = hash_name(*Name::from_text(name), {12, salt}, work);
    REQUIRE(hashed);
    CHECK(wire::to_base32hex(*hashed) == hash);
  }
}

TEST_CASE("each SHA-1 block is counted before it is hashed") {
  CHECK(sha1_blocks("."_name, {0, {}}) == 1);
  CHECK(sha1_blocks("example."_name, {12, salt}) == 13);
  // 255 octets of name and 255 of salt: nine blocks at first, then five for each iteration.
  const wire::Bytes longest(255, 1);
  Name name;
  for (int i = 0; i < 127; ++i) name = *name.with_label(wire::Bytes{'a'});
  CHECK(sha1_blocks(name, {1, longest}) == 9 + 5);

  Work work;
  CHECK(hash_name("example."_name, {12, salt}, work));
  CHECK(work.sha1_blocks == 13);
  work.sha1_blocks = limits::sha1_blocks - 12;
  CHECK_FALSE(hash_name("example."_name, {12, salt}, work));
  work.sha1_blocks = limits::sha1_blocks - 13;
  CHECK(hash_name("example."_name, {12, salt}, work));
  CHECK_FALSE(hash_name("."_name, {0, {}}, work));
  CHECK_FALSE(work.refusal().empty());
}

TEST_CASE("a NSEC3 covers the hashes between its own and the next, round the end") {
  const std::string low = "00000000000000000000000000000010";
  const std::string high = "V0000000000000000000000000000010";
  const auto hash = [](std::uint8_t first) {
    NameHash octets{};
    octets[0] = first;
    return octets;
  };
  const auto within = read(low + ".example. 60 IN NSEC3 1 0 0 - " + high + " A");
  REQUIRE(within);
  CHECK(within->covers(hash(5)));
  CHECK_FALSE(within->covers(hash(0)));
  CHECK_FALSE(within->covers(hash(0xff)));
  CHECK_FALSE(within->covers(within->owner));
  CHECK_FALSE(within->covers(within->next));
  CHECK(within->matches(within->owner));

  const auto last = read(high + ".example. 60 IN NSEC3 1 0 0 - " + low + " A");
  REQUIRE(last);
  CHECK_FALSE(last->covers(hash(5)));
  CHECK(last->covers(hash(0)));
  CHECK(last->covers(hash(0xff)));
  CHECK_FALSE(last->covers(last->owner));
  CHECK_FALSE(last->covers(last->next));

  const auto only = read(low + ".example. 60 IN NSEC3 1 0 0 - " + low + " A");
  REQUIRE(only);
  CHECK(only->covers(hash(5)));
  CHECK(only->covers(hash(0)));
  CHECK_FALSE(only->covers(only->owner));
}

TEST_CASE("only NSEC3 that this zone can have made are read") {
  const std::string hash = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";
  const std::string next = " 2t7b4g4vsa5smi47k61mv5bv1a22bojr A";
  CHECK(read(hash + ".example. 60 IN NSEC3 1 0 12 aabbccdd" + next));
  const auto opt_out = read(hash + ".example. 60 IN NSEC3 1 1 12 aabbccdd" + next);
  REQUIRE(opt_out);
  CHECK(opt_out->opt_out);
  CHECK(opt_out->parameters == Nsec3Parameters{12, salt});
  CHECK(opt_out->types.has(RRType::A));
  // RFC 5155 section 8.1 and 8.2: unknown hash, unknown flags.
  CHECK_FALSE(read(hash + ".example. 60 IN NSEC3 2 0 12 aabbccdd" + next));
  CHECK_FALSE(read(hash + ".example. 60 IN NSEC3 1 2 12 aabbccdd" + next));
  CHECK_FALSE(read(hash + ".example. 60 IN NSEC3 1 129 12 aabbccdd" + next));
  // Of a child (CVE-2026-10723), of the parent, and the apex itself.
  CHECK_FALSE(read(hash + ".sub.example. 60 IN NSEC3 1 0 12 aabbccdd" + next));
  CHECK_FALSE(read(hash + ". 60 IN NSEC3 1 0 12 aabbccdd" + next));
  CHECK_FALSE(read(hash + ".example. 60 IN NSEC3 1 0 12 aabbccdd" + next,
                   *Name::from_text(hash + ".example.")));
  CHECK(read(hash + ". 60 IN NSEC3 1 0 12 aabbccdd" + next, Name{}));
  CHECK_FALSE(Nsec3::of(one_record({}, RRType::NSEC3, {1, 0, 0, 0, 0, 0}), {}));
  // Owners and next names that are no hashes of 20 octets.
  CHECK_FALSE(read("0p9mhaveqvm6t7vb.example. 60 IN NSEC3 1 0 12 aabbccdd" + next));
  CHECK_FALSE(read("wwwmhaveqvm6t7vbl5lop2u3t2rp3tom.example. 60 IN NSEC3 1 0 12 aabbccdd" + next));
  CHECK_FALSE(read(hash + ".example. 60 IN NSEC3 1 0 12 aabbccdd 2t7b4g4vsa5smi47 A"));
  CHECK_FALSE(Nsec3::of(
      sets({hash + ".example. 60 IN NSEC3 1 0 12 aabbccdd" + next,
            hash + ".example. 60 IN NSEC3 1 0 12 aabbccdd gjeqe526plbf1g8mklp59enfd789njgi A"})[0],
      "example."_name));
}
