#include "server/config.hpp"

#include <doctest/doctest.h>

#include "server/access_list.hpp"

namespace cairn::server {
namespace {

std::string error_of(std::string_view text) {
  try {
    config_from_text(text, "cairn.toml");
  } catch (const StartError& error) {
    CHECK(error.code == ExitCode::Configuration);
    return error.message;
  }
  return "no error";
}

TEST_CASE("an empty file is a local resolver") {
  const Config config = config_from_text("", "cairn.toml");
  REQUIRE(config.listen.size() == 2);
  CHECK(config.listen[0].to_text() == "127.0.0.1:53");
  CHECK(config.listen[1].to_text() == "[::1]:53");
  CHECK(config.allow == AccessList::default_prefixes());
  CHECK(config.cache.size == 128U << 20);
  CHECK(config.warnings.empty());
}

TEST_CASE("what is told in class CH fits the one string of a TXT record") {
  CHECK(config_from_text("", "cairn.toml").identity.empty());
  CHECK(config_from_text("identity = \"a\"\nversion = \"b\"", "cairn.toml").version == "b");
  const std::string long_text(256, 'x');
  CHECK(error_of("identity = \"" + long_text + "\"") != "no error");
  CHECK(error_of("identity = \"" + long_text.substr(1) + "\"") == "no error");
}

TEST_CASE(
    "every mistake is told with file, line and column, what was found and what was expected") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"lisetn = []", "cairn.toml:1:1: unknown key `lisetn`; did you mean `listen`?"},
      {"\n[resolver]\nqname-minimisation = \"off\"",
       "cairn.toml:3:1: unknown key `resolver.qname-minimisation`; did you mean "
       "`resolver.qname-minimization`?"},
      {"size = \"1 MiB\"", "cairn.toml:1:1: unknown key `size`; it stands in the table [cache]"},
      {"[log]\nlisten = []",
       "cairn.toml:2:1: unknown key `log.listen`; it stands before the first table"},
      {"xyzzy = 1", "cairn.toml:1:1: unknown key `xyzzy`; see cairn.toml(5)"},
      {"listen = [\"127.0.0.1:0\"]",
       "`listen` holds 127.0.0.1:0: port 0 is any free port, where no client would look; name a "
       "port"},
      {"workers = \"two\"",
       "cairn.toml:1:11: `workers`: found \"two\", expected a number from 0 to 256"},
      {"workers = -1", "cairn.toml:1:11: `workers`: found -1, expected a number from 0 to 256"},
      {"listen = [\"127.0.0.1\", \"localhost\"]",
       "cairn.toml:1:24: `listen`: found \"localhost\", expected an address such as "
       "\"127.0.0.1\", \"127.0.0.1:5300\" or \"[::1]:53\""},
      {"listen = 53",
       "cairn.toml:1:10: `listen`: found 53, expected a list of an address such as \"127.0.0.1\", "
       "\"127.0.0.1:5300\" or \"[::1]:53\""},
      {"allow = [\"192.0.2.1/24\"]",
       "cairn.toml:1:10: `allow`: found \"192.0.2.1/24\", expected a prefix such as "
       "\"192.168.0.0/16\" or \"fc00::/7\", host bits zero"},
      {"allow = [\"0.0.0.0/0\"]",
       "`allow` holds 0.0.0.0/0: everybody could use this resolver against others (RFC 5358); "
       "name your networks, or say `i-run-an-open-resolver = true`"},
      {"allow = [\"2000::/3\"]", "`allow` holds 2000::/3: everybody could use this resolver"},
      {"listen = [{ address = \"192.0.2.1\", allow = [\"0.0.0.0/1\"] }]",
       "`listen.allow` holds 0.0.0.0/1: everybody could use this resolver"},
      {"listen = [{ allow = [] }]",
       "cairn.toml:1:11: `listen`: found a table, expected a table with `address`, and perhaps "
       "`allow` and `deny`"},
      {"listen = [{ address = \"::1\", alow = [] }]",
       "cairn.toml:1:30: unknown key `listen.alow`; such a table has `address`, `allow` and "
       "`deny`"},
      {"listen = [{ address = \"::1\", allow = [\"x\"] }]",
       "cairn.toml:1:39: `listen.allow`: found \"x\", expected a prefix such as"},
      {"[cache]\nmax-ttl = \"1 fortnight\"",
       "cairn.toml:2:11: `cache.max-ttl`: found \"1 fortnight\", expected a time such as \"30s\", "
       "\"5m\" or \"1d\""},
      {"[cache]\nsize = true",
       "cairn.toml:2:8: `cache.size`: found true, expected a size such as \"128 MiB\""},
      {"memory-limit = \"64 MiB\"\ncache.size = \"128 MiB\"",
       "`cache.size` is larger than `memory-limit`: 128 MiB do not fit in 64 MiB"},
      {"[cache]\nmin-ttl = \"2d\"", "`cache.min-ttl` is longer than `cache.max-ttl`"},
      {"[resolver]\nipv4 = 1", "cairn.toml:2:8: `resolver.ipv4`: found 1, expected true or false"},
      {"[resolver]\nqname-minimization = \"on\"",
       "cairn.toml:2:22: `resolver.qname-minimization`: found \"on\", expected \"relaxed\", "
       "\"strict\" or \"off\""},
      {"[resolver]\nedns-udp-size = 100",
       "cairn.toml:2:17: `resolver.edns-udp-size`: found 100, expected a number from 512 to 4096"},
      {"[resolver]\nipv4 = false\nipv6 = false",
       "`resolver.ipv4` and `resolver.ipv6` are both false: nobody could be asked"},
      {"[log]\nlevel = \"loud\"",
       "cairn.toml:2:9: `log.level`: found \"loud\", expected \"debug\", \"info\", \"warning\" or "
       "\"error\""},
      {"resolver = 5", "cairn.toml:1:12: `resolver`: found 5, expected a table: [resolver]"},
      {"[zones]\n\"lab..example\" = \"x\"",
       "cairn.toml:2:1: \"lab..example\" is no name of a zone: "},
      {"[zones]\n\"lab\" = { file = \"x\", rotatoin = \"fixed\" }",
       "cairn.toml:2:23: unknown key `zones.\"lab\".rotatoin`; did you mean `rotation`?"},
      {"[zones]\n\"lab\" = { primaries = [] }",
       "cairn.toml:2:23: `zones.\"lab\".primaries`: this option of a zone is not there yet, and "
       "answers would be wrong without it; remove it"},
      {"block = [\"ads.example\"]",
       "cairn.toml:1:9: `block`: blocking is not there yet, and answers would be wrong "
       "without it; remove it"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string message = error_of(row.text);
    CHECK_MESSAGE(message.starts_with(row.message), message);
  }
}

