#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;
using wire::ExtendedErrorCode;
using wire::Security;

namespace {

KeysVerdict judged(const wire::RRset& dnskey, const wire::RRset& ds, const Policy& policy = {}) {
  Work work;
  return judge_keys(dnskey, ds, work, now, policy);
}

const wire::Name zone = "example."_name;

wire::Bytes with(wire::Bytes octets, std::size_t at, std::uint8_t value) {
  octets[at] = value;
  return octets;
}

/// DNSKEY RDATA that is no key, with the tag that is wanted.
wire::Bytes malformed_key(Algorithm algorithm, std::uint16_t tag) {
  wire::Bytes rdata{1, 1, 3, static_cast<std::uint8_t>(algorithm), 0, 0, 0, 0};
  for (unsigned value = 0; key_tag(rdata) != tag; ++value) {
    rdata[4] = static_cast<std::uint8_t>(value >> 8 & 0xff);
    rdata[5] = static_cast<std::uint8_t>(value & 0xff);
    REQUIRE(value < 65536);
  }
  return rdata;
}

}  // namespace

TEST_CASE("keys that a DS names and that sign their set are a zone's keys") {
  for (const Algorithm algorithm : all_algorithms) {
    for (const DigestType type : {DigestType::SHA1, DigestType::SHA256, DigestType::SHA384}) {
      CAPTURE(to_text(algorithm));
      CAPTURE(to_text(type));
      const SigningKey ksk = key(zone, algorithm), zsk = key(zone, Algorithm::ED25519, 256, 1);
      const KeysVerdict verdict = judged(dnskeys({ksk, zsk}), ds_set({ksk.ds(type)}, zone));
      REQUIRE(verdict.security == Security::Secure);
      REQUIRE(verdict.keys);
      CHECK(verdict.keys->zone == zone);
      CHECK(verdict.keys->keys.size() == 2);
      CHECK(verdict.key_tag == ksk.key_tag());
      CHECK(verdict.most_ttl == wire::Ttl{3600});
    }
  }
}

TEST_CASE("a DS of another key, or a DNSKEY set that the named key has not signed, is bogus") {
  const SigningKey ksk = key(zone), zsk = key(zone, Algorithm::ED25519, 256, 1),
                   stranger = key(zone, Algorithm::ED25519, 257, 2);
  const KeysVerdict other = judged(dnskeys({ksk, zsk}), ds_set({stranger.ds()}, zone));
  CHECK(other.security == Security::Bogus);
  CHECK(*other.why == wire::ExtendedError{ExtendedErrorCode::DnskeyMissing,
                                          "no key of example. is the one that its DS names (" +
                                              std::to_string(stranger.key_tag()) + ")"});

  const KeysVerdict unsigned_by_it = judged(dnskeys({zsk, ksk}), ds_set({ksk.ds()}, zone));
  CHECK(unsigned_by_it.security == Security::Bogus);
  CHECK(unsigned_by_it.why->code == ExtendedErrorCode::RrsigsMissing);

  wire::Bytes damaged = ksk.ds();
  damaged.back() ^= 1;
  CHECK(judged(dnskeys({ksk}), ds_set({damaged}, zone)).security == Security::Bogus);

  const wire::RRset none{zone, wire::RRType::DNSKEY, wire::RRClass::IN, wire::Ttl{1}, {}, {}};
  CHECK(judged(none, ds_set({ksk.ds()}, zone)).security == Security::Bogus);
  CHECK(judged(dnskeys({ksk}), ds_set({}, zone)).security == Security::Bogus);
}

TEST_CASE("a key set is not good for another zone, though the DS be copied") {
  const SigningKey ksk = key(zone);
  wire::RRset copied = dnskeys({ksk});
  copied.owner = "example.org."_name;
  CHECK(judged(copied, ds_set({ksk.ds()}, copied.owner)).security == Security::Bogus);
}

TEST_CASE("a zone is insecure when its DS are of nothing that we know") {
  const SigningKey ksk = key(zone);
  const wire::Bytes ds = ksk.ds();
  struct Case {
    const char* what;
    wire::Bytes ds;
    ExtendedErrorCode code;
  };
  const Case cases[] = {
      {"algorithm 0", with(ds, 2, 0), ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"algorithm 12", with(ds, 2, 12), ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"algorithm 252", with(ds, 2, 252), ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"algorithm 254", with(ds, 2, 254), ExtendedErrorCode::UnsupportedDnskeyAlgorithm},
      {"digest 0", with(ds, 3, 0), ExtendedErrorCode::UnsupportedDsDigestType},
      {"digest 3", with(ds, 3, 3), ExtendedErrorCode::UnsupportedDsDigestType},
      {"digest 255", with(ds, 3, 255), ExtendedErrorCode::UnsupportedDsDigestType},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    const KeysVerdict verdict = judged(dnskeys({ksk}), ds_set({one.ds}, zone));
    CHECK(verdict.security == Security::Insecure);
    CHECK(verdict.why->code == one.code);
    CHECK_FALSE(verdict.keys);
    // Beside a DS that we know it says nothing.
    CHECK(judged(dnskeys({ksk}), ds_set({one.ds, ds}, zone)).security == Security::Secure);
    const SigningKey stranger = key(zone, Algorithm::ED25519, 257, 2);
    CHECK(judged(dnskeys({ksk}), ds_set({one.ds, stranger.ds()}, zone)).security ==
          Security::Bogus);
  }
}

