#include "tools/cdig/columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tools/cdig/rdata_style.hpp"

namespace cairn::cdig {

namespace {

// Where TTL, class, type and RDATA begin, when there is room for what stands before.
struct Columns {
  std::size_t ttl = 24;
  std::size_t rrclass = 32;
  std::size_t type = 40;
  std::size_t rdata = 48;
};

Columns columns_of(const Display& display) {
  if (display.multiline || (!display.ttl && !display.rrclass)) return {24, 24, 24, 32};
  if (display.ttl && display.rrclass) return {};
  return {24, 24, 32, 40};
}

// A line that knows at which column it stands.
class Line {
 public:
  // `mark` does not count as a column (the question's semicolon).
  explicit Line(std::string mark = {}) : text_(std::move(mark)) {}

  void put(std::string_view text) {
    text_ += text;
    column_ += text.size();
  }
  /// At least one column on, by tabs where they reach and spaces for the rest.
  void go_to(std::size_t column) {
    constexpr std::size_t tab = 8;
    column = std::max(column, column_ + 1);
    const std::size_t tabs = column / tab - column_ / tab;
    text_.append(tabs, '\t');
    text_.append(tabs > 0 ? column % tab : column - column_, ' ');
    column_ = column;
  }
  std::string end() {
    text_ += '\n';
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t column_ = 0;
};

std::string ttl_text(wire::Ttl ttl, const Display& display) {
  if (!display.ttl_units) return std::to_string(ttl.seconds);
  constexpr std::array<std::pair<std::uint32_t, char>, 5> parts{
      {{604800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}}};
  if (ttl.seconds == 0) return "0s";
  std::string text;
  std::uint32_t left = ttl.seconds;
  for (const auto& [seconds, unit] : parts) {
    if (left >= seconds) text += std::to_string(left / seconds) + unit;
    left %= seconds;
  }
  return text;
}

std::string type_text(wire::RRType type, const Display& display) {
  return display.unknown_format ? "TYPE" + std::to_string(static_cast<unsigned>(type))
                                : to_text(type);
}

std::string class_text(wire::RRClass rrclass, const Display& display) {
  return display.unknown_format ? "CLASS" + std::to_string(static_cast<unsigned>(rrclass))
                                : to_text(rrclass);
}

}  // namespace

std::string record_text(const wire::Record& record, const Display& display) {
  const Columns columns = columns_of(display);
  Line line;
  line.put(name_text(record.owner, display));
  if (display.ttl) {
    line.go_to(columns.ttl);
    line.put(ttl_text(record.ttl, display));
  }
  if (display.rrclass) {
    line.go_to(columns.rrclass);
    line.put(class_text(record.rrclass, display));
  }
  line.go_to(columns.type);
  line.put(type_text(record.type, display));
  line.go_to(columns.rdata);
  line.put(rdata_text(record, display));
  return line.end();
}

std::string question_text(const wire::Question& question, const Display& display) {
  const Columns columns = columns_of(display);
  Line line(";");
  line.put(name_text(question.name, display));
  line.go_to(columns.rrclass);
  line.put(class_text(question.rrclass, display));
  line.go_to(columns.type);
  line.put(type_text(question.type, display));
  return line.end();
}

std::string plain_text(const wire::Record& record, const Display& display) {
  std::string text = name_text(record.owner, display);
  if (display.ttl) text += " " + ttl_text(record.ttl, display);
  if (display.rrclass) text += " " + class_text(record.rrclass, display);
  return text + " " + type_text(record.type, display) + " " + rdata_text(record, display);
}

std::string plain_text(const wire::Question& question, const Display& display) {
  std::string text = name_text(question.name, display);
  if (display.rrclass) text += " " + class_text(question.rrclass, display);
  return text + " " + type_text(question.type, display);
}

}  // namespace cairn::cdig
