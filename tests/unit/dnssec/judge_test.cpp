#include "dnssec/judge.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "dnssec/denial.hpp"
#include "tests/unit/dnssec/signed_internet.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRset;
using wire::RRType;
using wire::Security;
using wire::operator""_name;

namespace {

constexpr Security secure = Security::Secure;
constexpr Security insecure = Security::Insecure;
constexpr Security indeterminate = Security::Indeterminate;
constexpr Security bogus = Security::Bogus;

SignedInternet internet(bool nsec3, bool opt_out = false) {
  const ZoneForm signed_form{true, nsec3, {1, {0xab}, opt_out}};
  SignedInternet all;
  all.add("sub.example."_name,
          {"www.sub.example. 300 IN A 192.0.2.7", "*.sub.example. 300 IN TXT \"below\""},
          signed_form);
  all.add("plain.example."_name,
          {"www.plain.example. 300 IN A 192.0.2.8", "to.plain.example. 300 IN CNAME www.example.",
           "deep.down.plain.example. 300 IN A 192.0.2.9"},
          {false, false, {}});
  all.add(
      "example."_name,
      {"www.example. 300 IN A 192.0.2.1", "www.example. 300 IN A 192.0.2.2",
       "alias.example. 300 IN CNAME www.example.", "two.example. 300 IN CNAME alias.example.",
       "away.example. 300 IN CNAME www.plain.example.",
       "down.example. 300 IN CNAME www.sub.example.", "beside.example. 300 IN CNAME plain.example.",
       "void.example. 300 IN CNAME nothing.example.",
       "lack.example. 300 IN CNAME mail.empty.example.", "a.b.empty.example. 300 IN A 192.0.2.3",
       "mail.empty.example. 300 IN MX 10 www.example.", "*.wild.example. 300 IN A 192.0.2.4",
       "closer.wild.example. 300 IN TXT \"closer\"", "*.any.example. 300 IN CNAME x.wild.example.",
       "old.example. 300 IN DNAME sub.example.",
       "long.example. 300 IN DNAME "
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example."},
      signed_form);
  all.add({}, {"com. 300 IN TXT \"no zone\""}, signed_form);
  return all;
}

Judged judged(Reply& reply, const Trusts& trusts, Work& work) {
  const Verdict verdict = judge(reply.response(), trusts, work, signed_at, {});
  REQUIRE(std::holds_alternative<Judged>(verdict));
  return std::get<Judged>(verdict);
}
Judged judged(Reply& reply, const Trusts& trusts) {
  Work work;
  return judged(reply, trusts, work);
}

RRset& part(std::vector<RRset>& sets, RRType type) {
  for (RRset& set : sets)
    if (set.type == type) return set;
  FAIL("no such set");
  return sets.front();
}

void drop(std::vector<RRset>& sets, RRType type) {
  std::erase_if(sets, [&](const RRset& set) { return set.type == type; });
}

}  // namespace

TEST_CASE("what servers of signed zones say is secure, and of unsigned ones insecure") {
  const struct {
    const char* name;
    RRType type;
    Claim claim;
    Security security;
  } cases[] = {
      {"www.example.", RRType::A, Claim::Answer, secure},
      {"WWW.Example.", RRType::A, Claim::Answer, secure},
      {"www.example.", RRType::ANY, Claim::Answer, secure},
      {"www.example.", RRType::AAAA, Claim::NoData, secure},
      {"example.", RRType::SOA, Claim::Answer, secure},
      {"example.", RRType::DNSKEY, Claim::Answer, secure},
      {"example.", RRType::DS, Claim::Answer, secure},
      {"example.", RRType::MX, Claim::NoData, secure},
      {".", RRType::DS, Claim::NoData, secure},
      {".", RRType::NS, Claim::Answer, secure},
      {".", RRType::MX, Claim::NoData, secure},
      {"com.", RRType::TXT, Claim::Answer, secure},
      {"net.", RRType::TXT, Claim::NxDomain, secure},
      {"alias.example.", RRType::A, Claim::Answer, secure},
      {"alias.example.", RRType::CNAME, Claim::Answer, secure},
      {"two.example.", RRType::A, Claim::Answer, secure},
      {"two.example.", RRType::AAAA, Claim::NoData, secure},
      {"void.example.", RRType::A, Claim::NxDomain, secure},
      {"lack.example.", RRType::A, Claim::NoData, secure},
      {"nothing.example.", RRType::A, Claim::NxDomain, secure},
      {"b.empty.example.", RRType::A, Claim::NoData, secure},
      {"empty.example.", RRType::ANY, Claim::NoData, secure},
      {"c.empty.example.", RRType::A, Claim::NxDomain, secure},
      {"x.wild.example.", RRType::A, Claim::Answer, secure},
      {"x.y.wild.example.", RRType::A, Claim::Answer, secure},
      {"!.wild.example.", RRType::A, Claim::Answer, secure},
      {"*.wild.example.", RRType::A, Claim::Answer, secure},
      {"x.wild.example.", RRType::MX, Claim::NoData, secure},
      {"closer.wild.example.", RRType::A, Claim::NoData, secure},
      {"x.closer.wild.example.", RRType::A, Claim::NxDomain, secure},
      {"x.*.wild.example.", RRType::A, Claim::NxDomain, secure},
      {"x.any.example.", RRType::A, Claim::Answer, secure},
      {"x.any.example.", RRType::CNAME, Claim::Answer, secure},
      {"x.any.example.", RRType::TXT, Claim::NoData, secure},
      {"www.old.example.", RRType::A, Claim::Answer, secure},
      {"www.old.example.", RRType::CNAME, Claim::Answer, secure},
      {"www.old.example.", RRType::ANY, Claim::Answer, secure},
      {"x.old.example.", RRType::TXT, Claim::Answer, secure},
      {"old.example.", RRType::DNAME, Claim::Answer, secure},
      {"old.example.", RRType::A, Claim::NoData, secure},
      {"down.example.", RRType::A, Claim::Answer, secure},
      {"www.sub.example.", RRType::A, Claim::Answer, secure},
      {"sub.example.", RRType::DS, Claim::Answer, secure},
      {"plain.example.", RRType::DS, Claim::NoData, secure},
      {"www.example.", RRType::DS, Claim::NoData, secure},
      {"nothing.example.", RRType::DS, Claim::NxDomain, secure},
      {"www.plain.example.", RRType::A, Claim::Answer, insecure},
      {"www.plain.example.", RRType::AAAA, Claim::NoData, insecure},
      {"nothing.plain.example.", RRType::A, Claim::NxDomain, insecure},
      {"down.plain.example.", RRType::DS, Claim::NoData, insecure},
      {"away.example.", RRType::A, Claim::Answer, insecure},
      {"away.example.", RRType::AAAA, Claim::NoData, insecure},
      {"to.plain.example.", RRType::A, Claim::Answer, insecure},
  };
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    for (const auto& [name, type, claim, security] : cases) {
      CAPTURE(nsec3);
      CAPTURE(name);
      CAPTURE(wire::to_text(type));
      Reply reply = all.ask(*Name::from_text(name), type);
      CHECK(reply.claim == claim);
      const Judged verdict = judged(reply, all);
      CHECK(verdict.security == security);
      if (security == secure) {
        CHECK_MESSAGE(!verdict.why, verdict.why->text);
        for (const RRset& set : reply.answer) CHECK(set.security == secure);
        for (const RRset& set : reply.authority) CHECK(set.security == secure);
      }
    }
  }
}

