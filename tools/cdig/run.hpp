// A run of cdig from its words to its exit code: ~/.digrc, the command line, its lookups, and the
// lines of a batch file as further command lines.
#pragma once

#include <string>

#include "tools/cdig/command_line.hpp"

namespace cairn::cdig {

/// `program`: as it was called, for error messages.
int run(const std::string& program, Words words);

}  // namespace cairn::cdig
