// A line as BIND's libraries log it to standard error, with the time in front: dig lets them speak
// for themselves about some files that cannot be used.
#pragma once

#include <string>

namespace cairn::cdig {

/// "21-Nov-2026 13:38:02.273 text" and the end of the line.
std::string log_line(const std::string& text);

}  // namespace cairn::cdig
