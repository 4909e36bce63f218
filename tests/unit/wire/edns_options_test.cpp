#include "wire/edns_options.hpp"

#include <doctest/doctest.h>

#include "wire/octets_text.hpp"

using namespace cairn::wire;

namespace {

Bytes hex(std::string_view text) {
  std::string digits{text};
  std::erase(digits, ' ');
  const auto octets = from_hex(digits);
  REQUIRE_MESSAGE(octets, text);
  return *octets;
}

/// `octets` say `value`, and `value` is written as these octets.
template <class Value>
void says(std::string_view octets, const Value& value) {
  CAPTURE(octets);
  CHECK(Value::parse(hex(octets)) == value);
  CHECK(to_hex(value.octets()) == to_hex(hex(octets)));
}

template <class Value>
void are_nothing(std::initializer_list<std::string_view> rows) {
  for (const std::string_view octets : rows) {
    CAPTURE(octets);
    CHECK_FALSE(Value::parse(hex(octets)));
  }
}

IpAddress address(std::string_view text) {
  return *IpAddress::from_text(text);
}

}  // namespace

// Octets by hand, from the pictures of the RFCs.
TEST_CASE("a client's subnet has no more octets than its prefix, and no bits beyond it") {
  says("0001 18 00 C00002", ClientSubnet{address("192.0.2.0"), 24, 0});
  says("0001 19 10 C0000280", ClientSubnet{address("192.0.2.128"), 25, 16});
  says("0001 00 00", ClientSubnet{address("0.0.0.0"), 0, 0});
  says("0002 38 30 20010DB8000042", ClientSubnet{address("2001:db8:0:4200::"), 56, 48});
  says("0002 80 80 20010DB8000000000000000000000001",
       ClientSubnet{address("2001:db8::1"), 128, 128});
  says("0000 00 00", ClientSubnet{});
  are_nothing<ClientSubnet>({"", "0001 18", "0001 18 00 C000", "0001 18 00 C0000200",
                             "0001 17 00 C00003", "0001 21 00 C000020100", "0001 00 21",
                             "0002 81 00", "0000 08 00 01", "0000 00 08", "0003 00 00"});
}

TEST_CASE("a subnet is written without what lies beyond it") {
  CHECK(to_hex(ClientSubnet{address("192.0.2.255"), 25, 0}.octets()) == "00011900C0000280");
  CHECK(to_hex(ClientSubnet{address("192.0.2.255"), 16, 0}.octets()) == "00011000C000");
}

TEST_CASE("a cookie is the client's, or the client's and the server's") {
  const std::array<std::uint8_t, 8> client{1, 2, 3, 4, 5, 6, 7, 8};
  says("0102030405060708", Cookie{client, {}});
  says("0102030405060708 A1A2A3A4A5A6A7A8",
       Cookie{client, {0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8}});
  CHECK(Cookie::parse(Bytes(40)));
  CHECK_FALSE(Cookie::parse(Bytes(41)));
  CHECK_FALSE(Cookie::parse(Bytes(15)));
  are_nothing<Cookie>({"", "01020304050607", "010203040506070809"});
}

TEST_CASE("times are there in replies and not in queries") {
  says("", Expire{});
  says("00093A80", Expire{604800U});
  are_nothing<Expire>({"00", "00093A8000"});
  says("", Keepalive{});
  says("0258", Keepalive{std::uint16_t{600}});
  are_nothing<Keepalive>({"00", "000258"});
}

TEST_CASE("padding has a size and nothing else") {
  says("", Padding{0});
  says("000000", Padding{3});
  CHECK(Padding::parse(hex("FFEE")) == Padding{2});
}

TEST_CASE("names in options are whole and uncompressed") {
  says("076578616D706C6500", Chain{"example."_name});
  says("00", Chain{Name{}});
  says("03726570 056167656E74 00", ReportChannel{"rep.agent."_name});
  are_nothing<Chain>({"", "0161", "C000", "00 00"});
  are_nothing<ReportChannel>({"", "0161", "C000", "00 00"});
}

TEST_CASE("lists of keys and algorithms are as long as their octets say") {
  says("4F66", KeyTag{{20326}});
  says("4F66 4A5C", KeyTag{{20326, 19036}});
  are_nothing<KeyTag>({"", "4F", "4F664A"});
  says("", SignatureAlgorithms{});
  says("080D0F", SignatureAlgorithms{{8, 13, 15}});
  says("0204", DigestAlgorithms{{2, 4}});
  says("01", Nsec3Algorithms{{1}});
  says("1234", ClientTag{0x1234});
  says("FFFF", ServerTag{0xFFFF});
  are_nothing<ClientTag>({"", "12", "123456"});
}

TEST_CASE("a zone's version is its serial, or whatever another type says") {
  says("", ZoneVersion{});
  says("02 00 78C40465", ZoneVersion{ZoneVersion::Version{2, 0, {0x78, 0xC4, 0x04, 0x65}}});
  says("00 F6", ZoneVersion{ZoneVersion::Version{0, 246, {}}});
  are_nothing<ZoneVersion>({"02", "02 00", "02 00 78C404", "02 00 78C4046500"});
}

TEST_CASE("long-lived queries and leases have their lengths") {
  says("0001 0002 0003 0102030405060708 00000E10",
       LongLivedQuery{1, 2, 3, 0x0102030405060708, 3600});
  are_nothing<LongLivedQuery>({"", "0001", "0001 0002 0003 0102030405060708 00000E1000"});
  says("00000E10", UpdateLease{3600, std::nullopt});
  says("00000E10 00093A80", UpdateLease{3600, 604800U});
  are_nothing<UpdateLease>({"", "00000E", "00000E1000", "00000E10 00093A8000"});
}

TEST_CASE("options are found and added by their type") {
  Edns edns;
  CHECK_FALSE(edns.get<Keepalive>());
  edns.put(Keepalive{std::uint16_t{20}});
  edns.put(KeyTag{{1}});
  CHECK(edns.get<Keepalive>() == Keepalive{std::uint16_t{20}});
  CHECK(edns.get<KeyTag>() == KeyTag{{1}});
  CHECK(edns.options[1] == EdnsOption{OptionCode::KeyTag, {0, 1}});
  edns.options[0].data.push_back(0);
  CHECK_FALSE(edns.get<Keepalive>());
}

TEST_CASE("option codes and extended errors have the names of their registries") {
  CHECK(to_text(OptionCode::ClientSubnet) == "ECS");
  CHECK(to_text(OptionCode::Padding) == "PADDING");
  CHECK(to_text(OptionCode{65001}) == "65001");
  CHECK(option_code_from_text("ecs") == OptionCode::ClientSubnet);
  CHECK(option_code_from_text("Client-Subnet") == OptionCode::ClientSubnet);
  CHECK(option_code_from_text("65001") == OptionCode{65001});
  CHECK_FALSE(option_code_from_text("65536"));
  CHECK_FALSE(option_code_from_text("nope"));
  for (unsigned code = 0; code <= 0xFFFF; ++code) {
    const OptionCode option{static_cast<std::uint16_t>(code)};
    REQUIRE(option_code_from_text(to_text(option)) == option);
  }
  CHECK(to_text(ExtendedErrorCode::StaleNxdomainAnswer) == "Stale NXDOMAIN Answer");
  CHECK(to_text(ExtendedErrorCode::UnsupportedNsec3Iterations) ==
        "Unsupported NSEC3 Iterations Value");
  CHECK(to_text(ExtendedErrorCode{4711}) == "4711");
}
