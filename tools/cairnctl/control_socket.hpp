// One question to the daemon and its reply, a line each, over its Unix socket.
#pragma once

#include <string>
#include <variant>

namespace cairn::cairnctl {

/// Why there is no reply, with the remedy, and the exit code for it.
struct NoReply {
  std::string message;
  int exit_code;
};

/// Where the daemon is looked for when nobody says: $CAIRN_CONTROL, or its own default.
std::string usual_socket();

std::variant<std::string, NoReply> ask_daemon(const std::string& socket, const std::string& line);

}  // namespace cairn::cairnctl
