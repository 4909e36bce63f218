#include "dnssec/denial.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/unit/dnssec/denial_sets.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRType;
using wire::Security;
using wire::operator""_name;

namespace {

/// What some records of a zone prove.
struct Asked {
  const char* zone = "example.";
  std::vector<std::string> records;

  template <class Question>
  Proof ask(Question question) const {
    const auto all = sets(records);
    const Name name = *Name::from_text(zone);
    Work work;
    Denial denial(name, pointers(all), work);
    return question(denial);
  }
  Proof no_name(const char* name) const {
    return ask([&](Denial& denial) { return denial.no_name(*Name::from_text(name)); });
  }
  Proof no_data(const char* name, RRType type) const {
    return ask([&](Denial& denial) { return denial.no_data(*Name::from_text(name), type); });
  }
  Proof no_closer(const char* name, const char* encloser) const {
    return ask([&](Denial& denial) {
      return denial.no_closer_match(*Name::from_text(name), *Name::from_text(encloser));
    });
  }
};

constexpr Security secure = Security::Secure;
constexpr Security insecure = Security::Insecure;
constexpr Security bogus = Security::Bogus;

// The zone of RFC 4035 appendix A.
const std::string apex = "example. 3600 IN NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY";
const std::string a = "a.example. 3600 IN NSEC ai.example. NS DS RRSIG NSEC";
const std::string ai = "ai.example. 3600 IN NSEC b.example. A HINFO AAAA RRSIG NSEC";
const std::string b = "b.example. 3600 IN NSEC ns1.example. NS RRSIG NSEC";
const std::string ns1 = "ns1.example. 3600 IN NSEC ns2.example. A RRSIG NSEC";
const std::string ns2 = "ns2.example. 3600 IN NSEC *.w.example. A RRSIG NSEC";
const std::string wild_w = "*.w.example. 3600 IN NSEC x.w.example. MX RRSIG NSEC";
const std::string x_w = "x.w.example. 3600 IN NSEC x.y.w.example. MX RRSIG NSEC";
const std::string x_y_w = "x.y.w.example. 3600 IN NSEC xx.example. MX RRSIG NSEC";
const std::string xx = "xx.example. 3600 IN NSEC example. A HINFO AAAA RRSIG NSEC";

// And that of RFC 5155 appendix A, which opts out.
const std::string apex3 =
    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG";
const std::string ns1_3 =
    "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG";
const std::string a3 =
    "35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG";
const std::string x_w_3 =
    "b4um86eghhds6nea196smvmlo4ors995.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG";
const std::string y_w_3 =
    "ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "k8udemvp1j2f7eg6jebps17vp3n8i58h";
const std::string w_3 =
    "k8udemvp1j2f7eg6jebps17vp3n8i58h.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "kohar7mbb8dc2ce8a9qvl8hon4k53uhi";
const std::string ns2_3 =
    "q04jkcevqvmu85r014c7dkba38o0ji5r.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG";
const std::string wild_w_3 =
    "r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. 3600 IN NSEC3 1 1 12 aabbccdd "
    "t644ebqk9bibcna874givr6joj62mlhv MX RRSIG";

std::vector<std::string> without_opt_out(std::vector<std::string> records) {
  for (std::string& record : records) record.replace(record.find("NSEC3 1 1 "), 10, "NSEC3 1 0 ");
  return records;
}

}  // namespace

