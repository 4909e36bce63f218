#include "wire/address.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <random>

using namespace cairn::wire;

namespace {

IpAddress address(std::string_view text) {
  const auto parsed = IpAddress::from_text(text);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

/// What the C library makes of the same octets.
std::string text_by_libc(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  return inet_ntop(address.is_v6() ? AF_INET6 : AF_INET, address.octets().data(), text,
                   sizeof text);
}

}  // namespace

TEST_CASE("addresses are written as RFC 5952 recommends") {
  struct Row {
    std::string_view text, canonical;
  };
  constexpr Row rows[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},  // the first of equals
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // the longest
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // a lone zero stays
      {"2001:db8::192.0.2.33", "2001:db8::c000:221"},
      {"::ffff:192.0.2.33", "::ffff:192.0.2.33"},
      {"::192.0.2.33", "::192.0.2.33"},
      {"1:2:3:4:5:6:192.0.2.33", "1:2:3:4:5:6:c000:221"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(address(row.text).to_text() == row.canonical);
  }
}

TEST_CASE("what is not exactly an address is none") {
  for (const char* text : {"",
                           "1",
                           "192.0.2",
                           "192.0.2.256",
                           "192.0.2.01",
                           "192.0.2.1.",
                           ".192.0.2.1",
                           "192.0.2.1.5",
                           "192.0.2.-1",
                           "192.0.2.+1",
                           " 192.0.2.1",
                           "0x7f.0.0.1",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "12345::",
                           "g::",
                           "::1%lo",
                           "1:",
                           ":1",
                           "1::2:",
                           ":1::2",
                           "192.0.2.1::",
                           "::192.0.2",
                           "1:2:3:4:5:6:7:192.0.2.1",
                           "::192.0.2.1:1",
                           "::-1",
                           "[::1]"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::from_text(text));
  }
}

TEST_CASE("the C library reads and writes every address as we do") {
  std::mt19937_64 die{5952};
  for (int round = 0; round < 20000; ++round) {
    std::array<std::uint8_t, 16> octets{};
    // Zeros often: they are what the rules are about.
    for (std::uint8_t& octet : octets) octet = die() % 4 ? 0 : static_cast<std::uint8_t>(die());
    if (die() % 8 == 0) octets[10] = octets[11] = 0xFF;
    const IpAddress v6 = IpAddress::v6(octets);
    REQUIRE(v6.to_text() == text_by_libc(v6));
    REQUIRE(IpAddress::from_text(v6.to_text()) == v6);
    const IpAddress v4 = IpAddress::v4(std::span{octets}.first<4>());
    REQUIRE(v4.to_text() == text_by_libc(v4));
    REQUIRE(IpAddress::from_text(v4.to_text()) == v4);
  }
}

TEST_CASE("mangled addresses are addresses to us exactly when they are to the C library") {
  std::mt19937_64 die{4291};
  constexpr std::string_view alphabet = "0123:.:af9";
  int accepted = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text{die() % 2 ? "1:2::192.0.2.1" : "2001:db8::1"};
    for (int change = 0; change < 3; ++change) {
      text[die() % text.size()] = alphabet[die() % alphabet.size()];
    }
    std::array<std::uint8_t, 16> octets{};
    const bool v6 = text.find(':') != std::string::npos;
    const bool theirs = inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), octets.data()) == 1;
    const auto ours = IpAddress::from_text(text);
    CAPTURE(text);
    REQUIRE(ours.has_value() == theirs);
    if (!ours) continue;
    ++accepted;
    REQUIRE(std::equal(ours->octets().begin(), ours->octets().end(), octets.begin()));
  }
  CHECK(accepted > 1000);
}

TEST_CASE("an address comes from the RDATA of A and AAAA only") {
  const Bytes four{192, 0, 2, 1};
  const Bytes sixteen(16, 1);
  CHECK(IpAddress::from_rdata(RRType::A, four) == address("192.0.2.1"));
  CHECK(IpAddress::from_rdata(RRType::AAAA, sixteen) == address("101:101:101:101:101:101:101:101"));
  CHECK_FALSE(IpAddress::from_rdata(RRType::A, sixteen));
  CHECK_FALSE(IpAddress::from_rdata(RRType::AAAA, four));
  CHECK_FALSE(IpAddress::from_rdata(RRType::TXT, four));
}

TEST_CASE("an endpoint may leave its port out") {
  struct Row {
    std::string_view text, canonical;
  };
  constexpr Row rows[] = {
      {"192.0.2.1", "192.0.2.1:5300"},
      {"192.0.2.1:53", "192.0.2.1:53"},
      {"2001:db8::1", "[2001:db8::1]:5300"},
      {"[2001:db8::1]", "[2001:db8::1]:5300"},
      {"[2001:db8::1]:65535", "[2001:db8::1]:65535"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto endpoint = Endpoint::from_text(row.text, 5300);
    REQUIRE(endpoint);
    CHECK(endpoint->to_text() == row.canonical);
    CHECK(Endpoint::from_text(row.canonical, 1) == endpoint);
  }
  for (const char* text :
       {"", ":53", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:053", "[::1]53", "[::1]:", "[::1",
        "::1]:53", "[192.0.2.1]:53", "192.0.2.1:53:53", "localhost:53", "192.0.2.1:+53"}) {
    CAPTURE(text);
    CHECK_FALSE(Endpoint::from_text(text, 53));
  }
}

TEST_CASE("a prefix contains what shares its leading bits") {
  struct Row {
    std::string_view prefix, address;
    bool contained;
  };
  constexpr Row rows[] = {
      {"192.0.2.0/24", "192.0.2.255", true},
      {"192.0.2.0/24", "192.0.3.0", false},
      {"192.0.2.128/25", "192.0.2.128", true},
      {"192.0.2.128/25", "192.0.2.127", false},
      {"10.0.0.0/9", "10.127.255.255", true},
      {"10.0.0.0/9", "10.128.0.0", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "::1", false},
      {"::/0", "::1", true},
      {"::/0", "0.0.0.1", false},
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.0", false},
      {"2001:db8::/33", "2001:db8:7fff::", true},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"::1/128", "::1", true},
      {"::1/128", "::", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.prefix);
    CAPTURE(row.address);
    const auto prefix = Prefix::from_text(row.prefix);
    REQUIRE(prefix);
    CHECK(prefix->contains(address(row.address)) == row.contained);
    CHECK(Prefix::from_text(prefix->to_text()) == prefix);
  }
}

TEST_CASE("a prefix with host bits, or longer than its address, is none") {
  for (const char* text : {"192.0.2.1/24", "192.0.2.0/33", "::/129", "192.0.2.0/", "192.0.2.0/024",
                           "192.0.2.0/-1", "/24", "", "2001:db8::1/64", "192.0.2.0/24/24"}) {
    CAPTURE(text);
    CHECK_FALSE(Prefix::from_text(text));
  }
}
