#include "resolver/links.hpp"

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

wire::Name numbered(std::size_t number) {
  return *wire::Name::from_text("zone" + std::to_string(number) + ".example.");
}

/// A set of keys as long as a message can carry.
std::shared_ptr<const dnssec::ZoneKeys> long_keys(const wire::Name& zone) {
  auto keys = std::make_shared<dnssec::ZoneKeys>();
  keys->zone = zone;
  for (int count = 0; count < 60; ++count) keys->keys.emplace_back(wire::Bytes(1000, 13));
  return keys;
}

Link link_until(wire::Instant expires) {
  Link link;
  link.cut = true;
  link.trust.security = wire::Security::Secure;
  link.expires = expires;
  return link;
}

TEST_CASE("zones with as many keys as they can carry fill the table with octets before links") {
  Links links({1, 2});
  std::vector<std::weak_ptr<const dnssec::ZoneKeys>> given;
  for (std::size_t number = 0; number < limits::links; ++number) {
    links.make_room(at(0s));
    Link& link = links.put(numbered(number), link_until(at(60s)));
    const auto keys = long_keys(numbered(number));
    given.push_back(keys);
    links.take_keys(link, keys);
    CHECK(links.octets() < limits::link_octets + 60000);
  }
  const auto alive = std::ranges::count_if(given, [](const auto& keys) { return !keys.expired(); });
  CHECK(static_cast<std::size_t>(alive) == links.size());
  CHECK(links.size() * 60000 == links.octets());
  CHECK(links.find(numbered(limits::links - 1), at(0s)));
}

TEST_CASE("a full table loses what has expired, and half of the rest") {
  Links links({1, 2});
  for (std::size_t number = 0; number < limits::links; ++number)
    links.put(numbered(number), link_until(number % 4 == 0 ? at(60s) : at(5s)));
  links.make_room(at(1s));
  CHECK(links.size() == limits::links / 2);
  for (std::size_t number = 0; number < limits::links; ++number)
    links.put(numbered(number), link_until(number % 4 == 0 ? at(60s) : at(5s)));
  links.make_room(at(6s));
  CHECK(links.size() == limits::links / 4);
  CHECK(links.find(numbered(4), at(6s)));
}

TEST_CASE("a link that is put anew takes the place of the old one, and its octets") {
  Links links({1, 2});
  for (int count = 0; count < 3; ++count) {
    Link& link = links.put("example."_name, link_until(at(60s)));
    links.take_keys(link, long_keys("example."_name));
  }
  CHECK(links.size() == 1);
  CHECK(links.octets() == 60000);
}

TEST_CASE("what is forgotten is one name with all below it") {
  Links links({1, 2});
  for (const char* name : {".", "com.", "example.com.", "www.example.com.", "anexample.com."})
    links.put(*wire::Name::from_text(name), link_until(at(60s))).ds.rdata.add(wire::Bytes(10));
  links.forget("Example.COM."_name);
  CHECK_FALSE(links.find("example.com."_name, at(0s)));
  CHECK_FALSE(links.find("www.example.com."_name, at(0s)));
  CHECK(links.find("anexample.com."_name, at(0s)));
  CHECK(links.size() == 3);
  const std::size_t before = links.octets();
  links.forget();
  CHECK(before > 0);
  CHECK(links.octets() == 0);
}

}  // namespace
}  // namespace cairn::resolver