TEST_CASE("an algorithm or digest that is switched off is as good as unknown") {
  const SigningKey ksk = key(zone);
  Policy no_ed25519, no_sha1;
  no_ed25519.algorithms_off.set(15);
  no_sha1.digests_off.set(1);
  CHECK(judged(dnskeys({ksk}), ds_set({ksk.ds()}, zone), no_ed25519).security ==
        Security::Insecure);
  CHECK(judged(dnskeys({ksk}), ds_set({ksk.ds(DigestType::SHA1)}, zone), no_sha1).security ==
        Security::Insecure);
}

TEST_CASE("a zone whose DS names an RSA key of too few bits is insecure") {
  const SigningKey weak = key(zone, Algorithm::RSASHA256), strong = key(zone);
  Policy policy;
  policy.least_rsa_bits = 2048;
  CHECK(judged(dnskeys({weak}), ds_set({weak.ds()}, zone), policy).security == Security::Insecure);
  CHECK(judged(dnskeys({strong, weak}), ds_set({weak.ds(), strong.ds()}, zone), policy).security ==
        Security::Secure);
  // That the strong key's signature is gone is no reason to believe the weak one.
  CHECK(judged(dnskeys({weak, strong}), ds_set({weak.ds(), strong.ds()}, zone), policy).security ==
        Security::Bogus);
}

TEST_CASE("a DS of SHA-1 does not count beside a better one") {
  const SigningKey ksk = key(zone), stranger = key(zone, Algorithm::ED25519, 257, 2);
  const wire::Bytes old = ksk.ds(DigestType::SHA1);
  CHECK(judged(dnskeys({ksk}), ds_set({old}, zone)).security == Security::Secure);
  CHECK(judged(dnskeys({ksk}), ds_set({old, stranger.ds()}, zone)).security == Security::Bogus);
  CHECK(judged(dnskeys({ksk}), ds_set({old, stranger.ds(DigestType::SHA384)}, zone)).security ==
        Security::Bogus);
  // Of a digest that we do not know, nothing follows.
  CHECK(judged(dnskeys({ksk}), ds_set({old, with(stranger.ds(), 3, 9)}, zone)).security ==
        Security::Secure);
}

TEST_CASE("keys that are revoked, no zone keys or of another protocol cannot carry a zone") {
  const SigningKey ksk = key(zone);
  struct Case {
    const char* what;
    std::size_t octet;
    std::uint8_t value;
    ExtendedErrorCode code;
  };
  const Case cases[] = {{"revoked", 1, 0x81, ExtendedErrorCode::DnskeyMissing},
                        {"no zone key", 0, 0, ExtendedErrorCode::NoZoneKeyBitSet},
                        {"protocol 4", 2, 4, ExtendedErrorCode::DnskeyMissing}};
  for (const Case& one : cases) {
    CAPTURE(one.what);
    const wire::Bytes changed = with(ksk.dnskey(), one.octet, one.value);
    wire::RRset set = dnskeys({ksk});
    set.rdata = {};
    set.rdata.add(changed);
    set.signatures = {};
    auto fields = rrsig_from_rdata(sign(set, ksk, around_now));
    fields->key_tag = key_tag(changed);
    set.signatures.add(*sign_as(set, ksk.key, *fields));
    const wire::Bytes ds = to_rdata(make_ds(zone, changed, DigestType::SHA256));
    const KeysVerdict verdict = judged(set, ds_set({ds}, zone));
    CHECK(verdict.security == Security::Bogus);
    CHECK(verdict.why->code == one.code);
  }
}

TEST_CASE("during a roll-over one DS and one key that go together are enough") {
  const SigningKey old = key(zone, Algorithm::RSASHA256), fresh = key(zone);
  const wire::RRset both_ds = ds_set({old.ds(), fresh.ds()}, zone);
  CHECK(judged(dnskeys({old}), both_ds).security == Security::Secure);
  CHECK(judged(dnskeys({fresh}), both_ds).security == Security::Secure);
  CHECK(judged(dnskeys({fresh, old}), ds_set({fresh.ds()}, zone)).security == Security::Secure);
  // The second key's signature is good, the first one's has expired.
  wire::RRset set =
      dnskeys({old, fresh}, {now - std::chrono::days{20}, now - std::chrono::days{10}});
  set = signed_set(set, fresh);
  const KeysVerdict verdict = judged(set, both_ds);
  CHECK(verdict.security == Security::Secure);
  CHECK(verdict.signature == 1);
  CHECK(verdict.ds == 1);
}

