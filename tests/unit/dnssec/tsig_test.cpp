// The octets of this test were made by another implementation, dnspython 2.3: the query
// "Example.com. AXFR" and replies to it, signed with the key below at the time below.
#include "dnssec/tsig.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "wire/octets_text.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using wire::operator""_name;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds t0{1700000000s};

wire::Bytes octets(std::string_view hex) {
  return wire::from_hex(hex).value();
}

const wire::Bytes query = octets("123400000001000000000000074578616D706C6503636F6D0000FC0001");
const wire::Bytes reply = octets(
    "123480000001000100000000074578616D706C6503636F6D0000FC0001C00C000100010000012C0004C0000201");

TsigKey key(HashAlgorithm hash = HashAlgorithm::Sha256, std::size_t mac_octets = 0) {
  wire::Bytes secret;
  for (std::uint8_t octet = 1; octet <= 32; ++octet) secret.push_back(octet);
  return {"Key.Example."_name,
          {hash, mac_octets == 0 ? hash_octets(hash) : mac_octets},
          Secret(std::move(secret))};
}

// Five messages of a transfer; the second and the third are not signed.
const std::array<wire::Bytes, 5> transfer{
    octets("123480000001000100000001074578616D706C6503636F6D0000FC0001026830C00C000100010000"
           "012C0004C0000200034B6579074578616D706C650000FA00FF00000000003D0B686D61632D736861"
           "3235360000006553F101012C002021E89993F0D53E97412250ADCD34C302C74FEBDA722217FC3986"
           "DDEF17E20C24123400000000"),
    octets("123480000001000100000000074578616D706C6503636F6D0000FC0001026831C00C000100010000"
           "012C0004C0000201"),
    octets("123480000001000100000000074578616D706C6503636F6D0000FC0001026832C00C000100010000"
           "012C0004C0000202"),
    octets("123480000001000100000001074578616D706C6503636F6D0000FC0001026833C00C000100010000"
           "012C0004C0000203034B6579074578616D706C650000FA00FF00000000003D0B686D61632D736861"
           "3235360000006553F102012C00202ECCD6DC25331E2F4D0F06F8F87FF2F3E9683C8CE62DC16E9DE1"
           "B4E1B25DBA9C123400000000"),
    octets("123480000001000100000001074578616D706C6503636F6D0000FC0001026834C00C000100010000"
           "012C0004C0000204034B6579074578616D706C650000FA00FF00000000003D0B686D61632D736861"
           "3235360000006553F103012C00206F37141610ABD0657C1B4C2D7B42DBED5B9517F4E9A30974BA3A"
           "EE8F6A143E43123400000000")};

TsigExchange asked(TsigKey with = key(), TsigPolicy policy = {}) {
  TsigExchange exchange(std::move(with), policy);
  exchange.sign(query, t0);
  return exchange;
}

}  // namespace

TEST_CASE("MACs of requests and replies are those of another implementation") {
  struct Case {
    HashAlgorithm hash;
    const char* request_mac;
    const char* reply_mac;
  };
  const Case cases[] = {
      {HashAlgorithm::Md5, "9598E4F00DBF9A4D593E9B547D3007A7", "C8647305CF6D4B5542D01C19BBABAFE9"},
      {HashAlgorithm::Sha1, "6307CFE56811C5FC82D77F956C539D5F77038915",
       "E65A6E81394676C4FB4CF978D2F3AE090FCB2C71"},
      {HashAlgorithm::Sha224, "30D4D221E33C502722A5D879857583777AD89841C65CDED32C902690",
       "EA6A702780075491EDCD42C57941888645DCCBDA04EB31670A484440"},
      {HashAlgorithm::Sha256, "7B49AB57986823F6BA94BC81931553D47E35783447054870E4B2C5A5C65C0FE2",
       "783EA1CA6A7349D14B45B99B58ACAF1B846BC5ACA9113226EAF5056C8BD65EDE"},
      {HashAlgorithm::Sha384,
       "427A3F803CC650FD62DB4EB6FE6652B96AFACE2635011232B22BFD702927BAFA835B1C4426BE0440"
       "66415DF2B8707A63",
       "8DC2BFBA0A51D03C05B703BC1D4077C97D619DBD125312C42C317443714B1C336B95A82F65E017CB"
       "870B9605B0F533F9"},
      {HashAlgorithm::Sha512,
       "71284A1F96916115A591246283BD20A7528627F39474C705550070EA5A0D159E3A5D3078DA62F1EA"
       "D1F71EB3C1A94BFF1D45C98F2C5EEE81DC302D4E6175E731",
       "F42211E1E3BE36571146DE64E52A43532E577E1142A2AB687F44D5E773B4CBA4CF34D6E54C6CC1FA"
       "2555F6DDDB5B04F3A0FCB440902E9565338238B3B239F427"},
  };
  for (const Case& one : cases) {
    TsigExchange exchange(key(one.hash));
    CHECK(wire::to_hex(exchange.sign(query, t0).mac) == one.request_mac);
    CHECK(wire::to_hex(exchange.sign(reply, t0 + 5s).mac) == one.reply_mac);
  }
}

