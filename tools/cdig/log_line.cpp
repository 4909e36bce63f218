#include "tools/cdig/log_line.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace cairn::cdig {

std::string log_line(const std::string& text) {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 40> date{};
  std::strftime(date.data(), date.size(), "%d-%b-%Y %H:%M:%S", &parts);
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(ms));
  return std::string(date.data()) + fraction.data() + " " + text + "\n";
}

}  // namespace cairn::cdig
