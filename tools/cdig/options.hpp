// The command line of cdig, which is dig's: words in any order, `+keyword` options that count for
// all lookups when they stand before the first name, and for one lookup when they stand behind its
// name. Parsing is a pure function from words to lookups; the options are one table in options.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/cdig/print.hpp"
#include "tools/cdig/query.hpp"

namespace cairn::cdig {

enum class Family : std::uint8_t { Any, V4, V6 };

/// One name to look up, with all that was said about how.
struct Lookup {
  std::string name = ".";
  wire::RRType type = wire::RRType::A;
  wire::RRClass rrclass = wire::RRClass::IN;
  bool type_given = false;
  bool class_given = false;
  std::vector<std::string> servers;  // of "@": names or addresses; empty: the system's
  std::uint16_t port = 53;
  Family family = Family::Any;
  bool tcp = false;
  bool transport_given = false;
  bool ignore_truncation = false;
  bool negotiate_edns = true;  // BADVERS: again with the version that the server knows
  bool stop_at_servfail = true;
  bool show_query = false;
  bool trace = false;
  unsigned tries = 3;
  unsigned timeout_s = 0;  // 0: dig's own, 5 s for UDP and 10 s for TCP
  QueryForm form;
  Display display;
};

struct CommandLine {
  enum class Action : std::uint8_t { LookUp, Help, Version };
  Action action = Action::LookUp;
  std::vector<Lookup> lookups;
  std::string words;  // as they were given, for the first line of the output
  bool show_command = true;
  bool short_form = false;
  std::vector<std::string> warnings;  // to stderr, in dig's words
};

/// What was wrong, and the exit code that dig has for it.
struct UsageError {
  std::string message;
  int exit_code = 1;
  bool usage = false;  // the usage belongs below the message
};

std::variant<CommandLine, UsageError> parse_command_line(std::span<const std::string_view> words);

/// The name that stands for an address in the reverse tree (RFC 1035 section 3.5, RFC 3596 section
/// 2.5). Text that is no address is taken as labels of an IPv4 prefix, as dig does.
std::string reverse_name(std::string_view address);

std::string usage_text();
std::string help_text();

}  // namespace cairn::cdig
