// Links that an $INCLUDE may follow, in a folder that is made for it.
#include "zones/included_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

using namespace cairn;
namespace fs = std::filesystem;

namespace {

/// A folder with "zones" and "elsewhere" in it, and a file in each.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "cairn-included-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = fs::canonical(name);
    for (const char* part : {"zones/sub", "elsewhere"}) fs::create_directories(root_ / part);
    for (const char* file : {"zones/main", "zones/sub/hosts", "elsewhere/secret"})
      std::ofstream(root_ / file) << "a TXT a\n";
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path operator/(const char* part) const { return root_ / part; }

  void link(const char* from, const fs::path& to) const { fs::create_symlink(to, root_ / from); }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("a file in the zone file's folder, or below it, is included") {
  const Folder folder;
  const auto found = zones::included_file(folder / "zones/main", folder / "zones/sub/hosts");
  REQUIRE(found);
  CHECK(*found == folder / "zones/sub/hosts");
}

TEST_CASE("a link within the zone file's folder is followed") {
  const Folder folder;
  folder.link("zones/hosts", "sub/hosts");
  const auto found = zones::included_file(folder / "zones/main", folder / "zones/hosts");
  REQUIRE(found);
  CHECK(*found == folder / "zones/sub/hosts");
}

TEST_CASE("a link out of the zone file's folder is not followed, be it a file's or a folder's") {
  const Folder folder;
  folder.link("zones/file", folder / "elsewhere/secret");
  folder.link("zones/folder", "../elsewhere");
  const std::string why = "it leads to " + (folder / "elsewhere/secret").string() +
                          ", out of the zone file's folder, " + (folder / "zones").string();
  for (const char* included : {"zones/file", "zones/folder/secret"}) {
    const auto found = zones::included_file(folder / "zones/main", folder / included);
    REQUIRE_FALSE(found);
    CHECK(found.error() == why);
  }
}

TEST_CASE("a folder whose name begins like the zone file's folder is another one") {
  const Folder folder;
  fs::create_directory(folder / "zones2");
  std::ofstream(folder / "zones2/hosts") << "a TXT a\n";
  folder.link("zones/hosts", "../zones2/hosts");
  CHECK_FALSE(zones::included_file(folder / "zones/main", folder / "zones/hosts"));
}

TEST_CASE("a zones folder that is a link itself is the folder that it leads to") {
  const Folder folder;
  folder.link("current", "zones");
  CHECK(zones::included_file(folder / "current/main", folder / "current/sub/hosts"));
  CHECK_FALSE(zones::included_file(folder / "current/main", folder / "elsewhere/secret"));
}

TEST_CASE("of a file that does not exist the system says so") {
  const Folder folder;
  const auto found = zones::included_file(folder / "zones/main", folder / "zones/none");
  REQUIRE_FALSE(found);
  CHECK(found.error() == "No such file or directory");
}
