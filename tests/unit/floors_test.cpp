// The floors of DESIGN: a folder includes only what stands below it. Reads the #include lines of
// the whole tree.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr const char* picture = R"(
   tools/               server/     <- the only I/O
        \                  |
         \             resolver/    <- no clock, no socket
          \             /     \
           \        zones/   cache/
            \           \     /
             \          dnssec/
              \________    |
                        wire/       <- standard library only
)";

const std::map<std::string, std::set<std::string>> may_include = {
    {"wire", {"wire"}},
    {"dnssec", {"dnssec", "wire"}},
    {"cache", {"cache", "dnssec", "wire"}},
    {"zones", {"zones", "dnssec", "wire"}},
    {"resolver", {"resolver", "cache", "zones", "dnssec", "wire"}},
    {"server", {"server", "resolver", "cache", "zones", "dnssec", "wire"}},
    {"tools", {"tools", "resolver", "zones", "dnssec", "wire"}},
};

/// A library's header, and where it may be included: a folder, or the beginning of a path.
struct Adapter {
  std::string header;
  std::vector<std::string> allowed;
};
const std::vector<Adapter> adapters = {
    {"uv.h", {"server/"}},
    {"ares.h", {"server/", "tools/"}},
    {"sqlite3.h", {"zones/store", "cache/snapshot", "server/anchor_store"}},
    {"openssl/", {"dnssec/crypto", "server/", "tools/"}},
    {"sys/socket.h", {"server/", "tools/"}},
    {"netinet/", {"server/", "tools/"}},
    {"arpa/inet.h", {"server/", "tools/"}},
    {"pthread.h", {"server/"}},
    // Their macros rename NXDOMAIN and friends.
    {"arpa/nameser.h", {}},
    {"resolv.h", {}},
    {"ares_nameser.h", {}},
};

std::string included(const std::string& line) {
  if (line.rfind("#include", 0) != 0) return {};
  const auto open = line.find_first_of("<\"");
  const auto close = open == std::string::npos ? open : line.find_first_of(">\"", open + 1);
  return close == std::string::npos ? std::string{} : line.substr(open + 1, close - open - 1);
}

bool starts_with_one_of(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return text.rfind(beginning, 0) == 0; });
}

std::string complaint(const std::string& floor, const std::string& file,
                      const std::string& header) {
  const auto slash = header.find('/');
  const std::string other = slash == std::string::npos ? "" : header.substr(0, slash);
  if (may_include.contains(other) && !may_include.at(floor).contains(other))
    return file + " includes " + header + ": " + floor + "/ does not stand on " + other + "/";
  for (const Adapter& adapter : adapters)
    if (header.rfind(adapter.header, 0) == 0 && !starts_with_one_of(file, adapter.allowed))
      return file + " includes " + header + ", which belongs to its adapter";
  return {};
}

}  // namespace

TEST_CASE("a folder includes only what stands below it") {
  const fs::path root = CAIRN_SOURCE_DIR;
  std::size_t lines = 0;
  for (const auto& [floor, allowed] : may_include) {
    if (!fs::exists(root / floor)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / floor)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      const std::string file = fs::relative(entry.path(), root).string();
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) {
        const std::string header = included(line);
        if (header.empty()) continue;
        ++lines;
        const std::string wrong = complaint(floor, file, header);
        CHECK_MESSAGE(wrong.empty(), wrong << picture);
      }
    }
  }
  CHECK(lines > 100);  // the tree was found
}

TEST_CASE("the floors test sees a broken floor") {
  CHECK_FALSE(complaint("wire", "wire/name.cpp", "cache/cache.hpp").empty());
  CHECK_FALSE(complaint("resolver", "resolver/engine.cpp", "uv.h").empty());
  CHECK_FALSE(complaint("server", "server/log.cpp", "tools/cdig/print.hpp").empty());
  CHECK_FALSE(complaint("zones", "zones/zone.cpp", "sqlite3.h").empty());
  CHECK(complaint("zones", "zones/store.cpp", "sqlite3.h").empty());
  CHECK(complaint("server", "server/worker.cpp", "resolver/engine.hpp").empty());
}
