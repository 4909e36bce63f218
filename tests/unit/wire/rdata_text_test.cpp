#include "wire/rdata_text.hpp"

#include <doctest/doctest.h>

#include "tests/unit/wire/random_rdata.hpp"
#include "tests/unit/wire/rdata_samples.hpp"
#include "wire/octets_text.hpp"

using namespace cairn::wire;

namespace {

Bytes octets(const std::variant<Bytes, RdataTextError>& result) {
  const auto* error = std::get_if<RdataTextError>(&result);
  REQUIRE_MESSAGE(!error, error->message);
  return std::get<Bytes>(result);
}

std::string opaque(const Bytes& rdata) {
  return "\\# " + std::to_string(rdata.size()) + " " + to_hex(rdata);
}

}  // namespace

TEST_CASE("text becomes the same octets and the same text as with BIND") {
  for (const RdataSample& sample : rdata_samples) {
    CAPTURE(sample.type);
    CAPTURE(sample.text);
    const RRType type = *rrtype_from_text(sample.type);
    const auto rdata = rdata_from_text(type, sample.text);
    REQUIRE_MESSAGE(rdata, rdata.error());
    CHECK(to_hex(*rdata) == sample.wire);
    CHECK(rdata_to_text(type, *rdata) == sample.dig_text);
  }
}

TEST_CASE("every type may also be written as RFC 3597 says") {
  for (const RdataSample& sample : rdata_samples) {
    CAPTURE(sample.type);
    CAPTURE(sample.wire);
    const RRType type = *rrtype_from_text(sample.type);
    const Bytes wire = *from_hex(sample.wire);
    const auto rdata = rdata_from_text(type, opaque(wire));
    REQUIRE_MESSAGE(rdata, rdata.error());
    CHECK(*rdata == wire);
  }
}

TEST_CASE("any RDATA survives the way through text") {
  RandomRdata random{1035};
  for (const RRType type : structured_types()) {
    CAPTURE(to_text(type));
    for (int round = 0; round < 200; ++round) {
      const Bytes original = random.of(type);
      const std::string text = rdata_to_text(type, original);
      CAPTURE(text);
      const auto again = rdata_from_text(type, text);
      REQUIRE_MESSAGE(again, again.error());
      REQUIRE(*again == original);
      REQUIRE_FALSE(text.starts_with("\\#"));
    }
  }
}

TEST_CASE("what does not fit its layout is still written, as RFC 3597 says") {
  CHECK(rdata_to_text(RRType::A, Bytes{1, 2, 3}) == "\\# 3 010203");
  CHECK(rdata_to_text(RRType::TXT, Bytes{}) == "\\# 0");
  CHECK(rdata_to_text(RRType::OPT, Bytes{1}) == "\\# 1 01");
}

TEST_CASE("times beyond 2038 are read and written without a sign") {
  // There is no second program here: BIND's reading depends on today's date (serial arithmetic).
  constexpr std::string_view text = "A 8 0 0 21060207062815 20380119031408 0 . AA==";
  const auto rdata = rdata_from_text(RRType::RRSIG, text);
  REQUIRE(rdata);
  CHECK(to_hex(*rdata) ==
        "00010800"
        "00000000"
        "FFFFFFFF"
        "80000000"
        "0000"
        "00"
        "00");
  CHECK(rdata_to_text(RRType::RRSIG, *rdata) == text);
  CHECK_FALSE(rdata_from_text(RRType::RRSIG, "A 8 0 0 21060207062816 0 0 . AA=="));
}

