#include "tools/cdig/color.hpp"

#include <algorithm>

namespace cairn::cdig {

namespace {

// ECMA-48 SGR sequences.
constexpr std::string_view plain = "\x1b[0m", faint = "\x1b[2m", warning = "\x1b[33m",
                           owner = "\x1b[1m", type = "\x1b[36m", failure = "\x1b[31m";

std::string painted(std::string_view color, std::string_view text) {
  return std::string(color) + std::string(text) + std::string(plain);
}

std::size_t end_of_word(std::string_view line, std::size_t from) {
  return std::min(line.find_first_of(" \t", from), line.size());
}

// Owner, then numbers and class, then the type: the first word of letters behind the class.
std::string record(std::string_view line) {
  const std::size_t owner_end = end_of_word(line, 0);
  std::string text = painted(owner, line.substr(0, owner_end));
  std::size_t at = owner_end;
  while (at < line.size()) {
    const std::size_t word = std::min(line.find_first_not_of(" \t", at), line.size());
    const std::size_t end = end_of_word(line, word);
    const std::string_view found = line.substr(word, end - word);
    text += line.substr(at, word - at);
    at = end;
    const bool is_class = found == "IN" || found == "CH" || found == "HS" || found == "ANY" ||
                          found == "NONE" || found.starts_with("CLASS");
    const bool is_ttl = !found.empty() && found[0] >= '0' && found[0] <= '9';
    if (is_class || is_ttl) {
      text += found;
      continue;
    }
    return text + painted(type, found) + std::string(line.substr(at));
  }
  return text;
}

std::string comment(std::string_view line) {
  constexpr std::string_view status = "status: ";
  if (line.find("WARNING") != std::string_view::npos) return painted(warning, line);
  const std::size_t at = line.find(status);
  if (at == std::string_view::npos) return painted(faint, line);
  const std::size_t word = at + status.size();
  const std::size_t end = std::min(line.find(',', word), line.size());
  const std::string_view rcode = line.substr(word, end - word);
  return painted(faint, line.substr(0, word)) +
         painted(rcode == "NOERROR" ? owner : failure, rcode) + painted(faint, line.substr(end));
}

}  // namespace

std::string colored(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.empty() || line.starts_with('\t')) {
      result += line;
    } else {
      result += line.starts_with(';') ? comment(line) : record(line);
    }
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace cairn::cdig