TEST_CASE("a syntax error has its place") {
  const std::string message = error_of("listen = [\"127.0.0.1\"\nworkers = 1");
  CHECK_MESSAGE(message.starts_with("cairn.toml:2:"), message);
}

TEST_CASE("the documented defaults are accepted; what is switched on and not there is told once") {
  const Config quiet = config_from_text(R"(
listen = ["127.0.0.1", "::1"]
workers = 0
user = "cairn"
forward = []
stub = []
block = []
[hosts]
[keys]
[zones]
[resolver]
root-hints = ""
outgoing-address = []
deny-upstream = ["127.0.0.0/8", "::1/128"]
prefetch = false
dns64-prefix = ""
[cache]
size = "128 MiB"
snapshot = false
[dnssec]
validation = false
trust-anchor-file = ""
negative-trust-anchors = []
[log]
level = "info"
format = "auto"
queries = false
)",
                                        "cairn.toml");
  CHECK(quiet.warnings.empty());
  const Config told = config_from_text("[dnssec]\nanchor-updates = true", "cairn.toml");
  REQUIRE(told.warnings.size() == 1);
  CHECK(told.warnings[0].starts_with("cairn.toml:2:18: `dnssec.anchor-updates`: "));
  CHECK(told.warnings[0].ends_with(" is not there yet; cairnd goes on without it"));
}

