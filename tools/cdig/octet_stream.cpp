#include "tools/cdig/octet_stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "wire/name.hpp"

namespace cairn::cdig {

namespace {

class PlainStream : public OctetStream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  std::optional<NoArrival> write(std::span<const std::uint8_t> octets, Deadline deadline) override {
    while (!octets.empty()) {
      const ssize_t count = ::send(socket_.fd(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        octets = octets.subspan(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        if (auto trouble = await(socket_.fd(), POLLOUT, deadline)) return trouble;
      } else if (errno != EINTR) {
        return failure(errno);
      }
    }
    return std::nullopt;
  }

  std::variant<std::size_t, NoArrival> read(std::span<std::uint8_t> octets,
                                            Deadline deadline) override {
    for (;;) {
      if (auto trouble = await(socket_.fd(), POLLIN, deadline)) return *trouble;
      const ssize_t count = ::recv(socket_.fd(), octets.data(), octets.size(), 0);
      if (count > 0) return static_cast<std::size_t>(count);
      if (count == 0) return NoArrival{"end of file"};
      if (errno != EAGAIN && errno != EINTR) return failure(errno);
    }
  }

 private:
  Socket socket_;
};

}  // namespace

NoArrival failure(int error, NoArrival::Stage stage) {
  switch (error) {
    case EHOSTUNREACH:
      return {"host unreachable", stage};
    case ENETUNREACH:
      return {"network unreachable", stage};
    case EADDRNOTAVAIL:
      return {"address not available", stage};
    case EADDRINUSE:
      return {"address in use", stage};
    case ECONNRESET:
    case EPIPE:
      return {"connection reset", stage};
    default: {
      std::string text = std::generic_category().message(error);
      if (!text.empty())
        text[0] = static_cast<char>(wire::fold(static_cast<std::uint8_t>(text[0])));
      return {std::move(text), stage};
    }
  }
}

std::optional<NoArrival> await(int fd, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return NoArrival{"timed out"};
    pollfd waiting{fd, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno != EINTR) return failure(errno);
  }
}

std::optional<NoArrival> OctetStream::read_fully(std::span<std::uint8_t> octets,
                                                 Deadline deadline) {
  while (!octets.empty()) {
    const auto count = read(octets, deadline);
    if (const auto* trouble = std::get_if<NoArrival>(&count)) return *trouble;
    octets = octets.subspan(std::get<std::size_t>(count));
  }
  return std::nullopt;
}

std::variant<Socket, NoArrival> connect_socket(const wire::Endpoint& server,
                                               const std::optional<wire::Endpoint>& source,
                                               Deadline deadline) {
  using enum NoArrival::Stage;
  Socket socket(server, SOCK_STREAM);
  if (!socket.is_open()) return failure(errno, Setup);
  if (source && !socket.bind_to(*source)) return failure(errno, Setup);
  if (socket.connect_to(server)) return socket;
  if (errno != EINPROGRESS) return failure(errno, Setup);
  if (auto trouble = await(socket.fd(), POLLOUT, deadline)) {
    trouble->stage = Setup;
    return *trouble;
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    return failure(errno, Setup);
  if (error != 0) return failure(error, Setup);
  return socket;
}

std::unique_ptr<OctetStream> plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace cairn::cdig
