// cdig: asks name servers and shows what they say, in dig's words and with dig's command line.

#include <string_view>
#include <vector>

#include "tools/cdig/run.hpp"

// NOLINTNEXTLINE(bugprone-exception-escape): only exhausted memory throws, and that may end us.
int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  return cairn::cdig::run(argc > 0 ? argv[0] : "cdig", words);
}
