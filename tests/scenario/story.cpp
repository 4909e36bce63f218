#include "tests/scenario/story.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cairn::scenario {

namespace {

struct Indented {
  std::size_t indentation;
  Line line;
};

/// `#` begins a comment at the start of a word; within one it is a letter ("\#", RFC 3597).
std::string_view without_comment(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    const bool begins = i == 0 || text[i - 1] == ' ';
    if (text[i] == '#' && begins && !quoted) return text.substr(0, i);
  }
  return text;
}

/// The lines from `at` on that are indented deeper than `than`, each with its own below it.
std::vector<Line> take_block(const std::vector<Indented>& all, std::size_t& at, long than) {
  std::vector<Line> block;
  while (at < all.size() && static_cast<long>(all[at].indentation) > than) {
    const auto indentation = static_cast<long>(all[at].indentation);
    Line line = all[at++].line;
    line.below = take_block(all, at, indentation);
    block.push_back(std::move(line));
  }
  return block;
}

}  // namespace

Story parse_story(std::string_view text) {
  Story story;
  std::vector<Indented> all;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (++number == 1 && whole.starts_with("# ")) story.title = whole.substr(2);
    auto line = without_comment(whole);
    const auto last = line.find_last_not_of(" \t\r");
    if (last == std::string_view::npos) continue;
    line = line.substr(0, last + 1);
    const auto first = line.find_first_not_of(' ');
    all.push_back({first, {number, std::string(line.substr(first)), {}}});
  }
  std::size_t at = 0;
  story.lines = take_block(all, at, -1);
  return story;
}

Story read_story(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return parse_story(text);
}

}  // namespace cairn::scenario
