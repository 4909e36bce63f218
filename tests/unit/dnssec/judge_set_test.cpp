#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;
using wire::ExtendedErrorCode;
using wire::Security;

namespace {

using std::chrono::seconds;

SetVerdict judged(const wire::RRset& set, const ZoneKeys& keys, const Policy& policy = {},
                  std::chrono::sys_seconds when = now) {
  Work work;
  return judge_set(set, keys, work, when, policy);
}

std::uint32_t serial(std::chrono::sys_seconds time) {
  return static_cast<std::uint32_t>(time.time_since_epoch().count());
}

/// What a right signature of the set would say.
Rrsig fields(const wire::RRset& set, const SigningKey& key) {
  return {set.type,
          key.key.algorithm(),
          signed_labels(set.owner),
          set.ttl.seconds,
          serial(around_now.expiration),
          serial(around_now.inception),
          key.key_tag(),
          key.zone,
          {}};
}

wire::RRset signed_as(wire::RRset set, const SigningKey& key, const Rrsig& fields) {
  const auto rrsig = sign_as(set, key.key, fields);
  REQUIRE(rrsig);
  set.signatures.add(*rrsig);
  return set;
}

const wire::RRset& address() {
  static const wire::RRset address = set({"www.example. 300 IN A 192.0.2.1"});
  return address;
}

}  // namespace

TEST_CASE("a set that a key of its zone has signed is secure, whatever the algorithm") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(to_text(algorithm));
    const SigningKey mine = key("example."_name, algorithm);
    wire::RRset addresses = signed_set(
        set({"www.example. 300 IN A 192.0.2.2", "www.example. 300 IN A 192.0.2.1"}), mine);
    const SetVerdict good = judged(addresses, zone_keys({mine}));
    CHECK(good.security == Security::Secure);
    CHECK(good.most_ttl == wire::Ttl{300});
    CHECK_FALSE(good.closest_encloser);
    addresses.rdata.add(*wire::rdata_from_text(wire::RRType::A, "192.0.2.3"));
    const SetVerdict bad = judged(addresses, zone_keys({mine}));
    CHECK(bad.security == Security::Bogus);
    REQUIRE(bad.why);
    CHECK(bad.why->code == ExtendedErrorCode::DnssecBogus);
  }
}

TEST_CASE("order, case and TTL on the way change nothing of a signature") {
  const SigningKey mine = key("example."_name);
  const wire::RRset mail = signed_set(
      set({"example. 300 IN MX 20 b.example.", "example. 300 IN MX 10 a.example."}), mine);
  wire::RRset arrived = set({"eXample. 77 IN MX 10 A.Example.", "eXample. 77 IN MX 20 b.EXAMPLE.",
                             "eXample. 77 IN MX 20 B.example."});
  arrived.signatures = mail.signatures;
  CHECK(judged(arrived, zone_keys({mine})).security == Security::Secure);
}

TEST_CASE("the case of names in types of later times is part of what is signed") {
  // RFC 6840 section 5.1: NSEC's next name is not lowered.
  const SigningKey mine = key("example."_name);
  wire::RRset denial = signed_set(set({"example. 300 IN NSEC A.example. SOA"}), mine);
  CHECK(judged(denial, zone_keys({mine})).security == Security::Secure);
  wire::RRset lowered = set({"example. 300 IN NSEC a.example. SOA"});
  lowered.signatures = denial.signatures;
  CHECK(judged(lowered, zone_keys({mine})).security == Security::Bogus);
}

TEST_CASE("the root signs its own names") {
  const SigningKey root = key(wire::Name());
  const wire::RRset soa = set({". 300 IN SOA a. b. 1 2 3 4 5"});
  CHECK(judged(signed_set(soa, root), zone_keys({root})).security == Security::Secure);
}

