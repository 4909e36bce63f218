#include "tools/cdig/output.hpp"

#include <cerrno>
#include <cstdio>

namespace cairn::cdig {

void Output::put(const std::string& text) {
  if (trouble_ != 0 || text.empty()) return;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) trouble_ = errno != 0 ? errno : EIO;
}

void Output::comment(const std::string& text, const Display& display) {
  if (display.json)
    std::fputs(text.c_str(), stderr);
  else
    put(text);
}

void Output::put_banner_above_failure() {
  if (printed_) return;
  printed_ = true;
  put(greeting_);
}

}  // namespace cairn::cdig
