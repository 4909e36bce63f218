// Protection from DNS rebinding: a web page of a public name whose address is suddenly one of the
// local network lets strangers speak to the devices there through the visitor's browser (Dean,
// Felten, Wallach 1996; Jackson et al. 2007). So private addresses of public names are not told.
//
// Addresses are taken out and the others stay; where none is left the answer is empty, with an
// extended error that says why. The cache keeps what servers said: whose server lives in a private
// network can be asked all the same.
#pragma once

#include <vector>

#include "resolver/answer.hpp"
#include "resolver/known.hpp"
#include "wire/question.hpp"

namespace cairn::resolver {

/// Not those for books (192.0.2.0/24 and the like): nobody lives there.
bool is_private(const wire::IpAddress& address, const Settings& settings);

/// What clients are told in place of `answer`. Names in zones of ours, in forward and stub zones
/// (but for the root's) and in the operator's exceptions may have what addresses they like, if the
/// question was for such a name as well: an alias is how a public name would get one of these.
void take_out_private(Answer& answer, const wire::Question& question, const Known& known);

}  // namespace cairn::resolver
