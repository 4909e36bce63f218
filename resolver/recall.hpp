// Step 1 of RFC 1034 section 5.3.3: the answer, or the next piece of it, out of what is known
// already: our own zones and the cache.
//
// Normally nothing expired counts. When the servers that ought to be asked do not answer, what has
// expired not too long ago is better than nothing (serve-stale, RFC 8767).
#pragma once

#include <optional>

#include "resolver/answer.hpp"
#include "resolver/known.hpp"
#include "resolver/step.hpp"
#include "wire/question.hpp"

namespace cairn::resolver {

enum class Freshness : std::uint8_t { Live, OrExpired };

struct Recalled {
  Answer answer;                       // of this name
  std::optional<wire::Name> leads_to;  // it is an alias of that name, and the answer has the links
  bool expired = false;
};

/// What was not judged counts where nothing is judged, and for those who want it `unchecked`.
std::optional<Recalled> recall(const wire::Question& question, const Known& known,
                               Freshness freshness, Trace& trace, wire::Instant now,
                               bool unchecked = false);

/// Which questions to ask again, so that the cached answer to `question` lives on: those on its
/// chain whose answers end within `left`.
std::vector<wire::Question> aging(const wire::Question& question, wire::Duration left,
                                  const Known& known, wire::Instant now);

/// The whole answer with the help of what has expired, and an extended error that says so; nullopt
/// if there is none, or nothing in it has expired. `why` is the reason for taking it.
std::optional<Answer> expired_answer(const wire::Question& question, const Known& known,
                                     const std::string& why, Trace& trace, wire::Instant now,
                                     bool unchecked = false);

}  // namespace cairn::resolver
