// `cairnctl zone`: what is done with a zone file here, without a daemon: its text is read and made
// a zone, as the daemon would make one.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tools/cairnctl/request.hpp"
#include "zones/zone_file.hpp"
#include "zones/zone_loading.hpp"

namespace cairn::cairnctl {

using Write = std::function<void(std::string_view)>;

/// check: "lab.: 12 records, serial 7, ok". format: the zone as a canonical file to `write`; where
/// there is a mistake, nothing. Mistakes are the ending's error, one a line.
Ending run_zone_command(const ZoneCommand& command, std::string_view text,
                        const zones::ZoneOptions& options, const zones::ReadFile& read_file,
                        const Write& write);

}  // namespace cairn::cairnctl
