#include "server/notify.hpp"

#include <systemd/sd-daemon.h>

#include <ctime>

namespace cairn::server::notify {

void ready() {
  ::sd_notify(0, "READY=1");
}

void reloading() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  ::sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
               static_cast<long long>(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000);
}

void stopping() {
  ::sd_notify(0, "STOPPING=1");
}

void alive() {
  ::sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::milliseconds> watchdog_period() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::milliseconds{microseconds / 1000};
}

std::vector<int> activated_sockets() {
  std::vector<int> descriptors;
  const int count = ::sd_listen_fds(1);
  for (int at = 0; at < count; ++at) descriptors.push_back(SD_LISTEN_FDS_START + at);
  return descriptors;
}

}  // namespace cairn::server::notify