TEST_CASE("NSEC: a name is denied by the gap it falls into and the gap of its wildcard") {
  // RFC 4035 appendix B.2.
  CHECK(Asked{.records = {b, apex}}.no_name("ml.example.").security == secure);
  // The gap alone, or the wildcard's alone, is half a proof.
  CHECK(Asked{.records = {b}}.no_name("ml.example.").security == bogus);
  CHECK(Asked{.records = {apex}}.no_name("ml.example.").security == bogus);
  // A wildcard that exists would have answered (appendix B.6).
  CHECK(Asked{.records = {x_y_w, ns2, wild_w}}.no_name("a.z.w.example.").security == bogus);
  // Which is not one of a parent of the closest encloser.
  CHECK(Asked{.records = {x_w, wild_w}}.no_name("a.x.w.example.").security == secure);
  // A name that exists, with types and without.
  CHECK(Asked{.records = {ns1, apex, b}}.no_name("ns1.example.").security == bogus);
  CHECK(Asked{.records = {ns2, apex, b}}.no_name("w.example.").security == bogus);
  CHECK(Asked{.records = {x_w, apex, b}}.no_name("y.w.example.").security == bogus);
  CHECK(Asked{.records = {apex}}.no_name("example.").security == bogus);
  // One record may do for both.
  CHECK(Asked{.records = {apex}}.no_name("*.example.").security == secure);
  // Behind the last name.
  CHECK(Asked{.records = {xx, apex}}.no_name("zz.example.").security == secure);
  CHECK(Asked{.records = {xx}}.no_name("zz.example.").security == bogus);
}

TEST_CASE("NSEC: a wildcard that exists for names below it alone denies nothing") {
  // *.example. is an empty non-terminal: what it matches has no types, but is there (RFC 4592
  // section 2.2.3).
  const std::string at_apex = "example. 60 IN NSEC a.*.example. SOA NS";
  const std::string last = "a.*.example. 60 IN NSEC example. A";
  CHECK(Asked{.records = {at_apex, last}}.no_name("b.example.").security == bogus);
  CHECK(Asked{.records = {at_apex, last}}.no_data("b.example.", RRType::A).security == secure);
}

TEST_CASE("NSEC: a type is denied where the name is, unless an alias is there") {
  CHECK(Asked{.records = {ns1}}.no_data("ns1.example.", RRType::MX).security == secure);
  CHECK(Asked{.records = {ns1}}.no_data("NS1.example.", RRType::MX).security == secure);
  CHECK(Asked{.records = {ns1}}.no_data("ns1.example.", RRType::A).security == bogus);
  CHECK(Asked{.records = {ns1}}.no_data("ns1.example.", RRType::NSEC).security == bogus);
  CHECK(Asked{.records = {ns1}}.no_data("ns2.example.", RRType::MX).security == bogus);
  // RFC 6840 section 4.3.
  const std::string alias = "c.example. 60 IN NSEC d.example. CNAME RRSIG NSEC";
  CHECK(Asked{.records = {alias}}.no_data("c.example.", RRType::A).security == bogus);
  CHECK(Asked{.records = {alias}}.no_data("c.example.", RRType::CNAME).security == bogus);
  CHECK(Asked{.records = {alias}}.no_data("c.example.", RRType::DS).security == bogus);
  // A name that has a NSEC has something.
  CHECK(Asked{.records = {ns1}}.no_data("ns1.example.", RRType::ANY).security == bogus);
  // An empty non-terminal has nothing.
  CHECK(Asked{.records = {ns2}}.no_data("w.example.", RRType::A).security == secure);
  CHECK(Asked{.records = {ns2}}.no_data("w.example.", RRType::ANY).security == secure);
  CHECK(Asked{.records = {x_w}}.no_data("y.w.example.", RRType::A).security == secure);
  // A name that does not exist is not one without the type.
  CHECK(Asked{.records = {b, apex}}.no_data("ml.example.", RRType::A).security == bogus);
}

TEST_CASE("NSEC: a wildcard's lack of a type is that of what it matches") {
  // RFC 4035 appendix B.7.
  CHECK(Asked{.records = {x_y_w, wild_w}}.no_data("a.z.w.example.", RRType::AAAA).security ==
        secure);
  CHECK(Asked{.records = {x_y_w, wild_w}}.no_data("a.z.w.example.", RRType::MX).security == bogus);
  CHECK(Asked{.records = {wild_w}}.no_data("a.z.w.example.", RRType::AAAA).security == bogus);
  // Not of a name below another that exists.
  CHECK(Asked{.records = {x_w, wild_w}}.no_data("a.x.w.example.", RRType::AAAA).security == bogus);
  // At the apex.
  const std::string wild = "*.example. 60 IN NSEC example. TXT";
  CHECK(Asked{.records = {wild}}.no_data("b.example.", RRType::A).security == secure);
  CHECK(Asked{.records = {wild}}.no_data("b.example.", RRType::TXT).security == bogus);
  CHECK(Asked{.records = {wild}}.no_data("b.c.example.", RRType::A).security == secure);
  CHECK(Asked{.records = {wild}}.no_name("b.example.").security == bogus);
  // An alias, and a delegation, deny nothing at what they match.
  const std::string alias = "*.example. 60 IN NSEC example. CNAME";
  CHECK(Asked{.records = {alias}}.no_data("b.example.", RRType::A).security == bogus);
  const std::string cut = "*.example. 60 IN NSEC example. NS";
  CHECK(Asked{.records = {cut}}.no_data("b.example.", RRType::A).security == bogus);
  CHECK(Asked{.records = {cut}}.no_data("b.example.", RRType::DS).security == bogus);
}

