// How many answers over UDP go to one network in a second (response rate limiting). A question over
// UDP may come from somebody who forges its source, and then the answer hits a stranger; whoever
// asks over a stream or brings a cookie back is none of those. Over the limit every second answer
// is so short that nothing is gained by forging, and tells a true client how to go on: by a cookie
// or by TCP. The others are silence.
//
// One instant for each network says until when its share is used up (the "virtual scheduling" form
// of a leaky bucket). The table is of a fixed size: of those that fall into the same row the
// least busy one is forgotten.
#pragma once

#include <array>
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

  explicit RateLimit(const wire::SipKey& key)
      : key_(key), rows_(std::make_unique<std::array<Row, limits::rate_rows>>()) {}

  /// One more answer to this address; `per_second` is not 0.
  Verdict take(const wire::IpAddress& address, unsigned per_second, wire::Instant now);

 private:
  struct Share {
    std::uint64_t network = 0;  // 0: none
    wire::Instant used_until{};
  };
  using Row = std::array<Share, 4>;

  Share& share_of(const wire::IpAddress& address);

  wire::SipKey key_;
  std::unique_ptr<std::array<Row, limits::rate_rows>> rows_;
  std::uint64_t over_ = 0;
};

}  // namespace cairn::server
