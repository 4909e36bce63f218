#include <doctest/doctest.h>

#include "tools/cdig/query.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

constexpr ClientCookie cookie{1, 2, 3, 4, 5, 6, 7, 8};
const wire::Question question{*wire::Name::from_text("www.example."), wire::RRType::A,
                              wire::RRClass::IN};

}  // namespace

TEST_CASE("a query carries dig's defaults: RD, AD, EDNS of 1232 octets, a client cookie") {
  const wire::Message query = make_query(question, QueryForm{}, 4711, cookie);
  CHECK(query.header.id == 4711);
  CHECK(query.header.recursion_desired);
  CHECK(query.header.authentic_data);
  CHECK_FALSE(query.header.response);
  CHECK(query.questions == std::vector<wire::Question>{question});
  REQUIRE(query.edns);
  CHECK(query.edns->udp_size == 1232);
  CHECK(query.edns->options ==
        std::vector<wire::EdnsOption>{{wire::OptionCode::Cookie, {1, 2, 3, 4, 5, 6, 7, 8}}});
}

TEST_CASE("what is asked for stands in the query, in dig's order of options") {
  QueryForm form;
  form.recursion_desired = form.authentic_data = false;
  form.checking_disabled = form.dnssec_ok = form.name_server_id = true;
  form.udp_size = 4096;
  form.edns_version = 1;
  form.chosen_cookie = {9, 9, 9, 9, 9, 9, 9, 9};
  const wire::Message query = make_query(question, form, 1, cookie);
  CHECK_FALSE(query.header.recursion_desired);
  CHECK_FALSE(query.header.authentic_data);
  CHECK(query.header.checking_disabled);
  REQUIRE(query.edns);
  CHECK(query.edns->version == 1);
  CHECK(query.edns->udp_size == 4096);
  CHECK(query.edns->dnssec_ok);
  CHECK(query.edns->options ==
        std::vector<wire::EdnsOption>{{wire::OptionCode::NSID, {}},
                                      {wire::OptionCode::Cookie, {9, 9, 9, 9, 9, 9, 9, 9}}});

  form.expire = form.keepalive = form.compact_ok = true;
  form.subnet = wire::Bytes{0, 1, 8, 0, 10};
  form.options = {{wire::OptionCode{5}, {1}}};
  form.padding = 128;
  const wire::Message full = make_query(question, form, 1, cookie);
  std::vector<unsigned> codes;
  for (const auto& option : full.edns->options) codes.push_back(static_cast<unsigned>(option.code));
  CHECK(codes == std::vector<unsigned>{3, 8, 10, 9, 11, 5, 12});
  CHECK(full.edns->flags == 0x4000);
  CHECK(wire::build(full).size() == 128);

  form.edns_version.reset();
  CHECK(make_query(question, form, 1, cookie).edns->version == 0);  // DO has to stand somewhere
  form.dnssec_ok = false;
  CHECK(make_query(question, form, 1, cookie).edns);  // so has the subnet
  form.subnet.reset();
  form.without_question = true;
  const wire::Message bare = make_query(question, form, 1, cookie);
  CHECK_FALSE(bare.edns);
  CHECK(bare.questions.empty());
}

TEST_CASE("a transfer from a serial shows the version that we have") {
  QueryForm form;
  form.ixfr_serial = 0x01020304;
  const wire::Question changes{question.name, wire::RRType::IXFR, wire::RRClass::IN};
  const wire::Message query = make_query(changes, form, 1, cookie);
  CHECK_FALSE((query.header.recursion_desired || query.header.authentic_data));
  REQUIRE(query.authority.size() == 1);
  const wire::Record& soa = query.authority[0];
  CHECK(soa.owner == question.name);
  CHECK(soa.type == wire::RRType::SOA);
  wire::Bytes rdata(22, 0);
  rdata[2] = 1, rdata[3] = 2, rdata[4] = 3, rdata[5] = 4;
  CHECK(soa.rdata == rdata);
}

