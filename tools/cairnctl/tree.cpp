#include "tools/cairnctl/tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace cairn::cairnctl {

namespace {

struct Strokes {
  const char* branch;
  const char* last;
  const char* passing;
  const char* nothing;
};
constexpr Strokes unicode{"├─ ", "└─ ", "│  ", "   "};
constexpr Strokes ascii{"|- ", "`- ", "|  ", "   "};

// Whether another step of depth `depth` follows behind `at`, before the tree goes up again.
bool more_behind(const std::vector<Step>& steps, std::size_t at, unsigned depth) {
  for (std::size_t next = at + 1; next < steps.size() && steps[next].depth >= depth; ++next)
    if (steps[next].depth == depth) return true;
  return false;
}

}  // namespace

// The first of these that is set decides, as for every program (POSIX, locale(7)).
Drawing drawing_of_the_locale() {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text = value;
    for (const std::string_view charset : {"UTF-8", "utf-8", "UTF8", "utf8"})
      if (text.find(charset) != std::string_view::npos) return Drawing::Unicode;
    return Drawing::Ascii;
  }
  return Drawing::Ascii;
}

std::string steps_text(const std::string& question, const std::vector<Step>& steps,
                       Drawing drawing) {
  const Strokes& strokes = drawing == Drawing::Unicode ? unicode : ascii;
  std::string text = question + "\n";
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Step& step = steps[at];
    for (unsigned depth = 0; depth < step.depth; ++depth)
      text += more_behind(steps, at, depth) ? strokes.passing : strokes.nothing;
    text += more_behind(steps, at, step.depth) ? strokes.branch : strokes.last;
    text += step.text + "\n";
  }
  return text;
}

std::string tree_text(const std::string& question, const Explanation& explanation,
                      Drawing drawing) {
  std::string text = steps_text(question, explanation.steps, drawing);
  text += "\n" + explanation.rcode;
  if (!explanation.error.empty()) text += ": " + explanation.error;
  text += "\n";
  for (const std::string& record : explanation.answer) text += record + "\n";
  return text;
}

std::string table_text(const Fields& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, value] : fields)
    text.append(name).append(width - name.size() + 2, ' ').append(value).append("\n");
  return text;
}

}  // namespace cairn::cairnctl
