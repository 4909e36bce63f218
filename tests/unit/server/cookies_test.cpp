#include "server/cookies.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <cstring>
#include <string_view>

#include "server/limits.hpp"

namespace cairn::server {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> from_hex(std::string_view text) {
  std::array<std::uint8_t, size> octets{};
  REQUIRE(text.size() == 2 * size);
  for (std::size_t at = 0; at < size; ++at)
    std::from_chars(text.data() + 2 * at, text.data() + 2 * at + 2, octets[at], 16);
  return octets;
}

wire::SipKey key_from_hex(std::string_view text) {
  const auto octets = from_hex<16>(text);
  wire::SipKey key;
  std::memcpy(&key.k0, octets.data(), 8);
  std::memcpy(&key.k1, octets.data() + 8, 8);
  return key;
}

wire::IpAddress address(std::string_view text) {
  return wire::IpAddress::from_text(text).value();
}

constexpr ClientCookie half{1, 2, 3, 4, 5, 6, 7, 8};

std::chrono::sys_seconds at(std::int64_t seconds) {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

TEST_CASE("the hash is that of all other servers: RFC 9018 appendix A") {
  constexpr const char* first_secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  struct Row {
    const char *secret, *client, *address, *server;
  };
  const Row rows[] = {
      {first_secret, "2464c4abcf10c957", "198.51.100.100", "010000005cf79f111f8130c3eee29480"},
      {first_secret, "2464c4abcf10c957", "198.51.100.100", "010000005cf7a871d4a564a1442aca77"},
      {first_secret, "fc93fc62807ddb86", "203.0.113.203", "01abcdef5cf78f71a314227b6679ebf5"},
      {first_secret, "fc93fc62807ddb86", "203.0.113.203", "010000005cf7a9acf73a7810aca2381e"},
      {"dd3bdf9344b678b185a6f5cb60fca715", "22681ab97d52c298", "2001:db8:220:1:59de:d0f4:8769:82b8",
       "010000005cf7c57926556bd0934c72f8"},
      {"445536bcd2513298075a5d379663c962", "22681ab97d52c298", "2001:db8:220:1:59de:d0f4:8769:82b8",
       "010000005cf7c609a6bb79d16625507a"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.server);
    const auto server = from_hex<16>(row.server);
    std::uint64_t expected = 0;
    std::memcpy(&expected, server.data() + 8, 8);
    CHECK(cookie_hash(key_from_hex(row.secret), from_hex<8>(row.client),
                      std::span(server).first<8>(), address(row.address)) == expected);
  }
}

TEST_CASE("a cookie is valid for an hour, renewed after half of it, and across a change of keys") {
  const Cookies cookies({1, 2});
  for (const std::int64_t start : {1700000000L, 19676L * 86400 - 1000, 0x100000000L - 1000}) {
    CAPTURE(start);
    const auto made = cookies.judge({half, {}}, address("192.0.2.1"), at(start));
    CHECK_FALSE(made.valid);
    const auto judged = [&](std::int64_t later) {
      return cookies.judge({half, made.next}, address("192.0.2.1"), at(start + later));
    };
    for (const std::int64_t later : {0L, 1000L, 1800L}) {
      CHECK(judged(later).valid);
      CHECK(judged(later).next == made.next);
    }
    for (const std::int64_t later : {1801L, 3600L}) {
      CHECK(judged(later).valid);
      CHECK(judged(later).next != made.next);
    }
    CHECK(judged(-300).valid);
    CHECK_FALSE(judged(-301).valid);
    CHECK_FALSE(judged(3601).valid);
    CHECK_FALSE(judged(86400).valid);
  }
}

TEST_CASE("whatever is changed of a cookie, it is not valid any more") {
  const Cookies cookies({1, 2});
  const auto now = at(1700000000);
  const auto from = address("192.0.2.1");
  const ServerCookie good = cookies.judge({half, {}}, from, now).next;
  REQUIRE(cookies.judge({half, good}, from, now).valid);
  for (std::size_t octet = 0; octet < good.size(); ++octet) {
    ServerCookie bad = good;
    bad[octet] ^= 1;
    CHECK_FALSE(cookies.judge({half, bad}, from, now).valid);
  }
  ClientCookie other = half;
  other[7] ^= 1;
  CHECK_FALSE(cookies.judge({other, good}, from, now).valid);
  CHECK_FALSE(cookies.judge({half, good}, address("192.0.2.2"), now).valid);
  CHECK_FALSE(cookies.judge({half, good}, address("::ffff:192.0.2.1"), now).valid);
  CHECK_FALSE(Cookies({1, 3}).judge({half, good}, from, now).valid);
}

}  // namespace
}  // namespace cairn::server
