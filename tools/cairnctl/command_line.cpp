#include <CLI/CLI.hpp>

#include "tools/cairnctl/control_socket.hpp"
#include "tools/cairnctl/request.hpp"
#include "wire/name.hpp"
#include "wire/types.hpp"

namespace cairn::cairnctl {

namespace {

std::string check_name(const std::string& text) {
  const auto name = wire::Name::from_text(text);
  return name ? "" : name.error();
}

std::string check_type(const std::string& text) {
  return wire::rrtype_from_text(text) ? ""
                                      : "'" + text + "' is no record type: expected A, AAAA, MX, " +
                                            "..., or TYPE and a number";
}

}  // namespace

std::variant<Request, ZoneCommand, Ending> parse_command_line(int argc, const char* const* argv) {
  Request request;
  request.socket = usual_socket();
  request.type = "A";
  CLI::App app("Talks to the running cairnd over its control socket.", "cairnctl");
  app.set_version_flag("--version", "cairnctl " CAIRN_VERSION);
  app.add_option("--socket", request.socket, "The daemon's socket: `control` of cairn.toml")
      ->type_name("PATH")
      ->capture_default_str();
  app.add_flag("--json", request.raw, "Print the daemon's reply as it is, one line of JSON");
  app.require_subcommand(0, 1);  // that none is a mistake is said below, after unknown words
  app.fallthrough();

  CLI::App* explain =
      app.add_subcommand("explain", "Resolve a name and show every step that led to the answer");
  explain->add_option("NAME", request.name, "The name to resolve")
      ->required()
      ->check([](const std::string& text) { return check_name(text); });
  explain->add_option("TYPE", request.type, "The record type [A]")
      ->check([](const std::string& text) { return check_type(text); });
  app.add_subcommand("status", "Say what the daemon is and does");
  app.add_subcommand("stats", "Print all counters");
  app.add_subcommand("flush", "Forget what the cache holds of a name and of all below it")
      ->add_option("NAME", request.name, "The name to forget")
      ->required()
      ->check([](const std::string& text) { return check_name(text); });
  app.add_subcommand("reload", "Read the configuration and the zones again");
  app.add_subcommand("stop", "Answer those who wait, then end");

  CLI::App* zone = app.add_subcommand("zone", "Check or format a zone file; needs no daemon");
  zone->require_subcommand(1);
  ZoneCommand on_zone;
  const auto add_zone_command = [&](const char* verb, const char* what) {
    CLI::App* command = zone->add_subcommand(verb, what);
    command->add_option("ORIGIN", on_zone.origin, "The name of the zone")
        ->required()
        ->check([](const std::string& text) { return check_name(text); });
    command->add_option("FILE", on_zone.file, "The zone file")->required();
    return command;
  };
  add_zone_command("check", "Tell all mistakes of a zone file, with place and remedy");
  const CLI::App* format =
      add_zone_command("format", "Print the zone in canonical order, one record a line");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out;
    std::ostringstream error;
    const int code = app.exit(problem, out, error);
    return Ending{out.str(), error.str(), code == 0 ? exit_ok : exit_usage};
  }
  if (app.get_subcommands().empty()) return Ending{"", app.help(), exit_usage};
  if (zone->parsed()) {
    if (format->parsed()) on_zone.verb = ZoneCommand::Verb::Format;
    return on_zone;
  }
  request.verb = app.get_subcommands().front()->get_name();
  return request;
}

}  // namespace cairn::cairnctl
