#include "server/udp_listener.hpp"

#include <cerrno>
#include <cstring>

#include "server/clock.hpp"

namespace cairn::server {

UdpListener::UdpListener(uv_loop_t& loop, Listening& listening, std::uint32_t index,
                         ClientQueries& queries, std::function<void(wire::Instant)> after)
    : socket_(std::move(listening.udp)),
      index_(index),
      wildcard_(is_wildcard(listening.endpoint.address)),
      v6_(listening.endpoint.address.is_v6()),
      queries_(queries),
      after_(std::move(after)),
      datagrams_(std::make_unique<std::array<Datagram, limits::batch>>()) {
  for (Datagram& datagram : *datagrams_) {
    datagram.query_vector = {datagram.query.data(), datagram.query.size()};
    datagram.reply_vector = {datagram.reply.data(), 0};
  }
  uv_poll_init(&loop, &poll_, socket_.get());
  poll_.data = this;
  watch();
}

void UdpListener::watch() {
  uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* handle, int status, int) {
    auto& self = *static_cast<UdpListener*>(handle->data);
    if (status < 0) {  // libuv has stopped the handle; an error of one datagram is no end
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(self.socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
      self.watch();
    }
    self.on_readable();
  });
}

void UdpListener::stop() {
  uv_poll_stop(&poll_);
}

void UdpListener::close() {
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
}

void UdpListener::on_readable() {
  const wire::Instant now = clock_now();
  queries_.tell_time(wall_clock_now());
  for (unsigned batch = 0; batch < limits::batches_per_wakeup && read_batch(now); ++batch) {
  }
  after_(now);
}

void UdpListener::prepare_to_receive() {
  for (std::size_t at = 0; at < limits::batch; ++at) {
    Datagram& datagram = (*datagrams_)[at];
    msghdr& header = received_[at].msg_hdr;
    header.msg_name = &datagram.from;
    header.msg_namelen = sizeof datagram.from;
    header.msg_iov = &datagram.query_vector;
    header.msg_iovlen = 1;
    header.msg_control = wildcard_ ? datagram.control.data() : nullptr;
    header.msg_controllen = wildcard_ ? datagram.control.size() : 0;
  }
}

/// False when there is nothing more to read.
bool UdpListener::read_batch(wire::Instant now) {
  prepare_to_receive();
  const int count = ::recvmmsg(socket_.get(), received_.data(), limits::batch, 0, nullptr);
  if (count <= 0) return false;
  std::size_t ready = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(count); ++at) {
    Datagram& datagram = (*datagrams_)[at];
    msghdr& header = received_[at].msg_hdr;
    const Client client = client_of(datagram, header);
    if (client.from.port == 0) continue;  // nobody can be there
    const std::size_t size = queries_
                                 .answer(std::span(datagram.query).first(received_[at].msg_len),
                                         client, datagram.reply, now)
                                 .value_or(0);
    if (size == 0) continue;
    datagram.reply_vector.iov_len = size;
    msghdr& out = replies_[ready++].msg_hdr;
    out = {};
    out.msg_name = &datagram.from;
    out.msg_namelen = header.msg_namelen;
    out.msg_iov = &datagram.reply_vector;
    out.msg_iovlen = 1;
    if (wildcard_) {
      out.msg_control = datagram.control.data();
      out.msg_controllen = leave_from(client, datagram.control);
    }
  }
  send_replies(ready);
  return static_cast<std::size_t>(count) == limits::batch;
}

void UdpListener::send_replies(std::size_t count) {
  for (std::size_t sent = 0; sent < count;) {
    const int more =
        ::sendmmsg(socket_.get(), replies_.data() + sent, static_cast<unsigned>(count - sent), 0);
    if (more > 0) {
      sent += static_cast<std::size_t>(more);
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      return;  // the way out is full: datagrams may be lost, a queue would only age
    } else if (errno != EINTR) {
      ++sent;  // this one cannot be sent; the others can
    }
  }
}

void UdpListener::reply(const Client& client, std::span<const std::uint8_t> message) {
  SocketAddress to(client.from, client.interface);
  iovec vector{const_cast<std::uint8_t*>(message.data()), message.size()};
  alignas(cmsghdr) Control control;
  msghdr header{};
  header.msg_name = &to;
  header.msg_namelen = to.size();
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  if (wildcard_) {
    header.msg_control = control.data();
    header.msg_controllen = leave_from(client, control);
  }
  ::sendmsg(socket_.get(), &header, 0);
}

Client UdpListener::client_of(const Datagram& datagram, const msghdr& header) const {
  Client client;
  client.from = datagram.from.endpoint();
  client.interface = datagram.from.interface();
  client.listener = index_;
  if (!wildcard_) return client;
  auto* const message = const_cast<msghdr*>(&header);  // CMSG_NXTHDR takes it so
  for (const cmsghdr* at = CMSG_FIRSTHDR(message); at;
       at = CMSG_NXTHDR(message, const_cast<cmsghdr*>(at))) {
    if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(at), sizeof info);
      client.asked_at = address_of(info.ipi_addr);
      client.interface = static_cast<std::uint32_t>(info.ipi_ifindex);
    } else if (at->cmsg_level == IPPROTO_IPV6 && at->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(at), sizeof info);
      client.asked_at = address_of(info.ipi6_addr);
      client.interface = info.ipi6_ifindex;
    }
  }
  return client;
}

std::size_t UdpListener::leave_from(const Client& client, Control& control) const {
  control.fill(0);
  auto* const header = reinterpret_cast<cmsghdr*>(control.data());
  const auto octets = client.asked_at.octets();
  if (v6_) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, octets.data(), octets.size());
    info.ipi6_ifindex = client.interface;
    header->cmsg_level = IPPROTO_IPV6;
    header->cmsg_type = IPV6_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
    return CMSG_SPACE(sizeof info);
  }
  in_pktinfo info{};
  std::memcpy(&info.ipi_spec_dst, octets.data(), octets.size());
  // Without interface: the route back may be another one than the way in.
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_PKTINFO;
  header->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(header), &info, sizeof info);
  return CMSG_SPACE(sizeof info);
}

}  // namespace cairn::server
