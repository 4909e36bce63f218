// How many answers over UDP go to one network in a second (response rate limiting). A question over
// UDP may come from somebody who forges its source, and then the answer hits a stranger; whoever
// asks over a stream or brings a cookie back is none of those. Over the limit every second answer
// is so short that nothing is gained by forging, and tells a true client how to go on: by a cookie
// or by TCP. The others are silence.
//
// A flood of forged questions is mostly one question, or names that do not exist, or what nobody
// may ask; true clients ask for many things. So each kind of answer has a share of its own, and
// with the total left to the others a network's true clients go on while it is used as a target.
//
// One instant for each network, and for each kind in it, says until when its share is used up (the
// "virtual scheduling" form of a leaky bucket). The table is of a fixed size: of those that fall
// into the same row the least busy one is forgotten. All workers count in the same table, without
// locks: where two of them take the last place of a row at once, one answer more may leave.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "server/limits.hpp"
#include "wire/address.hpp"
#include "wire/siphash.hpp"
#include "wire/types.hpp"

namespace cairn::server {

class RateLimit {
 public:
  enum class Verdict { Answer, Short, Silence };
  /// Of answers that are alike. `all` is whatever it is; what else there is the caller says.
  using Kind = std::uint64_t;
  static constexpr Kind all = 0;

  explicit RateLimit(const wire::SipKey& key)
      : key_(key), rows_(std::make_unique<std::array<Row, limits::rate_rows>>()) {}

  /// One more answer of this kind to this address, of which its network gets `per_second`, more
  /// than 0. From any thread.
  Verdict take(const wire::IpAddress& address, Kind kind, unsigned per_second, wire::Instant now);

 private:
  struct Share {
    std::atomic<std::uint64_t> whose{0};  // 0: nobody's
    std::atomic<wire::Instant> used_until{};
    std::atomic<std::uint32_t> over{0};
  };
  using Row = std::array<Share, 4>;

  Share& share_of(const wire::IpAddress& address, Kind kind);

  wire::SipKey key_;
  std::unique_ptr<std::array<Row, limits::rate_rows>> rows_;
};

}  // namespace cairn::server
