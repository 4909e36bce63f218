#include "tools/cdig/transport.hpp"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "tools/cdig/socket.hpp"

namespace cairn::cdig {

namespace {

using Clock = std::chrono::steady_clock;

// The words of errno in the manner of dig: "connection refused".
NoArrival failure(int error, bool before_sending = false) {
  if (error == EHOSTUNREACH) return {"host unreachable", before_sending};
  if (error == ENETUNREACH) return {"network unreachable", before_sending};
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(wire::fold(static_cast<std::uint8_t>(text[0])));
  return {text, before_sending};
}

const NoArrival timed_out{"timed out", false};

// Waits until `fd` is ready for `events`; nullopt when it is.
std::optional<NoArrival> await(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return timed_out;
    pollfd waiting{fd, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno != EINTR) return failure(errno);
  }
}

// Reads exactly `octets`, or says why not.
std::optional<NoArrival> read_fully(int fd, std::span<std::uint8_t> octets,
                                    Clock::time_point deadline) {
  while (!octets.empty()) {
    if (auto trouble = await(fd, POLLIN, deadline)) return trouble;
    const ssize_t count = ::recv(fd, octets.data(), octets.size(), 0);
    if (count == 0) return NoArrival{"end of file", false};
    if (count > 0) {
      octets = octets.subspan(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return failure(errno);
    }
  }
  return std::nullopt;
}

std::chrono::microseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

}  // namespace

Outcome ask_over_udp(const wire::Endpoint& server, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience, const Accepts& accepts) {
  const Socket socket(server, SOCK_DGRAM);
  if (!socket.is_open() || !socket.connect_to(server)) return failure(errno, true);
  const auto start = Clock::now();
  if (::send(socket.fd(), query.data(), query.size(), MSG_NOSIGNAL) < 0) return failure(errno);
  wire::Bytes buffer(65535);
  for (;;) {
    if (auto trouble = await(socket.fd(), POLLIN, start + patience)) return *trouble;
    const ssize_t count = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (count < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      return failure(errno);
    }
    const auto octets = std::span(buffer).first(static_cast<std::size_t>(count));
    if (accepts(octets)) return Arrival{{octets.begin(), octets.end()}, since(start)};
  }
}

Outcome ask_over_tcp(const wire::Endpoint& server, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience) {
  const Socket socket(server, SOCK_STREAM);
  if (!socket.is_open()) return failure(errno);
  const auto start = Clock::now();
  const auto deadline = start + patience;
  if (!socket.connect_to(server)) {
    if (errno != EINPROGRESS) return failure(errno);
    if (auto trouble = await(socket.fd(), POLLOUT, deadline)) return *trouble;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return failure(errno);
    if (error != 0) return failure(error);
  }

  wire::Bytes frame{static_cast<std::uint8_t>(query.size() >> 8),
                    static_cast<std::uint8_t>(query.size() & 0xff)};
  frame.insert(frame.end(), query.begin(), query.end());
  for (std::span<const std::uint8_t> unsent = frame; !unsent.empty();) {
    if (auto trouble = await(socket.fd(), POLLOUT, deadline)) return *trouble;
    const ssize_t count = ::send(socket.fd(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      unsent = unsent.subspan(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return failure(errno);
    }
  }

  std::array<std::uint8_t, 2> length{};
  if (auto trouble = read_fully(socket.fd(), length, deadline)) return *trouble;
  wire::Bytes octets(static_cast<std::size_t>(length[0] << 8 | length[1]));
  if (auto trouble = read_fully(socket.fd(), octets, deadline)) return *trouble;
  return Arrival{std::move(octets), since(start)};
}

void fill_randomly(std::span<std::uint8_t> octets) {
  while (!octets.empty()) {
    const ssize_t count = ::getrandom(octets.data(), octets.size(), 0);
    if (count > 0) octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace cairn::cdig