TEST_CASE("only a reply with our id and our question is ours") {
  const wire::Message query = make_query(question, QueryForm{}, 35694, cookie);
  wire::Message reply = query;
  reply.header.response = true;
  CHECK_FALSE(mismatch(query, reply));

  wire::Message other_case = reply;
  other_case.questions[0].name = *wire::Name::from_text("WWW.Example.");
  CHECK_FALSE(mismatch(query, other_case));

  wire::Message header_alone = reply;
  header_alone.questions.clear();
  CHECK_FALSE(mismatch(query, header_alone));

  wire::Message other_id = reply;
  other_id.header.id = 1;
  CHECK(mismatch(query, other_id) == ";; Warning: ID mismatch: expected ID 35694, got 1");

  wire::Message other_name = reply;
  other_name.questions[0].name = *wire::Name::from_text("xww.example.");
  CHECK(mismatch(query, other_name) == ";; ;; Question section mismatch: got xww.example/A/IN");

  wire::Message other_type = reply;
  other_type.questions[0].type = wire::RRType::AAAA;
  CHECK(mismatch(query, other_type) == ";; ;; Question section mismatch: got www.example/AAAA/IN");
}

// The words and their order are dig 9.18's, which was shown such replies.
TEST_CASE("a reply is judged step by step") {
  const wire::Message query = make_query(question, QueryForm{}, 4711, cookie);
  wire::Message reply = query;
  reply.header.response = true;
  const auto judged = [&](const wire::Message& message, Medium medium) {
    return judge(query, wire::build(message), medium);
  };
  CHECK(judged(reply, Medium::Datagram).ours);
  CHECK(judged(reply, Medium::Datagram).notes.empty());

  const wire::Bytes cut(5, 0);
  CHECK_FALSE(judge(query, cut, Medium::Datagram).ours);
  CHECK(judge(query, cut, Medium::Datagram).notes.at(0) ==
        ";; Warning: short (< header size) message received");
  CHECK(judge(query, cut, Medium::Stream).notes.at(0) == ";; ERROR: short (< header size) message");

  wire::Message stranger = reply;
  stranger.header.id = 1;
  CHECK_FALSE(judged(stranger, Medium::Stream).ours);
  CHECK(judged(stranger, Medium::Stream).notes.at(0) ==
        ";; ERROR: ID mismatch: expected ID 4711, got 1");

  wire::Message question_back = reply;
  question_back.header.response = false;
  CHECK(judged(question_back, Medium::Datagram).ours);
  CHECK(judged(question_back, Medium::Datagram).notes.at(0) ==
        ";; Warning: query response not set");

  wire::Message update = reply;
  update.header.opcode = wire::Opcode::Update;
  CHECK_FALSE(judged(update, Medium::Datagram).ours);
  CHECK(judged(update, Medium::Datagram).notes.back() ==
        ";; Warning: Opcode mismatch: expected QUERY, got UPDATE");
}

TEST_CASE(
    "a reply that breaks a rule is shown in part, or with +nobesteffort refused in dig's words") {
  wire::Message reply = make_query(question, QueryForm{}, 4711, cookie);
  reply.header.response = true;
  wire::Bytes whole = wire::build(reply);
  CHECK(read_reply(whole, Reading::Strict));

  const auto cut = std::span(whole).first(whole.size() - 4);
  CHECK(read_reply(cut, Reading::BestEffort)->malformed);
  CHECK(read_reply(cut, Reading::Strict).error() == "unexpected end of input");

  reply.questions.push_back(question);
  const wire::Bytes twice = wire::build(reply);
  CHECK(read_reply(twice, Reading::BestEffort)->malformed);
  CHECK(read_reply(twice, Reading::Strict).error() == "FORMERR");
  // Whichever rule is broken first has the word.
  CHECK(read_reply(std::span(twice).first(twice.size() - 4), Reading::Strict).error() == "FORMERR");
}
