// cairnctl: the face of the daemon's control socket.

#include <cstdio>
#include <random>
#include <string>
#include <string_view>

#include "tools/cairnctl/control_socket.hpp"
#include "tools/cairnctl/reply.hpp"
#include "tools/cairnctl/request.hpp"
#include "tools/cairnctl/text_file.hpp"
#include "tools/cairnctl/tree.hpp"
#include "tools/cairnctl/zone_command.hpp"
#include "zones/included_file.hpp"

namespace {

using namespace cairn;
using namespace cairn::cairnctl;

wire::Result<std::string> text_of(const Request& request, const std::string& reply) {
  if (request.verb == "explain") {
    const auto explanation = explanation_of(reply);
    if (!explanation) return wire::Error{explanation.error()};
    return tree_text(request.name + " " + request.type, *explanation, drawing_of_the_locale());
  }
  const auto fields = fields_of(reply);
  if (!fields) return wire::Error{fields.error()};
  return table_text(*fields);
}

// Zone files come from strangers, too: nobody shall be able to prepare names that collide.
wire::SipKey new_key() {
  std::random_device chance;
  const auto u64 = [&chance] { return std::uint64_t{chance()} << 32 | chance(); };
  return {u64(), u64()};
}

Ending run(const ZoneCommand& command) {
  const auto file = TextFile::open(command.file);
  if (!file)
    return {"", "cairnctl: cannot read " + command.file + ": " + file.error() + "\n", exit_error};
  const auto read_file = [&command](const std::string& path) -> wire::Result<std::string> {
    const auto where = zones::included_file(command.file, path);
    if (!where) return wire::Error{where.error()};
    const auto included = TextFile::open(where->string());
    if (!included) return wire::Error{included.error()};
    return std::string(included->text());
  };
  return run_zone_command(
      command, file->text(), {.hash_key = new_key()}, read_file,
      [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
}

int finish(const Ending& ending) {
  std::fputs(ending.out.c_str(), stdout);
  std::fputs(ending.error.c_str(), stderr);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fputs("cairnctl: standard output could not be written to the end\n", stderr);
    return exit_error;
  }
  return ending.exit_code;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): only exhausted memory throws, and that may end us.
int main(int argc, char** argv) {
  const auto parsed = parse_command_line(argc, argv);
  if (const auto* ending = std::get_if<Ending>(&parsed)) return finish(*ending);
  if (const auto* on_zone = std::get_if<ZoneCommand>(&parsed)) return finish(run(*on_zone));
  const auto& request = std::get<Request>(parsed);
  const auto reply = ask_daemon(request.socket, to_json(request));
  if (const auto* failure = std::get_if<NoReply>(&reply)) {
    std::fprintf(stderr, "cairnctl: %s\n", failure->message.c_str());
    return failure->exit_code;
  }
  const auto& line = std::get<std::string>(reply);
  const auto text = text_of(request, line);
  if (request.raw) std::printf("%s\n", line.c_str());
  if (!text) {
    std::fprintf(stderr, "cairnctl: %s\n", text.error().c_str());
    return exit_error;
  }
  if (!request.raw) std::fputs(text->c_str(), stdout);
  return exit_ok;
}
