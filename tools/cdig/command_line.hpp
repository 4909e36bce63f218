// The command line of cdig, which is dig's: words in any order, `+keyword` options that count for
// all lookups when they stand before the first name, and for one lookup when they stand behind its
// name. A line of a batch file and of ~/.digrc is read in the same way. Parsing is a pure function
// from words to lookups; what dig says meanwhile is part of the value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/cdig/options.hpp"

namespace cairn::cdig {

using Words = std::span<const std::string_view>;

/// What is said while words are read, by the stream that it belongs to.
struct Said {
  std::string out;
  std::string err;
};

/// What a line starts from: the options before any name, and those that count for all.
struct Defaults {
  Lookup lookup;
  Globals globals;
};

struct CommandLine {
  enum class Action : std::uint8_t { LookUp, Help, Version };
  Action action = Action::LookUp;
  std::vector<Lookup> lookups;
  std::string words;  // as they were given, for the first line of the output
  /// What the first lines of the output say besides; none: they were switched off before the first
  /// name. When they are afterwards, they are still printed above a failure.
  struct Greeting {
    std::string counted_server;  // of the last "@" so far: how many addresses it has
    bool short_form = false;
  };
  std::optional<Greeting> greeting;
  std::vector<std::string> servers;       // of all "@", in their order
  std::optional<std::string> batch_file;  // -f
  Said said;
  Defaults defaults;  // for the next line
};

/// Why there will be no lookup.
struct UsageError {
  Said said;
  std::string fatal;   // on standard error, behind the program's name
  bool usage = false;  // the usage belongs below
  int exit_code = 1;
  std::vector<std::string> servers;  // of "@" before it: not to find one of these comes first
};

enum class Origin : std::uint8_t {
  CommandLine,
  Batch,       // of -f
  ConfigFile,  // ~/.digrc, where everything is a default and nothing is looked up
};

/// What must be known of all words before the first of them is read.
struct Glance {
  std::optional<UsageError> error;  // an option without its value, -4 beside -6
  bool wants_digrc = true;          // -r: no
  Family family = Family::Any;
};
Glance glance_over(Words words);

std::variant<CommandLine, UsageError> parse_command_line(Words words, const Defaults& defaults = {},
                                                         Origin origin = Origin::CommandLine);

/// The name that stands for an address in the reverse tree (RFC 1035 section 3.5, RFC 3596 section
/// 2.5). Text that is no address is taken as labels of an IPv4 prefix, as dig does.
std::string reverse_name(std::string_view address);

}  // namespace cairn::cdig