TEST_CASE("NSEC: the parent denies the DS of a delegation, and nothing else there or below") {
  const Asked parent{.records = {b, apex}};
  const Proof no_ds = parent.no_data("b.example.", RRType::DS);
  CHECK(no_ds.security == secure);
  CHECK(no_ds.cut);
  CHECK(Asked{.records = {a}}.no_data("a.example.", RRType::DS).security == bogus);
  // RFC 6840 section 4.1.
  CHECK(parent.no_data("b.example.", RRType::A).security == bogus);
  CHECK(parent.no_data("b.example.", RRType::SOA).security == bogus);
  CHECK(parent.no_name("x.b.example.").security == bogus);
  CHECK(parent.no_data("x.b.example.", RRType::DS).security == bogus);
  CHECK(parent.no_closer("x.b.example.", "example.").security == bogus);
  // The child has no word about its own DS, though its apex has none.
  const Asked child{.zone = "b.example.",
                    .records = {"b.example. 60 IN NSEC ns1.b.example. SOA NS RRSIG NSEC DNSKEY"}};
  CHECK(child.no_data("b.example.", RRType::DS).security == bogus);
  CHECK(child.no_data("b.example.", RRType::A).security == secure);
  // Names of the zone that are no cuts are not taken for cuts.
  const Proof inside = Asked{.records = {ns1}}.no_data("ns1.example.", RRType::DS);
  CHECK(inside.security == secure);
  CHECK_FALSE(inside.cut);
  const Proof empty = Asked{.records = {ns2}}.no_data("w.example.", RRType::DS);
  CHECK(empty.security == secure);
  CHECK_FALSE(empty.cut);
}

TEST_CASE("NSEC: nobody is above the root, so that it denies its own DS") {
  const Asked root{.zone = ".",
                   .records = {". 60 IN NSEC aaa. NS SOA RRSIG NSEC DNSKEY",
                               "zw. 60 IN NSEC . NS DS RRSIG NSEC"}};
  const Proof no_ds = root.no_data(".", RRType::DS);
  CHECK(no_ds.security == secure);
  CHECK_FALSE(no_ds.cut);
  CHECK(root.no_name("zzz.").security == secure);
  CHECK(root.no_name("a.zzz.").security == secure);
  CHECK(root.no_name("aa.").security == secure);
  CHECK(root.no_name("x.zw.").security == bogus);
}

TEST_CASE("NSEC: below a DNAME nothing is denied") {
  const std::string dname = "d.example. 60 IN NSEC example. DNAME RRSIG NSEC";
  CHECK(Asked{.records = {dname, apex}}.no_name("x.d.example.").security == bogus);
  CHECK(Asked{.records = {dname, apex}}.no_data("x.d.example.", RRType::A).security == bogus);
  CHECK(Asked{.records = {dname}}.no_data("d.example.", RRType::A).security == secure);
  CHECK(Asked{.records = {dname}}.no_data("d.example.", RRType::DNAME).security == bogus);
  // At the apex.
  const std::string at_apex = "example. 60 IN NSEC example. SOA NS DNAME RRSIG NSEC";
  CHECK(Asked{.records = {at_apex}}.no_name("x.example.").security == bogus);
}

