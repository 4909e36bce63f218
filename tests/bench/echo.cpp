// What one core can do through this kernel: flips the QR bit of each datagram and sends it back,
// many with one system call. A server that answers cannot cost less; the benchmark's tables say how
// much more each one does.
//   echo PORT

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::size_t batch = 32;
constexpr std::size_t octets = 1500;

struct Batch {
  std::array<std::array<std::uint8_t, octets>, batch> data;
  std::array<sockaddr_in, batch> from;
  std::array<iovec, batch> parts;
  std::array<mmsghdr, batch> messages;

  void empty() {
    for (std::size_t at = 0; at < batch; ++at) {
      parts[at] = {data[at].data(), octets};
      msghdr& header = messages[at].msg_hdr;
      header = {};
      header.msg_name = &from[at];
      header.msg_namelen = sizeof from[at];
      header.msg_iov = &parts[at];
      header.msg_iovlen = 1;
    }
  }
};

void answer(int socket, Batch& batch_of, unsigned count) {
  for (unsigned at = 0; at < count; ++at) {
    batch_of.parts[at].iov_len = batch_of.messages[at].msg_len;
    batch_of.data[at][2] |= 0x80;
  }
  for (unsigned done = 0; done < count;) {
    const int sent = ::sendmmsg(socket, &batch_of.messages[done], count - done, 0);
    if (sent <= 0) return;
    done += static_cast<unsigned>(sent);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("bind");
    return 1;
  }
  static Batch all;
  for (;;) {
    all.empty();
    const int count = ::recvmmsg(socket, all.messages.data(), batch, MSG_WAITFORONE, nullptr);
    if (count > 0) answer(socket, all, static_cast<unsigned>(count));
  }
}