TEST_CASE("a signature that says something else than its set is of no use") {
  const SigningKey mine = key("example."_name);
  struct Case {
    const char* what;
    void (*change)(Rrsig&);
    ExtendedErrorCode code;
  };
  const Case cases[] = {
      {"another type", [](Rrsig& r) { r.covered = wire::RRType::AAAA; },
       ExtendedErrorCode::RrsigsMissing},
      {"a signer above the zone", [](Rrsig& r) { r.signer = wire::Name(); },
       ExtendedErrorCode::RrsigsMissing},
      {"a signer below the zone", [](Rrsig& r) { r.signer = "www.example."_name; },
       ExtendedErrorCode::RrsigsMissing},
      {"a signer elsewhere", [](Rrsig& r) { r.signer = "example.org."_name; },
       ExtendedErrorCode::RrsigsMissing},
      {"a key that is not there", [](Rrsig& r) { r.key_tag ^= 1; },
       ExtendedErrorCode::DnskeyMissing},
      {"another algorithm than its key's",
       [](Rrsig& r) { r.algorithm = Algorithm::ECDSAP256SHA256; },
       ExtendedErrorCode::DnskeyMissing},
      {"an algorithm of nobody", [](Rrsig& r) { r.algorithm = Algorithm{200}; },
       ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"algorithm 0", [](Rrsig& r) { r.algorithm = Algorithm{0}; },
       ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"a private algorithm", [](Rrsig& r) { r.algorithm = Algorithm{253}; },
       ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"times the wrong way round", [](Rrsig& r) { std::swap(r.inception, r.expiration); },
       ExtendedErrorCode::SignatureExpiredBeforeValid},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    Rrsig rrsig = fields(address(), mine);
    one.change(rrsig);
    Work work;
    const SetVerdict verdict =
        judge_set(signed_as(address(), mine, rrsig), zone_keys({mine}), work, now, {});
    CHECK(verdict.security == Security::Bogus);
    REQUIRE(verdict.why);
    CHECK(verdict.why->code == one.code);
    CHECK(work.checks == 0);  // nothing was computed
  }
}

TEST_CASE("more labels than the owner has make no signature") {
  const SigningKey mine = key("example."_name);
  Rrsig rrsig = fields(address(), mine);
  rrsig.labels = 3;
  CHECK_FALSE(sign_as(address(), mine.key, rrsig));
  wire::RRset set = address();
  set.signatures.add(to_rdata(rrsig));
  CHECK(judged(set, zone_keys({mine})).why->code == ExtendedErrorCode::RrsigsMissing);
}

// A zone that signs with fewer labels than its own name has would speak for a wildcard above
// itself, and so for its siblings (CVE-2026-44690, CVE-2026-52688).
TEST_CASE("a zone cannot sign a wildcard above itself") {
  const SigningKey mine = key("attacker.example."_name);
  const wire::RRset set = test::set({"www.attacker.example. 300 IN A 192.0.2.1"});
  for (const std::uint8_t labels : {std::uint8_t{0}, std::uint8_t{1}}) {
    CAPTURE(labels);
    Rrsig rrsig = fields(set, mine);
    rrsig.labels = labels;
    CHECK(judged(signed_as(set, mine, rrsig), zone_keys({mine})).security == Security::Bogus);
  }
}

TEST_CASE("a set made from a wildcard is told by its closest encloser, the wildcard's own is not") {
  const SigningKey mine = key("example."_name);
  const wire::RRset wildcard = signed_set(set({"*.a.example. 300 IN A 192.0.2.1"}), mine);
  const SetVerdict itself = judged(wildcard, zone_keys({mine}));
  CHECK(itself.security == Security::Secure);
  CHECK_FALSE(itself.closest_encloser);
  for (const wire::Name& owner :
       {"b.a.example."_name, "c.b.a.example."_name, "*.b.a.example."_name}) {
    CAPTURE(owner.to_text());
    wire::RRset made = wildcard;
    made.owner = owner;
    const SetVerdict verdict = judged(made, zone_keys({mine}));
    CHECK(verdict.security == Security::Secure);
    REQUIRE(verdict.closest_encloser);
    CHECK(*verdict.closest_encloser == "a.example."_name);
  }
  wire::RRset beside = wildcard;
  beside.owner = "a.example."_name;  // the wildcard does not hold for its own encloser
  CHECK(judged(beside, zone_keys({mine})).security == Security::Bogus);
}

TEST_CASE("a wildcard of the root expands to all names") {
  const SigningKey root = key(wire::Name());
  wire::RRset made = signed_set(set({"*. 300 IN TXT any"}), root);
  made.owner = "www.example."_name;
  const SetVerdict verdict = judged(made, zone_keys({root}));
  CHECK(verdict.security == Security::Secure);
  REQUIRE(verdict.closest_encloser);
  CHECK(verdict.closest_encloser->is_root());
}

