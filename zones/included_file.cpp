#include "zones/included_file.hpp"

#include <algorithm>
#include <system_error>

namespace cairn::zones {

namespace fs = std::filesystem;

wire::Result<fs::path> included_file(const fs::path& zone_file, const fs::path& included) {
  std::error_code error;
  const fs::path named = zone_file.has_parent_path() ? zone_file.parent_path() : ".";
  const fs::path folder = fs::canonical(named, error);
  if (error) return wire::Error{error.message()};
  fs::path file = fs::canonical(included, error);
  if (error) return wire::Error{error.message()};
  const auto [in_folder, in_file] =
      std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  if (in_folder != folder.end())
    return wire::Error{"it leads to " + file.string() + ", out of the zone file's folder, " +
                       folder.string()};
  return file;
}

}  // namespace cairn::zones
