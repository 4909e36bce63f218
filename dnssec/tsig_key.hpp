// Keys of transaction signatures (RFC 8945 section 6): a name that both sides know, an algorithm
// and a secret. They come as words of a command line ("hmac-sha256:name:base64") or as the text of
// a key file: tsig-keygen's `key "name" { algorithm ...; secret "..."; };`, or the pair of files
// that dnssec-keygen once made for a key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dnssec/crypto.hpp"
#include "wire/name.hpp"
#include "wire/result.hpp"

namespace cairn::dnssec {

/// An algorithm of RFC 8945 section 6, and how much of its MAC is sent.
struct TsigAlgorithm {
  HashAlgorithm hash = HashAlgorithm::Sha256;
  std::size_t mac_octets = 32;

  bool operator==(const TsigAlgorithm&) const = default;
};

/// "hmac-sha256", also truncated to so many bits: "hmac-sha256-128"; in any case. "hmac-md5" has
/// its long name as well, "hmac-md5.sig-alg.reg.int". nullopt for what is none, or is cut to less
/// than half of the hash or 80 bits (RFC 8945 section 5.2.2.1).
std::optional<TsigAlgorithm> tsig_algorithm_from_text(std::string_view text);

/// As it stands in the record (RFC 8945 section 6): "hmac-sha256."
const wire::Name& tsig_algorithm_name(HashAlgorithm hash);
std::optional<HashAlgorithm> tsig_algorithm_named(const wire::Name& name);

struct TsigKey {
  wire::Name name;
  TsigAlgorithm algorithm;
  Secret secret;

  bool operator==(const TsigKey&) const = default;
};

/// A key as the words of its clause; empty where it has none.
struct TsigKeyText {
  std::string name, algorithm, secret;
  std::size_t name_line = 0, algorithm_line = 0, secret_line = 0;
};

/// The clause of named.conf as words, of which no meaning is asked yet.
wire::Result<TsigKeyText> tsig_key_text_from_clause(std::string_view text);

/// The clause of named.conf: comments and other statements inside of it are allowed, other clauses
/// are skipped, the first key counts. The sentence of an error names the line.
wire::Result<TsigKey> tsig_key_from_clause(std::string_view text);

/// The two halves of an old key: the KEY record of "K*.key" gives the name, "K*.private" (format
/// v1.x) gives algorithm and secret.
wire::Result<TsigKey> tsig_key_from_pair(std::string_view key_text, std::string_view private_text);

}  // namespace cairn::dnssec
