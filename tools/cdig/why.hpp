// +why: the steps behind an answer, as the cairnd on this host tells them over its control socket:
// the trace that `cairnctl explain` draws, as comments below the answer, or as a JSON object.
#pragma once

#include <string>

#include "tools/cdig/print.hpp"
#include "wire/question.hpp"

namespace cairn::cdig {

/// Has the daemon resolve `question`, and draws its steps, each line behind ";; ". In place of
/// steps, why there are none and the remedy. `socket`: empty for the usual one.
std::string why_text(const wire::Question& question, const std::string& socket,
                     const Display& display);

}  // namespace cairn::cdig