TEST_CASE("validation, its anchors and where it ends arrive where they belong") {
  const Config config = config_from_text(R"(
[dnssec]
validation = true
trust-anchor-file = "anchors/root.key"
negative-trust-anchors = ["lab.example", "corp.example"]
)",
                                         "/etc/cairn/cairn.toml");
  CHECK(config.resolver.validation.on);
  CHECK(config.trust_anchor_file == "/etc/cairn/anchors/root.key");
  CHECK(config.resolver.validation.negative ==
        std::vector{*wire::Name::from_text("lab.example"), *wire::Name::from_text("corp.example")});
  CHECK_FALSE(default_config().resolver.validation.on);
  CHECK_THROWS_AS(config_from_text("[dnssec]\nnegative-trust-anchors = [\"a..b\"]", "cairn.toml"),
                  StartError);
}

TEST_CASE("values arrive where they belong") {
  const Config config = config_from_text(R"(
listen = ["127.0.0.1:5300", "[::1]:5301", "192.0.2.1"]
allow = "192.0.2.0/24"
control = ""
[zones]
"lab.example" = "zones/lab.zone"
"fixed.example" = { file = "/srv/fixed.zone", rotation = "fixed" }
[resolver]
ipv6 = false
qname-minimization = "strict"
deny-upstream = []
[cache]
size = "8 MiB"
min-ttl = 5
negative-max-ttl = "10m"
)",
                                         "/etc/cairn/cairn.toml");
  REQUIRE(config.listen.size() == 3);
  CHECK(config.listen[1].to_text() == "[::1]:5301");
  CHECK(config.listen[2].port == 53);
  CHECK(config.allow == std::vector{*wire::Prefix::from_text("192.0.2.0/24")});
  CHECK(config.control.empty());
  CHECK(config.zones.at(wire::Name::from_text("lab.example").value()).file ==
        "/etc/cairn/zones/lab.zone");
  const ZoneConfig& fixed = config.zones.at(wire::Name::from_text("fixed.example").value());
  CHECK(fixed.file == "/srv/fixed.zone");
  CHECK(fixed.options.rotation == zones::Rotation::Fixed);
  CHECK_FALSE(config.resolver.ipv6);
  CHECK(config.resolver.qname_minimization == resolver::QnameMinimization::Strict);
  CHECK(config.resolver.deny_upstream.empty());
  CHECK(config.cache.size == 8U << 20);
  CHECK(config.cache.min_ttl.seconds == 5);
  CHECK(config.cache.negative_max_ttl.seconds == 600);
}

TEST_CASE(
    "an address that is listened on may have lists of its own; what it leaves out is for all") {
  const Config config = config_from_text(R"(
listen = ["127.0.0.1", { address = "192.0.2.1:5300", allow = ["192.0.2.0/24"], deny = "192.0.2.7" },
          { address = "[2001:db8::1]", deny = [] }]
deny = ["10.0.0.0/24"]
)",
                                         "cairn.toml");
  REQUIRE(config.listen.size() == 3);
  CHECK(config.listen[1].to_text() == "192.0.2.1:5300");
  CHECK(config.deny == std::vector{*wire::Prefix::from_text("10.0.0.0/24")});
  CHECK(config.access_at.size() == 2);
  const AccessConfig& first = config.access_at.at(config.listen[1]);
  CHECK(first.allow == std::vector{*wire::Prefix::from_text("192.0.2.0/24")});
  CHECK(first.deny == std::vector{*wire::Prefix::from_text("192.0.2.7")});
  const AccessConfig& second = config.access_at.at(config.listen[2]);
  CHECK_FALSE(second.allow);
  CHECK(second.deny == std::vector<wire::Prefix>{});
  CHECK(config_from_text("allow = \"0.0.0.0/0\"\ni-run-an-open-resolver = true", "cairn.toml")
            .open_resolver);
}

TEST_CASE("a cache whose size nobody chose gives way to a small memory limit") {
  CHECK(config_from_text("memory-limit = \"64 MiB\"", "cairn.toml").cache.size == 32U << 20);
}

TEST_CASE("a file that is not there is an error of its own kind") {
  try {
    read_config("/nowhere/cairn.toml");
    FAIL("read");
  } catch (const StartError& error) {
    CHECK(error.code == ExitCode::File);
  }
}

}  // namespace
}  // namespace cairn::server