TEST_CASE("a chain that leads out of the zone is judged as far as it goes") {
  const SignedInternet all = internet(false);
  for (const char* name : {"away.example.", "down.example.", "x.old.example."}) {
    Reply reply = all.ask_zone(*Name::from_text(name), RRType::A);
    CHECK(reply.claim == Claim::Alias);
    CHECK(judged(reply, all).security == secure);
  }
}

TEST_CASE("a DNAME that makes too long a name is an answer") {
  const SignedInternet all = internet(false);
  const std::string label(63, 'b');
  Reply reply = all.ask(*Name::from_text(label + ".long.example."), RRType::A);
  CHECK(reply.claim == Claim::Answer);
  REQUIRE(reply.answer.size() == 1);
  CHECK(judged(reply, all).security == secure);
  reply.claim = Claim::Alias;
  CHECK(judged(reply, all).security == bogus);
  // A short name's DNAME without what it makes is half an answer.
  Reply half = all.ask_zone("x.old.example."_name, RRType::A);
  half.answer.pop_back();
  for (const Claim claim : {Claim::Answer, Claim::Alias, Claim::NoData}) {
    half.claim = claim;
    CHECK(judged(half, all).security == bogus);
  }
}

TEST_CASE(
    "a referral's DS is judged as the answer to a DS question, and a missing one tells a cut") {
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    const SignedZone& parent = *all.zone_of("example."_name);
    Reply secure_cut = parent.referral("sub.example."_name);
    CHECK(secure_cut.claim == Claim::Answer);
    CHECK(judged(secure_cut, all).security == secure);
    Reply plain_cut = parent.referral("plain.example."_name);
    const Judged plain = judged(plain_cut, all);
    CHECK(plain.security == secure);
    CHECK(plain.cut);
    Reply no_cut = all.ask("www.example."_name, RRType::DS);
    const Judged inside = judged(no_cut, all);
    CHECK(inside.security == secure);
    CHECK_FALSE(inside.cut);
    // Of an alias for a delegation, the delegation is elsewhere.
    Reply alias = all.ask("beside.example."_name, RRType::DS);
    CHECK(alias.claim == Claim::NoData);
    const Judged beside = judged(alias, all);
    CHECK(beside.security == secure);
    CHECK_FALSE(beside.cut);
    // The denial of another delegation's DS.
    plain_cut.question.name = "sub.example."_name;
    CHECK(judged(plain_cut, all).security == bogus);
  }
  const SignedInternet opt_out = internet(true, true);
  Reply plain_cut = opt_out.zone_of("example."_name)->referral("plain.example."_name);
  CHECK(judged(plain_cut, opt_out).security == insecure);
}