TEST_CASE("NSEC: a zone of one name denies all below it") {
  const std::string only = "example. 60 IN NSEC example. SOA NS RRSIG NSEC";
  CHECK(Asked{.records = {only}}.no_name("x.example.").security == secure);
  CHECK(Asked{.records = {only}}.no_name("x.y.example.").security == secure);
  CHECK(Asked{.records = {only}}.no_data("example.", RRType::A).security == secure);
  CHECK(Asked{.records = {only}}.no_data("x.example.", RRType::A).security == bogus);
}

TEST_CASE("NSEC: a zone denies names of its own alone") {
  CHECK(Asked{.records = {xx, apex}}.no_name("zz.test.").security == bogus);
  CHECK(Asked{.records = {xx, apex}}.no_name("com.").security == bogus);
  CHECK(Asked{.zone = "w.example.", .records = {"w.example. 60 IN NSEC w.example. SOA NS"}}
            .no_name("x.example.")
            .security == bogus);
  // CVE-2026-13321: a next name outside of the zone would deny the neighbours.
  CHECK(Asked{.records = {"a.example. 60 IN NSEC z.test. A"}}.no_name("b.example.").security ==
        bogus);
  CHECK(Asked{.records = {"a.example. 60 IN NSEC com. A"}}.no_name("b.example.").security == bogus);
}

TEST_CASE("NSEC: a wildcard's answer stands when nothing closer exists") {
  // RFC 4035 appendix B.6.
  CHECK(Asked{.records = {x_y_w}}.no_closer("a.z.w.example.", "w.example.").security == secure);
  CHECK(Asked{.records = {x_y_w}}.no_closer("z.w.example.", "w.example.").security == secure);
  CHECK(Asked{.records = {}}.no_closer("a.z.w.example.", "w.example.").security == bogus);
  CHECK(Asked{.records = {ns1}}.no_closer("a.z.w.example.", "w.example.").security == bogus);
  // The name does not exist, but a closer encloser does: the wildcard does not reach so far.
  CHECK(Asked{.records = {x_w}}.no_closer("a.x.w.example.", "w.example.").security == bogus);
  CHECK(Asked{.records = {wild_w}}.no_closer("a.*.w.example.", "w.example.").security == bogus);
  // The name exists, with types or without.
  CHECK(Asked{.records = {x_w}}.no_closer("x.w.example.", "w.example.").security == bogus);
  CHECK(Asked{.records = {x_w}}.no_closer("y.w.example.", "w.example.").security == bogus);
  // What is no expansion of it.
  CHECK(Asked{.records = {x_y_w}}.no_closer("w.example.", "w.example.").security == bogus);
  CHECK(Asked{.records = {x_y_w}}.no_closer("zz.example.", "w.example.").security == bogus);
  CHECK(Asked{.zone = "w.example.", .records = {"x.w.example. 60 IN NSEC w.example. A"}}
            .no_closer("z.w.example.", "example.")
            .security == bogus);
}

TEST_CASE("NSEC: records made for one name deny that name") {
  // RFC 4470: the smallest gap around the name, and around its wildcard.
  const std::string gap = "lr.example. 60 IN NSEC mm!.example. RRSIG NSEC";
  const std::string gap_of_wildcard = "!~.example. 60 IN NSEC *-.example. RRSIG NSEC";
  const Asked white{.records = {gap, gap_of_wildcard}};
  CHECK(white.no_name("ml.example.").security == secure);
  CHECK(white.no_name("zz.example.").security == bogus);
  // RFC 9824: the name is said to exist, with nothing.
  const Asked black{.records = {"ml.example. 60 IN NSEC \\000.ml.example. RRSIG NSEC TYPE128"}};
  CHECK(black.no_data("ml.example.", RRType::A).security == secure);
  CHECK(black.no_data("x.ml.example.", RRType::A).security == bogus);
  CHECK(black.no_name("ml.example.").security == bogus);
}

TEST_CASE(
    "without any record the error says that they are missing, with some that they do not fit") {
  const Proof none = Asked{.records = {}}.no_name("ml.example.");
  REQUIRE(none.why);
  CHECK(none.why->code == ExtendedErrorCode::NsecMissing);
  CHECK(none.why->text == "no NSEC or NSEC3 of example. for ml.example.");
  const Proof wrong = Asked{.records = {ns1}}.no_name("ml.example.");
  REQUIRE(wrong.why);
  CHECK(wrong.why->code == ExtendedErrorCode::DnssecBogus);
  CHECK(wrong.why->text == "the NSEC of example. prove nothing about ml.example.");
  CHECK_FALSE(Asked{.records = {b, apex}}.no_name("ml.example.").why);
}

