#include "dnssec/tsig_key.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cairn;
using namespace cairn::dnssec;
using wire::operator""_name;

namespace {

Secret secret(std::string_view text) {
  return Secret(wire::Bytes(text.begin(), text.end()));
}

}  // namespace

TEST_CASE("algorithms have the names of RFC 8945, in any case, and BIND's truncated ones") {
  struct Case {
    const char* text;
    HashAlgorithm hash;
    std::size_t mac_octets;
  };
  const Case cases[] = {
      {"hmac-md5", HashAlgorithm::Md5, 16},
      {"hmac-md5.sig-alg.reg.int", HashAlgorithm::Md5, 16},
      {"HMAC-MD5.SIG-ALG.REG.INT.", HashAlgorithm::Md5, 16},
      {"hmac-sha1", HashAlgorithm::Sha1, 20},
      {"hmac-sha224", HashAlgorithm::Sha224, 28},
      {"HMAC-SHA256.", HashAlgorithm::Sha256, 32},
      {"hmac-sha384-192", HashAlgorithm::Sha384, 24},
      {"hmac-sha512-512", HashAlgorithm::Sha512, 64},
      {"hmac-sha1-80", HashAlgorithm::Sha1, 10},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto algorithm = tsig_algorithm_from_text(one.text);
    REQUIRE(algorithm);
    CHECK(*algorithm == TsigAlgorithm{one.hash, one.mac_octets});
    CHECK(tsig_algorithm_named(tsig_algorithm_name(one.hash)) == one.hash);
  }
}

TEST_CASE("what is no algorithm, or leaves too little of a MAC, is refused") {
  for (const char* text : {"", "hmac", "hmac-sha", "hmac-sha25", "hmac-sha2567", "hmac-sha256-",
                           "hmac-sha256-x", "hmac-sha256-120", "hmac-sha256-127", "hmac-sha256-264",
                           "hmac-sha1-72", "hmac-md5-64", "sha256", "hmac-sha256-128-"}) {
    CAPTURE(text);
    CHECK_FALSE(tsig_algorithm_from_text(text));
  }
}

TEST_CASE("a key stands in the clause that tsig-keygen writes") {
  const auto key = tsig_key_from_clause(
      "key \"Transfer.example\" {\n\talgorithm hmac-sha512;\n\tsecret \"c2VjcmV0\";\n};\n");
  REQUIRE(key);
  CHECK(key->name == "transfer.example."_name);
  CHECK(key->algorithm == TsigAlgorithm{HashAlgorithm::Sha512, 64});
  CHECK(key->secret == secret("secret"));
}

TEST_CASE("comments, other clauses and later keys around a key are passed over") {
  const auto key = tsig_key_from_clause(
      "# key \"a\"\n// b\n/* c\n */ options { directory \"/}\"; inner { x; }; };\n"
      "key first { secret c2VjcmV0; algorithm HMAC-SHA1; };\nkey second { };");
  REQUIRE(key);
  CHECK(key->name == "first."_name);
  CHECK(key->algorithm.hash == HashAlgorithm::Sha1);
}

TEST_CASE("an error in a key's clause names the line, and never the secret") {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"", "no key in the file"},
      {"garbage", "no key in the file"},
      {"key", "line 1: expected the name of the key, found 'key'"},
      {"key a\nb", "line 2: expected '{', found 'b'"},
      {"key a {\n  algorithm none; secret x; };",
       "line 2: expected an algorithm like hmac-sha256, found 'none'"},
      {"key a {\n  algorithm hmac-sha256;\n\n  secret \"top secret\"; };",
       "line 4: the secret is not base64"},
      {"key a { algorithm hmac-sha256; };", "the key lacks its algorithm or its secret"},
      {"key a { algorithm hmac-sha256 }", "line 1: expected ';', found '}'"},
      {"key a { colour red; };", "line 1: expected 'algorithm' or 'secret', found 'colour'"},
      {"key a { algorithm hmac-sha256; secret \"c2VjcmV0\";", "line 1: expected '}', found ';'"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto key = tsig_key_from_clause(one.text);
    REQUIRE_FALSE(key);
    CHECK(key.error() == one.message);
  }
}

TEST_CASE("a key stands in the two files of an old key") {
  const auto key = tsig_key_from_pair(
      "host.example. IN KEY 512 3 163 c2VjcmV0\n",
      "Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: c2VjcmV0\nBits: AAA=\n");
  REQUIRE(key);
  CHECK(key->name == "host.example."_name);
  CHECK(key->algorithm == TsigAlgorithm{HashAlgorithm::Sha256, 32});
  CHECK(key->secret == secret("secret"));

  CHECK_FALSE(tsig_key_from_pair("", "Algorithm: 163\nKey: c2VjcmV0\n"));
  CHECK_FALSE(tsig_key_from_pair("host.", "Algorithm: 8 (RSASHA256)\nKey: c2VjcmV0\n"));
  CHECK_FALSE(tsig_key_from_pair("host.", "Algorithm: 163\nKey: not base64\n"));
  CHECK_FALSE(tsig_key_from_pair("host.", "Key: c2VjcmV0\n"));
}
