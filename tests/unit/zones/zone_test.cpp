#include "zones/zone.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/zones/lab_zone.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using namespace cairn::zones::tests;
using Lines = std::vector<std::string>;

namespace {

const std::string soa_line =
    "au: lab. 60 IN SOA ns.elsewhere. hostmaster.elsewhere. 7 3600 600 86400 60";

struct Case {
  const char* says;
  const char* name;
  RRType type;
  Lines expected;
};

void check(const Zone& zone, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CAPTURE(c.says);
    CHECK(ask(zone, c.name, c.type) == c.expected);
  }
}

}  // namespace

TEST_CASE("data, empty non-terminals and names that do not exist") {
  const auto lab = zone("lab.",
                        "www A 192.0.2.1\n"
                        "www TXT \"hello\"\n"
                        "a.b.c A 192.0.2.2\n");
  check(*lab,
        {
            {"data", "www.lab.", RRType::A, {"NOERROR aa", "an: www.lab. 300 IN A 192.0.2.1"}},
            {"the answer has the case that was asked",
             "wWw.LAB.",
             RRType::A,
             {"NOERROR aa", "an: wWw.LAB. 300 IN A 192.0.2.1"}},
            {"no data of the type", "www.lab.", RRType::AAAA, {"NOERROR aa", soa_line}},
            {"an empty non-terminal exists", "b.c.lab.", RRType::A, {"NOERROR aa", soa_line}},
            {"an empty non-terminal has no ANY", "c.lab.", RRType::ANY, {"NOERROR aa", soa_line}},
            {"no such name", "nope.lab.", RRType::A, {"NXDOMAIN aa", soa_line}},
            {"nothing below data", "x.www.lab.", RRType::A, {"NXDOMAIN aa", soa_line}},
            {"the apex", "lab.", RRType::NS, {"NOERROR aa", "an: lab. 300 IN NS ns.elsewhere."}},
            {"the apex's DS is the parent's: here it is not",
             "lab.",
             RRType::DS,
             {"NOERROR aa", soa_line}},
            {"ANY gets one set only (RFC 8482)",
             "www.lab.",
             RRType::ANY,
             {"NOERROR aa", "an: www.lab. 300 IN A 192.0.2.1"}},
        });
}

TEST_CASE("a negative answer lives as long as the lesser of the SOA's TTL and its minimum") {
  struct {
    const char* soa;
    const char* expected;
  } const cases[] = {
      {"@ 300 SOA a. b. 1 2 3 4 60\n@ 300 NS a.\n", "au: lab. 60 IN SOA a. b. 1 2 3 4 60"},
      {"@ 30 SOA a. b. 1 2 3 4 60\n@ 300 NS a.\n", "au: lab. 30 IN SOA a. b. 1 2 3 4 60"},
  };
  for (const auto& c : cases)
    CHECK(ask(**try_zone("lab.", c.soa), "x.lab.", RRType::A) == Lines{"NXDOMAIN aa", c.expected});
}

