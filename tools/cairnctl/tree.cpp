#include "tools/cairnctl/tree.hpp"

#include <algorithm>

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

std::string tree_text(const std::string& question, const Explanation& explanation,
                      Drawing drawing) {
  const Strokes& strokes = drawing == Drawing::Unicode ? unicode : ascii;
  const std::vector<Step>& steps = explanation.steps;
  std::string text = question + "\n";
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Step& step = steps[at];
    for (unsigned depth = 0; depth < step.depth; ++depth)
      text += more_behind(steps, at, depth) ? strokes.passing : strokes.nothing;
    text += more_behind(steps, at, step.depth) ? strokes.branch : strokes.last;
    text += step.text + "\n";
  }
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
