#include "tools/cdig/run.hpp"

#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "tools/cdig/help.hpp"
#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

namespace {

constexpr int exit_no_batch_file = 8;

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> words_in(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  return words;
}

// A line of a batch file that asks for nothing.
bool is_comment(const std::string& line) {
  return line.empty() || line.front() == '#' || line.front() == ';';
}

// "12 of 4000" in the last line of a terminal, while the answers go somewhere else.
class Progress {
 public:
  explicit Progress(std::istream& lines)
      : shown_(::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 0) {
    if (!shown_) return;
    const auto start = lines.tellg();
    if (start == std::istream::pos_type(-1)) {  // a pipe: nobody knows how much is to come
      lines.clear();
      return;
    }
    for (std::string line; std::getline(lines, line);)
      if (!is_comment(line)) ++total_;
    lines.clear();
    lines.seekg(start);
  }
  ~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step() {
    if (!shown_) return;
    ++done_;
    if (total_ > 0)
      std::fprintf(stderr, "\r\033[K%zu of %zu", done_, total_);
    else
      std::fprintf(stderr, "\r\033[K%zu", done_);
  }

 private:
  bool shown_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
};

class Run {
 public:
  explicit Run(const std::string& program) : program_(program) {}

  int go(Words words);

 private:
  /// One line of words: nullopt to go on, or the exit code that ends the run.
  std::optional<int> take(Words words, Origin origin);
  std::optional<int> take_digrc();
  std::optional<int> look_up_all(const CommandLine& command);
  std::optional<int> end_of_output() const;
  std::optional<int> open_batch(const std::string& path);
  std::optional<int> take_batch();
  bool find_servers(const std::vector<std::string>& names, Family family, Origin origin);
  void greet(const CommandLine& command);
  int give_up(const UsageError& error);
  void say(const Said& said);