// The zone and the questions of RFC 4592 section 2.2.1.
TEST_CASE("wildcards answer as RFC 4592 section 2.2.1 tells by example") {
  const auto example = zone("example.",
                            "*.example. TXT \"this is a wildcard\"\n"
                            "*.example. MX 10 host1.example.\n"
                            "sub.*.example. TXT \"this is not a wildcard\"\n"
                            "host1.example. A 192.0.2.1\n"
                            "_ssh._tcp.host1.example. SRV 0 0 22 host1.example.\n"
                            "_ssh._tcp.host2.example. SRV 0 0 22 host1.example.\n"
                            "subdel.example. NS ns.example.com.\n"
                            "subdel.example. NS ns.example.net.\n");
  const std::string soa =
      "au: example. 60 IN SOA ns.elsewhere. hostmaster.elsewhere. 7 3600 600 86400 60";
  const Lines referral{"NOERROR referral", "au: subdel.example. 300 IN NS ns.example.com.",
                       "au: subdel.example. 300 IN NS ns.example.net."};
  check(
      *example,
      {
          {"synthesised",
           "host3.example.",
           RRType::MX,
           {"NOERROR aa", "an: host3.example. 300 IN MX 10 host1.example.",
            "ad: host1.example. 300 IN A 192.0.2.1"}},
          {"the type is not there", "host3.example.", RRType::A, {"NOERROR aa", soa}},
          {"several labels at once",
           "foo.bar.example.",
           RRType::TXT,
           {"NOERROR aa", "an: foo.bar.example. 300 IN TXT \"this is a wildcard\""}},
          {"host1 exists", "host1.example.", RRType::MX, {"NOERROR aa", soa}},
          {"sub.*.example. exists", "sub.*.example.", RRType::MX, {"NOERROR aa", soa}},
          {"_tcp.host1 exists, and is the encloser",
           "_telnet._tcp.host1.example.",
           RRType::SRV,
           {"NXDOMAIN aa", soa}},
          {"a delegation", "host.subdel.example.", RRType::A, referral},
          {"*.example. exists, and is the encloser",
           "ghost.*.example.",
           RRType::MX,
           {"NXDOMAIN aa", soa}},
          {"asked for itself",
           "*.example.",
           RRType::TXT,
           {"NOERROR aa", "an: *.example. 300 IN TXT \"this is a wildcard\""}},
          {"an empty non-terminal blocks it", "host2.example.", RRType::MX, {"NOERROR aa", soa}},
          {"below an empty non-terminal too", "x.host2.example.", RRType::MX, {"NXDOMAIN aa", soa}},
      });
}

TEST_CASE("a wildcard CNAME is an alias of every name that it covers") {
  const auto lab = zone("lab.",
                        "*.w CNAME www\n"
                        "www A 192.0.2.1\n"
                        "into CNAME some.w\n"
                        "*.out CNAME www.elsewhere.\n");
  check(
      *lab,
      {
          {"followed",
           "x.w.lab.",
           RRType::A,
           {"NOERROR aa", "an: x.w.lab. 300 IN CNAME www.lab.", "an: www.lab. 300 IN A 192.0.2.1"}},
          {"asked for itself",
           "x.w.lab.",
           RRType::CNAME,
           {"NOERROR aa", "an: x.w.lab. 300 IN CNAME www.lab."}},
          {"reached by an alias",
           "into.lab.",
           RRType::A,
           {"NOERROR aa", "an: into.lab. 300 IN CNAME some.w.lab.",
            "an: some.w.lab. 300 IN CNAME www.lab.", "an: www.lab. 300 IN A 192.0.2.1"}},
          {"out of the zone",
           "y.out.lab.",
           RRType::A,
           {"NOERROR aa", "an: y.out.lab. 300 IN CNAME www.elsewhere.",
            "continues at www.elsewhere."}},
      });
}

