// What a resolution concludes: sections as they go to the client, and the reason when it failed.
#pragma once

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
};

inline Answer failure(wire::ExtendedErrorCode code, std::string why) {
  Answer answer;
  answer.error = wire::ExtendedError{code, std::move(why)};
  return answer;
}

}  // namespace cairn::resolver