  const std::string& program_;
  Defaults defaults_;
  System system_;
  Output output_;
  std::ifstream batch_file_;
  std::istream* batch_ = nullptr;  // that file, or standard input
  bool greeted_ = false;
  bool looked_up_ = false;
  int exit_code_ = exit_answered;
};

int Run::go(Words words) {
  // A reader of our output that leaves, and a server that closes while OpenSSL writes to it, are
  // errors of the write; neither ends the program.
  std::signal(SIGPIPE, SIG_IGN);
  const Glance seen = glance_over(words);
  if (seen.error) return give_up(*seen.error);
  const auto conf = ResolvConf::from_text(text_of("/etc/resolv.conf").value_or(""));
  if (!conf) {
    std::fprintf(stderr, "%s: parse of /etc/resolv.conf failed\n", program_.c_str());
    return exit_usage;
  }
  system_.conf = *conf;
  system_.program = program_;
  const bool terminal = ::isatty(STDOUT_FILENO) == 1 && std::getenv("IDN_DISABLE") == nullptr;
  defaults_.lookup.idn_in = defaults_.lookup.display.idn_out = terminal;
  defaults_.globals.family = seen.family;
  if (seen.wants_digrc)
    if (const auto code = take_digrc()) return *code;
  if (const auto code = take(words, Origin::CommandLine)) return *code;
  if (batch_ != nullptr)
    if (const auto code = take_batch()) return *code;
  return exit_code_;
}

std::optional<int> Run::take_digrc() {
  const char* home = std::getenv("HOME");
  if (home == nullptr) return std::nullopt;
  std::ifstream file(std::string(home) + "/.digrc");
  for (std::string line; std::getline(file, line);) {
    if (is_comment(line)) continue;
    const auto owned = words_in(line);
    const std::vector<std::string_view> words(owned.begin(), owned.end());
    if (const auto code = take(words, Origin::ConfigFile)) return code;
  }
  return std::nullopt;
}

// Before the lookups of the command line itself.
std::optional<int> Run::open_batch(const std::string& path) {
  if (path == "-") {
    batch_ = &std::cin;
    return std::nullopt;
  }
  batch_file_.open(path);
  if (batch_file_) {
    batch_ = &batch_file_;
    return std::nullopt;
  }
  std::fprintf(stderr, "%s%s\n%s: couldn't open specified batch file\n",
               path.empty() ? "" : (path + ": ").c_str(), std::strerror(errno), program_.c_str());
  return exit_no_batch_file;
}

std::optional<int> Run::take_batch() {
  std::istream& lines = *batch_;
  Progress progress(lines);
  bool first = true;
  for (std::string line; std::getline(lines, line);) {
    if (is_comment(line)) continue;
    progress.step();
    const auto owned = words_in(line);
    const std::vector<std::string_view> words(owned.begin(), owned.end());
    // Blanks alone ask for the root's servers, as no words do, but for this: dig's way.
    if (std::exchange(first, false) && words.empty() && looked_up_) continue;
    if (const auto code = take(words, Origin::Batch)) return code;
  }
  return std::nullopt;
}

std::optional<int> Run::take(Words words, Origin origin) {
  const auto parsed = parse_command_line(words, defaults_, origin);
  if (const auto* error = std::get_if<UsageError>(&parsed)) {
    if (!find_servers(error->servers, defaults_.globals.family, origin)) return exit_usage;
    return give_up(*error);
  }
  const auto& command = std::get<CommandLine>(parsed);
  say(command.said);
  switch (command.action) {
    case CommandLine::Action::Help:
      output_.put(help_text());
      return end_of_output().value_or(exit_answered);
    case CommandLine::Action::Version:
      std::fputs("cdig " CAIRN_VERSION "\n", stderr);
      return exit_answered;
    case CommandLine::Action::LookUp:
      break;
  }
  if (!find_servers(command.servers, command.defaults.globals.family, origin)) {
    if (origin != Origin::Batch) return exit_usage;
    greeted_ = true;  // dig's first greeting is lost with the line
    return std::nullopt;
  }
  // What a batch line sets for all stays, what it sets for its own lookups does not.
  if (origin == Origin::Batch) {
    defaults_.globals = command.defaults.globals;
  } else {
    defaults_ = command.defaults;
  }
  if (origin == Origin::CommandLine && command.batch_file)
    if (const auto code = open_batch(*command.batch_file)) return code;
  return look_up_all(command);
}

std::optional<int> Run::look_up_all(const CommandLine& command) {
  if (!command.lookups.empty()) looked_up_ = true;
  greet(command);
  for (const Lookup& lookup : command.lookups) {
    const int code = look_up(lookup, system_, output_);
    if (const auto end = end_of_output()) return end;
    if (code == exit_internal || code == exit_usage) return code;
    exit_code_ = code;
    output_.greet_no_more();
  }
  return std::nullopt;
}

// Nobody hears what comes now. A reader who has enough ("| head") is no failure; a full disk is.
std::optional<int> Run::end_of_output() const {
  if (output_.trouble() == 0) return std::nullopt;
  if (output_.trouble() == EPIPE) return exit_answered;
  std::fprintf(stderr, "%s: cannot write to standard output: %s\n", program_.c_str(),
               std::strerror(output_.trouble()));
  return exit_internal;
}

// The first greeting of a run counts servers and names global options; those of batch lines to come
// repeat their words alone.
void Run::greet(const CommandLine& command) {
  output_.greet_no_more();
  if (!command.greeting || command.lookups.empty()) return;
  const std::string title = "; <<>> cdig " CAIRN_VERSION " <<>>" + command.words + "\n";
  std::string text = title;
  if (!greeted_) {
    text = "\n" + title;
    if (!command.greeting->counted_server.empty()) {
      const Lookup& first = command.lookups.front();
      const auto servers =
          system_.names.find(command.greeting->counted_server, first.port, first.family);
      const std::size_t count = servers ? servers->size() : 0;
      text += "; (" + std::to_string(count) + (count == 1 ? " server" : " servers") + " found)\n";
    }
    text += ";; global options:" + std::string(command.greeting->short_form ? " +short" : "") +
            " +cmd\n";
    greeted_ = true;
  }
  const Globals& globals = command.defaults.globals;
  output_.greet(text, globals.show_command && !globals.short_form);
}

// Every server that was named must have an address, whether it will be asked or not.
bool Run::find_servers(const std::vector<std::string>& names, Family family, Origin origin) {
  for (const std::string& name : names) {
    const auto found = system_.names.find(name, 0, family);
    if (found) continue;
    if (origin == Origin::Batch) {
      std::fprintf(stderr, "couldn't get address for '%s': %s: skipping lookup\n", name.c_str(),
                   found.error().c_str());
    } else {
      std::fprintf(stderr, "%s: couldn't get address for '%s': %s\n", program_.c_str(),
                   name.c_str(), found.error().c_str());
    }
    return false;
  }
  return true;
}

int Run::give_up(const UsageError& error) {
  say(error.said);
  if (!error.fatal.empty()) std::fprintf(stderr, "%s: %s\n", program_.c_str(), error.fatal.c_str());
  if (error.usage) {
    std::fprintf(stderr,
                 "%s\nUse \"cdig -h\" (or \"cdig -h | more\") for complete list of options\n",
                 usage_text().c_str());
  }
  return error.exit_code;
}

void Run::say(const Said& said) {
  output_.put(said.out);
  std::fputs(said.err.c_str(), stderr);
}

}  // namespace

int run(const std::string& program, Words words) {
  return Run(program).go(words);
}

}  // namespace cairn::cdig