TEST_CASE("a malformed key that a DS names counts as a failed check") {
  const SigningKey ksk = key(zone);
  const wire::Bytes none = malformed_key(Algorithm::ED25519, ksk.key_tag());
  wire::RRset set{zone, wire::RRType::DNSKEY, wire::RRClass::IN, wire::Ttl{3600}, {}, {}};
  set.rdata.add(none);
  set = signed_set(set, ksk);
  Work work;
  const wire::Bytes ds = to_rdata(make_ds(zone, none, DigestType::SHA256));
  CHECK(judge_keys(set, ds_set({ds}, zone), work, now, {}).security == Security::Bogus);
  CHECK(work.failures == 1);
  CHECK(work.chain_checks == 1);
  CHECK(work.checks == 0);
  CHECK_FALSE(work.on_the_way);
}

// KeyTrap (CVE-2023-50387): every key has the tag of every signature, and none is right.
TEST_CASE("colliding keys and signatures cost a few checks and no more") {
  const SigningKey mine = key(zone);
  ZoneKeys keys{zone, {}};
  wire::Bytes other = malformed_key(Algorithm::ED25519, mine.key_tag());
  for (int i = 0; i < 60; ++i) keys.keys.emplace_back(other);
  wire::RRset set = test::set({"www.example. 300 IN A 192.0.2.1"});
  auto rrsig = rrsig_from_rdata(sign(set, mine, around_now));
  for (std::uint8_t i = 0; i < 60; ++i) {
    rrsig->signature.assign(64, i);
    set.signatures.add(to_rdata(*rrsig));
  }
  Work work;
  const SetVerdict verdict = judge_set(set, keys, work, now, {});
  CHECK(verdict.security == Security::Bogus);
  CHECK(work.checks == limits::failures);
  CHECK(verdict.why->code == ExtendedErrorCode::DnssecBogus);
  CHECK(verdict.why->text.ends_with("not tried: limit of failed signatures reached"));
  // Nothing more in this question, not even what would be right.
  const wire::RRset good = signed_set(test::set({"a.example. 300 IN A 192.0.2.1"}), mine);
  CHECK(judge_set(good, zone_keys({mine}), work, now, {}).security == Security::Bogus);
  CHECK(work.checks == limits::failures);
}

TEST_CASE("the wrong one of two colliding keys is no failure, however often it is tried first") {
  const SigningKey mine = key(zone);
  const PublicKey wrong(malformed_key(Algorithm::ED25519, mine.key_tag()));
  const ZoneKeys keys{zone, {wrong, PublicKey(mine.dnskey())}};
  Work work;
  for (unsigned i = 0; i <= limits::failures; ++i) {
    const std::string record = "host" + std::to_string(i) + ".example. 300 IN A 192.0.2.1";
    const wire::RRset set = signed_set(test::set({record.c_str()}), mine);
    CHECK(judge_set(set, keys, work, now, {}).security == Security::Secure);
  }
  CHECK(work.failures == 0);
}

TEST_CASE("the third key of one tag is not tried") {
  const SigningKey mine = key(zone);
  const PublicKey wrong(malformed_key(Algorithm::ED25519, mine.key_tag()));
  const PublicKey right(mine.dnskey());
  const wire::RRset set = signed_set(test::set({"www.example. 300 IN A 192.0.2.1"}), mine);
  Work work;
  CHECK(judge_set(set, {zone, {wrong, right}}, work, now, {}).security == Security::Secure);
  CHECK(judge_set(set, {zone, {wrong, wrong, right}}, work, now, {}).security == Security::Bogus);
}

TEST_CASE("sixteen signatures are checked for a question, and more on the way to it") {
  const SigningKey mine = key(zone);
  const wire::RRset set = signed_set(test::set({"www.example. 300 IN A 192.0.2.1"}), mine);
  Work work;
  for (unsigned i = 0; i < limits::checks; ++i)
    CHECK(judge_set(set, zone_keys({mine}), work, now, {}).security == Security::Secure);
  const SetVerdict refused = judge_set(set, zone_keys({mine}), work, now, {});
  CHECK(refused.security == Security::Bogus);
  CHECK(refused.why->text.ends_with("limit of signature checks reached"));
  for (unsigned i = 0; i < limits::chain_checks; ++i)
    CHECK(judge_keys(dnskeys({mine}), ds_set({mine.ds()}, zone), work, now, {}).security ==
          Security::Secure);
  CHECK(judge_keys(dnskeys({mine}), ds_set({mine.ds()}, zone), work, now, {}).security ==
        Security::Bogus);
}

// HashTrap: many DS, each a hash of each colliding key.
TEST_CASE("of many DS eight are looked at") {
  const SigningKey mine = key(zone);
  wire::RRset many = ds_set({}, zone);
  wire::Bytes wrong = mine.ds();
  for (std::uint8_t i = 0; i < 7; ++i) {
    wrong.back() = static_cast<std::uint8_t>(mine.ds().back() + 1 + i);
    many.rdata.add(wrong);
  }
  wire::RRset seven_wrong = many;
  seven_wrong.rdata.add(mine.ds());
  CHECK(judged(dnskeys({mine}), seven_wrong).security == Security::Secure);
  wrong.back() = static_cast<std::uint8_t>(mine.ds().back() + 8);
  many.rdata.add(wrong);
  many.rdata.add(mine.ds());
  CHECK(judged(dnskeys({mine}), many).security == Security::Bogus);
}
