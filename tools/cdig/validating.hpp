// +validate as part of a lookup: how the question is asked, whom the questions behind it go to, and
// where the anchors come from.
#pragma once

#include <span>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

/// With signatures, and what a resolver thinks of them does not matter (RFC 4035 section 3.2.2).
void ask_for_signatures(QueryForm& form);

/// Judges the reply, asking `servers` for what is missing, and shows it; the exit code.
int show_validation(const Lookup& lookup, const wire::Question& question,
                    const wire::LooseMessage& reply, std::span<const Server> servers,
                    const System& system, Output& output);

}  // namespace cairn::cdig