TEST_CASE("a signed message is the message with one record more") {
  TsigExchange exchange(key());
  const SignedMessage signed_query = exchange.sign(query, t0);
  CHECK(wire::to_hex(signed_query.octets) ==
        "123400000001000000000001074578616D706C6503636F6D0000FC0001"
        "034B6579074578616D706C650000FA00FF00000000003D0B686D61632D7368613235360000006553F100012C00"
        "207B49AB57986823F6BA94BC81931553D47E35783447054870E4B2C5A5C65C0FE2123400000000");
  const Signature signature = find_signature(signed_query.octets);
  REQUIRE(signature.form == Signature::Form::Signed);
  CHECK(signature.record.key_name == "key.example."_name);
  CHECK(signature.record.at == query.size());
  CHECK(signature.record.tsig.time_signed == t0);
  CHECK(signature.record.tsig.fudge == 300s);
  CHECK(signature.record.tsig.mac == signed_query.mac);
  CHECK(tsig_from_rdata(to_rdata(signature.record.tsig)) == signature.record.tsig);
}

TEST_CASE("the messages of a transfer verify, signed or not in between") {
  TsigExchange exchange = asked();
  CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
  CHECK(exchange.verify(transfer[1], t0) == TsigVerdict::Pending);
  CHECK_FALSE(exchange.settled());
  CHECK(exchange.verify(transfer[2], t0) == TsigVerdict::Pending);
  CHECK(exchange.verify(transfer[3], t0) == TsigVerdict::Good);
  CHECK(exchange.settled());
  CHECK(exchange.verify(transfer[4], t0) == TsigVerdict::Good);
}

TEST_CASE("a transfer with a message left out, repeated or changed does not verify") {
  SUBCASE("left out") {
    TsigExchange exchange = asked();
    CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
    CHECK(exchange.verify(transfer[1], t0) == TsigVerdict::Pending);
    CHECK(exchange.verify(transfer[3], t0) == TsigVerdict::BadSig);
  }
  SUBCASE("repeated") {
    TsigExchange exchange = asked();
    CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
    CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::BadSig);
  }
  SUBCASE("changed") {
    TsigExchange exchange = asked();
    wire::Bytes changed = transfer[1];
    changed.back() ^= 1;
    CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
    CHECK(exchange.verify(changed, t0) == TsigVerdict::Pending);
    CHECK(exchange.verify(transfer[2], t0) == TsigVerdict::Pending);
    CHECK(exchange.verify(transfer[3], t0) == TsigVerdict::BadSig);
  }
  SUBCASE("of another request") {
    TsigExchange exchange(key());
    exchange.sign(query, t0 + 1s);
    CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::BadSig);
  }
}

TEST_CASE("behind a broken message the rest of a transfer may verify again") {
  wire::Bytes changed = transfer[3];
  changed[2] ^= 1;
  TsigExchange exchange = asked();
  CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
  CHECK(exchange.verify(changed, t0) == TsigVerdict::BadSig);
  exchange.go_on();
  CHECK(exchange.verify(transfer[4], t0) == TsigVerdict::Good);
}

TEST_CASE("every octet of a signed message counts, the id alone excepted") {
  const wire::Bytes signed_query = TsigExchange(key()).sign(query, t0).octets;
  for (std::size_t at = 2; at < signed_query.size(); ++at) {
    wire::Bytes changed = signed_query;
    changed[at] ^= 0x80;
    CAPTURE(at);
    CHECK(TsigExchange(key()).verify(changed, t0) != TsigVerdict::Good);
  }
  // A forwarder may have changed the id (RFC 8945 section 4.2, Original ID).
  wire::Bytes forwarded = signed_query;
  forwarded[0] ^= 0x80;
  CHECK(TsigExchange(key()).verify(forwarded, t0) == TsigVerdict::Good);
}

TEST_CASE("names of keys and algorithms compare without case") {
  wire::Bytes signed_query = TsigExchange(key()).sign(query, t0).octets;
  signed_query[query.size() + 1] ^= 0x20;   // "key" for "Key"
  signed_query[query.size() + 24] ^= 0x20;  // "Hmac-sha256" for "hmac-sha256"
  CHECK(TsigExchange(key()).verify(signed_query, t0) == TsigVerdict::Good);
}

TEST_CASE("a reply needs a signature, and so does every hundredth message of a transfer") {
  TsigExchange exchange = asked();
  CHECK(exchange.verify(reply, t0) == TsigVerdict::Missing);
  CHECK(exchange.verify(transfer[0], t0) == TsigVerdict::Good);
  for (int i = 0; i < 99; ++i) CHECK(exchange.verify(transfer[1], t0) == TsigVerdict::Pending);
  CHECK(exchange.verify(transfer[1], t0) == TsigVerdict::Missing);
}