TEST_CASE("delegations are referred to, with the glue that the zone has") {
  const auto com = zone("com.",
                        "network NS dns1.network\n"
                        "network NS dns2.network\n"
                        "network DS 1 8 2 "
                        "E2D3C916F6DEEAC73294E8268FB5885044A833FC5459588F4A9184CFC41A5766\n"
                        "dns1.network A 212.212.212.1\n"
                        "dns2.network AAAA 2001:db8::1\n"
                        "www.network A 192.0.2.66\n"
                        "sister NS dns1.network\n"
                        "sister NS ns.elsewhere.\n"
                        "plain NS ns.here\n"
                        "ns.here A 192.0.2.7\n"
                        "mx MX 1 dns1.network\n"
                        "alias CNAME www.network\n");
  const Lines network{"NOERROR referral", "au: network.com. 300 IN NS dns1.network.com.",
                      "au: network.com. 300 IN NS dns2.network.com.",
                      "ad: dns1.network.com. 300 IN A 212.212.212.1",
                      "ad: dns2.network.com. 300 IN AAAA 2001:db8::1"};
  const std::string ds = "1 8 2 E2D3C916F6DEEAC73294E8268FB5885044A833FC5459588F4A9184CF C41A5766";
  const std::string soa =
      "au: com. 60 IN SOA ns.elsewhere. hostmaster.elsewhere. 7 3600 600 86400 60";
  check(*com, {
                  {"at the cut", "network.com.", RRType::A, network},
                  {"the NS set is the child's to answer", "network.com.", RRType::NS, network},
                  {"data below a cut is not ours", "www.network.com.", RRType::A, network},
                  {"glue is no answer", "dns1.network.com.", RRType::A, network},
                  {"nor is its absence", "x.y.network.com.", RRType::TXT, network},
                  {"DS below the cut", "dns1.network.com.", RRType::DS, network},
                  {"DS at the cut is ours (RFC 4035 section 3.1.4.1)",
                   "network.com.",
                   RRType::DS,
                   {"NOERROR aa", "an: network.com. 300 IN DS " + ds}},
                  {"so is its absence", "sister.com.", RRType::DS, {"NOERROR aa", soa}},
                  {"glue of a sister zone",
                   "www.sister.com.",
                   RRType::A,
                   {"NOERROR referral", "au: sister.com. 300 IN NS dns1.network.com.",
                    "au: sister.com. 300 IN NS ns.elsewhere.",
                    "ad: dns1.network.com. 300 IN A 212.212.212.1"}},
                  {"a server in the zone itself",
                   "plain.com.",
                   RRType::A,
                   {"NOERROR referral", "au: plain.com. 300 IN NS ns.here.com.",
                    "ad: ns.here.com. 300 IN A 192.0.2.7"}},
                  {"glue is for name servers only",
                   "mx.com.",
                   RRType::MX,
                   {"NOERROR aa", "an: mx.com. 300 IN MX 1 dns1.network.com."}},
                  {"an alias into a delegated child goes on there",
                   "alias.com.",
                   RRType::A,
                   {"NOERROR aa", "an: alias.com. 300 IN CNAME www.network.com.",
                    "continues at www.network.com."}},
              });
  CHECK(ask(*com, "network.com.", RRType::A, true)[3] == "au: network.com. 300 IN DS " + ds);
}

TEST_CASE("a DNAME moves everything below it, and not itself") {
  const auto lab = zone("lab.",
                        "old 100 DNAME new\n"
                        "old TXT \"still here\"\n"
                        "a.new A 192.0.2.1\n"
                        "away DNAME elsewhere.\n");
  check(*lab,
        {
            {"below",
             "A.old.lab.",
             RRType::A,
             {"NOERROR aa", "an: old.lab. 100 IN DNAME new.lab.",
              "an: A.old.lab. 100 IN CNAME A.new.lab.", "an: A.new.lab. 300 IN A 192.0.2.1"}},
            {"itself",
             "old.lab.",
             RRType::TXT,
             {"NOERROR aa", "an: old.lab. 300 IN TXT \"still here\""}},
            {"to a name that is not there",
             "b.old.lab.",
             RRType::A,
             {"NXDOMAIN aa", "an: old.lab. 100 IN DNAME new.lab.",
              "an: b.old.lab. 100 IN CNAME b.new.lab.", soa_line}},
            {"out of the zone",
             "x.y.away.lab.",
             RRType::A,
             {"NOERROR aa", "an: away.lab. 300 IN DNAME elsewhere.",
              "an: x.y.away.lab. 300 IN CNAME x.y.elsewhere.", "continues at x.y.elsewhere."}},
        });
}

