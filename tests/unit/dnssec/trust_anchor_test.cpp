#include "dnssec/trust_anchor.hpp"

#include <doctest/doctest.h>

#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using wire::operator""_name;

namespace {

// IANA's key of 2017, as DNSKEY.
constexpr const char* key_20326 =
    "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN"
    "7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8"
    "efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLY"
    "A4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=";

std::vector<TrustAnchor> anchors(const std::string& text) {
  const auto anchors = trust_anchors_from_text(text);
  REQUIRE_MESSAGE(anchors.ok(), text);
  return *anchors;
}

}  // namespace

TEST_CASE("the built-in anchor is the two keys of the root") {
  const TrustAnchor& root = root_anchor();
  CHECK(root.owner.is_root());
  CHECK(root.type == wire::RRType::DS);
  REQUIRE(root.rdata.size() == 2);
  CHECK(ds_from_rdata(root.rdata[0])->key_tag == 20326);
  CHECK(ds_from_rdata(root.rdata[1])->key_tag == 38696);
}

TEST_CASE("an anchor may be given as the key itself: it is the same") {
  const auto from_key = anchors(std::string(". 172800 IN DNSKEY 257 3 8 ") + key_20326);
  REQUIRE(from_key.size() == 1);
  REQUIRE(from_key[0].rdata.size() == 1);
  CHECK(std::ranges::equal(from_key[0].rdata[0], root_anchor().rdata[0]));
}

TEST_CASE("anchors are read as a zone file has them") {
  const auto read = anchors(
      "; autotrust trust anchor file\n"
      ".\t86400\tIN\tDNSKEY 257 3 8 " +
      std::string(key_20326) +
      " ;{id = 20326 (ksk), size = 2048b} ;;state=2 [  VALID  ]\r\n"
      "\n"
      "example.org. DS 1 13 2 (\n"
      "  0000000000000000000000000000000000000000000000000000000000000001 ; one\n"
      "  )\n"
      "EXAMPLE.org. IN DS 2 13 2 "
      "0000000000000000000000000000000000000000000000000000000000000002\n");
  REQUIRE(read.size() == 2);
  CHECK(read[0].owner.is_root());
  CHECK(read[1].owner == "example.org."_name);
  CHECK(read[1].rdata.size() == 2);
  CHECK(anchors("").empty());
}

TEST_CASE("a revoked key is no anchor") {
  CHECK(anchors(std::string(". DNSKEY 385 3 8 ") + key_20326).empty());
}

TEST_CASE("an error in an anchor names its line") {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"; none\n. IN A 192.0.2.1\n", "line 2: expected a DS or DNSKEY record, found A"},
      {"\n. CH DS 1 13 2 00\n", "line 2: "},
      {". DNSKEY 1 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n",
       "line 1: the key is no zone key: its flags lack 256"},
      {"a. DS 1 13 2 (\n00\n)\n", "line 1: "},
      {"example.org.\n", "line 1: "},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto read = trust_anchors_from_text(one.text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().starts_with(one.error));
  }
}
