#include "server/system_random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace cairn::server {

std::uint64_t SystemRandom::next() {
  if (used_ == block_.size()) {
    auto* const octets = reinterpret_cast<std::uint8_t*>(block_.data());
    for (std::size_t have = 0; have < sizeof block_;) {
      const ssize_t got = ::getrandom(octets + have, sizeof block_ - have, 0);
      if (got > 0) {
        have += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {
        // Predictable ids would be worse than no resolver.
        std::perror("getrandom");
        std::abort();
      }
    }
    used_ = 0;
  }
  return std::exchange(block_[used_++], 0);  // what was given out is not kept
}

}  // namespace cairn::server
