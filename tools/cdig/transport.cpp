#include "tools/cdig/transport.hpp"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "tools/cdig/socket.hpp"

namespace cairn::cdig {

namespace {

std::chrono::microseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

}  // namespace

Outcome ask_over_udp(const Route& route, std::span<const std::uint8_t> query,
                     std::chrono::milliseconds patience, const Accepts& accepts) {
  const Socket socket(route.server, SOCK_DGRAM);
  if (!socket.is_open() || (route.source && !socket.bind_to(*route.source)) ||
      !socket.connect_to(route.server))
    return failure(errno, NoArrival::Stage::Setup);
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

Outcome ask_over(Connection& connection, std::span<const std::uint8_t> query,
                 std::chrono::milliseconds patience) {
  const auto start = Clock::now();
  const auto deadline = start + patience;
  if (auto trouble = connection.send(query, deadline)) return *trouble;
  auto reply = connection.receive(deadline);
  if (auto* trouble = std::get_if<NoArrival>(&reply)) return std::move(*trouble);
  return Arrival{std::move(std::get<wire::Bytes>(reply)), since(start)};
}

std::chrono::sys_time<std::chrono::microseconds> time_of_day() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint16_t random_id() {
  std::array<std::uint8_t, 2> octets{};
  fill_randomly(octets);
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

void fill_randomly(std::span<std::uint8_t> octets) {
  while (!octets.empty()) {
    const ssize_t count = ::getrandom(octets.data(), octets.size(), 0);
    if (count > 0) octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace cairn::cdig