TEST_CASE("NSEC3: the examples of RFC 5155 appendix B") {
  // B.1: with opt-out, a delegation may have been left out.
  const char* name = "a.c.x.w.example.";
  CHECK(Asked{.records = {apex3, x_w_3, a3}}.no_name(name).security == insecure);
  CHECK(Asked{.records = without_opt_out({apex3, x_w_3, a3})}.no_name(name).security == secure);
  // Each of the three is needed: encloser, next closer, wildcard.
  CHECK(Asked{.records = {apex3, a3}}.no_name(name).security == bogus);
  CHECK(Asked{.records = {x_w_3, a3}}.no_name(name).security == bogus);
  CHECK(Asked{.records = {apex3, x_w_3}}.no_name(name).security == bogus);
  // B.2
  CHECK(Asked{.records = {ns1_3}}.no_data("ns1.example.", RRType::MX).security == secure);
  CHECK(Asked{.records = {ns1_3}}.no_data("ns1.example.", RRType::A).security == bogus);
  // B.2.1
  CHECK(Asked{.records = {y_w_3}}.no_data("y.w.example.", RRType::A).security == secure);
  CHECK(Asked{.records = {y_w_3}}.no_data("y.w.example.", RRType::ANY).security == secure);
  CHECK(Asked{.records = {ns1_3}}.no_data("ns1.example.", RRType::ANY).security == bogus);
  // B.3
  CHECK(Asked{.records = {apex3, a3}}.no_data("c.example.", RRType::DS).security == insecure);
  CHECK(Asked{.records = without_opt_out({apex3, a3})}.no_data("c.example.", RRType::DS).security ==
        bogus);
  // B.4
  CHECK(Asked{.records = {ns2_3}}.no_closer("a.z.w.example.", "w.example.").security == insecure);
  CHECK(Asked{.records = without_opt_out({ns2_3})}
            .no_closer("a.z.w.example.", "w.example.")
            .security == secure);
  CHECK(Asked{.records = {x_w_3}}.no_closer("a.z.w.example.", "w.example.").security == bogus);
  CHECK(Asked{.records = {x_w_3}}.no_closer("a.x.w.example.", "w.example.").security == bogus);
  // B.5
  const auto wildcard = [](std::vector<std::string> records, RRType type) {
    return Asked{.records = std::move(records)}.no_data("a.z.w.example.", type).security;
  };
  CHECK(wildcard({w_3, ns2_3, wild_w_3}, RRType::AAAA) == insecure);
  CHECK(wildcard(without_opt_out({w_3, ns2_3, wild_w_3}), RRType::AAAA) == secure);
  CHECK(wildcard(without_opt_out({w_3, ns2_3, wild_w_3}), RRType::MX) == bogus);
  CHECK(wildcard(without_opt_out({w_3, wild_w_3}), RRType::AAAA) == bogus);
  CHECK(wildcard(without_opt_out({ns2_3, wild_w_3}), RRType::AAAA) == bogus);
  CHECK(wildcard(without_opt_out({w_3, ns2_3}), RRType::AAAA) == bogus);
  // B.6: the child has no word about its own DS.
  CHECK(Asked{.records = {apex3}}.no_data("example.", RRType::DS).security == bogus);
  CHECK(Asked{.records = {apex3}}.no_data("example.", RRType::A).security == secure);
}

namespace {

/// What the whole NSEC3 chain of a zone proves.
struct Zone3 {
  Types names;
  Nsec3Form form;

