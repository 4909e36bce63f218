#include "tools/cdig/resolv_conf.hpp"

#include <algorithm>

#include "tools/cdig/number.hpp"

namespace cairn::cdig {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r";
  for (;;) {
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(blanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// "ndots:2"; other options are for other resolvers, and dig has its own patience: of "timeout" and
// "attempts" it wants no more than that they are numbers.
bool take_option(std::string_view word, ResolvConf& conf) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return true;
  const std::string_view name = word.substr(0, colon);
  if (name != "ndots" && name != "timeout" && name != "attempts") return true;
  const auto number = number_in(word.substr(colon + 1), UINT32_MAX);
  const auto* value = std::get_if<std::uint32_t>(&number);
  if (value == nullptr) return false;
  if (name == "ndots") conf.ndots = std::min(*value, 15U);
  return true;
}

bool take_line(std::string_view line, ResolvConf& conf) {
  if (line.starts_with("#") || line.starts_with(";")) return true;
  const auto words = words_of(line);
  if (words.empty()) return true;
  const std::string_view keyword = words[0];
  if (keyword == "nameserver") {
    if (words.size() < 2) return false;
    // An address of one link, as home routers announce theirs, needs its interface to be of use,
    // and our addresses have none: others may do.
    const std::size_t percent = words[1].find('%');
    const auto address = wire::IpAddress::from_text(words[1].substr(0, percent));
    if (!address) return false;
    if (address->is_v6() && percent != std::string_view::npos) return true;
    if (conf.servers.size() < ResolvConf::most_servers) conf.servers.push_back(*address);
  } else if (keyword == "search" || keyword == "domain") {
    if (words.size() < 2) return false;
    conf.search.assign(words.begin() + 1, keyword == "domain" ? words.begin() + 2 : words.end());
  } else if (keyword == "options") {
    return std::all_of(words.begin() + 1, words.end(),
                       [&](std::string_view word) { return take_option(word, conf); });
  }
  return true;
}

}  // namespace

std::optional<ResolvConf> ResolvConf::from_text(std::string_view text) {
  ResolvConf conf;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!take_line(text.substr(0, end), conf)) return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return conf;
}

}  // namespace cairn::cdig
