// Laws of cdig's command line and of resolv.conf: whatever the words are, reading them ends, twice
// with the same outcome; what is refused says why; what is taken has lookups that can be asked, and
// lines of a batch that start from it are read as well. The input is words between line ends, and
// resolv.conf as it stands.
#include "tools/cdig/command_line.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tools/cdig/name_words.hpp"
#include "tools/cdig/resolv_conf.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

const ClientCookie cookie{1, 2, 3, 4, 5, 6, 7, 8};

void can_be_asked(const Lookup& lookup) {
  require(lookup.tries >= 1 && lookup.tries <= 255);
  const auto name = name_in(lookup.name);
  if (!name) {
    require(!name.error().empty());
    return;
  }
  const auto query = make_query({*name, lookup.type, lookup.rrclass}, lookup.form, 1, cookie);
  const wire::Bytes octets = wire::build(query);
  require(judge(query, octets, Medium::Datagram).ours);
}

void is_read(Words words, const Defaults& defaults, Origin origin) {
  const auto once = parse_command_line(words, defaults, origin);
  const auto again = parse_command_line(words, defaults, origin);
  require(once.index() == again.index());
  if (const auto* error = std::get_if<UsageError>(&once)) {
    require(!error->said.err.empty() || !error->fatal.empty() || error->usage);
    require(error->exit_code == 1 || error->exit_code == 10);
    return;
  }
  const auto& command = std::get<CommandLine>(once);
  require(command.lookups == std::get<CommandLine>(again).lookups);
  for (const Lookup& lookup : command.lookups) can_be_asked(lookup);
  if (origin == Origin::CommandLine) is_read(words, command.defaults, Origin::Batch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const auto words = words_in(text);
  glance_over(words);
  is_read(words, {}, Origin::CommandLine);
  is_read(words, {}, Origin::ConfigFile);
  if (const auto conf = ResolvConf::from_text(text))
    require(conf->servers.size() <= ResolvConf::most_servers && conf->ndots <= 15);
  return 0;
}
