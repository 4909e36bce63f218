// A scenario file as a tree of lines: what is indented below a line belongs to it. `#` begins a
// comment; the first one, in the first line, is the sentence that the scenario proves.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::scenario {

struct Line {
  std::size_t number = 0;  // in the file, from 1
  std::string text;        // without indentation and comment
  std::vector<Line> below;
};

struct Story {
  std::string title;
  std::vector<Line> lines;
};

Story parse_story(std::string_view text);
Story read_story(const std::filesystem::path& file);

}  // namespace cairn::scenario
