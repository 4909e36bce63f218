#include "wire/rrset.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cairn::wire;

namespace {

Bytes address(std::uint8_t last) {
  return {192, 0, 2, last};
}

Record a_record(const char* owner, std::uint32_t ttl, std::uint8_t last) {
  return {*Name::from_text(owner), RRType::A, RRClass::IN, Ttl{ttl}, address(last)};
}

/// Only the type covered matters here.
Record signature(const char* owner, RRType covered, std::uint8_t mark) {
  const auto code = static_cast<std::uint16_t>(covered);
  return {
      *Name::from_text(owner), RRType::RRSIG, RRClass::IN, Ttl{300},
      Bytes{static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code & 0xff), mark}};
}

}  // namespace

TEST_CASE("a set is the same whatever has been found of it, and a copy keeps what was found") {
  const std::vector<RRset> sets = group(std::vector{a_record("www.example.", 300, 1)});
  REQUIRE(sets.size() == 1);
  CHECK(sets[0].security == Security::Unchecked);
  RRset judged = sets[0];
  judged.security = Security::Secure;
  CHECK(judged == sets[0]);
  CHECK(copy_of(view(judged)).security == Security::Secure);
  judged.ttl = Ttl{299};
  CHECK_FALSE(judged == sets[0]);
  CHECK(std::min(Security::Insecure, Security::Secure) == Security::Insecure);
}

TEST_CASE("a list of RDATA is one block, each behind its length") {
  RdataList list;
  CHECK(list.empty());
  CHECK(list.begin() == list.end());
  CHECK(list.add(Bytes{1, 2}));
  CHECK(list.add(Bytes{}));
  CHECK(list.add(Bytes(300, 7)));
  CHECK(list.size() == 3);
  REQUIRE(list.packed().size() == 2 + 2 + 2 + 2 + 300);
  CHECK(std::ranges::equal(list.packed().first(8), Bytes{0, 2, 1, 2, 0, 0, 1, 44}));
  CHECK(std::ranges::equal(list[0], Bytes{1, 2}));
  CHECK(list[1].empty());
  CHECK(list[2].size() == 300);
  std::vector<std::size_t> sizes;
  for (const RdataView rdata : list) sizes.push_back(rdata.size());
  CHECK(sizes == std::vector<std::size_t>{2, 0, 300});
}

TEST_CASE("a set holds each RDATA once") {
  RdataList list;
  CHECK(list.add(address(1)));
  CHECK(list.add(address(2)));
  CHECK_FALSE(list.add(address(1)));
  CHECK(list.size() == 2);
  CHECK(list.contains(address(2)));
  CHECK_FALSE(list.contains(address(3)));
  CHECK_FALSE(list.contains(Bytes{192, 0, 2}));
}

TEST_CASE("RDATA longer than 16 bits can say is refused") {
  RdataList list;
  CHECK_FALSE(list.add(Bytes(65536)));
  CHECK(list.empty());
  CHECK(list.add(Bytes(65535)));
  CHECK(list[0].size() == 65535);
}

TEST_CASE("a packed list comes back whole") {
  RdataList list;
  list.add(address(1));
  list.add(Bytes{});
  const RdataList back =
      RdataList::from_packed({list.packed().begin(), list.packed().end()}, list.size());
  CHECK(back == list);
}

TEST_CASE("records are grouped into sets in the order of their first appearance") {
  const Record records[] = {a_record("b.", 300, 1), a_record("a.", 60, 1), a_record("B.", 200, 2),
                            a_record("b.", 400, 1)};
  const auto sets = group(records);
  REQUIRE(sets.size() == 2);
  CHECK(sets[0].owner.is_identical(*Name::from_text("b.")));
  CHECK(sets[0].rdata.size() == 2);
  CHECK(sets[0].ttl.seconds == 200);  // the least (RFC 2181 section 5.2)
  CHECK(sets[1].owner == *Name::from_text("a."));
  CHECK(sets[1].ttl.seconds == 60);
}

TEST_CASE("type and class keep sets apart") {
  Record other_class = a_record("a.", 1, 1), other_type = a_record("a.", 1, 1);
  other_class.rrclass = RRClass::CH;
  other_type.type = RRType::TXT;
  const Record records[] = {a_record("a.", 1, 1), other_class, other_type};
  CHECK(group(records).size() == 3);
}

TEST_CASE("signatures go to the set that they cover, wherever they stand") {
  const Record records[] = {signature("a.", RRType::A, 1),   a_record("a.", 60, 1),
                            signature("A.", RRType::A, 2),   signature("b.", RRType::A, 3),
                            signature("a.", RRType::TXT, 4), signature("a.", RRType::RRSIG, 5)};
  const auto sets = group(records);
  REQUIRE(sets.size() == 3);
  CHECK(sets[0].type == RRType::A);
  CHECK(sets[0].signatures.size() == 2);
  CHECK(sets[0].ttl.seconds == 60);
  // Those that cover nothing that is there are sets of their own.
  CHECK(sets[1].type == RRType::RRSIG);
  CHECK(sets[1].owner == *Name::from_text("b."));
  CHECK(sets[2].type == RRType::RRSIG);
  CHECK(sets[2].rdata.size() == 2);
  CHECK(sets[2].signatures.empty());  // signatures are not signed (RFC 4035 section 2.2)
}

TEST_CASE("thousands of records are grouped as a few are") {
  // The small way and the large way agree: one record at a time against all at once.
  std::vector<Record> records;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string owner = (i % 3 ? "host" : "HOST") + std::to_string(i % 1000) + ".example.";
    records.push_back(a_record(owner.c_str(), 100 + static_cast<std::uint32_t>(i),
                               static_cast<std::uint8_t>(i / 1000)));
    if (i % 10 == 0) records.push_back(signature(owner.c_str(), RRType::A, 0));
  }
  const auto sets = group(records);
  REQUIRE(sets.size() == 1000);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    CHECK(sets[i].owner == *Name::from_text("host" + std::to_string(i) + ".example."));
    CHECK(sets[i].rdata.size() == 3);
    CHECK(sets[i].ttl.seconds == 100 + i);
    CHECK(sets[i].signatures.size() == (i % 10 == 0 ? 1 : 0));
  }
}
