// cairnctl: the face of the daemon's control socket.

#include <cstdio>

#include "tools/cairnctl/control_socket.hpp"
#include "tools/cairnctl/reply.hpp"
#include "tools/cairnctl/request.hpp"
#include "tools/cairnctl/tree.hpp"

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

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): only exhausted memory throws, and that may end us.
int main(int argc, char** argv) {
  const auto parsed = parse_command_line(argc, argv);
  if (const auto* ending = std::get_if<Ending>(&parsed)) {
    std::fputs(ending->out.c_str(), stdout);
    std::fputs(ending->error.c_str(), stderr);
    return ending->exit_code;
  }
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