TEST_CASE("opt-out makes denials insecure, and the answers of wildcards") {
  const SignedInternet all = internet(true, true);
  const std::pair<const char*, Security> cases[] = {{"nothing.example.", insecure},
                                                    {"x.wild.example.", insecure},
                                                    {"www.example.", secure},
                                                    {"mail.empty.example.", secure},
                                                    {"empty.example.", secure}};
  for (const auto& [name, security] : cases) {
    Reply reply = all.ask(*Name::from_text(name), RRType::A);
    CAPTURE(name);
    CHECK(judged(reply, all).security == security);
  }
  Reply wildcard = all.ask("x.wild.example."_name, RRType::A);
  judged(wildcard, all);
  CHECK(wildcard.answer[0].security == insecure);
}

TEST_CASE("stripped signatures and proofs are bogus, and the error says which") {
  const SignedInternet all = internet(false);
  const auto error = [&](Reply reply) {
    const Judged verdict = judged(reply, all);
    CHECK(verdict.security == bogus);
    REQUIRE(verdict.why);
    return verdict.why->code;
  };
  Reply answer = all.ask("www.example."_name, RRType::A);
  answer.answer[0].signatures = {};
  CHECK(error(answer) == ExtendedErrorCode::RrsigsMissing);

  Reply alias = all.ask("alias.example."_name, RRType::A);
  alias.answer[0].signatures = {};
  CHECK(error(alias) == ExtendedErrorCode::RrsigsMissing);

  Reply denial = all.ask("nothing.example."_name, RRType::A);
  drop(denial.authority, RRType::NSEC);
  CHECK(error(denial) == ExtendedErrorCode::NsecMissing);
  denial.authority.clear();
  CHECK(error(denial) == ExtendedErrorCode::NsecMissing);

  Reply unsigned_soa = all.ask("nothing.example."_name, RRType::A);
  part(unsigned_soa.authority, RRType::SOA).signatures = {};
  CHECK(error(unsigned_soa) == ExtendedErrorCode::RrsigsMissing);

  Reply wildcard = all.ask("x.wild.example."_name, RRType::A);
  wildcard.authority.clear();
  CHECK(error(wildcard) == ExtendedErrorCode::NsecMissing);
  CHECK(judged(wildcard, all).security == bogus);
  CHECK(wildcard.answer[0].security == bogus);

  Reply no_ds = all.zone_of("example."_name)->referral("plain.example."_name);
  no_ds.authority.clear();
  CHECK(error(no_ds) == ExtendedErrorCode::NsecMissing);
}