TEST_CASE("a DNAME whose result would be too long is YXDOMAIN") {
  const std::string label(60, 'x');
  const auto lab = zone("lab.", "d DNAME " + label + "." + label + "." + label + ".lab.\n");
  const std::string fits = std::string(63, 'y') + ".d.lab.";  // 64 + 3 * 61 + 4 + 1 = 252 octets
  const std::string too_long = "wxyz." + fits;                // 257
  CHECK(ask(*lab, fits, RRType::A)[0] == "NXDOMAIN aa");
  CHECK(ask(*lab, too_long, RRType::A) ==
        Lines{"YXDOMAIN aa",
              "an: d.lab. 300 IN DNAME " + label + "." + label + "." + label + ".lab."});
}

TEST_CASE("a chain of aliases ends: at data, at a loop, or at eleven steps") {
  std::string text = "c0 A 192.0.2.1\n";
  for (int i = 1; i <= 12; ++i)
    text += "c" + std::to_string(i) + " CNAME c" + std::to_string(i - 1) + "\n";
  text +=
      "self CNAME self\n"
      "x CNAME y\n"
      "y CNAME X\n"
      "d DNAME a.d\n"
      "dead CNAME nowhere\n"
      "empty CNAME c0\n";
  const auto lab = zone("lab.", text);

  const Lines eleven = ask(*lab, "c11.lab.", RRType::A);
  CHECK(eleven.size() == 13);
  CHECK(eleven.front() == "NOERROR aa");
  CHECK(eleven.back() == "an: c0.lab. 300 IN A 192.0.2.1");
  const Lines twelve = ask(*lab, "c12.lab.", RRType::A);
  CHECK(twelve.size() == 13);
  CHECK(twelve.front() == "SERVFAIL aa");

  check(*lab,
        {
            {"an alias of itself",
             "self.lab.",
             RRType::A,
             {"SERVFAIL aa", "an: self.lab. 300 IN CNAME self.lab."}},
            {"each owner once, whatever its case",
             "x.lab.",
             RRType::A,
             {"SERVFAIL aa", "an: x.lab. 300 IN CNAME y.lab.", "an: y.lab. 300 IN CNAME X.lab."}},
            {"the rcode is that of the end (RFC 6604)",
             "dead.lab.",
             RRType::A,
             {"NXDOMAIN aa", "an: dead.lab. 300 IN CNAME nowhere.lab.", soa_line}},
            {"no data at the end",
             "empty.lab.",
             RRType::AAAA,
             {"NOERROR aa", "an: empty.lab. 300 IN CNAME c0.lab.", soa_line}},
        });
  const Lines growing = ask(*lab, "z.d.lab.", RRType::A);
  CHECK(growing.front() == "SERVFAIL aa");
  CHECK(growing.size() == 1 + 1 + 12);  // the DNAME once
}

TEST_CASE("addresses ride along for thirteen hosts of the zone at most") {
  const auto lab = zone("lab.",
                        "mail MX 10 mx1\n"
                        "mail MX 20 mx.elsewhere.\n"
                        "mx1 A 192.0.2.1\n"
                        "mx1 AAAA 2001:db8::1\n"
                        "_sip._udp SRV 0 0 5060 mx1\n"
                        "@ HTTPS 1 . alpn=h2\n"
                        "@ A 192.0.2.9\n"
                        "svc HTTPS 1 mx1.lab. port=8443\n");
  const std::string a = "ad: mx1.lab. 300 IN A 192.0.2.1";
  const std::string aaaa = "ad: mx1.lab. 300 IN AAAA 2001:db8::1";
  check(
      *lab,
      {
          {"MX",
           "mail.lab.",
           RRType::MX,
           {"NOERROR aa", "an: mail.lab. 300 IN MX 10 mx1.lab.",
            "an: mail.lab. 300 IN MX 20 mx.elsewhere.", a, aaaa}},
          {"SRV",
           "_sip._udp.lab.",
           RRType::SRV,
           {"NOERROR aa", "an: _sip._udp.lab. 300 IN SRV 0 0 5060 mx1.lab.", a, aaaa}},
          {"the root as target is the owner itself",
           "lab.",
           RRType::HTTPS,
           {"NOERROR aa", "an: lab. 300 IN HTTPS 1 . alpn=\"h2\"", "ad: lab. 300 IN A 192.0.2.9"}},
          {"another target",
           "svc.lab.",
           RRType::HTTPS,
           {"NOERROR aa", "an: svc.lab. 300 IN HTTPS 1 mx1.lab. port=8443", a, aaaa}},
      });

  std::string many;
  for (int i = 0; i < 20; ++i) {
    const std::string host = "h" + std::to_string(i);
    many += "mail MX 1 " + host + "\n" + host + " A 192.0.2.1\n";
  }
  CHECK(ask(*zone("lab.", many), "mail.lab.", RRType::MX).size() == 1 + 20 + 13);
}

