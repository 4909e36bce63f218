// The judgement of one response (RFC 4035 section 5): is what it says Secure, Insecure, Bogus with
// the reason, or Indeterminate?
//
// judge() knows nothing but the response, the clock, and what it asks of Trusts: which zone a name
// lies in and what is known of that zone's keys. Where that is not known yet it says so (Missing),
// and is called again, from the start, when it is. It reads the claim of the response as a server
// would have to defend it: each set of the chain by a signature of its zone, each wildcard by a
// proof that nothing closer exists, each denial by a proof of the zone that may deny it.
//
// Whom to ask is taken from the response (the signer of a set, the SOA of a denial), so that no
// question is spent on names that are no zones. But the response is a stranger's word: only what
// ends Secure at exactly that zone is taken; all else is decided by the zone in which the owner
// itself lies. So nobody is downgraded by naming a signer that is not secure.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <variant>

#include "dnssec/algorithm.hpp"
#include "dnssec/work.hpp"
#include "dnssec/zone_keys.hpp"
#include "wire/edns.hpp"
#include "wire/question.hpp"
#include "wire/rrset.hpp"

namespace cairn::dnssec {

/// What is known of a zone's keys.
struct Trust {
  wire::Name zone;
  wire::Security security = wire::Security::Indeterminate;  // all but Unchecked
  std::shared_ptr<const ZoneKeys> keys;                     // when Secure
  std::optional<wire::ExtendedError> why;                   // when not
};

class Trusts {
 public:
  virtual ~Trusts() = default;
  /// Of the zone in which `name` lies: of the deepest zone at or above it. Where the chain of trust
  /// ends before (no DS, a negative trust anchor, a chain that is broken), of the zone where it
  /// ends. nullptr: not known yet. What is returned lives as long as one judge().
  virtual const Trust* of(const wire::Name& name) const = 0;
};

/// What a response says.
enum class Claim : std::uint8_t {
  Answer,    // the chain ends in what was asked for; or in a DNAME that makes too long a name
  Alias,     // the chain leads elsewhere; nothing is said of its end
  NoData,    // the last name of the chain has no such type
  NxDomain,  // the last name of the chain does not exist
};

struct Response {
  wire::Question question;
  Claim claim = Claim::Answer;
  /// The chain in its order, from the question's name on. The CNAME that a DNAME implies stands
  /// behind it, without signatures.
  std::span<wire::RRset> answer;
  /// SOA, NSEC and NSEC3 sets: of a denial, and of wildcards that sets of the answer were made
  /// from. Other sets stay Unchecked. For the DS of a delegation: what came with the referral (no
  /// SOA is needed).
  std::span<wire::RRset> authority;
};

/// The least of all sets and proofs.
struct Judged {
  wire::Security security = wire::Security::Bogus;
  std::optional<wire::ExtendedError> why;  // when Bogus; or why it is not Secure, if there is more
                                           // to say than that the zone is not signed
  /// NoData for a DS question, Secure: the name is a delegation, to a zone that is not signed.
  /// Otherwise there is no zone cut at this name.
  bool cut = false;
  /// NxDomain is claimed, and the proofs show that the name is there, without that type: NoData is
  /// what was proved.
  bool exists = false;
};
/// The trust of the zone of this name must be known first.
struct Missing {
  wire::Name name;
};
using Verdict = std::variant<Judged, Missing>;

/// Sets `security` of the sets that it judges, and takes their TTL down to what signatures and
/// proofs allow (RFC 4035 section 5.3.3).
Verdict judge(Response response, const Trusts& trusts, Work& work, std::chrono::sys_seconds now,
              const Policy& policy);

}  // namespace cairn::dnssec
