#include "dnssec/public_key.hpp"

#include <mutex>
#include <optional>

#include "dnssec/crypto_keys.hpp"

namespace cairn::dnssec {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t fixed_octets = 4;  // flags, protocol, algorithm
constexpr std::uint8_t dnssec_protocol = 3;

}  // namespace

std::uint16_t key_tag(Octets dnskey) {
  // RSA/MD5 had a rule of its own: the last octets but one of the modulus (appendix B.1).
  if (dnskey.size() > fixed_octets + 2 && dnskey[3] == 1)
    return static_cast<std::uint16_t>(dnskey[dnskey.size() - 3] << 8 | dnskey[dnskey.size() - 2]);
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < dnskey.size(); ++at)
    sum += at % 2 == 0 ? std::uint32_t{dnskey[at]} << 8 : dnskey[at];
  sum += sum >> 16 & 0xffff;
  return static_cast<std::uint16_t>(sum & 0xffff);
}

struct PublicKey::State {
  wire::Bytes rdata;
  std::uint16_t tag = 0;
  mutable std::once_flag imported;
  mutable std::optional<VerifyingKey> key;

  explicit State(Octets dnskey)
      : rdata(dnskey.begin(), dnskey.end()), tag(dnssec::key_tag(dnskey)) {
    if (rdata.size() < fixed_octets) rdata.assign(fixed_octets, 0);
  }
  Octets public_octets() const { return Octets{rdata}.subspan(fixed_octets); }
};

PublicKey::PublicKey(Octets dnskey) : state_(std::make_shared<const State>(dnskey)) {}

std::uint16_t PublicKey::flags() const {
  return static_cast<std::uint16_t>(state_->rdata[0] << 8 | state_->rdata[1]);
}

std::uint8_t PublicKey::protocol() const {
  return state_->rdata[2];
}

Algorithm PublicKey::algorithm() const {
  return static_cast<Algorithm>(state_->rdata[3]);
}

std::uint16_t PublicKey::key_tag() const {
  return state_->tag;
}

Octets PublicKey::rdata() const {
  return state_->rdata;
}

bool PublicKey::may_sign() const {
  return is_zone_key() && protocol() == dnssec_protocol && !is_revoked() && is_known(algorithm());
}

std::size_t PublicKey::rsa_bits() const {
  const auto numbers = is_rsa(algorithm()) ? rsa_numbers(state_->public_octets()) : std::nullopt;
  return numbers ? bits(numbers->modulus) : 0;
}

bool PublicKey::verifies(Octets octets, Octets signature) const {
  std::call_once(state_->imported, [this] {
    state_->key = VerifyingKey::import(algorithm(), state_->public_octets());
  });
  return state_->key && state_->key->verifies(octets, signature);
}

}  // namespace cairn::dnssec
