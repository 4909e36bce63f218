// The operator's way in: a Unix socket that only its owner and root may use, one JSON request a
// line, one JSON reply a line. cairnctl(8) is its face.
#pragma once

#include <uv.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "server/sockets.hpp"

namespace cairn::server {

/// Binds the socket with mode 0600 and removes what a dead daemon has left there. Throws
/// StartError.
File bind_control(const std::filesystem::path& path);

class Control {
 public:
  /// Takes the reply, in the same thread, at once or later.
  using Answer = std::function<void(std::string line)>;
  using Serve = std::function<void(std::string_view line, Answer answer)>;

  Control(uv_loop_t& loop, File listening, Serve serve);
  void close();

 private:
  struct Connection {
    uv_pipe_t handle;
    Control* owner;
    std::uint64_t id;
    std::string incoming;
    char buffer[1024];
  };

  void accept();
  void on_octets(std::uint64_t id, std::string_view octets);
  void answer(std::uint64_t id, std::string line);
  void hang_up(std::uint64_t id);

  uv_loop_t& loop_;
  uv_pipe_t listening_{};
  Serve serve_;
  std::uint64_t sequence_ = 0;
  std::unordered_map<std::uint64_t, Connection*> connections_;  // freed when their handle is closed
};

}  // namespace cairn::server
