// A resolution drawn as a tree: the question at the root, its steps below, and below a step that
// waited for another question that question's own steps.
#pragma once

#include <string>

#include "tools/cairnctl/reply.hpp"

namespace cairn::cairnctl {

enum class Drawing : std::uint8_t { Ascii, Unicode };

/// Unicode where the terminal's character set is UTF-8 (locale(7)).
Drawing drawing_of_the_locale();

/// `question` is the first line: "www.example. A".
std::string tree_text(const std::string& question, const Explanation& explanation, Drawing drawing);

/// The tree alone, without the answer below it.
std::string steps_text(const std::string& question, const std::vector<Step>& steps,
                       Drawing drawing);

/// Names and values in two columns.
std::string table_text(const Fields& fields);

}  // namespace cairn::cairnctl
