// The examples that the RFCs print: keys, digests and signatures made by others, before cairn.
#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;
using wire::Security;

namespace {

struct Example {
  const char* source;
  const char* record;  // one, the whole set
  const char* signature;
  const char* key;
  std::uint16_t tag;
  const char* ds;  // RDATA; empty: the RFC prints none
};

const Example examples[] = {
    {"RFC 5702 section 6.1", "www.example.net. 3600 IN A 192.0.2.91",
     "www.example.net. 3600 IN RRSIG A 8 3 3600 20300101000000 20000101000000 9033 example.net. "
     "kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==",
     "example.net. 3600 IN DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36Bp"
     "onc"
     "wtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=",
     9033, ""},
    {"RFC 5702 section 6.2", "www.example.net. 3600 IN A 192.0.2.91",
     "www.example.net. 3600 IN RRSIG A 10 3 3600 20300101000000 20000101000000 3740 example.net. "
     "tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm"
     "/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=",
     "example.net. 3600 IN DNSKEY 256 3 10 "
     "AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7"
     "cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL",
     3740, ""},
    {"RFC 6605 section 6.1", "www.example.net. 3600 IN A 192.0.2.1",
     "www.example.net. 3600 IN RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net. "
     "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==",
     "example.net. 3600 IN DNSKEY 257 3 13 "
     "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
     55648, "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"},
    {"RFC 6605 section 6.2", "www.example.net. 3600 IN A 192.0.2.1",
     "www.example.net. 3600 IN RRSIG A 14 3 3600 20100909102025 20100812102025 10771 example.net. "
     "/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSS"
     "Pdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm",
     "example.net. 3600 IN DNSKEY 257 3 14 "
     "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX4"
     "5NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
     10771,
     "10771 14 4 "
     "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df98"
     "3d6"},
    {"RFC 8080 section 6.1 with erratum 4935", "example.com. 3600 IN MX 10 mail.example.com.",
     "example.com. 3600 IN RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com. "
     "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==",
     "example.com. 3600 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=", 3613,
     "3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b"},
    {"RFC 8080 section 6.1, the second", "example.com. 3600 IN MX 10 mail.example.com.",
     "example.com. 3600 IN RRSIG MX 15 2 3600 1440021600 1438207200 35217 example.com. "
     "zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==",
     "example.com. 3600 IN DNSKEY 257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=", 35217,
     "35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c"},
    {"RFC 8080 section 6.2 with erratum 4935", "example.com. 3600 IN MX 10 mail.example.com.",
     "example.com. 3600 IN RRSIG MX 16 2 3600 1440021600 1438207200 9713 example.com. "
     "3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+G"
     "j7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA",
     "example.com. 3600 IN DNSKEY 257 3 16 "
     "3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA",
     9713, "9713 16 2 6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7"},
    {"RFC 4035 appendix B.6", "a.z.w.example. 3600 IN MX 1 ai.example.",
     "a.z.w.example. 3600 IN RRSIG MX 5 2 3600 20040509183619 20040409183619 38519 example. "
     "OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQ"
     "TVBPq4/6KCWhqe2XTjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR34i8lC36SR5xBni8vHI=",
     "example. 3600 IN DNSKEY 256 3 5 "
     "AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EFMcsGXxKciJFHyhl9"
     "4C+NwILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==",
     38519, ""},
};

wire::Record record(const char* text) {
  const auto record = wire::record_from_text(text);
  REQUIRE_MESSAGE(record.ok(), text);
  return *record;
}

}  // namespace

TEST_CASE("the signatures that the RFCs print verify, and no longer when a bit is changed") {
  for (const Example& example : examples) {
    CAPTURE(example.source);
    const wire::RRset signed_set = set({example.record, example.signature});
    const wire::Record key = record(example.key);
    const auto rrsig = rrsig_from_rdata(signed_set.signatures[0]);
    REQUIRE(rrsig);
    const ZoneKeys keys{key.owner, {PublicKey(key.rdata)}};
    const std::chrono::sys_seconds then{std::chrono::seconds{rrsig->inception + 3600}};
    Policy policy;
    policy.least_rsa_bits = 512;
    Work work;
    const SetVerdict good = judge_set(signed_set, keys, work, then, policy);
    CHECK(good.security == Security::Secure);
    CHECK(work.checks == 1);
    CHECK(work.failures == 0);

    wire::Bytes changed(signed_set.signatures[0].begin(), signed_set.signatures[0].end());
    changed.back() ^= 1;
    wire::RRset bad = signed_set;
    bad.signatures = {};
    bad.signatures.add(changed);
    CHECK(judge_set(bad, keys, work, then, policy).security == Security::Bogus);
    CHECK(work.failures == 1);
  }
}

TEST_CASE("the key tags and digests that the RFCs print are found") {
  for (const Example& example : examples) {
    CAPTURE(example.source);
    const wire::Record key = record(example.key);
    CHECK(key_tag(key.rdata) == example.tag);
    if (!*example.ds) continue;
    const auto rdata = wire::rdata_from_text(wire::RRType::DS, example.ds);
    REQUIRE(rdata.ok());
    const auto ds = ds_from_rdata(*rdata);
    REQUIRE(ds);
    CHECK(make_ds(key.owner, key.rdata, ds->digest_type) == *ds);
    CHECK(matches(*ds, key.owner, key.rdata));
    CHECK_FALSE(matches(*ds, "example.org."_name, key.rdata));
  }
}

TEST_CASE("the DS of SHA-1 that RFC 4034 section 5.4 prints is its key's") {
  const wire::Record key = record(
      "dskey.example.com. 86400 IN DNSKEY 256 3 5 "
      "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAph"
      "XdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==");
  CHECK(key_tag(key.rdata) == 60485);
  const auto ds =
      wire::rdata_from_text(wire::RRType::DS, "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118");
  REQUIRE(ds.ok());
  CHECK(to_rdata(make_ds(key.owner, key.rdata, DigestType::SHA1)) == *ds);
}

TEST_CASE("the wildcard of RFC 4035 appendix B.6 is told by its closest encloser") {
  const Example& example = examples[7];
  const wire::Record key = record(example.key);
  Work work;
  const auto then = std::chrono::sys_days{std::chrono::year{2004} / 4 / 20};
  const SetVerdict verdict = judge_set(set({example.record, example.signature}),
                                       {key.owner, {PublicKey(key.rdata)}}, work, then, {});
  REQUIRE(verdict.security == Security::Secure);
  REQUIRE(verdict.closest_encloser);
  CHECK(*verdict.closest_encloser == "w.example."_name);
}

TEST_CASE("EdDSA signs the RFC's example with the very same octets") {
  const auto key = PrivateKey::from_text(
      "Private-key-format: v1.2\nAlgorithm: 15 (ED25519)\n"
      "PrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n");
  REQUIRE(key.ok());
  const SigningKey signing{"example.com."_name, 257, *key};
  CHECK(signing.key_tag() == 3613);
  const wire::RRset signed_by_rfc = set({examples[4].record, examples[4].signature});
  const Period period{std::chrono::sys_seconds{std::chrono::seconds{1438207200}},
                      std::chrono::sys_seconds{std::chrono::seconds{1440021600}}};
  const wire::Bytes mine = sign(signed_by_rfc, signing, period);
  CHECK(std::ranges::equal(mine, signed_by_rfc.signatures[0]));
}