TEST_CASE("signatures stay with their sets") {
  const std::string rrsig = " 8 2 300 20300101000000 20200101000000 1 lab. AAAA";
  const auto lab = zone("lab.", "www A 192.0.2.1\nwww RRSIG A" + rrsig + "\nwww RRSIG TXT" + rrsig +
                                    "\nsig A 192.0.2.2\nsig RRSIG A" + rrsig + "\n");
  ZoneAnswer answer;
  lab->answer({"www.lab."_name, RRType::A}, true, answer);
  REQUIRE(answer.answer.size() == 1);
  CHECK(answer.answer[0].signatures.size() == 1);
  CHECK(ask(*lab, "sig.lab.", RRType::RRSIG) ==
        Lines{"NOERROR aa", "an: sig.lab. 300 IN RRSIG A" + rrsig});
  CHECK(ask(*lab, "www.lab.", RRType::RRSIG) ==
        Lines{"NOERROR aa", "an: www.lab. 300 IN RRSIG TXT" + rrsig});
  CHECK(lab->record_count() == 2 + 5);
}

TEST_CASE("an answer object is reused without a trace of the last question") {
  const auto lab =
      zone("lab.", "www CNAME elsewhere.\nd DNAME elsewhere.\nc NS ns.c\nns.c A 192.0.2.1\n");
  ZoneAnswer answer;
  for (const char* name : {"www.lab.", "x.d.lab.", "x.c.lab.", "nope.lab.", "www.lab."}) {
    const Question question{*Name::from_text(name), RRType::A};
    lab->answer(question, false, answer);
    CHECK(to_lines(answer) == ask(*lab, name, RRType::A));
  }
}