  Proof ask(const std::function<Proof(Denial&)>& question, Work* work = nullptr) const {
    const auto chain = nsec3_chain(names, form);
    Work own;
    Denial denial(names.begin()->first, pointers(chain), work ? *work : own);
    return question(denial);
  }
  Proof no_name(const char* name) const {
    return ask([&](Denial& denial) { return denial.no_name(*Name::from_text(name)); });
  }
  Proof no_data(const char* name, RRType type) const {
    return ask([&](Denial& denial) { return denial.no_data(*Name::from_text(name), type); });
  }
  Proof no_closer(const char* name, const char* encloser) const {
    return ask([&](Denial& denial) {
      return denial.no_closer_match(*Name::from_text(name), *Name::from_text(encloser));
    });
  }
};

const Types small{
    {"example."_name, {RRType::SOA, RRType::NS}}, {"a.example."_name, {RRType::A}},
    {"alias.example."_name, {RRType::CNAME}},     {"b.c.example."_name, {RRType::A}},
    {"cut.example."_name, {RRType::NS}},          {"safe.example."_name, {RRType::NS, RRType::DS}},
    {"d.example."_name, {RRType::DNAME}}};

}  // namespace

TEST_CASE("NSEC3: cuts, aliases and DNAME bound what is proved, as with NSEC") {
  const Zone3 zone{small, {}};
  CHECK(zone.no_name("x.example.").security == secure);
  CHECK(zone.no_name("x.y.example.").security == secure);
  CHECK(zone.no_name("x.c.example.").security == secure);
  CHECK(zone.no_name("c.example.").security == bogus);
  CHECK(zone.no_name("a.example.").security == bogus);
  CHECK(zone.no_name("x.cut.example.").security == bogus);
  CHECK(zone.no_name("x.safe.example.").security == bogus);
  CHECK(zone.no_name("x.d.example.").security == bogus);
  CHECK(zone.no_name("example2.").security == bogus);
  CHECK(zone.no_name(".").security == bogus);
  CHECK(zone.no_data("c.example.", RRType::A).security == secure);
  CHECK(zone.no_data("a.example.", RRType::MX).security == secure);
  CHECK(zone.no_data("a.example.", RRType::A).security == bogus);
  CHECK(zone.no_data("alias.example.", RRType::A).security == bogus);
  CHECK(zone.no_data("cut.example.", RRType::A).security == bogus);
  CHECK(zone.no_data("safe.example.", RRType::A).security == bogus);
  CHECK(zone.no_data("safe.example.", RRType::DS).security == bogus);
  CHECK(zone.no_data("d.example.", RRType::A).security == secure);
  CHECK(zone.no_data("x.d.example.", RRType::A).security == bogus);
  CHECK(zone.no_data("x.example.", RRType::A).security == bogus);
  CHECK(zone.no_closer("x.cut.example.", "example.").security == bogus);
  CHECK(zone.no_closer("x.y.example.", "example.").security == secure);
  const Proof no_ds = zone.no_data("cut.example.", RRType::DS);
  CHECK(no_ds.security == secure);
  CHECK(no_ds.cut);
  const Proof inside = zone.no_data("a.example.", RRType::DS);
  CHECK(inside.security == secure);
  CHECK_FALSE(inside.cut);
}

TEST_CASE("NSEC3: opt-out makes a denial Insecure, never Secure, and never a name that is there") {
  const Zone3 zone{small, {0, {}, true}};
  CHECK(zone.no_name("x.example.").security == insecure);
  CHECK(zone.no_data("cut.example.", RRType::DS).security == insecure);
  CHECK(zone.no_data("x.example.", RRType::DS).security == insecure);
  CHECK(zone.no_closer("x.y.example.", "example.").security == insecure);
  // What has a NSEC3 is denied as ever.
  CHECK(zone.no_name("a.example.").security == bogus);
  CHECK(zone.no_name("safe.example.").security == bogus);
  CHECK(zone.no_name("x.safe.example.").security == bogus);
  CHECK(zone.no_data("safe.example.", RRType::DS).security == bogus);
  CHECK(zone.no_data("a.example.", RRType::DS).security == secure);
  CHECK(zone.no_data("x.safe.example.", RRType::DS).security == bogus);
  CHECK(zone.no_closer("x.safe.example.", "example.").security == bogus);
}

