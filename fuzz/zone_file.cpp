// Laws of zone files: no text makes the parser fail; what was read, written and read again is the
// same, without an error; and a zone that is written in canonical form and read again is the same
// zone. Behind a line "--- NAME" begins another file, for $INCLUDE.
#include "zones/zone_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "zones/zone.hpp"
#include "zones/zone_loading.hpp"
#include "zones/zone_writing.hpp"

using namespace cairn;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

using Files = std::map<std::string, std::string, std::less<>>;

Files files_of(std::string_view input) {
  constexpr std::string_view mark = "\n--- ";
  constexpr std::size_t most = 8;
  Files files;
  std::string name = "fuzz";
  while (files.size() < most) {
    const std::size_t end = std::min(input.find(mark), input.size());
    files[name] = input.substr(0, end);
    if (end == input.size()) break;
    input.remove_prefix(end + mark.size());
    const std::size_t line = std::min(input.find('\n'), input.size());
    name = input.substr(0, line);
    input.remove_prefix(std::min(line + 1, input.size()));
  }
  return files;
}

std::string written(const zones::Zone& zone) {
  std::string text;
  zones::write_zone(zone, [&text](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const Files files = files_of({reinterpret_cast<const char*>(octets), size});
  std::size_t opened = 0;
  zones::ZoneFileOptions options;
  options.max_generated = 300;
  options.read_file = [&](const std::string& path) -> wire::Result<std::string> {
    const auto found = files.find(path);
    // Files that include others twice each double at each step.
    if (found == files.end() || ++opened > 50) return wire::Error{"no such file"};
    return found->second;
  };
  const std::string& text = files.at("fuzz");
  const wire::Name origin = *wire::Name::from_text("lab.");
  const zones::ZoneFile first = zones::parse_zone_file(text, origin, "fuzz", options);
  require(first.errors.size() <= 100 && (first.more_errors == 0 || first.errors.size() == 100));
  for (const zones::ZoneFileError& error : first.errors)
    require(error.line > 0 && error.column > 0 && !error.message.empty());

  const zones::ZoneFile second =
      zones::parse_zone_file(zones::write_zone_file(first.records, origin), origin, "fuzz");
  require(second.errors.empty());
  require(second.records == first.records);

  // Made of the text and of the records, it is the same zone; and it answers for each of its names.
  opened = 0;
  const auto loaded = zones::load_zone(text, origin, "fuzz", {}, options);
  const auto zone = zones::Zone::from_records(origin, first.records);
  require((loaded.zone != nullptr) == (zone.ok() && first.errors.empty()));
  if (!zone.ok()) return 0;
  const std::string canonical = written(**zone);
  require(!loaded.zone || written(*loaded.zone) == canonical);
  const auto again = zones::load_zone(canonical, origin, "fuzz");
  require(again.zone != nullptr && written(*again.zone) == canonical);
  zones::ZoneAnswer answer;
  for (const wire::Record& record : first.records) {
    (*zone)->answer({record.owner, record.type}, true, answer);
    require(answer.rcode != wire::Rcode::NXDOMAIN || !answer.answer.empty());
  }
  return 0;
}
