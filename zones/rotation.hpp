// In which order the addresses of a name go out, so that clients that take the first one spread
// over all.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::zones {

/// cyclic: over n answers each of k addresses stands first n/k times, exactly, whichever worker
/// answers. fixed: as in the zone file.
enum class Rotation : std::uint8_t { Cyclic, Fixed };

std::optional<Rotation> rotation_from_text(std::string_view text);

/// Whose turn it is: one per address set, shared by all workers.
class Turn {
 public:
  std::size_t next(std::size_t count) const {
    return count_.fetch_add(1, std::memory_order_relaxed) % count;
  }

 private:
  mutable std::atomic<std::uint64_t> count_{0};
};

}  // namespace cairn::zones
