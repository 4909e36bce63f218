#include "zones/zone_scanner.hpp"

#include <algorithm>
#include <array>

namespace cairn::zones {

namespace {

constexpr std::array<bool, 256> word_ends = [] {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\r', '\n', ';', '(', ')', '"', '\\'})
    ends[static_cast<std::uint8_t>(c)] = true;
  return ends;
}();

bool stops(char c) {
  return word_ends[static_cast<std::uint8_t>(c)];
}

}  // namespace

ZoneScanner::ZoneScanner(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);  // a mark that some editors leave
}

const ZoneScanner::Entry* ZoneScanner::next() {
  while (at_ < text_.size()) {
    read_entry();
    if (!entry_.words.empty() || !entry_.problem.empty()) return &entry_;
  }
  return nullptr;
}

void ZoneScanner::read_entry() {
  entry_.words.clear();
  entry_.problem.clear();
  entry_.starts_blank = text_[at_] == ' ' || text_[at_] == '\t';
  entry_.end = at_;
  std::size_t depth = 0;
  std::size_t opened_at = 0;
  while (at_ < text_.size()) {
    switch (text_[at_]) {
      case '\n':
      case '\r':  // of CRLF, which leaves an empty line, or alone, as BIND, NSD and Knot take it
        ++at_;
        if (depth == 0) return;
        break;
      case ' ':
      case '\t':
        ++at_;
        break;
      case ';':
        while (!at_line_end()) ++at_;
        break;
      case '(':
        if (depth++ == 0) opened_at = at_;
        ++at_;
        break;
      case ')':
        if (depth == 0)
          problem(at_, "')' without a '(' before it; remove it");
        else
          --depth;
        ++at_;
        break;
      case '"':
        read_quoted();
        entry_.end = at_;
        break;
      default:
        read_word();
        entry_.end = at_;
    }
  }
  if (depth > 0) problem(opened_at, "'(' is never closed; write ')' where the record ends");
}

void ZoneScanner::read_word() {
  const std::size_t start = at_;
  while (at_ < text_.size()) {
    if (text_[at_] == '\\')
      skip_escape();
    else if (text_[at_] == '"' && at_ > start && text_[at_ - 1] == '=')
      skip_quoted();  // key="value", one word (RFC 9460 section 2.1)
    else if (stops(text_[at_]))
      break;
    else
      ++at_;
  }
  entry_.words.push_back({text_.substr(start, at_ - start), false});
}

void ZoneScanner::read_quoted() {
  const std::size_t quote = at_;
  const bool closed = skip_quoted();
  entry_.words.push_back({text_.substr(quote + 1, at_ - quote - (closed ? 2 : 1)), true});
}

bool ZoneScanner::skip_quoted() {
  const std::size_t quote = at_++;
  while (!at_line_end() && text_[at_] != '"') {
    if (text_[at_] == '\\')
      skip_escape();
    else
      ++at_;
  }
  if (at_line_end()) {
    problem(quote, "the quoted string is not closed on its line; write '\"' where it ends");
    return false;
  }
  ++at_;
  return true;
}

void ZoneScanner::skip_escape() {
  const std::size_t backslash = at_++;
  if (at_line_end())
    problem(backslash, "'\\' at the end of a line; a character or three digits must follow");
  else
    ++at_;
}

void ZoneScanner::problem(std::size_t at, std::string_view what) {
  if (!entry_.problem.empty()) return;  // the first is the cause
  entry_.problem = what;
  entry_.problem_at = at;
}

ZoneScanner::Position ZoneScanner::position(std::size_t offset) {
  if (offset < counted_to_) {
    counted_to_ = 0;
    lines_ = 1;
    line_start_ = 0;
  }
  for (; counted_to_ < offset; ++counted_to_) {
    const char c = text_[counted_to_];
    if (c != '\n' && (c != '\r' || text_.substr(counted_to_ + 1).starts_with('\n'))) continue;
    ++lines_;
    line_start_ = counted_to_ + 1;
  }
  return {lines_, offset - line_start_ + 1};
}

}  // namespace cairn::zones
