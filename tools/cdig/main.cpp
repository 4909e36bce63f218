// cdig: asks name servers and shows what they say, in dig's words and with dig's command line.

#include <cstdio>
#include <string_view>
#include <vector>

#include "tools/cdig/lookup.hpp"
#include "tools/cdig/options.hpp"

// NOLINTNEXTLINE(bugprone-exception-escape): only exhausted memory throws, and that may end us.
int main(int argc, char** argv) {
  using namespace cairn::cdig;
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const auto parsed = parse_command_line(words);
  if (const auto* error = std::get_if<UsageError>(&parsed)) {
    std::fprintf(stderr, "%s\n", error->message.c_str());
    if (error->usage) {
      std::fprintf(stderr, "%s\nUse \"cdig -h\" for complete list of options\n",
                   usage_text().c_str());
    }
    return error->exit_code;
  }
  const auto& command = std::get<CommandLine>(parsed);
  for (const std::string& warning : command.warnings) std::fprintf(stderr, "%s\n", warning.c_str());
  switch (command.action) {
    case CommandLine::Action::Help:
      std::fputs(help_text().c_str(), stdout);
      return exit_answered;
    case CommandLine::Action::Version:
      std::puts("cdig " CAIRN_VERSION);
      return exit_answered;
    case CommandLine::Action::LookUp:
      break;
  }
  Output output(command.words, command.show_command);
  int exit_code = exit_answered;
  for (const Lookup& lookup : command.lookups) {
    if (const int code = look_up(lookup, output); code != exit_answered) exit_code = code;
  }
  return exit_code;
}
