#include "tools/cairnctl/zone_command.hpp"

#include "zones/zone_writing.hpp"

namespace cairn::cairnctl {

namespace {

std::string text_of(const zones::ZoneFileErrors& errors) {
  std::string text;
  for (const zones::ZoneFileError& error : errors.errors) text += error.to_text() + "\n";
  if (errors.more > 0) text += "and " + std::to_string(errors.more) + " more\n";
  return text;
}

}  // namespace

Ending run_zone_command(const ZoneCommand& command, std::string_view text,
                        const zones::ZoneOptions& options, const zones::ReadFile& read_file,
                        const Write& write) {
  const wire::Name origin = *wire::Name::from_text(command.origin);  // the command line checked it
  const auto loaded =
      zones::load_zone(text, origin, command.file, options, {.read_file = read_file});
  if (!loaded.zone) return {"", text_of(loaded.errors), exit_error};
  if (command.verb == ZoneCommand::Verb::Format) {
    zones::write_zone(*loaded.zone, write);
    return {};
  }
  return {origin.to_text() + ": " + std::to_string(loaded.zone->record_count()) +
              " records, serial " + std::to_string(loaded.zone->serial()) + ", ok\n",
          "", exit_ok};
}

}  // namespace cairn::cairnctl
