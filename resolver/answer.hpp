// What a resolution concludes: sections as they go to the client, and the reason when it failed.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "wire/edns.hpp"
#include "wire/rrset.hpp"
#include "wire/types.hpp"

namespace cairn::resolver {

struct Answer {
  wire::Rcode rcode = wire::Rcode::SERVFAIL;
  std::vector<wire::RRset> answer;     // aliases first, in the order of the chain
  std::vector<wire::RRset> authority;  // SOA and proofs of a negative answer
  std::optional<wire::ExtendedError> error;
  bool remembered = false;     // a failure out of the cache, where it must not become younger
  bool of_the_moment = false;  // a failure that says nothing of the next time: not to be remembered
  bool out_of_budget = false;  // the fault of the query that paid for it, not of the question
  bool bogus = false;          // a failure because of what was judged: nothing else will do instead
  // No set of it is more: the least verdict of its pieces, and Unchecked where its end has no set
  // that could be judged.
  wire::Security at_most = wire::Security::Secure;
};

/// Every set of it, and with it what it denies.
inline wire::Security security_of(const Answer& answer) {
  if (answer.answer.empty() && answer.authority.empty()) return wire::Security::Unchecked;
  auto least = answer.at_most;
  for (const auto* sets : {&answer.answer, &answer.authority})
    for (const wire::RRset& set : *sets) least = std::min(least, set.security);
  return least;
}

inline Answer failure(wire::ExtendedErrorCode code, std::string why) {
  Answer answer;
  answer.error = wire::ExtendedError{code, std::move(why)};
  return answer;
}

}  // namespace cairn::resolver