TEST_CASE("a set that is not what was signed is bogus, wherever it stands") {
  const SignedInternet all = internet(true);
  const auto forged = [](RRset& set) {
    wire::Bytes rdata(set.rdata[0].begin(), set.rdata[0].end());
    rdata.back() ^= 1;
    set.rdata = {};
    set.rdata.add(rdata);
  };
  for (const char* name :
       {"www.example.", "two.example.", "x.old.example.", "nothing.example.", "x.wild.example."}) {
    const Reply honest = all.ask(*Name::from_text(name), RRType::A);
    for (std::size_t i = 0; i < honest.answer.size() + honest.authority.size(); ++i) {
      Reply reply = honest;
      forged(i < reply.answer.size() ? reply.answer[i] : reply.authority[i - reply.answer.size()]);
      CAPTURE(name);
      CAPTURE(i);
      CHECK(judged(reply, all).security == bogus);
    }
  }
}

TEST_CASE("claims must fit the chain") {
  const SignedInternet all = internet(false);
  for (const char* name :
       {"www.example.", "alias.example.", "nothing.example.", "x.old.example.", "empty.example."}) {
    const Reply honest = all.ask_zone(*Name::from_text(name), RRType::A);
    for (const Claim claim : {Claim::Answer, Claim::Alias, Claim::NoData, Claim::NxDomain}) {
      if (claim == honest.claim) continue;
      Reply reply = honest;
      reply.claim = claim;
      CAPTURE(name);
      CAPTURE(static_cast<int>(claim));
      const Judged verdict = judged(reply, all);
      // Its proofs show what is true.
      const bool is_there = claim == Claim::NxDomain && honest.claim == Claim::NoData;
      CHECK(verdict.security == (is_there ? secure : bogus));
      CHECK(verdict.exists == is_there);
    }
  }
  Reply other = all.ask("www.example."_name, RRType::A);
  other.question.name = "w.example."_name;
  CHECK(judged(other, all).security == bogus);
  Reply longer = all.ask("www.example."_name, RRType::A);
  longer.answer.push_back(all.ask("mail.empty.example."_name, RRType::MX).answer[0]);
  CHECK(judged(longer, all).security == bogus);
  Reply backwards = all.ask("alias.example."_name, RRType::A);
  std::swap(backwards.answer[0], backwards.answer[1]);
  CHECK(judged(backwards, all).security == bogus);
}

TEST_CASE("a CNAME without signature stands behind the DNAME that makes it, or not at all") {
  const SignedInternet all = internet(false);
  Reply reply = all.ask_zone("x.old.example."_name, RRType::A);
  REQUIRE(reply.answer.size() == 2);
  Reply elsewhere = reply;
  elsewhere.answer[1].rdata = {};
  elsewhere.answer[1].rdata.add("www.plain.example."_name.wire());
  CHECK(judged(elsewhere, all).security == bogus);
  Reply alone = reply;
  alone.answer.erase(alone.answer.begin());
  CHECK(judged(alone, all).security == bogus);
  Reply insecure_one = reply;
  insecure_one.answer[0].signatures = {};
  CHECK(judged(insecure_one, all).security == bogus);
  CHECK(judged(reply, all).security == secure);
  CHECK(reply.answer[1].ttl == reply.answer[0].ttl);
}

TEST_CASE("a DNAME that is made from a wildcard rewrites nothing") {
  SignedInternet all;
  all.add("example."_name, {"*.example. 300 IN DNAME other.example."}, {true, false, {}});
  Reply asked = all.ask("q.example."_name, RRType::DNAME);
  REQUIRE(asked.claim == Claim::Answer);
  CHECK(judged(asked, all).security == secure);
  Reply below{{"x.q.example."_name, RRType::A}, Claim::Alias, asked.answer, asked.authority};
  below.answer.push_back(
      one_record("x.q.example."_name, RRType::CNAME,
                 {1, 'x', 5, 'o', 't', 'h', 'e', 'r', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0}));
  CHECK(judged(below, all).security == bogus);
}

TEST_CASE("a wildcard's answer is not replayed for names that it does not match") {
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    const Reply honest = all.ask("x.wild.example."_name, RRType::A);
    for (const char* name : {"closer.wild.example.", "x.closer.wild.example.", "wild.example.",
                             "www.example.", "x.example.", "x.*.wild.example."}) {
      CAPTURE(nsec3);
      CAPTURE(name);
      // With the proof that came with it, and with any that the server has for the true answer.
      for (const RRType type : {RRType::A, RRType::MX, RRType::DS}) {
        Reply reply = honest;
        reply.question.name = *Name::from_text(name);
        reply.answer[0].owner = reply.question.name;
        const Reply truth = all.ask(reply.question.name, type);
        for (const RRset& set : truth.authority)
          if (set.type != RRType::SOA) reply.authority.push_back(set);
        CHECK(judged(reply, all).security == bogus);
      }
    }
  }
}

