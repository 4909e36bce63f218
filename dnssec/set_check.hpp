// One record set and the signatures that came with it, while they are tried: what judge_set() and
// judge_keys() have in common. It does the cheap tests first, counts the dear one, and remembers
// the best reason why nothing held.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dnssec/canonical_set.hpp"
#include "dnssec/rrsig.hpp"

namespace cairn::dnssec {

class SetCheck {
 public:
  /// Signatures by `zone`; everything is borrowed.
  SetCheck(const wire::RRset& set, const wire::Name& zone, Work& work, std::chrono::sys_seconds now,
           const Policy& policy);

  /// Tries the signatures in their order with those of `keys` that they name, until one holds, or
  /// no more may be tried.
  std::optional<SetVerdict> signed_by(std::span<const PublicKey> keys);

  /// Why nothing held so far.
  wire::ExtendedError reason() const;

 private:
  /// Why a signature was of no use: the later, the nearer it came.
  enum class Trouble : std::uint8_t {
    NoSignature,
    Unusable,
    UnknownAlgorithm,
    NoKey,
    WeakKey,
    Expires,  // before its inception
    NotYetValid,
    Expired,
    Wrong,
    Refused,
  };
  struct Candidate {
    std::size_t place;  // in set.signatures
    Rrsig rrsig;
    wire::Name owner;  // that the set was signed under
  };

  void consider(std::size_t place, wire::RdataView rdata);
  bool is_of_use(const Rrsig& rrsig) const;
  bool try_key(const Candidate& candidate, const PublicKey& key);
  SetVerdict secure(const Candidate& candidate) const;
  void note(Trouble trouble, const Rrsig* rrsig = nullptr);

  const wire::RRset& set_;
  const wire::Name& zone_;
  Work& work_;
  std::chrono::sys_seconds now_;
  const Policy& policy_;
  std::vector<Candidate> candidates_;
  std::optional<CanonicalSet> canonical_;  // made for the first key that is tried
  Trouble trouble_ = Trouble::NoSignature;
  Rrsig troubled_;  // without its signature
};

}  // namespace cairn::dnssec
