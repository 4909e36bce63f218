#include "resolver/reading.hpp"

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using wire::RRType;

Reading read(const Ask& asked, const ReplyText& text) {
  SeededRandom random;
  return read_reply(asked, reply(asked.question, text), random);
}

TEST_CASE("each kind of reply is told from the others") {
  struct Case {
    const char* title;
    ReplyText text;
    ReplyKind kind;
  };
  const Case cases[] = {
      {"an answer", {.answer = {"www.example.com. 60 IN A 192.0.2.1"}}, ReplyKind::Answer},
      {"an alias out of the zone",
       {.answer = {"www.example.com. 60 IN CNAME www.example.net."}},
       ReplyKind::Alias},
      {"an alias with its answer",
       {.answer = {"www.example.com. 60 IN CNAME w.example.com.",
                   "w.example.com. 60 IN A 192.0.2.1"}},
       ReplyKind::Answer},
      {"no data",
       {.authority = {"example.com. 60 IN SOA ns.example.com. h.example.com. 1 2 3 4 5"}},
       ReplyKind::NoData},
      {"no such name",
       {.authority = {"example.com. 60 IN SOA ns.example.com. h.example.com. 1 2 3 4 5"},
        .rcode = wire::Rcode::NXDOMAIN},
       ReplyKind::NxDomain},
      {"an alias whose end does not exist",
       {.answer = {"www.example.com. 60 IN CNAME gone.example.com."},
        .authority = {"example.com. 60 IN SOA ns.example.com. h.example.com. 1 2 3 4 5"},
        .rcode = wire::Rcode::NXDOMAIN},
       ReplyKind::NxDomain},
      {"a referral",
       {.authority = {"www.example.com. 60 IN NS ns.example.net."}, .authoritative = false},
       ReplyKind::Referral},
      {"a referral to the zone itself",
       {.authority = {"example.com. 60 IN NS ns.example.net."}, .authoritative = false},
       ReplyKind::Lame},
      {"a referral to the root",
       {.authority = {". 60 IN NS ns.example.net."}, .authoritative = false},
       ReplyKind::Lame},
      {"an empty reply without authority", {.authoritative = false}, ReplyKind::Lame},
      {"an empty reply with authority", {}, ReplyKind::NoData},
      {"REFUSED", {.rcode = wire::Rcode::REFUSED}, ReplyKind::Failure},
      {"SERVFAIL", {.rcode = wire::Rcode::SERVFAIL}, ReplyKind::Failure},
      {"YXDOMAIN without the DNAME that made the name too long",
       {.authority = {"www.example.com. 60 IN NS ns.example.net."}, .rcode = wire::Rcode::YXDOMAIN},
       ReplyKind::Failure},
      {"two aliases of one name",
       {.answer = {"www.example.com. 60 IN CNAME a.example.net.",
                   "www.example.com. 60 IN CNAME b.example.net."}},
       ReplyKind::Unusable},
      {"an alias to itself",
       {.answer = {"www.example.com. 60 IN CNAME www.example.com."}},
       ReplyKind::Alias},
  };
  for (const Case& its : cases) {
    CAPTURE(its.title);
    CHECK(to_text(read(ask("www.example.com.", RRType::A, "example.com."), its.text).kind) ==
          to_text(its.kind));
  }
}