TEST_CASE("NSEC3: the root and a zone of one name") {
  const Zone3 root{{{Name{}, {RRType::SOA, RRType::NS}}, {"com."_name, {RRType::NS, RRType::DS}}},
                   {}};
  CHECK(root.no_data(".", RRType::DS).security == secure);
  CHECK(root.no_name("x.").security == secure);
  CHECK(root.no_name("x.com.").security == bogus);
  const Zone3 one{{{"example."_name, {RRType::SOA, RRType::NS}}}, {}};
  CHECK(one.no_name("x.example.").security == secure);
  CHECK(one.no_data("example.", RRType::A).security == secure);
  CHECK(one.no_data("example.", RRType::DS).security == bogus);
}

TEST_CASE("NSEC3: above 50 iterations nothing is hashed, above 500 the zone is refused") {
  const auto zone = [](std::uint16_t iterations) {
    return Zone3{{{"example."_name, {RRType::SOA}}}, {iterations, {}, false}};
  };
  const auto judged = [&](std::uint16_t iterations, unsigned& blocks) {
    // The chain is made without counting.
    const auto records = [&] {
      std::vector<wire::RRset> chain = nsec3_chain(zone(0).names, {});
      wire::Bytes rdata(chain[0].rdata[0].begin(), chain[0].rdata[0].end());
      rdata[2] = static_cast<std::uint8_t>(iterations >> 8);
      rdata[3] = static_cast<std::uint8_t>(iterations & 0xff);
      return std::vector{one_record(chain[0].owner, RRType::NSEC3, rdata)};
    }();
    Work work;
    const Name name = "example."_name;
    Denial denial(name, pointers(records), work);
    const Proof proof = denial.no_name("x.example."_name);
    blocks = work.sha1_blocks;
    return proof;
  };
  unsigned blocks = 0;
  CHECK(zone(50).no_name("x.example.").security == secure);
  const Proof many = judged(51, blocks);
  CHECK(many.security == insecure);
  CHECK(many.unhashed);
  CHECK(blocks == 0);
  REQUIRE(many.why);
  CHECK(many.why->code == ExtendedErrorCode::UnsupportedNsec3Iterations);
  CHECK(many.why->text == "NSEC3 of example. with 51 iterations");
  CHECK(judged(500, blocks).security == insecure);
  const Proof too_many = judged(501, blocks);
  CHECK(too_many.security == bogus);
  CHECK(blocks == 0);
  REQUIRE(too_many.why);
  CHECK(too_many.why->code == ExtendedErrorCode::UnsupportedNsec3Iterations);
}

TEST_CASE("NSEC3: records of different parameters in one response prove nothing") {
  const std::string other_salt =
      "35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 IN NSEC3 1 0 12 aabbccde "
      "b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG";
  const std::string other_iterations =
      "35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 IN NSEC3 1 0 11 aabbccdd "
      "b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG";
  for (const std::string& other : {other_salt, other_iterations})
    CHECK(Asked{.records = {ns1_3, other}}.no_data("ns1.example.", RRType::MX).security == bogus);
  CHECK(Asked{.records = {ns1_3, a3}}.no_data("ns1.example.", RRType::MX).security == secure);
}

TEST_CASE("NSEC3: when the work is spent nothing is proved, and the error says so") {
  const auto chain = nsec3_chain(small, {});
  const Name name = "example."_name;
  Work work;
  work.sha1_blocks = limits::sha1_blocks - 2;
  Denial denial(name, pointers(chain), work);
  const Proof proof = denial.no_name("x.y.example."_name);
  CHECK(proof.security == bogus);
  REQUIRE(proof.why);
  CHECK(proof.why->text == work.refusal());
}

TEST_CASE("NSEC3: of a name with a hundred labels in a gap, none below the gap is hashed") {
  // CVE-2023-50868: apex, next closer and wildcard are enough.
  Name deep = "example."_name;
  for (int i = 0; i < 100; ++i) deep = *deep.with_label(wire::Bytes{'x'});
  const auto chain = nsec3_chain(small, {});
  const Name name = "example."_name;
  Work work;
  Denial denial(name, pointers(chain), work);
  CHECK(denial.no_name(deep).security == secure);
  CHECK(work.sha1_blocks == 3);
}
