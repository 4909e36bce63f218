#include <doctest/doctest.h>

#include "tests/unit/dnssec/signed_internet.hpp"
#include "tools/cdig/validation.hpp"

using namespace cairn;
using namespace cairn::cdig;
using dnssec::test::SignedInternet;
using dnssec::test::ZoneForm;
using wire::operator""_name;
using wire::RRType;
using wire::Security;

namespace {

void add_to(std::vector<wire::Record>& section, const std::vector<wire::RRset>& sets) {
  for (const wire::RRset& set : sets) {
    for (const wire::RdataView rdata : set.rdata)
      section.push_back({set.owner, set.type, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
    for (const wire::RdataView rdata : set.signatures)
      section.push_back(
          {set.owner, RRType::RRSIG, set.rrclass, set.ttl, {rdata.begin(), rdata.end()}});
  }
}

/// A resolver before that Internet, and what it was asked.
struct Resolver {
  explicit Resolver(const SignedInternet& its_internet) : internet(its_internet) {}

  wire::Message reply(const wire::Question& question) {
    asked.push_back(question.name.to_text() + " " + to_text(question.type));
    const auto told = internet.ask(question.name, question.type);
    wire::Message message;
    message.header.response = message.header.recursion_available = true;
    if (told.claim == dnssec::Claim::NxDomain) message.header.rcode = wire::Rcode::NXDOMAIN;
    message.questions = {question};
    add_to(message.answer, told.answer);
    add_to(message.authority, told.authority);
    if (change) change(message);
    return message;
  }

  Validation validate(const wire::Name& name, RRType type,
                      std::optional<dnssec::TrustAnchor> anchor = std::nullopt) {
    if (!anchor) {
      const auto& top = internet.zones().back();
      anchor = dnssec::test::one_record(top.apex(), RRType::DS, top.key()->ds());
    }
    const wire::Question question{name, type};
    const wire::Message answer = reply(question);
    asked.clear();
    return cdig::validate(
        question, answer,
        [this](const wire::Question& wanted) {
          return wanted.type == silent_about ? std::nullopt : std::optional(reply(wanted));
        },
        {&*anchor, 1}, dnssec::test::signed_at);
  }

  const SignedInternet& internet;
  std::vector<std::string> asked;
  std::function<void(wire::Message&)> change;
  std::optional<RRType> silent_about;
};

/// Three signed zones one below the other, and one that is not signed.
const SignedInternet& small_internet() {
  static const SignedInternet* internet = [] {
    auto* made = new SignedInternet;
    made->add("plain.test."_name, {"www.plain.test. 300 IN A 192.0.2.9"}, {false, false, {}});
    made->add("zone.test."_name,
              {"www.zone.test. 300 IN A 192.0.2.1", "*.wild.zone.test. 300 IN A 192.0.2.2",
               "alias.zone.test. 300 IN CNAME www.plain.test.",
               "a.b.c.zone.test. 300 IN CNAME a.b.c.zone.test."},
              {});
    made->add("test."_name, {}, {true, true, {}});
    made->add("."_name, {}, {});
    return made;
  }();
  return *internet;
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a signed answer is secure, and its chain goes down from the anchor") {
  Resolver resolver(small_internet());
  const Validation validation = resolver.validate("www.zone.test."_name, RRType::A);
  CHECK(validation.security == Security::Secure);
  REQUIRE(validation.links.size() == 4);
  CHECK(validation.links[0].title == ".");
  CHECK(validation.links[1].title == "test.");
  CHECK(validation.links[2].title == "zone.test.");
  CHECK(validation.links[2].depth == 2);
  CHECK(validation.links[3].title == "www.zone.test. A");
  const std::vector<std::string> asked{". DNSKEY", "test. DS", "test. DNSKEY", "zone.test. DS",
                                       "zone.test. DNSKEY"};
  CHECK(resolver.asked == asked);

  const auto& zones = small_internet().zones();
  const std::string tag = std::to_string(std::next(zones.begin())->key()->key_tag());
  const std::string text = validation_text(validation);
  CHECK(text.starts_with(";; VALIDATION: secure\n;; .   secure\n;; |  anchor  "));
  CHECK(has_line(text, ";;       zone.test.   secure"));
  CHECK(has_line(text, ";;       |  DS      " + tag + " ED25519 SHA-256"));
  CHECK(has_line(text, ";;       |  keys    " + tag + " ED25519, entry point"));
  CHECK(has_line(text, ";; |  signed  by " + tag +
                           " ED25519 of zone.test., valid from 2027-01-05 08:00:00 to 2027-01-25 "
                           "08:00:00"));
}

TEST_CASE("below a delegation that is not signed all is insecure, and the proof is shown") {
  Resolver resolver(small_internet());
  const Validation validation = resolver.validate("www.plain.test."_name, RRType::A);
  CHECK(validation.security == Security::Insecure);
  const std::string text = validation_text(validation);
  CHECK(has_line(text, ";;       plain.test.   insecure"));
  CHECK(has_line(text, ";;       |  DS      none"));
  CHECK(text.find("|  proof   ") != std::string::npos);
  CHECK(text.find(".test. NSEC3 1 0 0 - ") != std::string::npos);
}

TEST_CASE("an alias out of a signed zone is as good as its end") {
  Resolver resolver(small_internet());
  const Validation validation = resolver.validate("alias.zone.test."_name, RRType::A);
  CHECK(validation.security == Security::Insecure);
  CHECK(has_line(validation_text(validation), ";; alias.zone.test. CNAME   secure"));
  CHECK(has_line(validation_text(validation), ";; www.plain.test. A   insecure"));
}

TEST_CASE("a wildcard's answer says what it was made from") {
  Resolver resolver(small_internet());
  const Validation validation = resolver.validate("x.wild.zone.test."_name, RRType::A);
  CHECK(validation.security == Security::Secure);
  CHECK(has_line(validation_text(validation), ";; |  made    from *.wild.zone.test."));
}

TEST_CASE("a denial is judged by its proofs, which are shown") {
  Resolver resolver(small_internet());
  for (const auto& [name, type] :
       {std::pair{"none.zone.test."_name, RRType::A},
        std::pair{"www.zone.test."_name, RRType::AAAA}, std::pair{"none.test."_name, RRType::A}}) {
    CAPTURE(name.to_text());
    const Validation validation = resolver.validate(name, type);
    CHECK(validation.security == Security::Secure);
    CHECK(validation_text(validation).find("|  proof   ") != std::string::npos);
  }
}

TEST_CASE("what was changed on the way is bogus, and the reason is told") {
  struct Case {
    const char* what;
    std::function<void(wire::Message&)> change;
    const char* reason;
  };
  const Case cases[] = {
      {"an address",
       [](wire::Message& message) {
         for (wire::Record& record : message.answer)
           if (record.type == RRType::A) record.rdata[3] ^= 1;
       },
       "is wrong"},
      {"the signatures are gone",
       [](wire::Message& message) {
         std::erase_if(message.answer,
                       [](const wire::Record& record) { return record.type == RRType::RRSIG; });
       },
       "DNSKEY is not signed"},
      {"a DS",
       [](wire::Message& message) {
         for (wire::Record& record : message.answer)
           if (record.type == RRType::DS) record.rdata.back() ^= 1;
       },
       "is wrong"},
      {"the keys are gone",
       [](wire::Message& message) {
         std::erase_if(message.answer,
                       [](const wire::Record& record) { return record.type == RRType::DNSKEY; });
       },
       "no key of . is the one that its DS names"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    Resolver resolver(small_internet());
    resolver.change = one.change;
    const Validation validation = resolver.validate("www.zone.test."_name, RRType::A);
    CHECK(validation.security == Security::Bogus);
    REQUIRE(validation.why);
    CHECK(validation.why->text.find(one.reason) != std::string::npos);
    CHECK(validation_text(validation).starts_with(";; VALIDATION: bogus: " + validation.why->text));
  }
}

TEST_CASE("with an anchor of the zone itself nobody above is asked") {
  Resolver resolver(small_internet());
  const auto& zone = *std::next(small_internet().zones().begin());
  const Validation validation =
      resolver.validate("www.zone.test."_name, RRType::A,
                        dnssec::test::one_record(zone.apex(), RRType::DS, zone.key()->ds()));
  CHECK(validation.security == Security::Secure);
  CHECK(resolver.asked == std::vector<std::string>{"zone.test. DNSKEY"});
  const Validation elsewhere =
      resolver.validate("www.plain.test."_name, RRType::A,
                        dnssec::test::one_record(zone.apex(), RRType::DS, zone.key()->ds()));
  CHECK(elsewhere.security == Security::Indeterminate);
}

TEST_CASE("errors are not judged") {
  Resolver resolver(small_internet());
  resolver.change = [](wire::Message& message) { message.header.rcode = wire::Rcode::SERVFAIL; };
  const Validation validation = resolver.validate("www.zone.test."_name, RRType::A);
  CHECK(validation.security == Security::Indeterminate);
  CHECK(validation.why->text == "the reply is an error: SERVFAIL");
}

TEST_CASE("a denial with proofs that the name is there is bogus") {
  Resolver resolver(small_internet());
  resolver.change = [](wire::Message& message) {
    if (message.questions.front().type == RRType::TXT) message.header.rcode = wire::Rcode::NXDOMAIN;
  };
  const Validation validation = resolver.validate("www.zone.test."_name, RRType::TXT);
  CHECK(validation.security == Security::Bogus);
  CHECK(validation.why->text == "the proofs say that the name is there");
}

TEST_CASE("where nobody tells of a DS nothing is known, and without keys all is bogus") {
  for (const RRType type : {RRType::DS, RRType::DNSKEY}) {
    Resolver resolver(small_internet());
    resolver.silent_about = type;
    const Validation validation = resolver.validate("www.zone.test."_name, RRType::A);
    const bool ds = type == RRType::DS;
    CHECK(validation.security == (ds ? Security::Indeterminate : Security::Bogus));
    CHECK(validation.why->text == (ds ? "no answer to test. DS" : "no answer to . DNSKEY"));
  }
}

TEST_CASE("a referral is no answer, and is not judged as one") {
  Resolver resolver(small_internet());
  resolver.change = [](wire::Message& message) {
    message.answer.clear();
    message.header.authoritative = false;
    const wire::Name server = "ns.zone.test."_name;
    message.authority = {{"zone.test."_name,
                          RRType::NS,
                          wire::RRClass::IN,
                          wire::Ttl{60},
                          {server.wire().begin(), server.wire().end()}}};
  };
  const Validation validation = resolver.validate("www.zone.test."_name, RRType::A);
  CHECK(validation.security == Security::Indeterminate);
  CHECK(validation.why->text == "the reply is a referral to zone.test., no answer");
}

// A server that answers each question with an alias to another name would send a walk that
// follows it round for ever.
TEST_CASE("a walk ends, whatever the servers say") {
  Resolver resolver(small_internet());
  resolver.change = [](wire::Message& message) {
    const wire::Question& question = message.questions.front();
    if (question.type == RRType::DNSKEY) return;
    message.header.rcode = wire::Rcode::NOERROR;
    message.authority.clear();
    const wire::Name target = question.name == "a.loop."_name ? "b.loop."_name : "a.loop."_name;
    message.answer = {{question.name,
                       RRType::CNAME,
                       wire::RRClass::IN,
                       wire::Ttl{1},
                       {target.wire().begin(), target.wire().end()}},
                      {target,
                       RRType::CNAME,
                       wire::RRClass::IN,
                       wire::Ttl{1},
                       {question.name.wire().begin(), question.name.wire().end()}}};
  };
  CHECK(resolver.validate("a.loop."_name, RRType::A).security == Security::Bogus);
  CHECK(resolver.asked.size() < 10);
  std::string deep;
  for (int i = 0; i < 120; ++i) deep += "a.";
  resolver.change = nullptr;
  CHECK(resolver.validate(wire::Name::from_text(deep + "zone.test.").value(), RRType::A).security ==
        Security::Secure);
  CHECK(resolver.asked.size() < 10);
}
