// A reply as judge() wants it: the chain of the question set by set, in its order, and the proofs
// that came with it (RFC 4035 section 3.1).
#pragma once

#include <optional>
#include <vector>

#include "dnssec/judge.hpp"
#include "wire/message.hpp"

namespace cairn::cdig {

struct Told {
  wire::Question question;
  dnssec::Claim claim = dnssec::Claim::Answer;
  std::vector<wire::RRset> answer;
  std::vector<wire::RRset> authority;

  dnssec::Response response() { return {question, claim, answer, authority}; }
};

/// The zone whose servers are to be asked instead, if that is all that the reply says.
std::optional<wire::Name> referred_to(const wire::Message& reply);

/// What does not belong to the chain of the question is left out.
Told told_by(const wire::Message& reply, const wire::Question& question);

}  // namespace cairn::cdig