TEST_CASE("a referral brings what the parent says of the zone's keys, or that there is nothing") {
  const Ask asked = ask("www.example.com.", RRType::A, "com.");
  const auto proof = [&](Records authority) {
    return read(asked, {.authority = authority, .authoritative = false}).referral.ds_proof;
  };
  const char* ns = "example.com. 60 IN NS ns.example.net.";
  const char* ds =
      "example.com. 60 IN DS 1 15 2 "
      "0000000000000000000000000000000000000000000000000000000000000000";
  const char* nsec = "example.com. 60 IN NSEC f.com. NS RRSIG NSEC";
  REQUIRE(proof({ns, ds}).size() == 1);
  CHECK(proof({ns, ds})[0].type == RRType::DS);
  REQUIRE(proof({ns, nsec}).size() == 1);
  CHECK(proof({ns, nsec})[0].type == RRType::NSEC);
  CHECK(proof({ns, ds, nsec}).size() == 1);
  CHECK(proof({ns}).empty());
  CHECK(proof({ns,
               "other.com. 60 IN DS 1 15 2 "
               "0000000000000000000000000000000000000000000000000000000000000000",
               "net. 60 IN NSEC org. NS"})
            .empty());
  CHECK(proof({ns, "a.com. 60 IN NSEC z.com. A", "b.com. 60 IN NSEC z.com. A",
               "c.com. 60 IN NSEC z.com. A", "d.com. 60 IN NSEC z.com. A",
               "e.com. 60 IN NSEC z.com. A", "f.com. 60 IN NSEC z.com. A",
               "g.com. 60 IN NSEC z.com. A", "h.com. 60 IN NSEC z.com. A",
               "i.com. 60 IN NSEC z.com. A", "j.com. 60 IN NSEC z.com. A"})
            .size() == limits::proofs_per_answer);
}

TEST_CASE("proofs beside an answer are kept where a wildcard made it, and nowhere else") {
  const Ask asked = ask("a.b.example.com.", RRType::A, "example.com.");
  const auto proofs = [&](const char* signature) {
    return read(asked, {.answer = {"a.b.example.com. 60 IN A 192.0.2.1", signature},
                        .authority = {"b.example.com. 60 IN NSEC c.example.com. A",
                                      "evil.com. 60 IN NSEC f.com. A"}})
        .authority;
  };
  const auto expanded = proofs(
      "a.b.example.com. 60 IN RRSIG A 15 3 60 20300101000000 20200101000000 1 example.com. AAAA");
  REQUIRE(expanded.size() == 1);
  CHECK(expanded[0].owner == *wire::Name::from_text("b.example.com."));
  CHECK(proofs("a.b.example.com. 60 IN RRSIG A 15 4 60 20300101000000 20200101000000 1 "
               "example.com. AAAA")
            .empty());
}

TEST_CASE("records that ride along are scrubbed and counted") {
  const Ask asked = ask("www.example.com.", RRType::A, "example.com.");
  const Reading reading = read(
      asked,
      {.answer = {"www.example.com. 60 IN A 192.0.2.1", "www.bank.example. 60 IN A 203.0.113.66"},
       .authority = {"example.com. 60 IN NS ns.evil.example.", "com. 60 IN NS ns.evil.example."},
       .additional = {"ns.evil.example. 60 IN A 203.0.113.66",
                      "www.bank.example. 60 IN A 203.0.113.66"}});
  CHECK(reading.kind == ReplyKind::Answer);
  REQUIRE(reading.answer.size() == 1);
  CHECK(reading.answer[0].owner == "www.example.com."_name);
  CHECK(reading.authority.empty());
  CHECK(reading.referral.servers.empty());
  CHECK(reading.scrubbed == 5);
}

TEST_CASE("what an alias out of the zone leads to is not believed from the same server") {
  const Reading reading = read(ask("www.example.com.", RRType::A, "example.com."),
                               {.answer = {"www.example.com. 60 IN CNAME www.bank.example.",
                                           "www.bank.example. 60 IN A 203.0.113.66"}});
  CHECK(reading.kind == ReplyKind::Alias);
  CHECK(reading.alias_target == "www.bank.example."_name);
  CHECK(reading.answer.size() == 1);
  CHECK(reading.scrubbed == 1);
}

TEST_CASE("glue is for the servers of the referral, and only from inside the zone that was asked") {
  const Reading reading = read(ask("www.example.com.", RRType::A, "com."),
                               {.authority = {"example.com. 60 IN NS ns1.example.com.",
                                              "example.com. 60 IN NS ns.sibling.com.",
                                              "example.com. 60 IN NS ns.example.net."},
                                .additional = {"ns1.example.com. 60 IN A 192.0.2.53",
                                               "ns.sibling.com. 60 IN AAAA 2001:db8::53",
                                               "ns.example.net. 60 IN A 203.0.113.66",
                                               "www.example.com. 60 IN A 203.0.113.66"},
                                .authoritative = false});
  REQUIRE(reading.kind == ReplyKind::Referral);
  CHECK(reading.referral.zone == "example.com."_name);
  std::vector<std::string> glue;
  for (const cache::NameServer& server : reading.referral.servers)
    for (const wire::IpAddress& its : server.glue)
      glue.push_back(server.name.to_text() + " " + its.to_text());
  CHECK(glue ==
        std::vector<std::string>{"ns1.example.com. 192.0.2.53", "ns.sibling.com. 2001:db8::53"});
  CHECK(reading.scrubbed == 2);
}

