// Plays every tests/scenario/TOPIC/*.scenario as a test case of its own, under the sentence in its
// first line. `--test-case='*glue*'` picks some, `--test-suite=TOPIC` those of a folder; a failing
// one shows what was done, step by step.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/scenario/stage.hpp"

namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* told = std::getenv("CAIRN_SCENARIOS");
  return told != nullptr ? told : "tests/scenario";
}

void play_current_file() {
  const std::string path = doctest::getContextOptions()->currentTest->m_file.c_str();
  cairn::scenario::Stage stage(folder());
  std::vector<std::string> failures;
  try {
    failures = stage.play(cairn::scenario::read_story(path));
  } catch (const std::runtime_error& error) {
    FAIL(std::string(error.what()));
  }
  for (const auto& failure : failures) ADD_FAIL_CHECK_AT(path.c_str(), 1, failure);
  if (!failures.empty()) MESSAGE("what was done:\n" << stage.protocol());
  CHECK(failures.empty());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    if (entry.path().extension() == ".scenario") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::list<std::string> kept;  // the test cases point into these
  for (const auto& path : paths) {
    const auto& file = kept.emplace_back(path.string());
    const auto& topic = kept.emplace_back(path.parent_path().filename().string());
    const auto& title = kept.emplace_back(cairn::scenario::read_story(path).title);
    doctest::detail::TestSuite suite;
    doctest::detail::regTest(
        doctest::detail::TestCase(play_current_file, file.c_str(), 1, suite * topic.c_str()) *
        title.c_str());
  }
  return doctest::Context(argc, argv).run();
}
