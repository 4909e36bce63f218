#include "tools/cdig/name_words.hpp"

#include <algorithm>

namespace cairn::cdig {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Text that is no name, read again for its first mistake.
std::string first_mistake(std::string_view text) {
  if (text.empty()) return "unexpected end of input";
  std::size_t label = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '.') {
      if (label == 0) return "empty label";
      label = 0;
      continue;
    }
    if (text[at] == '\\') {
      if (++at == text.size()) return "unexpected end of input";
      if (is_digit(text[at])) {
        unsigned value = 0;
        for (int digits = 0; digits < 3; ++digits, ++at) {
          if (at == text.size()) return "unexpected end of input";
          if (!is_digit(text[at])) return "bad escape";
          value = value * 10 + static_cast<unsigned>(text[at] - '0');
        }
        --at;
        if (value > 255) return "bad escape";
      }
    }
    if (++label > 63) return "label too long";
  }
  return "ran out of space";
}

}  // namespace

wire::Result<wire::Name> name_in(std::string_view text) {
  auto name = wire::Name::from_text(text);
  if (!name) return wire::Error{first_mistake(text)};
  return name;
}

std::vector<std::string> names_to_try(const std::string& name,
                                      const std::vector<std::string>& search, unsigned ndots) {
  if (name.ends_with(".")) return {name};
  const auto dots = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
  if (dots >= ndots) return {name};
  std::vector<std::string> names;
  for (const std::string& domain : search)
    names.push_back(domain == "." ? name + "." : name + "." + domain);
  names.push_back(name);
  return names;
}

}  // namespace cairn::cdig