TEST_CASE("a signature of another key or algorithm is not looked at") {
  CHECK(asked(key(HashAlgorithm::Sha512)).verify(transfer[0], t0) == TsigVerdict::BadKey);
  TsigKey other = key();
  other.name = "other.example."_name;
  CHECK(asked(other).verify(transfer[0], t0) == TsigVerdict::BadKey);
}

TEST_CASE("a right signature counts for the time of its fudge, before and after") {
  const auto at = [](std::chrono::seconds offset) {
    return asked().verify(transfer[0], t0 + 1s + offset);
  };
  CHECK(at(300s) == TsigVerdict::Good);
  CHECK(at(-300s) == TsigVerdict::Good);
  CHECK(at(301s) == TsigVerdict::BadTime);
  CHECK(at(-301s) == TsigVerdict::BadTime);
}

TEST_CASE("a wrong signature is wrong whatever its time") {
  wire::Bytes changed = transfer[0];
  changed[2] ^= 1;
  CHECK(asked().verify(changed, t0 + 9999s) == TsigVerdict::BadSig);
}

TEST_CASE("a MAC may be cut to half of the hash where the policy allows for it") {
  const auto verdict = [](std::size_t mac_octets, bool allowed) {
    TsigExchange client(key(HashAlgorithm::Sha256, mac_octets));
    const wire::Bytes signed_query = client.sign(query, t0).octets;
    return TsigExchange(key(), {.truncated_macs = allowed}).verify(signed_query, t0);
  };
  CHECK(verdict(32, false) == TsigVerdict::Good);
  CHECK(verdict(16, true) == TsigVerdict::Good);
  CHECK(verdict(16, false) == TsigVerdict::BadTrunc);
  CHECK(verdict(15, true) == TsigVerdict::Malformed);
  CHECK(verdict(9, true) == TsigVerdict::Malformed);
}

TEST_CASE("both sides of a conversation agree, with cut MACs too") {
  TsigExchange client(key(HashAlgorithm::Sha384, 24));
  TsigExchange server(key(HashAlgorithm::Sha384, 24));
  CHECK(server.verify(client.sign(query, t0).octets, t0 + 2s) == TsigVerdict::Good);
  for (int i = 0; i < 3; ++i)
    CHECK(client.verify(server.sign(reply, t0 + 3s).octets, t0 + 4s) == TsigVerdict::Good);
}

TEST_CASE("who refuses for the time signs it, with the own time beside") {
  TsigExchange client(key());
  TsigExchange server(key());
  CHECK(server.verify(client.sign(query, t0).octets, t0 + 1000s) == TsigVerdict::BadTime);
  const wire::Bytes refusal = server.sign(reply, t0 + 1000s, TsigError::BadTime).octets;
  CHECK(client.verify(refusal, t0) == TsigVerdict::Refused);
  REQUIRE(client.last());
  CHECK(client.last()->error == TsigError::BadTime);
  CHECK(client.last()->time_signed == t0);
  CHECK(wire::to_hex(client.last()->other) == "00006553F4E8");
}

TEST_CASE("who refuses for the key or the MAC signs nothing") {
  TsigExchange client(key());
  const Signature request = find_signature(client.sign(query, t0).octets);
  CHECK(client.verify(refuse(reply, request.record, TsigError::BadKey), t0) ==
        TsigVerdict::Refused);
  CHECK(client.last()->error == TsigError::BadKey);
  CHECK(client.last()->mac.empty());
}

TEST_CASE("a TSIG must be the last record, one, of class ANY and TTL 0") {
  const wire::Bytes good = TsigExchange(key()).sign(query, t0).octets;
  CHECK(find_signature(query).form == Signature::Form::Unsigned);
  CHECK(find_signature(good).form == Signature::Form::Signed);

  const std::size_t type_at = query.size() + 13;
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    wire::Bytes octets = good;
    octets[at] = value;
    return find_signature(octets).form;
  };
  CHECK(changed(type_at + 3, 1) == Signature::Form::Malformed);  // class IN
  CHECK(changed(type_at + 7, 1) == Signature::Form::Malformed);  // TTL 1
  CHECK(changed(type_at + 9, 60) == Signature::Form::Malformed);
  CHECK(changed(11, 2) == Signature::Form::Malformed);
  CHECK(changed(11, 0) == Signature::Form::Malformed);

  wire::Bytes twice = TsigExchange(key()).sign(good, t0).octets;
  CHECK(find_signature(twice).form == Signature::Form::Malformed);
  wire::Bytes longer = good;
  longer.push_back(0);
  CHECK(find_signature(longer).form == Signature::Form::Malformed);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(find_signature(std::span(good).first(size)).form == Signature::Form::Malformed);
}
