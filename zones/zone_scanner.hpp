// A zone file as words: spaces, comments, parentheses, quotes and line ends are understood here
// (RFC 1035 section 5.1), so that the parser sees one entry after the other. Nothing is copied: the
// words are views of the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wire/rdata_text.hpp"

namespace cairn::zones {

class ZoneScanner {
 public:
  /// One line, or more of them joined by parentheses.
  struct Entry {
    bool starts_blank = false;      // no owner: the last one holds
    std::vector<wire::Word> words;  // without the quotes
    std::size_t end = 0;            // offset in the text, behind the last word
    /// What is wrong with its form, and where; empty if nothing is.
    std::string problem;
    std::size_t problem_at = 0;
  };
  struct Position {
    std::size_t line = 1, column = 1;
  };

  explicit ZoneScanner(std::string_view text);

  /// The next entry that is not empty; nullptr at the end. It lives until the next call.
  const Entry* next();

  /// Of an offset in the text; cheap where offsets only grow.
  Position position(std::size_t offset);
  std::size_t offset_of(const wire::Word& word) const {
    return static_cast<std::size_t>(word.text.data() - text_.data()) - (word.quoted ? 1 : 0);
  }

 private:
  void read_entry();
  void read_word();
  void read_quoted();
  bool skip_quoted();  // false when it is not closed
  void skip_escape();
  void problem(std::size_t at, std::string_view what);
  bool at_line_end() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Entry entry_;
  std::size_t counted_to_ = 0;  // where lines were counted up to
  std::size_t lines_ = 1;
  std::size_t line_start_ = 0;
};

}  // namespace cairn::zones
