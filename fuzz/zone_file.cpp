// Laws of zone files: no text makes the parser fail; what was read, written and read again is the
// same, without an error.
#include "zones/zone_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "zones/zone.hpp"

using namespace cairn;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const wire::Name origin = *wire::Name::from_text("lab.");
  const zones::ZoneFile first = zones::parse_zone_file(text, origin, "fuzz");
  require(first.errors.size() <= 100);
  for (const zones::ZoneFileError& error : first.errors)
    require(error.line > 0 && error.column > 0 && !error.message.empty());

  const zones::ZoneFile second =
      zones::parse_zone_file(zones::write_zone_file(first.records, origin), origin, "fuzz");
  require(second.errors.empty());
  require(second.records == first.records);

  // A zone made of it answers for each of its names.
  const auto zone = zones::Zone::from_records(origin, first.records);
  if (!zone.ok()) return 0;
  zones::ZoneAnswer answer;
  for (const wire::Record& record : first.records) {
    (*zone)->answer({record.owner, record.type}, true, answer);
    require(answer.rcode != wire::Rcode::NXDOMAIN || !answer.answer.empty());
  }
  return 0;
}
