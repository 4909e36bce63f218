// One run of the simulation: an Internet, clients that ask, join, repeat and go away, and eight
// laws that hold whatever happens.
//
// 1. The answer is the true one, or a SERVFAIL that a truly broken path explains.
// 2. When nobody waits, nothing is left: no job, no open socket.
// 3. No question costs more than its budget, and the trace tells all that was sent.
// 4. Nothing in the cache is false.
// 5. The same seed makes the same trace.
// 6. The cache stays within its bytes.
// 7. What is called Secure is true, and is signed from the root down, whatever servers forge: where
//    they lie of their own zones, laws 1 and 4 hold for what is Secure alone.
// 8. Where the whole way is signed and nothing is in the way, the answer is called Secure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::sim {

struct Outcome {
  std::vector<std::string> broken;  // laws, each with what broke it
  std::string trace;                // all that was done, for a person; and what law 5 compares
  unsigned questions = 0;
  unsigned servfails = 0;  // that the prospect allows
  unsigned obstructed_failures = 0;
  unsigned secure = 0;  // answers
  std::uint64_t sends = 0;
};

Outcome run(std::uint64_t seed);

}  // namespace cairn::sim
