// The sentences and the numbers are dig's.
#include <doctest/doctest.h>

#include "tools/cdig/key.hpp"

using namespace cairn;
using namespace cairn::cdig;
using dnssec::HashAlgorithm;
using dnssec::TsigAlgorithm;
using wire::operator""_name;

namespace {

constexpr const char* long_secret = "AAAAAAAAAAAAAAAAAAAAAA==";

KeyFinding key(const std::string& algorithm, const std::string& secret = long_secret) {
  return key_from_words({algorithm, "k.example", secret_text(secret)});
}

}  // namespace

TEST_CASE("words make a key") {
  const KeyFinding found = key("hmac-sha512");
  REQUIRE(found.key);
  CHECK(found.key->name == "k.example."_name);
  CHECK(found.key->algorithm == TsigAlgorithm{HashAlgorithm::Sha512, 64});
  CHECK(found.key->secret.octets().size() == 16);
  CHECK(found.output + found.errors == "");
}

TEST_CASE("bits behind an algorithm cut the MAC, to whole octets") {
  const auto octets = [](const std::string& algorithm) {
    return key(algorithm).key.value().algorithm.mac_octets;
  };
  CHECK(octets("hmac-sha256") == 32);
  CHECK(octets("hmac-sha256-0") == 32);
  CHECK(octets("HMAC-SHA256-128") == 16);
  CHECK(octets("hmac-sha256-127") == 16);
  CHECK(octets("hmac-sha256-8") == 1);
  CHECK(octets("hmac-md5-64") == 8);
}

TEST_CASE("bits that are none, or too many, end the run") {
  const auto said = [](const std::string& algorithm) {
    const KeyFinding found = key(algorithm);
    CHECK_FALSE(found.key);
    CHECK(found.fatal);
    CHECK(found.errors == "cdig: couldn't parse digest bits\n");
    return found.output;
  };
  CHECK(said("hmac-sha256-") == "invalid digest-bits [0..256] '': not a valid number\n");
  CHECK(said("hmac-sha256-257") == "invalid digest-bits [0..256] '257': out of range\n");
  CHECK(said("hmac-sha512--5") == "invalid digest-bits [0..512] '-5': not a valid number\n");
  CHECK(said("hmac-sha512-0x10") == "invalid digest-bits [0..512] '0x10': not a valid number\n");
}

TEST_CASE("what makes no key is said, and the run goes on") {
  const KeyFinding unknown = key("bogus");
  CHECK_FALSE(unknown.key);
  CHECK(unknown.errors == ";; Warning, ignoring invalid TSIG algorithm bogus\n");
  CHECK(unknown.output == ";; Couldn't create key k.example: algorithm is unsupported\n");

  const KeyFinding broken = key("hmac-sha256", "Q");
  CHECK_FALSE(broken.key);
  CHECK(broken.output == ";; Couldn't create key k.example: bad base64 encoding\n");
  CHECK_FALSE(broken.fatal);
}

TEST_CASE("a secret of less than 64 bits is warned of") {
  CHECK(key("hmac-sha256", "AAAAAAAAAAA=").errors == "");
  const KeyFinding found = key("hmac-sha256", "AAAAAAAAAA==");
  CHECK(found.key);
  CHECK(found.errors.ends_with(" the key 'k.example' is too short to be secure\n"));
}

TEST_CASE("a key file that is not there is said, and the run goes on") {
  const KeyFinding found = key_from_file("/nonexistent.key");
  CHECK_FALSE(found.key);
  CHECK(found.errors == "Couldn't read key from /nonexistent.key: file not found\n");
  CHECK(key_from_file("/").errors == "Couldn't read key from /: not a file\n");
}