TEST_CASE("what a parent denies is not denied below its delegations") {
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    const SignedZone& parent = *all.zone_of("example."_name);
    for (const char* name : {"www.sub.example.", "sub.example.", "www.plain.example."}) {
      for (const Claim claim : {Claim::NoData, Claim::NxDomain}) {
        for (const RRType type : {RRType::A, RRType::SOA}) {
          Reply reply{{*Name::from_text(name), type}, claim, {}, parent.chain()};
          reply.authority.resize(std::min<std::size_t>(reply.authority.size(), 12));
          for (const RRset& set : parent.chain())
            if (set.owner.is_within("sub.example."_name) ||
                set.owner.is_within("plain.example."_name))
              reply.authority.push_back(set);
          reply.authority.push_back(*parent.find("example."_name, RRType::SOA));
          CHECK(judged(reply, all).security == bogus);
        }
      }
    }
  }
}

TEST_CASE("a child neither denies nor grants its own DS") {
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    const SignedZone& child = *all.zone_of("sub.example."_name);
    Reply denial{{"sub.example."_name, RRType::DS}, Claim::NoData, {}, child.chain()};
    CHECK(judged(denial, all).security == bogus);
    denial.authority.push_back(*child.find("sub.example."_name, RRType::SOA));
    CHECK(judged(denial, all).security == bogus);
    denial.claim = Claim::NxDomain;
    CHECK(judged(denial, all).security == bogus);

    Reply grant = all.ask("sub.example."_name, RRType::DS);
    REQUIRE(grant.claim == Claim::Answer);
    grant.answer[0].signatures = {};
    grant.answer[0].signatures.add(
        sign(grant.answer[0], *child.key(),
             {signed_at - std::chrono::days{1}, signed_at + std::chrono::days{1}}));
    CHECK(judged(grant, all).security == bogus);
  }
}

TEST_CASE("a child's records prove nothing about its parent's names") {
  // CVE-2026-10723: an NSEC3 of sub.example. is below example., but is not of example.
  for (const bool nsec3 : {false, true}) {
    const SignedInternet all = internet(nsec3);
    const SignedZone& child = *all.zone_of("sub.example."_name);
    for (const char* name : {"www.example.", "t.example.", "sub.example."}) {
      Reply reply{{*Name::from_text(name), RRType::DS}, Claim::NxDomain, {}, child.chain()};
      CHECK(judged(reply, all).security == bogus);
      reply.claim = Claim::NoData;
      CHECK(judged(reply, all).security == bogus);
      // With one of the parent's, which brings the parent's keys into play.
      const auto& chain = all.zone_of("example."_name)->chain();
      reply.authority.push_back(chain[0]);
      reply.authority.push_back(*all.zone_of("example."_name)->find("example."_name, RRType::SOA));
      CHECK(judged(reply, all).security == bogus);
    }
  }
}

TEST_CASE("an NSEC set that was asked for is an answer, made from a wildcard it is nothing") {
  const SignedInternet all = internet(false);
  const SignedZone& zone = *all.zone_of("example."_name);
  const RRset* wild = nullptr;
  for (const RRset& set : zone.chain())
    if (set.owner == "*.wild.example."_name) wild = &set;
  REQUIRE(wild);
  Reply asked{{"*.wild.example."_name, RRType::NSEC}, Claim::Answer, {*wild}, {}};
  CHECK(judged(asked, all).security == secure);
  // CVE-2017-15105: under another owner it would deny the names behind that.
  Reply moved{{"x.wild.example."_name, RRType::MX}, Claim::NoData, {}, {*wild}};
  moved.authority[0].owner = "x.wild.example."_name;
  moved.authority.push_back(*zone.find("example."_name, RRType::SOA));
  CHECK(judged(moved, all).security == bogus);
}

