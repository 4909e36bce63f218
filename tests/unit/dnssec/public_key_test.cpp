#include "dnssec/public_key.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "dnssec/crypto.hpp"
#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;

namespace {

const wire::Bytes message{'d', 'a', 't', 'a'};

wire::Bytes rsa_key(const wire::Bytes& exponent, const wire::Bytes& modulus) {
  wire::Bytes rdata{1,
                    0,
                    3,
                    8,
                    0,
                    static_cast<std::uint8_t>(exponent.size() >> 8),
                    static_cast<std::uint8_t>(exponent.size() & 0xff)};
  rdata.insert(rdata.end(), exponent.begin(), exponent.end());
  rdata.insert(rdata.end(), modulus.begin(), modulus.end());
  return rdata;
}

/// An odd number of so many octets.
wire::Bytes number(std::size_t octets) {
  wire::Bytes number(octets, 0xff);
  return number;
}

}  // namespace

TEST_CASE("a key's flags, protocol and algorithm decide whether it may sign") {
  struct Case {
    wire::Bytes rdata;
    bool may_sign;
  };
  const Case cases[] = {
      {{1, 1, 3, 15, 0}, true},
      {{1, 0, 3, 15, 0}, true},
      {{0, 1, 3, 15, 0}, false},
      {{1, 0x81, 3, 15, 0}, false},
      {{1, 1, 4, 15, 0}, false},
      {{1, 1, 3, 0, 0}, false},
      {{1, 1, 3, 12, 0}, false},
      {{1, 1, 3, 253, 0}, false},
      {{1, 1, 3, 15}, true},
      {{1, 1, 3}, false},
      {{}, false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.rdata.size());
    const PublicKey key(one.rdata);
    CHECK(key.may_sign() == one.may_sign);
    CHECK_FALSE(key.verifies(message, wire::Bytes(64, 0)));
  }
}

TEST_CASE("to revoke a key changes its tag by 128") {
  const SigningKey mine = key("example."_name);
  wire::Bytes revoked = mine.dnskey();
  revoked[1] |= 0x80;
  CHECK(static_cast<std::uint16_t>(mine.key_tag() + 128) == key_tag(revoked));
}

TEST_CASE("a key of RSA/MD5 has a tag of its own rule") {
  CHECK(key_tag(wire::Bytes{1, 0, 3, 1, 1, 3, 0xAB, 0xCD, 0xEF}) == 0xABCD);
}

TEST_CASE("RSA keys that no honest zone has verify nothing, and cost nothing") {
  const wire::Bytes f4{1, 0, 1};
  struct Case {
    const char* what;
    wire::Bytes rdata;
  };
  const Case cases[] = {
      {"no octets", {1, 0, 3, 8}},
      {"length of the exponent alone", {1, 0, 3, 8, 0}},
      {"an exponent beyond the end", {1, 0, 3, 8, 200, 1, 2}},
      {"no modulus", rsa_key(f4, {})},
      {"modulus 0", rsa_key(f4, wire::Bytes(128, 0))},
      {"modulus 1", rsa_key(f4, {1})},
      {"an even modulus", rsa_key(f4,
                                  [] {
                                    auto n = number(128);
                                    n.back() = 0xfe;
                                    return n;
                                  }())},
      {"a modulus of 8192 bits", rsa_key(f4, number(1024))},
      {"a modulus of 4104 bits", rsa_key(f4, number(513))},
      {"a modulus of 500 bits", rsa_key(f4, number(62))},
      {"exponent 0", rsa_key({0}, number(128))},
      {"exponent 1", rsa_key({1}, number(128))},
      {"exponent 1 behind zeros", rsa_key({0, 0, 1}, number(128))},
      {"exponent 2", rsa_key({2}, number(128))},
      {"exponent 65536", rsa_key({1, 0, 0}, number(128))},
      {"an exponent of 36 bits", rsa_key({0x0f, 0xff, 0xff, 0xff, 0xff}, number(128))},
      {"an exponent of 1024 bits", rsa_key(number(128), number(128))},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    CHECK_FALSE(PublicKey(one.rdata).verifies(message, wire::Bytes(128, 0)));
    CHECK_FALSE(PublicKey(one.rdata).verifies(message, wire::Bytes(128, 1)));
  }
}

