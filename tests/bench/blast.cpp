// Asks questions over UDP as fast as they are answered, and costs less than the servers that it
// measures: a closed loop that keeps a number of questions outstanding, many with one system call.
//   blast PORT NAMES OUTSTANDING SECONDS [once] [spin]
// NAMES is a file with one name a line; its A records are asked for, round and round, or `once`.
// With `spin` it never sleeps: on a virtual machine, waking a sleeping client costs the server an
// interrupt to the other core for each reply, and would be taken for the server's own work.
// Prints one JSON object: sent, answered, good (NOERROR with an answer), seconds.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t batch = 32;
constexpr std::size_t lanes = 4;  // sockets: a server with several workers sees several clients
constexpr auto lost_after = 2s;

/// All questions as octets, one behind the other; the ids are written when they leave.
class Questions {
 public:
  Questions(const char* file, bool once) : once_(once) {
    std::ifstream lines(file);
    for (std::string name; std::getline(lines, name);) append(name);
    starts_.push_back(octets_.size());
  }
  std::size_t count() const { return starts_.size() - 1; }
  bool at_end() const { return next_ == count() && once_; }
  /// Copies the next question to `out`; returns its octets.
  std::size_t take(std::uint8_t* out, std::uint16_t id) {
    if (next_ == count()) next_ = 0;
    const std::size_t size = starts_[next_ + 1] - starts_[next_];
    std::memcpy(out, &octets_[starts_[next_++]], size);
    out[0] = static_cast<std::uint8_t>(id >> 8);
    out[1] = static_cast<std::uint8_t>(id & 0xff);
    return size;
  }

 private:
  void append(std::string_view name) {
    starts_.push_back(octets_.size());
    octets_.insert(octets_.end(), {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    while (!name.empty()) {
      const std::string_view label = name.substr(0, name.find('.'));
      octets_.push_back(static_cast<std::uint8_t>(label.size()));
      octets_.insert(octets_.end(), label.begin(), label.end());
      name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    octets_.insert(octets_.end(), {0, 0, 1, 0, 1});
  }

  bool once_;
  std::size_t next_ = 0;
  std::vector<std::uint8_t> octets_;
  std::vector<std::size_t> starts_;
};

struct Counts {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  std::uint64_t good = 0;
};

/// One socket and its outstanding questions. An id is a slot and its generation, so that an answer
/// that comes after it was given up is not taken for the next one's.
class Lane {
 public:
  Lane(const sockaddr_in& server, std::size_t slots) : slots_(slots) {
    socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    const int buffer = 4 << 20;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
      std::abort();
    for (std::size_t slot = slots; slot-- > 0;) free_.push_back(slot);
    for (std::size_t at = 0; at < batch; ++at) {
      parts_[at] = {data_[at].data(), data_[at].size()};
      messages_[at].msg_hdr.msg_iov = &parts_[at];
      messages_[at].msg_hdr.msg_iovlen = 1;
    }
  }

  int socket() const { return socket_; }
  bool idle() const { return free_.size() == slots_.size(); }

  bool receive(Counts& counts) {
    for (iovec& part : parts_) part.iov_len = data_[0].size();
    const int count = ::recvmmsg(socket_, messages_.data(), batch, MSG_DONTWAIT, nullptr);
    for (int at = 0; at < count; ++at) take(static_cast<std::size_t>(at), counts);
    return count > 0;
  }

  bool send(Questions& questions, Clock::time_point now, Counts& counts) {
    unsigned count = 0;
    for (; count < batch && !free_.empty() && !questions.at_end(); ++count) {
      const std::size_t number = free_.back();
      free_.pop_back();
      Slot& slot = slots_[number];
      slot = {now, static_cast<std::uint16_t>((slot.generation + 1) & 0xf), true};
      const auto id = static_cast<std::uint16_t>(number | std::size_t{slot.generation} << 12);
      parts_[count].iov_len = questions.take(data_[count].data(), id);
    }
    for (unsigned done = 0; done < count;) {
      const int sent = ::sendmmsg(socket_, &messages_[done], count - done, 0);
      if (sent > 0) done += static_cast<unsigned>(sent);
    }
    counts.sent += count;
    return count > 0;
  }

  void give_up_lost(Clock::time_point now) {
    for (std::size_t number = 0; number < slots_.size(); ++number)
      if (slots_[number].waiting && now - slots_[number].asked > lost_after) release(number);
  }

 private:
  struct Slot {
    Clock::time_point asked{};
    std::uint16_t generation = 0;
    bool waiting = false;
  };

  void take(std::size_t at, Counts& counts) {
    const auto& octets = data_[at];
    if (messages_[at].msg_len < 12) return;
    const std::size_t number = (std::size_t{octets[0]} << 8 | octets[1]) & 0xfff;
    if (number >= slots_.size() || !slots_[number].waiting ||
        slots_[number].generation != octets[0] >> 4)
      return;
    release(number);
    ++counts.answered;
    counts.good += (octets[3] & 0xf) == 0 && (octets[6] | octets[7]) != 0;
  }
  void release(std::size_t number) {
    slots_[number].waiting = false;
    free_.push_back(number);
  }

  int socket_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  std::array<std::array<std::uint8_t, 1500>, batch> data_;
  std::array<iovec, batch> parts_{};
  std::array<mmsghdr, batch> messages_{};
};

void rest(const std::vector<Lane>& all) {
  std::array<pollfd, lanes> watched{};
  for (std::size_t at = 0; at < lanes; ++at) watched[at] = {all[at].socket(), POLLIN, 0};
  ::poll(watched.data(), watched.size(), 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const auto word = [&](const char* wanted) {
    return std::any_of(argv + 5, argv + argc, [&](const char* it) { return !strcmp(it, wanted); });
  };
  const bool spin = word("spin");
  Questions questions(argv[2], word("once"));
  if (questions.count() == 0) return 1;
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::size_t slots = std::clamp(std::atoi(argv[3]) / static_cast<int>(lanes), 1, 4096);
  std::vector<Lane> all;
  all.reserve(lanes);  // they hold addresses of their own parts
  while (all.size() < lanes) all.emplace_back(server, slots);

  Counts counts;
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration<double>(std::atof(argv[4]));
  auto now = start;
  auto swept = start;
  const auto idle = [](const Lane& lane) { return lane.idle(); };
  bool asking = true;
  while (asking || (!std::all_of(all.begin(), all.end(), idle) && now < end + lost_after)) {
    bool busy = false;
    for (Lane& lane : all) {
      busy |= lane.receive(counts);
      if (asking) busy |= lane.send(questions, now, counts);
    }
    if (!busy && !spin) rest(all);
    now = Clock::now();
    if (now - swept > 100ms) {
      for (Lane& lane : all) lane.give_up_lost(now);
      swept = now;
    }
    asking = asking && now < end && !questions.at_end();
  }
  std::printf(R"({"sent": %lu, "answered": %lu, "good": %lu, "seconds": %.3f})"
              "\n",
              counts.sent, counts.answered, counts.good,
              std::chrono::duration<double>(now - start).count());
}