TEST_CASE("nobody is downgraded by naming a signer or a SOA that is not secure") {
  // An island: its parent is not signed, it has a trust anchor of its own.
  class Island : public Trusts {
   public:
    explicit Island(const SignedInternet& all) : all_(all) {
      const Trust* example = all.of("example."_name);
      trust_ = *example;
      nothing_.zone = Name{};
      nothing_.security = Security::Insecure;
    }
    const Trust* of(const Name& name) const override {
      if (name.is_within("plain.example."_name)) return all_.of(name);
      return name.is_within("example."_name) ? &trust_ : &nothing_;
    }

   private:
    const SignedInternet& all_;
    Trust trust_;
    Trust nothing_;
  };
  const SignedInternet all = internet(false);
  const Island island(all);
  const SignedZone& root = *all.zone_of("."_name);
  const auto root_signed = [&](RRset set) {
    set.signatures = {};
    set.signatures.add(sign(set, *root.key(),
                            {signed_at - std::chrono::days{1}, signed_at + std::chrono::days{1}}));
    return set;
  };
  Reply answer = all.ask("www.example."_name, RRType::A);
  CHECK(judged(answer, island).security == secure);
  answer.answer[0] = root_signed(answer.answer[0]);
  CHECK(judged(answer, island).security == bogus);

  Reply denial{{"www.example."_name, RRType::A}, Claim::NxDomain, {}, {}};
  denial.authority.push_back(root_signed(*root.find("."_name, RRType::SOA)));
  CHECK(judged(denial, island).security == bogus);
  denial.authority[0].signatures = {};
  CHECK(judged(denial, island).security == bogus);
  for (const RRset& set : root.chain()) denial.authority.push_back(set);
  CHECK(judged(denial, island).security == bogus);
  Reply elsewhere = all.ask("com."_name, RRType::TXT);
  CHECK(judged(elsewhere, island).security == insecure);
}

TEST_CASE("a signer that is no zone, or lies deeper than the zone, does not help") {
  const SignedInternet all = internet(false);
  Reply reply = all.ask("www.example."_name, RRType::A);
  const SigningKey liar{"www.example."_name, 257, all.zone_of("example."_name)->key()->key};
  const wire::RdataList honest = reply.answer[0].signatures;
  RRset forged = reply.answer[0];
  forged.signatures = {};
  forged.signatures.add(
      sign(forged, liar, {signed_at - std::chrono::days{1}, signed_at + std::chrono::days{1}}));
  reply.answer[0] = forged;
  CHECK(judged(reply, all).security == bogus);
  // Beside an honest one it does no harm.
  reply.answer[0].signatures.add(honest[0]);
  CHECK(judged(reply, all).security == secure);
}

TEST_CASE("with too many iterations denials are insecure, but only of names of that zone") {
  SignedInternet all;
  all.add("sub.example."_name, {"www.sub.example. 300 IN A 192.0.2.7"}, {true, false, {}});
  all.add("example."_name, {"*.example. 300 IN A 192.0.2.1"}, {true, true, {51, {}, false}});
  Reply denial = all.ask("nothing.example."_name, RRType::MX);
  const Judged verdict = judged(denial, all);
  CHECK(verdict.security == insecure);
  REQUIRE(verdict.why);
  CHECK(verdict.why->code == ExtendedErrorCode::UnsupportedNsec3Iterations);
  Reply wildcard = all.ask("nothing.example."_name, RRType::A);
  CHECK(judged(wildcard, all).security == insecure);
  // Nothing is known of a name below a secure delegation by it.
  for (Reply* reply : {&denial, &wildcard}) {
    reply->question.name = "www.sub.example."_name;
    for (RRset& set : reply->answer) set.owner = "www.sub.example."_name;
    CHECK(judged(*reply, all).security == bogus);
  }
  Reply no_ds = all.zone_of("example."_name)->referral("sub.example."_name);
  no_ds.claim = Claim::NoData;
  no_ds.answer.clear();
  no_ds.authority = denial.authority;
  CHECK(judged(no_ds, all).security == insecure);
  // The signature is looked at all the same (RFC 9276 section 3.2).
  Reply unsigned_denial = all.ask("nothing.example."_name, RRType::MX);
  for (RRset& set : unsigned_denial.authority)
    if (set.type == RRType::NSEC3) set.signatures = {};
  CHECK(judged(unsigned_denial, all).security == bogus);
}

