// What -h and a wrong command line show. The options come from their table.
#pragma once

#include <string>

namespace cairn::cdig {

std::string usage_text();
std::string help_text();

}  // namespace cairn::cdig
