#include <doctest/doctest.h>

#include "tools/cdig/referral.hpp"
#include "tools/cdig/trace.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

wire::Name name(const char* text) {
  return *wire::Name::from_text(text);
}

std::vector<wire::Record> records(std::initializer_list<const char*> lines) {
  std::vector<wire::Record> list;
  for (const char* line : lines) {
    auto record = wire::record_from_text(line);
    REQUIRE_MESSAGE(record, record.error());
    list.push_back(*record);
  }
  return list;
}

wire::Message referral_to_example() {
  wire::Message reply;
  reply.header.response = true;
  reply.authority = records({"example.com. 172800 IN NS ns1.example.com.",
                             "example.com. 172800 IN NS ns.elsewhere.net."});
  reply.additional = records({"ns1.example.com. 172800 IN A 192.0.2.1",
                              "ns1.example.com. 172800 IN AAAA 2001:db8::1",
                              "stranger.example.com. 172800 IN A 192.0.2.9"});
  return reply;
}

}  // namespace

TEST_CASE("a referral names the zone below, its servers and the glue that belongs to them") {
  const auto referral = referral_in(referral_to_example(), name("com."), name("www.example.com."));
  REQUIRE(referral);
  CHECK(referral->zone == name("example.com."));
  REQUIRE(referral->servers.size() == 2);
  CHECK(referral->servers[0].name == name("ns1.example.com."));
  CHECK(referral->servers[0].addresses ==
        std::vector<wire::IpAddress>{*wire::IpAddress::from_text("192.0.2.1"),
                                     *wire::IpAddress::from_text("2001:db8::1")});
  CHECK(referral->servers[1].name == name("ns.elsewhere.net."));
  CHECK(referral->servers[1].addresses.empty());
}

TEST_CASE("of a zone with thousands of servers and addresses a few are taken") {
  wire::Message reply;
  reply.header.response = true;
  for (int server = 0; server < 1000; ++server) {
    const std::string host = "ns" + std::to_string(server) + ".example.com.";
    reply.authority.push_back(*wire::record_from_text("example.com. 60 IN NS " + host));
    reply.additional.push_back(*wire::record_from_text(host + " 60 IN A 192.0.2.1"));
  }
  for (int last = 0; last < 100; ++last) {
    reply.additional.push_back(
        *wire::record_from_text("ns0.example.com. 60 IN A 198.51.100." + std::to_string(last)));
  }
  const auto referral = referral_in(reply, name("com."), name("www.example.com."));
  REQUIRE(referral);
  CHECK(referral->servers.size() == most_servers_of_a_zone);
  CHECK(referral->servers[0].addresses.size() == most_addresses_of_a_server);
  CHECK(referral->servers[1].addresses.size() == 1);

  for (wire::Record& record : reply.authority) record.owner = wire::Name{};
  std::swap(reply.authority, reply.answer);
  const auto root = root_servers_in(reply, {});
  REQUIRE(root);
  CHECK(root->servers.size() == most_servers_of_a_zone);
}

TEST_CASE("what does not lead down is no referral") {
  const wire::Name asked = name("www.example.com.");
  const wire::Message good = referral_to_example();
  CHECK_FALSE(referral_in(good, name("example.com."), asked));           // sideways
  CHECK_FALSE(referral_in(good, name("www.example.com."), asked));       // up
  CHECK_FALSE(referral_in(good, name("com."), name("www.other.com.")));  // elsewhere

  wire::Message answered = good;
  answered.answer = records({"www.example.com. 300 IN A 192.0.2.80"});
  CHECK_FALSE(referral_in(answered, name("com."), asked));
  wire::Message authoritative = good;
  authoritative.header.authoritative = true;
  CHECK_FALSE(referral_in(authoritative, name("com."), asked));
  wire::Message refused = good;
  refused.header.rcode = wire::Rcode::REFUSED;
  CHECK_FALSE(referral_in(refused, name("com."), asked));
}

TEST_CASE("answers and denials of an authority end the walk, refusals do not") {
  wire::Message reply;
  CHECK_FALSE(concludes(reply));
  reply.header.rcode = wire::Rcode::REFUSED;
  CHECK_FALSE(concludes(reply));
  reply.header.rcode = wire::Rcode::NXDOMAIN;
  CHECK(concludes(reply));
  reply.header.rcode = wire::Rcode::NOERROR;
  reply.header.authoritative = true;
  CHECK(concludes(reply));
}

TEST_CASE("the root's servers get their addresses from the reply, else from the hints") {
  const Referral hints = root_hints();
  wire::Message reply;
  CHECK_FALSE(root_servers_in(reply, hints));
  reply.answer = records({". 518400 IN NS a.root-servers.net.", ". 518400 IN NS new.example."});
  reply.additional = records({"new.example. 518400 IN A 192.0.2.53"});
  const auto found = root_servers_in(reply, hints);
  REQUIRE(found);
  REQUIRE(found->servers.size() == 2);
  const auto& first = found->servers[0].addresses;
  CHECK(std::find(first.begin(), first.end(), *wire::IpAddress::from_text("198.41.0.4")) !=
        first.end());
  CHECK(found->servers[1].addresses ==
        std::vector<wire::IpAddress>{*wire::IpAddress::from_text("192.0.2.53")});
}
