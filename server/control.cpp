#include "server/control.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "server/limits.hpp"
#include "server/start_error.hpp"

namespace cairn::server {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw StartError{ExitCode::File, "`control`: cannot open " + path.string() + ": " + why +
                                       "; name another socket, or say `control = \"\"` for none"};
}

/// Root, or whoever we are (unix(7), SO_PEERCRED).
bool may_control(const uv_pipe_t& handle) {
  uv_os_fd_t descriptor = -1;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  return uv_fileno(reinterpret_cast<const uv_handle_t*>(&handle), &descriptor) == 0 &&
         ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 &&
         (credentials.uid == 0 || credentials.uid == ::geteuid());
}

}  // namespace

File bind_control(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.size() >= sizeof address.sun_path) fail(path, "its name is too long for a socket");
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  const auto* any = reinterpret_cast<const sockaddr*>(&address);

  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) fail(path, "cannot make its folder: " + error.message());

  File socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) fail(path, std::strerror(errno));
  if (::connect(socket.get(), any, sizeof address) == 0)
    fail(path, "another cairnd is listening there");
  if (fs::is_socket(path, error)) fs::remove(path, error);

  socket = File(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const mode_t old = ::umask(0177);
  const int bound = ::bind(socket.get(), any, sizeof address);
  const int why = errno;
  ::umask(old);
  if (bound != 0) fail(path, std::strerror(why));
  if (::listen(socket.get(), static_cast<int>(limits::control_connections)) != 0)
    fail(path, std::strerror(errno));
  return socket;
}

Control::Control(uv_loop_t& loop, File listening, Serve serve)
    : loop_(loop), serve_(std::move(serve)) {
  uv_pipe_init(&loop_, &listening_, 0);
  uv_pipe_open(&listening_, listening.release());
  listening_.data = this;
  uv_listen(reinterpret_cast<uv_stream_t*>(&listening_), limits::control_connections,
            [](uv_stream_t* handle, int status) {
              if (status == 0) static_cast<Control*>(handle->data)->accept();
            });
}

void Control::accept() {
  auto made = std::make_unique<Connection>();
  Connection* const connection = made.get();
  connection->owner = this;
  connection->id = ++sequence_;
  uv_pipe_init(&loop_, &connection->handle, 0);
  connection->handle.data = connection;
  connections_.emplace(connection->id, made.release());
  auto* const stream = reinterpret_cast<uv_stream_t*>(&connection->handle);
  if (uv_accept(reinterpret_cast<uv_stream_t*>(&listening_), stream) != 0 ||
      !may_control(connection->handle) || connections_.size() > limits::control_connections)
    return hang_up(connection->id);
  uv_read_start(
      stream,
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& self = *static_cast<Connection*>(handle->data);
        *buffer = uv_buf_init(self.buffer, sizeof self.buffer);
      },
      [](uv_stream_t* handle, ssize_t size, const uv_buf_t* buffer) {
        auto& self = *static_cast<Connection*>(handle->data);
        if (size > 0)
          self.owner->on_octets(self.id, {buffer->base, static_cast<std::size_t>(size)});
        else if (size < 0)
          self.owner->hang_up(self.id);
      });
}

void Control::on_octets(std::uint64_t id, std::string_view octets) {
  std::string incoming = std::exchange(connections_.at(id)->incoming, {}) + std::string(octets);
  for (std::size_t end; (end = incoming.find('\n')) != std::string::npos;) {
    const std::string line = incoming.substr(0, end);
    incoming.erase(0, end + 1);
    serve_(line, [this, id](std::string reply) { answer(id, std::move(reply)); });
  }
  const auto at = connections_.find(id);
  if (at == connections_.end()) return;
  if (incoming.size() > limits::control_request_octets) return hang_up(id);
  at->second->incoming = std::move(incoming);
}

void Control::answer(std::uint64_t id, std::string line) {
  const auto at = connections_.find(id);
  if (at == connections_.end()) return;  // hung up meanwhile
  struct Write {
    uv_write_t request;
    std::string line;
  };
  auto write = std::make_unique<Write>(Write{{}, std::move(line) + "\n"});
  write->request.data = write.get();
  const uv_buf_t buffer =
      uv_buf_init(write->line.data(), static_cast<unsigned>(write->line.size()));
  uv_write(&write.release()->request, reinterpret_cast<uv_stream_t*>(&at->second->handle), &buffer,
           1, [](uv_write_t* request, int) { delete static_cast<Write*>(request->data); });
}

void Control::hang_up(std::uint64_t id) {
  const auto node = connections_.extract(id);
  if (!node) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&node.mapped()->handle),
           [](uv_handle_t* handle) { delete static_cast<Connection*>(handle->data); });
}

void Control::close() {
  uv_close(reinterpret_cast<uv_handle_t*>(&listening_), nullptr);
  while (!connections_.empty()) hang_up(connections_.begin()->first);
}

}  // namespace cairn::server
