// dig's text with colours for a terminal (+color): comments stand back, owners, types and data
// come forward. The text itself is the same: without the escape sequences nothing is different.
#pragma once

#include <string>
#include <string_view>

namespace cairn::cdig {

std::string colored(std::string_view text);

}  // namespace cairn::cdig
