// From the text of a zone file to a zone, without the records in between: all that is wrong with it
// comes with its place, the grammar and the rules of a zone alike.
#pragma once

#include <memory>
#include <string_view>

#include "zones/zone.hpp"
#include "zones/zone_file.hpp"

namespace cairn::zones {

struct LoadedZone {
  std::shared_ptr<const Zone> zone;  // nullptr when there are errors
  ZoneFileErrors errors;
};

/// `file` is for messages, and for what $INCLUDE is relative to. What is missing from a zone has no
/// place: its line is 0.
LoadedZone load_zone(std::string_view text, const wire::Name& apex, std::string_view file,
                     const ZoneOptions& options = {}, const ZoneFileOptions& file_options = {});

}  // namespace cairn::zones
