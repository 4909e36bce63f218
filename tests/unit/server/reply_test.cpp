#include "server/reply.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

using wire::RRType;

Query query_of(const Asking& asking) {
  return read_query(asking.octets()).value();
}

std::vector<wire::RRsetView> views(const std::vector<wire::RRset>& sets) {
  std::vector<wire::RRsetView> all;
  for (const auto& one : sets) all.push_back(wire::view(one));
  return all;
}

wire::RRset addresses(std::string_view owner, unsigned count) {
  wire::RRset many = set(owner, RRType::A, 60, {});
  for (unsigned at = 0; at < count; ++at)
    many.rdata.add(std::array<std::uint8_t, 4>{192, 0, 2, static_cast<std::uint8_t>(at)});
  return many;
}

wire::Message written(const Query& query, const Reply& reply, std::size_t limit) {
  wire::Bytes out(limit);
  out.resize(write_reply(query, reply, out));
  const auto message = wire::parse(out);
  REQUIRE(message.ok());
  return *message;
}

TEST_CASE("a set that does not fit is left out whole, with TC, and the OPT stays") {
  const Query query = query_of({.edns = wire::Edns{}});
  const std::vector sets{set("www.example.", RRType::CNAME, 60, {"a.example."}),
                         addresses("a.example.", 40)};
  const auto answer = views(sets);
  Reply reply;
  reply.answer = answer;
  const std::size_t whole = 29 + 2 + 10 + 4 + 40 * 16 + 11;  // by hand
  const auto fits = written(query, reply, whole);
  CHECK_FALSE(fits.header.truncated);
  CHECK(fits.answer.size() == 41);
  const auto cut = written(query, reply, whole - 1);
  CHECK(cut.header.truncated);
  CHECK(cut.answer.size() == 1);
  CHECK(cut.edns);
}

TEST_CASE("additional records that do not fit are dropped without TC") {
  const std::vector answer{set("example.", RRType::MX, 60, {"10 mail.example."})};
  const std::vector additional{addresses("mail.example.", 40)};
  const auto answer_views = views(answer), additional_views = views(additional);
  Reply reply;
  reply.answer = answer_views;
  reply.additional = additional_views;
  const auto message = written(query_of({.name = "example.", .type = RRType::MX}), reply, 512);
  CHECK_FALSE(message.header.truncated);
  CHECK(message.answer.size() == 1);
  CHECK(message.additional.empty());
}

TEST_CASE("a referral whose glue does not fit is truncated") {
  const std::vector authority{set("sub.example.", RRType::NS, 60, {"ns.sub.example."})};
  const std::vector additional{addresses("ns.sub.example.", 40)};
  const auto authority_views = views(authority), additional_views = views(additional);
  Reply reply;
  reply.authority = authority_views;
  reply.additional = additional_views;
  reply.referral = true;
  CHECK(written(query_of({}), reply, 512).header.truncated);
  CHECK_FALSE(written(query_of({}), reply, 4096).header.truncated);
}

TEST_CASE("the owner that was asked for comes back in the case in which it was asked") {
  const std::vector sets{set("www.example.", RRType::A, 60, {"192.0.2.1"})};
  const auto answer = views(sets);
  Reply reply;
  reply.answer = answer;
  const auto message = written(query_of({.name = "WwW.eXample."}), reply, 512);
  CHECK(message.answer[0].owner.to_text() == "WwW.eXample.");
}

TEST_CASE("an OPT is in the reply if and only if it was in the query") {
  CHECK_FALSE(written(query_of({}), {}, 512).edns);
  wire::Edns edns;
  edns.dnssec_ok = true;
  const auto message = written(query_of({.edns = edns}), {}, 512);
  REQUIRE(message.edns);
  CHECK(message.edns->dnssec_ok);
  CHECK(message.edns->udp_size == 1232);
}

TEST_CASE("the reason of a failure goes to those who sent EDNS, if there is room") {
  const wire::ExtendedError error{wire::ExtendedErrorCode::NoReachableAuthority, "nobody answered"};
  Reply reply;
  reply.rcode = wire::Rcode::SERVFAIL;
  reply.error = &error;
  const Query with = query_of({.edns = wire::Edns{}});
  CHECK(written(with, reply, 512).edns->extended_error() == error);
  CHECK_FALSE(written(query_of({}), reply, 512).edns);
  // Where the words do not fit, their number does; and where neither fits, nothing is lost.
  const wire::ExtendedError number{wire::ExtendedErrorCode::NoReachableAuthority, ""};
  CHECK(written(with, reply, 29 + 11 + 10).edns->extended_error() == number);
  CHECK_FALSE(written(with, reply, 29 + 11 + 5).edns->extended_error());
}

TEST_CASE("an rcode beyond fifteen keeps its upper bits in the OPT") {
  Reply reply;
  reply.rcode = wire::Rcode::BADVERS;
  CHECK(written(query_of({.edns = wire::Edns{}}), reply, 512).header.rcode == wire::Rcode::BADVERS);
}

TEST_CASE("signatures go only to those who set DO") {
  wire::RRset signed_set = addresses("www.example.", 1);
  signed_set.signatures.add(
      wire::rdata_from_text(RRType::RRSIG,
                            "A 13 2 60 20300101000000 20200101000000 1 example. AAAA")
          .value());
  const std::vector sets{signed_set};
  const auto answer = views(sets);
  Reply reply;
  reply.answer = answer;
  wire::Edns edns;
  CHECK(written(query_of({.edns = edns}), reply, 512).answer.size() == 1);
  edns.dnssec_ok = true;
  CHECK(written(query_of({.edns = edns}), reply, 512).answer.size() == 2);
}

TEST_CASE("the layout knows each TTL, and the run of addresses that takes turns") {
  const std::vector sets{set("www.example.", RRType::CNAME, 300, {"a.example."}),
                         addresses("a.example.", 3)};
  const auto answer = views(sets);
  Reply reply;
  reply.answer = answer;
  wire::Bytes out(512);
  ReplyLayout layout;
  out.resize(write_reply(query_of({}), reply, out, &layout));
  CHECK(layout.least_ttl == 60);
  REQUIRE(layout.ttl_offsets.size() == 4);
  CHECK(out[layout.ttl_offsets[0] + 2] == 1);  // 300 = 0x12c
  CHECK(out[layout.ttl_offsets[3] + 3] == 60);
  CHECK(layout.rotation_count == 3);
  CHECK(layout.rotation_record_octets == 16);
  CHECK(out[layout.rotation_offset + 16U * 3 - 1] == 2);  // the last octet of 192.0.2.2
  CHECK(layout.rotation_offset + 16U * 3 == out.size());
}

TEST_CASE("a view that starts in the middle goes round") {
  const wire::RRset three = addresses("www.example.", 3);
  auto turned = wire::view(three);
  turned.first = 2;
  Reply reply;
  reply.answer = {&turned, 1};
  const auto message = written(query_of({}), reply, 512);
  REQUIRE(message.answer.size() == 3);
  CHECK(message.answer[0].rdata[3] == 2);
  CHECK(message.answer[1].rdata[3] == 0);
  CHECK(message.answer[2].rdata[3] == 1);
}

}  // namespace
}  // namespace cairn::server::test
