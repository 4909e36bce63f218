#include <doctest/doctest.h>

#include "tools/cdig/name_words.hpp"
#include "tools/cdig/resolv_conf.hpp"

using namespace cairn;
using namespace cairn::cdig;

// The words are dig 9.18's.
TEST_CASE("what is wrong with a name is said in dig's words") {
  const std::pair<std::string, std::string> cases[] = {
      {"", "unexpected end of input"},
      {"a..b", "empty label"},
      {".a", "empty label"},
      {std::string(64, 'a') + ".b", "label too long"},
      {"a\\999", "bad escape"},
      {"a\\", "unexpected end of input"},
      {"a\\01", "unexpected end of input"},
  };
  for (const auto& [text, why] : cases) {
    CAPTURE(text);
    const auto name = name_in(text);
    REQUIRE_FALSE(name);
    CHECK(name.error() == why);
  }
  std::string longest;
  for (int labels = 0; labels < 5; ++labels) longest += std::string(60, 'a') + ".";
  CHECK(name_in(longest).error() == "ran out of space");
  CHECK(name_in("a\\.b c"));
}

TEST_CASE("a name with few dots is searched, and tried as it is at the end") {
  const std::vector<std::string> search{"a.example", "b.example"};
  using Names = std::vector<std::string>;
  CHECK(names_to_try("x", search, 1) == Names{"x.a.example", "x.b.example", "x"});
  CHECK(names_to_try("x.y", search, 1) == Names{"x.y"});
  CHECK(names_to_try("x.y", search, 2) == Names{"x.y.a.example", "x.y.b.example", "x.y"});
  CHECK(names_to_try("x.", search, 1) == Names{"x."});
  CHECK(names_to_try("x", search, 0) == Names{"x"});
  CHECK(names_to_try("x", {}, 1) == Names{"x"});
  CHECK(names_to_try("x", {"."}, 1) == Names{"x.", "x"});
}

TEST_CASE("resolv.conf names servers, a search list and how to ask") {
  const auto conf = ResolvConf::from_text(
      "; c\n# c\n  nameserver 192.0.2.1 # c\nnameserver\t2001:db8::1\nsearch a.example\n"
      "domain b.example c.example\nsortlist 10.0.0.0\nbogus\noptions ndots:3 rotate timeout:2\n"
      "options attempts:9");
  REQUIRE(conf);
  CHECK(conf->servers.size() == 2);
  CHECK(conf->servers[1].to_text() == "2001:db8::1");
  CHECK(conf->search == std::vector<std::string>{"b.example"});
  CHECK(conf->ndots == 3);
  CHECK(ResolvConf::from_text("") == ResolvConf{});
}

TEST_CASE("at most three servers are asked, as by every stub") {
  const auto conf = ResolvConf::from_text(
      "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n");
  REQUIRE(conf);
  CHECK(conf->servers.size() == ResolvConf::most_servers);
}

TEST_CASE("a server of one link is passed over, for want of its interface") {
  const auto conf = ResolvConf::from_text(
      "nameserver fe80::1%eth0\nnameserver FE80::2%eth0\nnameserver 192.0.2.1\n");
  REQUIRE(conf);
  CHECK(conf->servers.size() == 1);
}

TEST_CASE("a line of resolv.conf without its value makes the file unusable, as for dig") {
  for (const std::string text : {"nameserver\n", "nameserver bogus\n", "nameserver 192.0.2.1#53\n",
                                 "search\n", "domain \n", "options ndots:x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(ResolvConf::from_text(text));
  }
}
