// Unpredictable numbers: the kernel's generator (ChaCha20), read in blocks. Ids, ports and case
// must not be guessed by somebody who saw earlier ones (RFC 5452 section 10).
#pragma once

#include <array>
#include <cstddef>

#include "resolver/random.hpp"

namespace cairn::server {

class SystemRandom : public resolver::Random {
 public:
  std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 512> block_{};
  std::size_t used_ = block_.size();
};

}  // namespace cairn::server
