#include "dnssec/signer.hpp"

#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;

TEST_CASE("a private key is the same after its text was written and read") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(to_text(algorithm));
    const SigningKey mine = key("example."_name, algorithm);
    const auto read = PrivateKey::from_text(mine.key.to_text());
    REQUIRE(read.ok());
    CHECK(read->algorithm() == algorithm);
    CHECK(read->public_octets() == mine.key.public_octets());
    CHECK(read->to_text() == mine.key.to_text());
    const wire::Bytes octets{1, 2, 3};
    CHECK(PublicKey(mine.dnskey()).verifies(octets, read->sign(octets)));
  }
}

TEST_CASE("times of a key's life in its file are passed over") {
  const SigningKey mine = key("example."_name);
  const auto read = PrivateKey::from_text(mine.key.to_text() + "Created: 20261121191639\r\n\n");
  REQUIRE(read.ok());
  CHECK(read->public_octets() == mine.key.public_octets());
}

TEST_CASE("what is wrong with a private key's text is said without repeating secrets") {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"", "no 'Algorithm:' in the private key"},
      {"Private-key-format: v2.0\nAlgorithm: 15\n",
       "expected Private-key-format v1.3, found 'v2.0'"},
      {"Algorithm: 3 (DSA)\n", "'Algorithm: 3 (DSA)' is none that can sign"},
      {"Algorithm: 15\nPrivateKey: not base64!\n",
       "what stands behind 'PrivateKey:' is not base64"},
      {"Algorithm: 15\n", "the parts of the private key are not one of ED25519"},
      {"Algorithm: 15\nPrivateKey: AAAA\n", "the parts of the private key are not one of ED25519"},
      {"Algorithm: 8\nModulus: AAAA\n", "the parts of the private key are not one of RSASHA256"},
      // Zero, and beyond the order of the curve.
      {"Algorithm: 13\nPrivateKey: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
       "the parts of the private key are not one of ECDSAP256SHA256"},
      {"Algorithm: 13\nPrivateKey: //////////////////////////////////////////8=\n",
       "the parts of the private key are not one of ECDSAP256SHA256"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto key = PrivateKey::from_text(one.text);
    REQUIRE_FALSE(key.ok());
    CHECK(key.error() == one.error);
  }
}

TEST_CASE("a seed makes the same key again, and another seed another one") {
  for (const Algorithm algorithm : {Algorithm::ECDSAP256SHA256, Algorithm::ECDSAP384SHA384,
                                    Algorithm::ED25519, Algorithm::ED448}) {
    CAPTURE(to_text(algorithm));
    const auto seeded = [&](std::uint8_t seed) {
      return PrivateKey::from_seed(algorithm, {&seed, 1})->public_octets();
    };
    CHECK(seeded(1) == seeded(1));
    CHECK(seeded(1) != seeded(2));
  }
  CHECK_FALSE(PrivateKey::from_seed(Algorithm::RSASHA256, {}));
  CHECK_FALSE(PrivateKey::generate(Algorithm{12}));
  CHECK_FALSE(PrivateKey::generate(Algorithm::RSASHA256, 16384));
}

TEST_CASE("a RRSIG is read as it was written, and not when it is cut short") {
  const SigningKey mine = key("Example."_name);
  const wire::Bytes rdata = sign(set({"example. 300 IN A 192.0.2.1"}), mine, around_now);
  const auto rrsig = rrsig_from_rdata(rdata);
  REQUIRE(rrsig);
  CHECK(to_rdata(*rrsig) == rdata);
  CHECK(rrsig->signer == mine.zone);
  CHECK(rrsig->labels == 1);
  for (std::size_t octets = 0; octets < 18 + 9; ++octets)
    CHECK_FALSE(rrsig_from_rdata(std::span{rdata}.first(octets)));
}
