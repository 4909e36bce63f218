#include "server/config_values.hpp"

#include <doctest/doctest.h>

namespace cairn::server {
namespace {

TEST_CASE("sizes have units, and nothing else after them") {
  CHECK(octets_from_text("4096") == 4096);
  CHECK(octets_from_text("128 MiB") == 128U << 20);
  CHECK(octets_from_text("2GiB") == 2ULL << 30);
  for (const char* text : {"", "MiB", "128 MB", "1.5 GiB", "-1", "99999999999999999999", "1 MiB ",
                           "18446744073709551615 GiB"}) {
    CAPTURE(text);
    CHECK_FALSE(octets_from_text(text));
  }
}

TEST_CASE("times have units") {
  CHECK(seconds_from_text("0s") == 0);
  CHECK(seconds_from_text("5 m") == 300);
  CHECK(seconds_from_text("1d") == 86400);
  CHECK(seconds_from_text("1w") == 604800);
  CHECK_FALSE(seconds_from_text("1 month"));
}

TEST_CASE("the nearest word is near, or there is none") {
  static constexpr std::string_view words[] = {"listen", "allow", "qname-minimization"};
  CHECK(nearest("lisetn", words) == "listen");
  CHECK(nearest("qname-minimisation", words) == "qname-minimization");
  CHECK(nearest("alow", words) == "allow");
  CHECK(nearest("zebra", words).empty());
}

}  // namespace
}  // namespace cairn::server
