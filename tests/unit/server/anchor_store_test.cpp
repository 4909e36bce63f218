#include "server/anchor_store.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

using namespace cairn;
using namespace cairn::server;
using dnssec::AnchorState;
using dnssec::KeyState;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using wire::operator""_name;

namespace {

/// A folder that goes when the test ends.
struct Folder {
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "cairn-anchors-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

/// One of many, each of which tells whether it is whole: all its numbers are the same.
AnchorState state(std::uint8_t number) {
  AnchorState state{{}, {}, sys_seconds{seconds{number}}};
  for (std::uint8_t key = 0; key < 8; ++key)
    state.keys.push_back({{key, number},
                          KeyState{static_cast<std::uint8_t>(1 + number % 5)},
                          sys_seconds{seconds{number}}});
  return state;
}

AnchorStore opened(const std::filesystem::path& file) {
  auto store = AnchorStore::open(file);
  REQUIRE_MESSAGE(store.ok(), store.error());
  return std::move(store).value();
}

}  // namespace

TEST_CASE("states of trust anchors come back as they were saved, each zone for itself") {
  const Folder folder;
  const auto file = folder.path / "anchors.sqlite";
  AnchorState example = state(7);
  example.zone = "Example."_name;
  example.keys.resize(2);
  {
    AnchorStore store = opened(file);
    CHECK(store.load()->empty());
    CHECK(store.save(state(1)) == "");
    CHECK(store.save(example) == "");
    CHECK(store.save(state(2)) == "");
  }
  const auto states = opened(file).load();
  REQUIRE(states.ok());
  CHECK(*states == std::vector{state(2), example});
}

TEST_CASE("what cannot be written leaves what was there") {
  const Folder folder;
  AnchorStore store = opened(folder.path / "anchors.sqlite");
  CHECK(store.save(state(1)) == "");
  AnchorState twice = state(2);
  twice.keys.push_back(twice.keys.front());
  CHECK(store.save(twice).find("UNIQUE") != std::string::npos);
  AnchorState impossible = state(2);
  impossible.keys.back().state = KeyState{9};
  CHECK(store.save(impossible).find("CHECK") != std::string::npos);
  CHECK(*store.load() == std::vector{state(1)});
  CHECK(store.save(state(3)) == "");
}

TEST_CASE("a file that is no store is named, with what to do about it") {
  const Folder folder;
  const auto file = folder.path / "anchors.sqlite";
  std::ofstream(file) << std::string(5000, 'x');
  const auto store = AnchorStore::open(file);
  REQUIRE_FALSE(store.ok());
  CHECK(store.error() == file.string() +
                             ": file is not a database; move the file away to begin anew with the "
                             "configured trust anchors");
  CHECK_FALSE(AnchorStore::open(folder.path / "missing" / "anchors.sqlite").ok());
}

TEST_CASE(
    "whoever is killed at any moment finds a whole state, no older than the last that was saved") {
  const Folder folder;
  const auto file = folder.path / "anchors.sqlite";
  for (std::uint8_t round = 0; round < 24; ++round) {
    int saved[2];
    REQUIRE(::pipe(saved) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto store = AnchorStore::open(file);
      for (std::uint8_t number = 1; store.ok(); ++number)
        if (!store->save(state(number)).empty() || ::write(saved[1], &number, 1) != 1) break;
      ::_exit(1);
    }
    ::close(saved[1]);
    // Somewhere in what comes after so many saves.
    std::uint8_t last = 0;
    for (int left = 1 + round % 5; left > 0; --left) REQUIRE(::read(saved[0], &last, 1) == 1);
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    while (::read(saved[0], &last, 1) == 1) continue;
    ::close(saved[0]);

    const auto states = opened(file).load();
    REQUIRE(states.ok());
    REQUIRE(states->size() == 1);
    const auto number =
        static_cast<std::uint8_t>((*states)[0].next_look.time_since_epoch().count());
    CHECK((*states)[0] == state(number));
    // The one that was told last, or one that was on the disk before it could be told.
    CHECK(static_cast<std::uint8_t>(number - last) <= 1);
  }
}
