#include "zones/zone_loading.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "zones/zone_builder.hpp"

namespace cairn::zones {

namespace {

/// A zone does not know where its records stood: one that breaks a rule is looked for in the text
/// once more. That costs time only where something is wrong, and no memory for what is right.
void add_with_places(std::vector<ZoneProblem> problems, std::string_view text,
                     const wire::Name& apex, std::string_view file, const ZoneFileOptions& options,
                     ZoneFileErrors& errors) {
  std::vector<std::string> told;
  const TakeRecord look = [&](const ZoneFileRecord& record) -> std::string {
    const auto found = std::ranges::find_if(problems, [&](const ZoneProblem& problem) {
      return problem.type == record.type && problem.owner == record.owner;
    });
    if (found == problems.end()) return {};
    told.push_back(found->to_text());
    problems.erase(found);
    return told.back();
  };
  // What is wrong with the text itself was told before.
  for (ZoneFileError& error : read_zone_file(text, apex, file, look, options).errors)
    if (std::ranges::any_of(told, [&](const auto& its) { return error.message.ends_with(its); }))
      errors.add(std::move(error));
  for (const ZoneProblem& problem : problems)
    errors.add({std::string(file), 0, 0, problem.to_text()});
}

}  // namespace

LoadedZone load_zone(std::string_view text, const wire::Name& apex, std::string_view file,
                     const ZoneOptions& options, const ZoneFileOptions& file_options) {
  ZoneBuilder builder(apex, options);
  const TakeRecord add = [&builder](const ZoneFileRecord& record) { return builder.add(record); };
  LoadedZone loaded;
  loaded.errors = read_zone_file(text, apex, file, add, file_options);
  auto built = builder.finish();
  // What is missing may stand in a line that could not be read.
  if (!loaded.errors.empty())
    std::erase_if(built.problems, [](const ZoneProblem& problem) { return !problem.type; });
  if (!built.problems.empty())
    add_with_places(std::move(built.problems), text, apex, file, file_options, loaded.errors);
  if (built.tree && loaded.errors.empty())
    loaded.zone = std::make_shared<const Zone>(std::move(built.tree));
  if (!loaded.zone && loaded.errors.empty())
    loaded.errors.add(
        {std::string(file), 1, 1, "the file changed while it was read; load it again"});
  return loaded;
}

}  // namespace cairn::zones