TEST_CASE("what makes a zone a zone is checked, with owner and rule") {
  const std::string apex = "@ 300 SOA a. b. 1 2 3 4 60\n@ NS a.\n";
  struct {
    std::string text;
    const char* error;  // "" when it is a zone
  } const cases[] = {
      {apex, ""},
      {apex + apex, ""},  // each record once
      {apex + "@ A 192.0.2.1\n@ DNAME x.\n", ""},
      {apex + "c CNAME x.\nc RRSIG CNAME 8 2 300 20300101000000 20200101000000 1 lab. AAAA\n", ""},
      {apex + "*.d DNAME x.\n", ""},
      {"@ 300 NS a.\n", "lab.: the zone has no SOA at its apex; add one"},
      {"@ 300 SOA a. b. 1 2 3 4 60\n", "lab.: the zone has no NS at its apex; add one"},
      {apex + "@ SOA a. b. 2 2 3 4 60\n", "lab. SOA: a name has one at most; remove the others"},
      {apex + "sub SOA a. b. 2 2 3 4 60\n",
       "sub.lab. SOA: a SOA belongs to the apex lab. only (RFC 1035 section 5.2)"},
      {apex + "www.lab.example. A 192.0.2.1\n",
       "www.lab.example. A: outside the zone lab.; is a final dot too many?"},
      {apex + "www CH A 192.0.2.1\n", "www.lab. A: class CH; a zone here has class IN only"},
      {apex + "c CNAME x.\nc A 192.0.2.1\n",
       "c.lab. CNAME: beside A; an alias has no other data (RFC 1034 section 3.6.2)"},
      {apex + "c DNAME x.\nc CNAME y.\n",
       "c.lab. CNAME: beside DNAME; an alias has no other data (RFC 1034 section 3.6.2)"},
      {apex + "c CNAME x.\nc CNAME y.\n",
       "c.lab. CNAME: a name has one at most; remove the others"},
      {apex + "d DNAME x.\nd DNAME y.\n",
       "d.lab. DNAME: a name has one at most; remove the others"},
      {apex + "d DNAME x.\nw.x.d A 192.0.2.1\n",
       "w.x.d.lab. A: below a DNAME nothing may stand (RFC 6672 section 2.4)"},
      {apex + "*.w NS x.\n", "*.w.lab. NS: a wildcard cannot be delegated (RFC 4592 section 4.2)"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto made = try_zone("lab.", c.text);
    CHECK((made.ok() ? "" : made.error()) == c.error);
  }
}

TEST_CASE("a set that no message could carry is refused") {
  const auto with_addresses = [](std::size_t count) {
    std::string text(apex_lines);
    for (std::size_t i = 0; i < count; ++i)
      text += "big A 10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + "\n";
    return try_zone("lab.", text);
  };
  CHECK(with_addresses(65535 / 6).ok());
  CHECK(with_addresses(65535 / 6 + 1).error() ==
        "big.lab. A: more data than a DNS message can carry (65535 octets)");
}

TEST_CASE(
    "the sets come out in canonical order, the SOA first, with the least TTL of their records") {
  const auto lab = zone("lab.",
                        "z A 192.0.2.1\n"
                        "Z.a 20 A 192.0.2.3\n"
                        "z.A 10 A 192.0.2.4\n"
                        "a A 192.0.2.2\n"
                        "a AAAA 2001:db8::1\n"
                        "yljkjljk.a A 192.0.2.1\n");
  Lines out;
  lab->for_each_set([&out](const RRsetView& set) {
    out.push_back(set.owner->to_text() + " " + std::to_string(set.ttl.seconds) + " " +
                  to_text(set.type) + " x" + std::to_string(set.rdata.size()));
  });
  CHECK(out == Lines{"lab. 300 SOA x1", "lab. 300 NS x1", "a.lab. 300 A x1", "a.lab. 300 AAAA x1",
                     "yljkjljk.a.lab. 300 A x1", "Z.a.lab. 10 A x2", "z.lab. 300 A x1"});
  CHECK(lab->serial() == 7);
  CHECK(lab->apex() == "lab."_name);
  CHECK(lab->record_count() == 8);
}

TEST_CASE("a zone may stand at the root") {
  const auto root = zone(".", "com. NS a.gtld.\na.gtld. A 192.0.2.1\n");
  CHECK(ask(*root, "www.example.com.", RRType::A) ==
        Lines{"NOERROR referral", "au: com. 300 IN NS a.gtld.", "ad: a.gtld. 300 IN A 192.0.2.1"});
  CHECK(ask(*root, "nope.", RRType::A)[0] == "NXDOMAIN aa");
  CHECK(ask(*root, ".", RRType::NS)[1] == "an: . 300 IN NS ns.elsewhere.");
}

TEST_CASE("names of 127 labels are found, and missed") {
  std::string deep = "z.";
  for (int i = 0; i < 126; ++i) deep.insert(0, "a.");
  const auto z = zone("z.", deep + " TXT x\n");
  CHECK(ask(*z, deep, RRType::TXT)[1] == "an: " + deep + " 300 IN TXT \"x\"");
  CHECK(ask(*z, deep.substr(2), RRType::TXT)[0] == "NOERROR aa");
  CHECK(ask(*z, "b" + deep.substr(1), RRType::TXT)[0] == "NXDOMAIN aa");
}