TEST_CASE("proofs and delegation signers are never made from a wildcard") {
  const SigningKey mine = key("example."_name);
  for (const char* text : {"*.example. 300 IN NSEC z.example. A",
                           "*.example. 300 IN DS 1 8 2 E06D44B80B8F1D39A95C0B0D"
                           "7C65D08458E880409BBC683457104237C7F8EC8D"}) {
    CAPTURE(text);
    wire::RRset made = signed_set(set({text}), mine);
    CHECK(judged(made, zone_keys({mine})).security == Security::Secure);
    made.owner = "b.example."_name;
    CHECK(judged(made, zone_keys({mine})).security == Security::Bogus);
  }
}

TEST_CASE("some sets are signed by one zone alone") {
  struct Case {
    const char* set;
    wire::Name zone;
    Security security;
  };
  const char* ds =
      "a.example. 300 IN DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";
  const Case cases[] = {
      {ds, "example."_name, Security::Secure},
      {ds, "a.example."_name, Security::Bogus},  // the child about itself
      {"a.example. 300 IN SOA a. b. 1 2 3 4 5", "a.example."_name, Security::Secure},
      {"a.example. 300 IN SOA a. b. 1 2 3 4 5", "example."_name, Security::Bogus},
      {"a.example. 300 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
       "example."_name, Security::Bogus},
  };
  for (const Case& one : cases) {
    CAPTURE(one.set);
    const SigningKey mine = key(one.zone);
    CHECK(judged(signed_set(set({one.set}), mine), zone_keys({mine})).security == one.security);
  }
}

TEST_CASE("signatures are not signed") {
  const SigningKey mine = key("example."_name);
  wire::RRset set{
      "www.example."_name, wire::RRType::RRSIG, wire::RRClass::IN, wire::Ttl{300}, {}, {}};
  set.rdata.add(sign(address(), mine, around_now));
  CHECK(judged(signed_set(set, mine), zone_keys({mine})).security == Security::Bogus);
}

TEST_CASE("a set without signatures says so") {
  const SigningKey mine = key("example."_name);
  const SetVerdict verdict = judged(address(), zone_keys({mine}));
  CHECK(verdict.security == Security::Bogus);
  CHECK(*verdict.why ==
        wire::ExtendedError{ExtendedErrorCode::RrsigsMissing, "www.example. A is not signed"});
}

