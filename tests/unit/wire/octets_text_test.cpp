#include "wire/octets_text.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cairn::wire;

namespace {

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("hex, base64 and base32hex pass the test vectors of RFC 4648 section 10") {
  struct Row {
    std::string_view octets, hex, base64, base32hex;
  };
  constexpr Row rows[] = {
      {"", "", "", ""},
      {"f", "66", "Zg==", "CO"},
      {"fo", "666F", "Zm8=", "CPNG"},
      {"foo", "666F6F", "Zm9v", "CPNMU"},
      {"foob", "666F6F62", "Zm9vYg==", "CPNMUOG"},
      {"fooba", "666F6F6261", "Zm9vYmE=", "CPNMUOJ1"},
      {"foobar", "666F6F626172", "Zm9vYmFy", "CPNMUOJ1E8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    const Bytes octets = bytes(row.octets);
    CHECK(to_hex(octets) == row.hex);
    CHECK(to_base64(octets) == row.base64);
    CHECK(to_base32hex(octets) == row.base32hex);
    CHECK(from_hex(row.hex) == octets);
    CHECK(from_base64(row.base64) == octets);
    CHECK(from_base32hex(row.base32hex) == octets);
  }
}

TEST_CASE("letters of hex and base32hex count in either case") {
  CHECK(from_hex("c0FFee") == Bytes{0xC0, 0xFF, 0xEE});
  CHECK(from_base32hex("cpnmuoj1e8") == bytes("foobar"));
}

TEST_CASE("broken encodings are refused, so that each value has one spelling") {
  for (const char* text : {"0", "zz", "0x00", "00 00"}) CHECK_FALSE(from_hex(text));
  for (const char* text : {"Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "====", "Z===", "Zm9=", "Zg-_"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
  for (const char* text : {"C", "CP0NMUW", "CPO", "CP", "C="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base32hex(text));
  }
}

TEST_CASE("escapes are a backslash before any character, or before three digits up to 255") {
  CHECK(unescape("a\\\"b\\\\c\\032\\;") == bytes("a\"b\\c ;"));
  CHECK(unescape("\\000\\255") == Bytes{0, 255});
  for (const char* text : {"\\", "\\1", "\\12", "\\256", "\\1a2", "a\\"}) {
    CAPTURE(text);
    CHECK_FALSE(unescape(text));
  }
  CHECK(escape(bytes("a \"b\" \\ ;\x7F\x01~")) == "a \\\"b\\\" \\\\ ;\\127\\001~");
}

TEST_CASE("any octets survive any encoding") {
  std::mt19937_64 die{20261121};
  for (int round = 0; round < 2000; ++round) {
    Bytes octets(die() % 70);
    for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(die());
    REQUIRE(from_hex(to_hex(octets)) == octets);
    REQUIRE(from_base64(to_base64(octets)) == octets);
    REQUIRE(from_base32hex(to_base32hex(octets)) == octets);
    REQUIRE(unescape(escape(octets)) == octets);
  }
}

TEST_CASE("UTF-8 is what RFC 3629 says, no longer forms and no surrogates") {
  const auto is = [](std::string_view hex) { return is_utf8(*from_hex(hex)); };
  for (const char* good :
       {"", "41", "C3A4", "E282AC", "F09F8CB3", "EFBFBF", "F48FBFBF", "ED9FBF"}) {
    CAPTURE(good);
    CHECK(is(good));
  }
  for (const char* bad : {"80", "C3", "C0AF", "C1BF", "E282", "E08080", "EDA080", "F0808080",
                          "F4908080", "F5808080", "FF", "C341", "E28241"}) {
    CAPTURE(bad);
    CHECK_FALSE(is(bad));
  }
}