TEST_CASE("of hundreds of types that answer ANY as many sets stay as of any message") {
  const Ask asked = ask("www.example.com.", RRType::ANY, "example.com.");
  wire::Message message = reply(asked.question, {});
  for (int i = 0; i < 900; ++i)
    message.answer.push_back(
        record(("www.example.com. 60 IN TYPE" + std::to_string(1000 + i) + " \\# 1 00").c_str()));
  SeededRandom random;
  const Reading reading = read_reply(asked, message, random);
  CHECK(reading.kind == ReplyKind::Answer);
  CHECK(reading.answer.size() == limits::sets_kept_per_message);
}

TEST_CASE("of a delegation to hundreds of servers a few stay") {
  wire::Message message =
      reply(ask("www.example.com.", RRType::A, "com.").question, {.authoritative = false});
  for (int i = 0; i < 500; ++i)
    message.authority.push_back(
        record(("example.com. 60 IN NS ns" + std::to_string(i) + ".victim.example.").c_str()));
  SeededRandom random;
  const Reading reading = read_reply(ask("www.example.com.", RRType::A, "com."), message, random);
  CHECK(reading.kind == ReplyKind::Referral);
  CHECK(reading.referral.servers.size() == limits::servers_per_delegation);
}

TEST_CASE("a set of more records than anybody needs is not believed at all") {
  wire::Message message = reply(ask("www.example.com.", RRType::A, "example.com.").question, {});
  for (std::size_t i = 0; i <= limits::records_per_set; ++i)
    message.answer.push_back(record(("www.example.com. 60 IN A 192.0." + std::to_string(i / 250) +
                                     "." + std::to_string(i % 250))
                                        .c_str()));
  SeededRandom random;
  CHECK(read_reply(ask("www.example.com.", RRType::A, "example.com."), message, random).kind ==
        ReplyKind::Unusable);
  message.answer.pop_back();
  CHECK(read_reply(ask("www.example.com.", RRType::A, "example.com."), message, random).kind ==
        ReplyKind::Answer);
}

TEST_CASE("the alias of a DNAME is made here, whatever the server put beside it") {
  const Reading reading = read(ask("a.b.example.com.", RRType::A, "example.com."),
                               {.answer = {"b.example.com. 60 IN DNAME c.example.net.",
                                           "a.b.example.com. 60 IN CNAME www.bank.example."}});
  CHECK(reading.kind == ReplyKind::Alias);
  CHECK(reading.alias_target == "a.c.example.net."_name);
  REQUIRE(reading.answer.size() == 2);
  CHECK(reading.answer[1].owner == "a.b.example.com."_name);
}

TEST_CASE("the rank of an answer follows AA") {
  const ReplyText text{.answer = {"www.example.com. 60 IN A 192.0.2.1"}};
  const Ask asked = ask("www.example.com.", RRType::A, "example.com.");
  CHECK(read(asked, text).rank == cache::Rank::AuthoritativeAnswer);
  ReplyText without = text;
  without.authoritative = false;
  CHECK(read(asked, without).rank == cache::Rank::NonAuthoritativeAnswer);
}

TEST_CASE("the root's own NS set is the delegation of the root") {
  const Reading reading =
      read(ask(".", RRType::NS, "."), {.answer = {". 60 IN NS a.root-servers.net."},
                                       .additional = {"a.root-servers.net. 60 IN A 198.41.0.4"}});
  CHECK(reading.kind == ReplyKind::Answer);
  REQUIRE(reading.referral.servers.size() == 1);
  CHECK(reading.referral.servers[0].glue.size() == 1);
}

}  // namespace
}  // namespace cairn::resolver
