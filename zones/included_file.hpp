// Which file of this host an $INCLUDE truly means.
//
// The parser lets no path lead out of the zone file's folder by its words, but a path that stays
// inside by its words may leave by a symbolic link: whoever may put files beside a zone could have
// it read any file that the daemon may read, and errors repeat words of it. So the folder is
// compared once more when all links have been followed. A zone file that is a link itself is the
// operator's choice: what counts is the folder that it is named in.
#pragma once

#include <filesystem>
#include <string>

#include "wire/result.hpp"

namespace cairn::zones {

/// `included` with all links followed, to be read in its place; or in a sentence why not.
wire::Result<std::filesystem::path> included_file(const std::filesystem::path& zone_file,
                                                  const std::filesystem::path& included);

}  // namespace cairn::zones
