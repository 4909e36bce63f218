#include "tools/cdig/probe.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "tools/cdig/query.hpp"
#include "tools/cdig/socket.hpp"

namespace cairn::cdig {
namespace {

using Clock = std::chrono::steady_clock;

// One socket per server. What leaves this host as an error is an echo that never comes.
class Probes {
 public:
  Probes(std::span<const wire::Endpoint> servers, const wire::Message& query);

  std::vector<Echo> gather(Clock::duration patience);

 private:
  void read(std::size_t at);
  void give_up(std::size_t at) {
    sockets_[at].reset();
    waiting_[at].fd = -1;  // poll(2) passes over it
    --open_;
  }

  const wire::Message& query_;
  std::vector<std::optional<Socket>> sockets_;  // none: done with it
  std::vector<pollfd> waiting_;
  std::vector<Clock::time_point> sent_;
  std::vector<Echo> echoes_;
  std::size_t open_ = 0;
};

Probes::Probes(std::span<const wire::Endpoint> servers, const wire::Message& query)
    : query_(query), echoes_(servers.size()) {
  const wire::Bytes octets = wire::build(query);
  for (const wire::Endpoint& server : servers) {
    const std::size_t at = sockets_.size();
    const Socket& socket = *sockets_.emplace_back(Socket(server, SOCK_DGRAM));
    waiting_.push_back({socket.fd(), POLLIN, 0});
    sent_.push_back(Clock::now());
    ++open_;
    if (!socket.is_open() || !socket.connect_to(server) ||
        ::send(socket.fd(), octets.data(), octets.size(), MSG_NOSIGNAL) < 0)
      give_up(at);
  }
}

std::vector<Echo> Probes::gather(Clock::duration patience) {
  const auto deadline = Clock::now() + patience;
  while (open_ > 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) break;
    if (::poll(waiting_.data(), waiting_.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      break;
    for (std::size_t at = 0; at < waiting_.size(); ++at)
      if (waiting_[at].fd >= 0 && waiting_[at].revents != 0) read(at);
  }
  return std::move(echoes_);
}

void Probes::read(std::size_t at) {
  std::array<std::uint8_t, wire::max_message_octets> buffer;
  const ssize_t count = ::recv(waiting_[at].fd, buffer.data(), buffer.size(), 0);
  if (count < 0) {
    if (errno != EAGAIN && errno != EINTR) give_up(at);
    return;
  }
  const auto octets = std::span(buffer).first(static_cast<std::size_t>(count));
  auto message = wire::parse(octets);
  // What is no answer to this question may be forged: the wait goes on.
  if (!message || !message->header.response || !judge(query_, octets, Medium::Datagram).ours)
    return;
  echoes_[at] = {std::move(*message),
                 std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sent_[at])};
  give_up(at);
}

}  // namespace

std::vector<Echo> probe(std::span<const wire::Endpoint> servers, const wire::Message& query,
                        std::chrono::milliseconds patience) {
  return Probes(servers, query).gather(patience);
}

}  // namespace cairn::cdig
