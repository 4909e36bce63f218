// +validate: whether an answer is to be believed, found here and not by the server (RFC 4035
// section 5), and why: the chain of trust from the anchor down, with key tags, algorithms, times
// and proofs. Any resolver will do that gives DNSSEC records, since it is asked not to judge (CD);
// so will the servers of a zone, with an anchor of that zone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cdig/chain_of_trust.hpp"

namespace cairn::cdig {

struct Validation {
  wire::Question question;
  wire::Security security = wire::Security::Indeterminate;
  std::optional<wire::ExtendedError> why;  // unless Secure
  std::vector<ChainLink> links;            // from the anchor down; then the sets of the reply
};

/// "secure", "insecure", "bogus", "indeterminate"
std::string to_text(wire::Security security);

Validation validate(const wire::Question& question, const wire::Message& reply, Fetch fetch,
                    std::span<const dnssec::TrustAnchor> anchors, std::chrono::sys_seconds now);

/// Drawn, each line behind ";; ".
std::string validation_text(const Validation& validation);

}  // namespace cairn::cdig