// dig 9.18 knows none of these keys by name, so what it prints is what cairn prints, but there is
// no second program for the names: RFC 9540, RFC 9953 and IANA's registry.
TEST_CASE("service parameters newer than dig are read by name and written by number") {
  struct Row {
    std::string_view text, written;
  };
  constexpr Row rows[] = {
      {"1 . ohttp", "1 . key8"},
      {"1 . tls-supported-groups=29,23", R"(1 . key9="\000\029\000\023")"},
      {"1 . docpath=dns,query", R"(1 . key10="\003dns\005query")"},
      {"1 . docpath", "1 . key10"},
      {"1 . pvd oots=a", R"(1 . key11 key12="a")"},
      {"1 . mandatory=ohttp ohttp", "1 . mandatory=key8 key8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto rdata = rdata_from_text(RRType::SVCB, row.text);
    REQUIRE_MESSAGE(rdata, rdata.error());
    CHECK(rdata_to_text(RRType::SVCB, *rdata) == row.written);
    CHECK(rdata_from_text(RRType::SVCB, row.written).value() == *rdata);
  }
}

TEST_CASE("relative names are completed by the origin") {
  const Name origin = "example."_name;
  const Word words[] = {{"10"}, {"mail"}};
  CHECK(rdata_to_text(RRType::MX, octets(rdata_from_text(RRType::MX, words, origin))) ==
        "10 mail.example.");
  const Word at[] = {{"@"}};
  CHECK(rdata_to_text(RRType::NS, octets(rdata_from_text(RRType::NS, at, origin))) == "example.");
}

TEST_CASE("a quoted word is a string, even where it looks like RFC 3597's mark") {
  const Word words[] = {{"\\#", true}, {"1"}};
  CHECK(rdata_to_text(RRType::TXT, octets(rdata_from_text(RRType::TXT, words, Name{}))) ==
        "\"#\" \"1\"");
}

// BIND 9.18's `named-rrchecker` refuses each of them too.
TEST_CASE("an error names its word and what was expected there") {
  struct Row {
    RRType type;
    std::string_view text;
    std::size_t word;
    std::string_view message;
  };
  constexpr Row rows[] = {
      {RRType::A, "", 0, "expected an IPv4 address, found nothing"},
      {RRType::A, "192.0.2", 0, "expected an IPv4 address"},
      {RRType::A, "192.0.2.1 x", 1, "A data ends before \"x\""},
      {RRType::A, "2001:db8::1", 0, "expected an IPv4 address"},
      {RRType::A, "\\# 3 c00002", 0, "form of A data"},
      {RRType::A, "\\# 4 c0000", 2, "expected hex digits"},
      {RRType::A, "\\# 5 c0000201", 2, "announced are 5 octets, found are 4"},
      {RRType::A, "\\# x", 1, "expected the number of octets"},
      {RRType::AAAA, "192.0.2.1", 0, "expected an IPv6 address"},
      {RRType::NS, "a..b.", 0, "empty label"},
      {RRType::MX, "a.", 0, "expected a number from 0 to 65535, found \"a.\""},
      {RRType::MX, "65536 a.", 0, "expected a number from 0 to 65535"},
      {RRType::MX, "1", 1, "expected a domain name, found nothing"},
      {RRType::SOA, "a. b. 1 2 3 4", 6, "expected a time"},
      {RRType::SOA, "a. b. 1 2 3x 4 5", 4, "expected a time"},
      {RRType::TXT, "", 0, "expected a string"},
      {RRType::TXT, "a \"\\256\"", 1, "expected a string"},
      {RRType::DS, "1 8 2", 3, "expected hex digits"},
      {RRType::DS, "1 8 2 0", 3, "expected hex digits"},
      {RRType::DNSKEY, "256 3 NOPE AwEA", 2, "expected an algorithm"},
      {RRType::DNSKEY, "256 3 8 AwEA=", 3, "expected base64"},
      {RRType::RRSIG, "NOPE 8 2 300 0 0 1 . AwEA", 0, "expected a record type"},
      {RRType::RRSIG, "A 8 2 300 20300230000000 0 1 . AwEA", 4, "expected a time as"},
      {RRType::RRSIG, "A 8 2 300 0 20300101246060 1 . AwEA", 5, "expected a time as"},
      {RRType::NSEC, "a. A NOPE", 2, "expected a record type, found \"NOPE\""},
      {RRType::NSEC3, "1 0 0 x 00 A", 3, "expected a salt"},
      {RRType::NSEC3, "1 0 0 - - A", 4, "expected a hash"},
      {RRType::CAA, "0 is-sue x", 1, "expected a tag"},
      {RRType::CAA, "0 issue", 2, "expected a quoted text"},
      {RRType::SVCB, "1 . port=1 port=2", 3, "port stands here twice"},
      {RRType::SVCB, "1 . key00001=x", 2, "expected a service parameter"},
      {RRType::SVCB, "1 . key65536=x", 2, "expected a service parameter"},
      {RRType::SVCB, "1 . alpn", 2, "alpn takes protocol ids"},
      {RRType::SVCB, "1 . port=1 alpn=h2,,h3", 3, "alpn takes protocol ids"},
      {RRType::SVCB, "1 . port=1 mandatory=alpn", 3, "mandatory takes the names"},
      {RRType::SVCB, "1 . port=1 mandatory=port,port", 3, "mandatory takes the names"},
      {RRType::SVCB, "1 . no-default-alpn", 2, "needs alpn beside it"},
      {RRType::SVCB, "1 . ipv4hint=::1", 2, "ipv4hint takes IPv4 addresses"},
      {RRType::SVCB, "1 . key4=abc", 2, "ipv4hint takes IPv4 addresses"},
      {RRType::SVCB, "1 . dohpath=dns-query{?dns}", 2, "dohpath takes a path"},
      {RRType::SVCB, "1 . dohpath=/dns-query{?name}", 2, "dohpath takes a path"},
      {RRType::SVCB, "1 . dohpath=/\\255{?dns}", 2, "dohpath takes a path"},
      {RRType::SVCB, "1 . ohttp=x", 2, "ohttp takes no value"},
      {RRType::SVCB, "1 . tls-supported-groups=x25519", 2, "tls-supported-groups takes numbers"},
      {RRType::SVCB, "1 . docpath=a,,b", 2, "docpath takes segments"},
      {RRType{65280}, "abc", 0, "write \\# LENGTH HEX"},
      {RRType::ANY, "abc", 0, "write \\# LENGTH HEX"},
  };
  for (const Row& row : rows) {
    CAPTURE(to_text(row.type));
    CAPTURE(row.text);
    std::vector<Word> words;
    for (std::string_view rest = row.text; !rest.empty();) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      words.push_back({word});
      rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    const auto result = rdata_from_text(row.type, words, Name{});
    const auto* error = std::get_if<RdataTextError>(&result);
    REQUIRE(error);
    CHECK(error->word == row.word);
    CHECK_MESSAGE(error->message.find(row.message) != std::string::npos, error->message);
    CHECK_FALSE(rdata_from_text(row.type, row.text));
  }
}

TEST_CASE("strings and data have their lengths") {
  CHECK(rdata_from_text(RRType::TXT, std::string(255, 'a')));
  CHECK_FALSE(rdata_from_text(RRType::TXT, std::string(256, 'a')));
  CHECK(rdata_from_text(RRType::URI, "1 1 \"" + std::string(65531, 'a') + "\""));
  CHECK_FALSE(rdata_from_text(RRType::URI, "1 1 \"" + std::string(65532, 'a') + "\""));
}

TEST_CASE("records are written on one line and read back from it") {
  struct Row {
    std::string_view text, canonical;
  };
  constexpr Row rows[] = {
      {"www.Example. 300 IN A 192.0.2.1", "www.Example. 300 IN A 192.0.2.1"},
      {"www.example A 192.0.2.1", "www.example. 0 IN A 192.0.2.1"},
      {". ch 1h txt \"a b\"", ". 3600 CH TXT \"a b\""},
      {"a.  CLASS32\t5 TYPE65280 \\# 1 ff", "a. 5 CLASS32 TYPE65280 \\# 1 FF"},
      {"a. 5 TXT a\"b", "a. 5 IN TXT \"a\\\"b\""},
      {"a. SVCB 1 . key9=\"a b\\\" c\" port=1", "a. 0 IN SVCB 1 . port=1 key9=\"a b\\\" c\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto record = record_from_text(row.text);
    REQUIRE_MESSAGE(record, record.error());
    CHECK(to_text(*record) == row.canonical);
    const auto again = record_from_text(row.canonical);
    REQUIRE_MESSAGE(again, again.error());
    CHECK(*again == *record);
  }
  for (const char* text : {"", "a.", "a. 300", "a. 300 IN", "a. IN A", "a. NOPE 192.0.2.1",
                           "a..b. A 192.0.2.1", "a. TXT \"open", "a. SVCB 1 . key9=\"open"}) {
    CAPTURE(text);
    CHECK_FALSE(record_from_text(text));
  }
}
