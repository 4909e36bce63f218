// What a person asks of the running daemon, as values: the command line turned into one request,
// and that into one line of JSON. CLI11 is known in command_line.cpp alone, nlohmann-json in
// json.cpp alone. Commands about a zone file need no daemon.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace cairn::cairnctl {

inline constexpr int exit_ok = 0;
inline constexpr int exit_error = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_not_running = 3;

struct Request {
  std::string verb;  // "explain", "status", "stats", "flush", "reload", "stop"
  std::string name;  // of explain and flush
  std::string type;  // of explain
  std::string socket;
  bool raw = false;  // --json: the reply as it came

  bool operator==(const Request&) const = default;
};

/// What to do with a zone file here (zone_command.hpp); the daemon is not asked.
struct ZoneCommand {
  enum class Verb : std::uint8_t { Check, Format };
  Verb verb = Verb::Check;
  std::string origin;
  std::string file;

  bool operator==(const ZoneCommand&) const = default;
};

/// When there is nothing to ask: what to print instead, and how to end.
struct Ending {
  std::string out;
  std::string error;
  int exit_code = exit_ok;
};

std::variant<Request, ZoneCommand, Ending> parse_command_line(int argc, const char* const* argv);

}  // namespace cairn::cairnctl
