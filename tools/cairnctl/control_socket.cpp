#include "tools/cairnctl/control_socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include "tools/cairnctl/request.hpp"

namespace cairn::cairnctl {

namespace {

// More than the longest resolution, which ends after 5 s.
constexpr int patience_s = 15;
// A reply is one line; the longest is a trace of the whole budget.
constexpr std::size_t max_reply_octets = 16U << 20U;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string words(int error) {
  return std::generic_category().message(error);
}

NoReply cannot_connect(const std::string& socket, int error) {
  if (error == ENOENT || error == ECONNREFUSED) {
    return {"cairnd does not run, or listens elsewhere (" + socket + ": " + words(error) +
                ").\nStart it with 'systemctl start cairnd' or 'cairnd -c FILE', or give the path "
                "that `control` has in cairn.toml: cairnctl --socket PATH.",
            exit_not_running};
  }
  if (error == EACCES || error == EPERM) {
    return {socket + ": " + words(error) +
                ". The daemon listens to root and to the user that it runs as.",
            exit_error};
  }
  return {socket + ": " + words(error), exit_error};
}

std::optional<NoReply> send_line(int fd, const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return NoReply{"cannot write to the daemon: " + words(errno), exit_error};
    sent += static_cast<std::size_t>(count);
  }
  return std::nullopt;
}

}  // namespace

std::string usual_socket() {
  const char* named = std::getenv("CAIRN_CONTROL");
  return named != nullptr && *named != '\0' ? named : "/run/cairn/control.sock";
}

std::variant<std::string, NoReply> ask_daemon(const std::string& socket, const std::string& line) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (socket.size() >= sizeof to.sun_path)
    return NoReply{socket + ": longer than a socket's path may be", exit_usage};
  std::memcpy(to.sun_path, socket.data(), socket.size());

  const Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{patience_s, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return cannot_connect(socket, errno);
  if (auto trouble = send_line(fd.get(), line)) return *trouble;

  std::string reply;
  std::array<char, 65536> buffer{};
  while (reply.find('\n') == std::string::npos && reply.size() < max_reply_octets) {
    const ssize_t count = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return NoReply{errno == EAGAIN
                         ? "the daemon did not reply within " + std::to_string(patience_s) + " s"
                         : "cannot read from the daemon: " + words(errno),
                     exit_error};
    }
    if (count == 0) break;
    reply.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (reply.empty()) return NoReply{"the daemon closed the connection without a reply", exit_error};
  return reply.substr(0, reply.find('\n'));
}

}  // namespace cairn::cairnctl
