#include "dnssec/signer.hpp"

#include <array>

#include "dnssec/canonical_set.hpp"
#include "dnssec/crypto_keys.hpp"
#include "dnssec/public_key.hpp"
#include "wire/codes.hpp"
#include "wire/octets_text.hpp"

namespace cairn::dnssec {

namespace {

using wire::Error;

// What stands in the files for each algorithm; what else is there (times of a key's life) says
// nothing of the key itself.
constexpr std::array<std::string_view, 9> part_names{
    "Modulus",   "PublicExponent", "PrivateExponent", "Prime1",    "Prime2",
    "Exponent1", "Exponent2",      "Coefficient",     "PrivateKey"};

struct Field {
  std::string_view name, value;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::vector<Field> fields(std::string_view text) {
  std::vector<Field> fields;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (const std::size_t colon = line.find(':'); colon != line.npos)
      fields.push_back({trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))});
  }
  return fields;
}

/// How many octets of a private key ECDSA and EdDSA have; 0 for RSA.
std::size_t secret_octets(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::ECDSAP256SHA256:
    case Algorithm::ED25519:
      return 32;
    case Algorithm::ECDSAP384SHA384:
      return 48;
    case Algorithm::ED448:
      return 57;
    default:
      return 0;
  }
}

}  // namespace

struct PrivateKey::State {
  SigningSecret secret;
};

std::optional<PrivateKey> PrivateKey::generate(Algorithm algorithm, std::size_t rsa_bits) {
  auto secret = SigningSecret::generate(algorithm, rsa_bits);
  if (!secret) return std::nullopt;
  return PrivateKey{std::make_shared<const State>(State{std::move(*secret)})};
}

std::optional<PrivateKey> PrivateKey::from_seed(Algorithm algorithm,
                                                std::span<const std::uint8_t> seed) {
  const std::size_t octets = secret_octets(algorithm);
  if (octets == 0) return std::nullopt;
  Digest number = digest(HashAlgorithm::Sha512, {seed});
  // Below the order of either curve, which begins with 32 ones, and not zero.
  number.octets[0] &= 0x7f;
  number.octets[octets - 1] |= 1;
  const std::array<KeyPart, 1> parts{
      {{"PrivateKey", Secret(std::span{number.octets}.first(octets))}}};
  auto secret = SigningSecret::from_parts(algorithm, parts);
  if (!secret) return std::nullopt;
  return PrivateKey{std::make_shared<const State>(State{std::move(*secret)})};
}

wire::Result<PrivateKey> PrivateKey::from_text(std::string_view text) {
  std::optional<Algorithm> algorithm;
  std::vector<KeyPart> parts;
  for (const auto& [name, value] : fields(text)) {
    if (name == "Private-key-format" && !value.starts_with("v1."))
      return Error{"expected Private-key-format v1.3, found '" + std::string(value) + "'"};
    if (name == "Algorithm") {
      // "13 (ECDSAP256SHA256)"
      const auto number = wire::decimal_from_text(value.substr(0, value.find(' ')), 255);
      if (!number || !is_known(static_cast<Algorithm>(*number)))
        return Error{"'Algorithm: " + std::string(value) + "' is none that can sign"};
      algorithm = static_cast<Algorithm>(*number);
    }
    for (const std::string_view part : part_names) {
      if (name != part) continue;
      // The value itself is a secret: it is not repeated.
      auto octets = wire::from_base64(value);
      if (!octets) return Error{"what stands behind '" + std::string(part) + ":' is not base64"};
      parts.push_back({part, Secret(std::move(*octets))});
    }
  }
  if (!algorithm) return Error{"no 'Algorithm:' in the private key"};
  auto secret = SigningSecret::from_parts(*algorithm, parts);
  if (!secret)
    return Error{"the parts of the private key are not one of " + dnssec::to_text(*algorithm)};
  return PrivateKey{std::make_shared<const State>(State{std::move(*secret)})};
}

std::string PrivateKey::to_text() const {
  std::string text =
      "Private-key-format: v1.3\nAlgorithm: " + std::to_string(static_cast<unsigned>(algorithm())) +
      " (" + dnssec::to_text(algorithm()) + ")\n";
  for (const KeyPart& part : state_->secret.parts())
    text += std::string(part.name) + ": " + wire::to_base64(part.value.octets()) + "\n";
  return text;
}

Algorithm PrivateKey::algorithm() const {
  return state_->secret.algorithm();
}

wire::Bytes PrivateKey::public_octets() const {
  return state_->secret.public_octets();
}

wire::Bytes PrivateKey::sign(std::span<const std::uint8_t> octets) const {
  return state_->secret.sign(octets);
}

wire::Bytes SigningKey::dnskey() const {
  wire::Bytes rdata{static_cast<std::uint8_t>(flags >> 8), static_cast<std::uint8_t>(flags & 0xff),
                    3, static_cast<std::uint8_t>(key.algorithm())};
  const wire::Bytes octets = key.public_octets();
  rdata.insert(rdata.end(), octets.begin(), octets.end());
  return rdata;
}

wire::Bytes SigningKey::ds(DigestType type) const {
  return to_rdata(make_ds(zone, dnskey(), type));
}

std::uint16_t SigningKey::key_tag() const {
  return dnssec::key_tag(dnskey());
}

wire::Bytes sign(const wire::RRset& set, const SigningKey& key, Period period) {
  const auto serial = [](std::chrono::sys_seconds time) {
    return static_cast<std::uint32_t>(time.time_since_epoch().count());
  };
  Rrsig rrsig;
  rrsig.covered = set.type;
  rrsig.algorithm = key.key.algorithm();
  rrsig.labels = signed_labels(set.owner);
  rrsig.original_ttl = set.ttl.seconds;
  rrsig.expiration = serial(period.expiration);
  rrsig.inception = serial(period.inception);
  rrsig.key_tag = key.key_tag();
  rrsig.signer = key.zone;
  rrsig.signature = key.key.sign(CanonicalSet(set).signed_octets(set.owner, rrsig));
  return to_rdata(rrsig);
}

std::optional<wire::Bytes> sign_as(const wire::RRset& set, const PrivateKey& key, Rrsig fields) {
  const auto octets = signed_octets(set, fields);
  if (!octets) return std::nullopt;
  fields.signature = key.sign(*octets);
  return to_rdata(fields);
}

}  // namespace cairn::dnssec