TEST_CASE("a signature holds within its times and a little beyond them") {
  const SigningKey mine = key("example."_name);
  struct Case {
    const char* what;
    seconds inception, expiration;  // as seen from now
    std::optional<ExtendedErrorCode> code;
  };
  using namespace std::chrono_literals;
  const Case cases[] = {
      {"long ago until far off", -1000h, 1000h, std::nullopt},
      {"just begun", 0s, 1000h, std::nullopt},
      {"just ending", -1000h, 0s, std::nullopt},
      {"ended within a tenth of its time", -30h, -2h, std::nullopt},
      {"ended before that", -30h, -4h, ExtendedErrorCode::SignatureExpired},
      {"short: ended an hour ago", -2h, -3600s, std::nullopt},
      {"short: a second more", -2h, -3601s, ExtendedErrorCode::SignatureExpired},
      {"long: ended a day ago", -5000h, -24h, std::nullopt},
      {"long: a second more", -5000h, -86401s, ExtendedErrorCode::SignatureExpired},
      {"begins in an hour", 3600s, 2h, std::nullopt},
      {"a second later", 3601s, 2h, ExtendedErrorCode::SignatureNotYetValid},
      {"begins tomorrow", 86400s, 5000h, std::nullopt},
      {"a second after that", 86401s, 5000h, ExtendedErrorCode::SignatureNotYetValid},
  };
  // Also where 32 bits turn over (2106), and where their first one does (2038).
  for (const std::int64_t when :
       {1'800'000'000LL, (1LL << 31) - 10, 1LL << 31, (1LL << 32) - 10, 1LL << 32}) {
    const std::chrono::sys_seconds then{seconds{when}};
    for (const Case& one : cases) {
      CAPTURE(one.what);
      CAPTURE(when);
      const wire::RRset set =
          signed_set(address(), mine, {then + one.inception, then + one.expiration});
      const SetVerdict verdict = judged(set, zone_keys({mine}), {}, then);
      CHECK((verdict.security == Security::Secure) == !one.code);
      if (one.code) CHECK(verdict.why->code == *one.code);
    }
  }
}

TEST_CASE("nothing is believed for longer than its signature holds") {
  const SigningKey mine = key("example."_name);
  using namespace std::chrono_literals;
  const auto most_ttl = [&](seconds expiration) {
    return judged(signed_set(address(), mine, {now - 100h, now + expiration}), zone_keys({mine}))
        .most_ttl.seconds;
  };
  CHECK(most_ttl(1000s) == 300);
  CHECK(most_ttl(200s) == 200);
  CHECK(most_ttl(-32700s) == 30);  // what is left of a tenth of its time, 32730 s
}

TEST_CASE("a key that may not sign proves nothing") {
  struct Case {
    const char* what;
    std::size_t octet;
    std::uint8_t value;
  };
  const Case cases[] = {{"no zone key", 0, 0}, {"revoked", 1, 0x81}, {"protocol 4", 2, 4}};
  const SigningKey mine = key("example."_name);
  for (const Case& one : cases) {
    CAPTURE(one.what);
    wire::Bytes dnskey = mine.dnskey();
    dnskey[one.octet] = one.value;
    Rrsig rrsig = fields(address(), mine);
    rrsig.key_tag = key_tag(dnskey);  // each of these bits changes the tag
    CHECK(rrsig.key_tag != mine.key_tag());
    const SetVerdict verdict =
        judged(signed_as(address(), mine, rrsig), {"example."_name, {PublicKey(dnskey)}});
    CHECK(verdict.security == Security::Bogus);
    CHECK(verdict.why->code == ExtendedErrorCode::DnskeyMissing);
  }
}

TEST_CASE("one good signature is enough, wherever it stands") {
  const SigningKey mine = key("example."_name),
                   other = key("example."_name, Algorithm::ED25519, 256, 1);
  wire::RRset set = address();
  set.signatures.add(wire::Bytes(3, 0));  // nothing at all
  Rrsig expired = fields(set, mine);
  expired.expiration = expired.inception + 1;
  set.signatures.add(*sign_as(set, mine.key, expired));
  set = signed_set(set, other);  // by a key that the zone does not have
  Rrsig wrong = fields(set, mine);
  wrong.signature.assign(64, 1);
  set.signatures.add(to_rdata(wrong));
  set = signed_set(set, mine);
  const SetVerdict verdict = judged(set, zone_keys({mine}));
  CHECK(verdict.security == Security::Secure);
  CHECK(verdict.signature == 4);
}

TEST_CASE("signatures of a wrong length verify nothing") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(to_text(algorithm));
    const SigningKey mine = key("example."_name, algorithm);
    const auto right = rrsig_from_rdata(sign(address(), mine, around_now));
    REQUIRE(right);
    for (const int change : {-1, 1, -1000}) {
      CAPTURE(change);
      Rrsig rrsig = *right;
      const int size = static_cast<int>(rrsig.signature.size());
      rrsig.signature.resize(static_cast<std::size_t>(std::max(0, size + change)));
      wire::RRset set = address();
      set.signatures.add(to_rdata(rrsig));
      CHECK(judged(set, zone_keys({mine})).security == Security::Bogus);
    }
  }
}

TEST_CASE("an algorithm that is switched off is as good as unknown") {
  const SigningKey mine = key("example."_name);
  Policy policy;
  policy.algorithms_off.set(15);
  const SetVerdict verdict = judged(signed_set(address(), mine), zone_keys({mine}), policy);
  CHECK(verdict.security == Security::Bogus);
  CHECK(verdict.why->code == ExtendedErrorCode::UnsupportedDnskeyAlgorithm);
}

TEST_CASE("RSA keys of few bits are not believed") {
  const SigningKey mine = key("example."_name, Algorithm::RSASHA256);
  Policy policy;
  policy.least_rsa_bits = 1025;
  const wire::RRset set = signed_set(address(), mine);
  CHECK(judged(set, zone_keys({mine})).security == Security::Secure);
  CHECK(judged(set, zone_keys({mine}), policy).why->code ==
        ExtendedErrorCode::UnsupportedDnskeyAlgorithm);
}

TEST_CASE("the reason names the set, the key, its zone and the time") {
  const SigningKey mine = key("example."_name);
  Rrsig rrsig = fields(address(), mine);
  rrsig.inception = serial(std::chrono::sys_days{std::chrono::year{2026} / 1 / 1});
  rrsig.expiration = serial(std::chrono::sys_days{std::chrono::year{2026} / 1 / 31});
  const SetVerdict verdict = judged(signed_as(address(), mine, rrsig), zone_keys({mine}));
  CHECK(verdict.why->code == ExtendedErrorCode::SignatureExpired);
  CHECK(verdict.why->text == "signature of www.example. A by key " +
                                 std::to_string(mine.key_tag()) +
                                 " (ED25519) of example. expired on 2026-01-31 00:00:00");
}
