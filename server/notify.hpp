// The service manager (sd_notify(3), sd_listen_fds(3)). Without one, all of it does nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::server::notify {

void ready();
void reloading();
void stopping();
void alive();
/// How often alive() is expected.
std::optional<std::chrono::milliseconds> watchdog_period();
/// Sockets that were opened for us.
std::vector<int> activated_sockets();

}  // namespace cairn::server::notify