TEST_CASE("what is missing is named before anything is computed, once for each zone") {
  class Learning : public Trusts {
   public:
    explicit Learning(const SignedInternet& all) : all_(all) {}
    const Trust* of(const Name& name) const override {
      return known.contains(name) ? all_.of(name) : nullptr;
    }
    std::set<Name> known;

   private:
    const SignedInternet& all_;
  };
  const SignedInternet all = internet(true);
  Learning trusts(all);
  Reply reply = all.ask("down.example."_name, RRType::MX);
  REQUIRE(reply.claim == Claim::NoData);
  Work work;
  std::vector<Name> asked;
  for (;;) {
    const Verdict verdict = judge(reply.response(), trusts, work, signed_at, {});
    if (const auto* missing = std::get_if<Missing>(&verdict)) {
      CHECK(work.checks == 0);
      asked.push_back(missing->name);
      REQUIRE(trusts.known.insert(missing->name).second);
      continue;
    }
    CHECK(std::get<Judged>(verdict).security == secure);
    break;
  }
  CHECK(asked == std::vector<Name>{"example."_name, "sub.example."_name});
}

TEST_CASE("a broken chain of trust makes all below it bogus, with its reason") {
  class Broken : public Trusts {
   public:
    explicit Broken(Security security) {
      trust_.zone = "example."_name;
      trust_.security = security;
      trust_.why = wire::ExtendedError{ExtendedErrorCode::DnskeyMissing, "no key"};
    }
    const Trust* of(const Name&) const override { return &trust_; }

   private:
    Trust trust_;
  };
  const SignedInternet all = internet(false);
  for (const Security security : {bogus, indeterminate, insecure}) {
    for (const char* name : {"www.example.", "nothing.example.", "x.wild.example."}) {
      Reply reply = all.ask(*Name::from_text(name), RRType::A);
      const Judged verdict = judged(reply, Broken(security));
      CHECK(verdict.security == security);
      REQUIRE(verdict.why);
      CHECK(verdict.why->text == "no key");
    }
  }
}

TEST_CASE("signatures cannot be judged, so that nobody takes them for judged") {
  const SignedInternet all = internet(false);
  Reply reply{{"www.example."_name, RRType::RRSIG}, Claim::Answer, {}, {}};
  const RRset* addresses = all.zone_of("example."_name)->find("www.example."_name, RRType::A);
  RRset signatures;
  signatures.owner = "www.example."_name;
  signatures.type = RRType::RRSIG;
  signatures.rdata.add(addresses->signatures[0]);
  reply.answer.push_back(signatures);
  CHECK(judged(reply, all).security == indeterminate);
  reply.question.name = "www.plain.example."_name;
  reply.answer[0].owner = "www.plain.example."_name;
  CHECK(judged(reply, all).security == insecure);
}

TEST_CASE("TTLs go down to what signatures and proofs allow") {
  const SignedInternet all = internet(false);
  Reply reply = all.ask("x.wild.example."_name, RRType::A);
  reply.answer[0].ttl = wire::Ttl{100000};
  for (RRset& set : reply.authority) set.ttl = wire::Ttl{7};
  CHECK(judged(reply, all).security == secure);
  CHECK(reply.answer[0].ttl == wire::Ttl{7});

  Reply direct = all.ask("www.example."_name, RRType::A);
  direct.answer[0].ttl = wire::Ttl{100000};
  CHECK(judged(direct, all).security == secure);
  CHECK(direct.answer[0].ttl == wire::Ttl{300});

  Reply denial = all.ask("nothing.example."_name, RRType::A);
  for (RRset& set : denial.authority)
    if (set.type == RRType::NSEC) set.ttl = wire::Ttl{5};
  CHECK(judged(denial, all).security == secure);
  CHECK(part(denial.authority, RRType::SOA).ttl == wire::Ttl{5});
}

TEST_CASE("padded denials cost as many signatures as honest ones may") {
  // CVE-2026-11605
  const SignedInternet all = internet(false);
  Reply reply = all.ask("nothing.example."_name, RRType::A);
  const auto proofs = reply.authority;
  reply.authority.clear();
  const auto& chain = all.zone_of("example."_name)->chain();
  for (const RRset& set : chain) reply.authority.push_back(set);
  reply.authority.insert(reply.authority.end(), proofs.begin(), proofs.end());
  Work work;
  judged(reply, all, work);
  CHECK(work.checks <= limits::proof_sets + 1);
}