// With exponent 1 the padded digest is its own signature: a key that anybody can sign with.
TEST_CASE("a signature by an exponent of 1 is not believed") {
  const wire::Bytes digest_info{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
  wire::Bytes padded{0, 1};
  padded.resize(128 - 32 - digest_info.size() - 1, 0xff);
  padded.push_back(0);
  padded.insert(padded.end(), digest_info.begin(), digest_info.end());
  const Digest hash = digest(HashAlgorithm::Sha256, {message});
  padded.insert(padded.end(), hash.view().begin(), hash.view().end());
  REQUIRE(padded.size() == 128);
  CHECK_FALSE(PublicKey(rsa_key({1}, number(128))).verifies(message, padded));
}

TEST_CASE("an RSA key may have its numbers behind zeros, and an exponent of 2^32 + 1") {
  const SigningKey mine = key("example."_name, Algorithm::RSASHA256);
  const wire::Bytes plain = mine.key.public_octets();  // one octet of length, then 3 of exponent
  REQUIRE(plain[0] == 3);
  wire::Bytes modulus(plain.begin() + 4, plain.end());
  modulus.insert(modulus.begin(), 2, 0);
  const PublicKey padded(rsa_key({0, 1, 0, 1}, modulus));
  CHECK(padded.rsa_bits() == 1024);
  CHECK(padded.verifies(message, mine.key.sign(message)));
}

TEST_CASE("octets that are no point of the curve are no key") {
  for (const auto& [algorithm, octets] :
       {std::pair{Algorithm::ECDSAP256SHA256, 64}, std::pair{Algorithm::ECDSAP384SHA384, 96}}) {
    CAPTURE(to_text(algorithm));
    const SigningKey mine = key("example."_name, algorithm);
    const wire::Bytes signature = mine.key.sign(message);
    wire::Bytes rdata = mine.dnskey();
    CHECK(PublicKey(rdata).verifies(message, signature));
    rdata.back() ^= 1;
    CHECK_FALSE(PublicKey(rdata).verifies(message, signature));
    CHECK_FALSE(
        PublicKey(wire::Bytes(rdata.begin(), rdata.end() - 1)).verifies(message, signature));
    wire::Bytes zeros{1, 0, 3, static_cast<std::uint8_t>(algorithm)};
    zeros.resize(zeros.size() + static_cast<std::size_t>(octets), 0);
    CHECK_FALSE(PublicKey(zeros).verifies(message, signature));
  }
}

TEST_CASE("r and s of ECDSA must lie between 1 and the order") {
  const SigningKey mine = key("example."_name, Algorithm::ECDSAP256SHA256);
  const PublicKey mine_public(mine.dnskey());
  const wire::Bytes right = mine.key.sign(message);
  const auto with_half = [&](std::size_t at, std::uint8_t octet) {
    wire::Bytes signature = right;
    std::fill_n(signature.begin() + static_cast<std::ptrdiff_t>(at), 32, octet);
    return signature;
  };
  CHECK(mine_public.verifies(message, right));
  for (const std::size_t half : {std::size_t{0}, std::size_t{32}}) {
    CHECK_FALSE(mine_public.verifies(message, with_half(half, 0)));
    CHECK_FALSE(mine_public.verifies(message, with_half(half, 0xff)));
  }
  CHECK_FALSE(mine_public.verifies(message, wire::Bytes(64, 0)));
}

TEST_CASE("EdDSA keys of another size, and S beyond the order, are refused") {
  const SigningKey mine = key("example."_name);
  const wire::Bytes right = mine.key.sign(message);
  const wire::Bytes rdata = mine.dnskey();
  CHECK(PublicKey(rdata).verifies(message, right));
  CHECK_FALSE(PublicKey(wire::Bytes(rdata.begin(), rdata.end() - 1)).verifies(message, right));
  wire::Bytes large = right;
  large.back() |= 0xe0;
  CHECK_FALSE(PublicKey(rdata).verifies(message, large));
}

TEST_CASE("threads may share a key from its first use on") {
  const SigningKey mine = key("example."_name, Algorithm::ECDSAP256SHA256);
  const wire::Bytes signature = mine.key.sign(message);
  const PublicKey shared(mine.dnskey());
  std::array<int, 4> good{};
  std::vector<std::thread> threads;
  for (int& count : good)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) count += shared.verifies(message, signature);
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : good) CHECK(count == 20);
}
