#include "dnssec/crypto.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "wire/octets_text.hpp"

using namespace cairn;
using namespace cairn::dnssec;

namespace {

wire::Bytes octets(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

// RFC 2202 section 2 and 3, RFC 4231 section 4.3: key "Jefe".
TEST_CASE("the keyed hashes give what the RFCs' test cases say") {
  struct Case {
    HashAlgorithm algorithm;
    const char* mac;
  };
  const Case cases[] = {
      {HashAlgorithm::Md5, "750C783E6AB0B503EAA86E310A5DB738"},
      {HashAlgorithm::Sha1, "EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79"},
      {HashAlgorithm::Sha224, "A30E01098BC6DBBF45690F3A7E9E6D0F8BBEA2A39E6148008FD05E44"},
      {HashAlgorithm::Sha256, "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"},
      {HashAlgorithm::Sha384,
       "AF45D2E376484031617F78D2B58A6B1B9C7EF464F5A01B47E42EC3736322445E8E2240CA5E69E2C78B3239ECFAB"
       "2"
       "1649"},
      {HashAlgorithm::Sha512,
       "164B7A7BFCF819E2E395FBE73B56E0A387BD64222E831FD610270CD7EA2505549758BF75C05A994A6D034F65F8F"
       "0"
       "E6FDCAEAB1A34D4A6B4B636E070A38BCE737"},
  };
  for (const Case& one : cases) {
    Hmac hmac(one.algorithm, Secret(octets("Jefe")));
    hmac.add(octets("what do ya want "));
    hmac.add(octets("for nothing?"));
    const wire::Bytes mac = hmac.finish();
    CHECK(wire::to_hex(mac) == one.mac);
    CHECK(mac.size() == hash_octets(one.algorithm));
  }
}

TEST_CASE("a keyed hash begins anew when it is finished") {
  Hmac hmac(HashAlgorithm::Sha256, Secret(octets("key")));
  hmac.add(octets("first"));
  const wire::Bytes first = hmac.finish();
  hmac.add(octets("second"));
  CHECK(hmac.finish() != first);
  hmac.add(octets("first"));
  CHECK(hmac.finish() == first);
}

TEST_CASE("an empty key is a key") {
  Hmac hmac(HashAlgorithm::Sha256, Secret());
  CHECK(wire::to_hex(hmac.finish()) ==
        "B613679A0814D9EC772F95D778C35FC5FF1697C493715653C6C712144292C5AD");
}

TEST_CASE("octets are equal only when all of them are") {
  CHECK(equal_in_constant_time(octets("abc"), octets("abc")));
  CHECK(equal_in_constant_time({}, {}));
  CHECK_FALSE(equal_in_constant_time(octets("abc"), octets("abd")));
  CHECK_FALSE(equal_in_constant_time(octets("abc"), octets("ab")));
}

TEST_CASE("wiped octets are zeros") {
  wire::Bytes secret = octets("secret");
  wipe(secret);
  CHECK(secret == wire::Bytes(6, 0));
}
