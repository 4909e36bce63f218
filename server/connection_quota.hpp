// How many connections clients may hold, in all and each of them, counted over all workers: one
// client that opens as many as it can must not keep the others out (slowloris, CVE-2024-0760).
//
// The fuller it gets, the less time is given to connections that nobody asks anything on (RFC 7766
// section 6.2.3): who has something to ask connects again.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "server/limits.hpp"
#include "server/network_of.hpp"
#include "wire/address.hpp"
#include "wire/types.hpp"

namespace cairn::server {

class ConnectionQuota {
 public:
  explicit ConnectionQuota(std::size_t most = limits::connections)
      : most_(most),
        most_of_each_(std::clamp(most / limits::least_holders, std::size_t{1},
                                 limits::connections_per_address)) {}

  enum class Room { Taken, NotForThisClient, Full };

  /// Counts one more connection, if there is room.
  Room take(const wire::IpAddress& address) {
    const std::lock_guard lock(mutex_);
    return count(address);
  }

  /// Gives one back that was taken.
  void give_back(const wire::IpAddress& address) {
    const std::lock_guard lock(mutex_);
    discount(address);
  }

  /// Both in one: no other worker takes the place in between.
  Room hand_over(const wire::IpAddress& from, const wire::IpAddress& to) {
    const std::lock_guard lock(mutex_);
    discount(from);
    return count(to);
  }

  /// How long an idle connection may live now; `most` where there is room for as many again.
  wire::Duration patience(wire::Duration most) const {
    const std::size_t free = most_ - std::min(total_.load(), most_);
    const wire::Duration left =
        most * 2 * static_cast<long>(free) / static_cast<long>(std::max<std::size_t>(most_, 1));
    return std::clamp<wire::Duration>(left, limits::least_patience, most);
  }

 private:
  Room count(const wire::IpAddress& address) {
    if (held_by(address) >= most_of_each_) return Room::NotForThisClient;
    if (total_ >= most_) return Room::Full;
    ++held_[holder(address)];
    ++total_;
    return Room::Taken;
  }
  void discount(const wire::IpAddress& address) {
    const auto at = held_.find(holder(address));
    if (at == held_.end()) return;
    --total_;
    if (--at->second == 0) held_.erase(at);
  }
  /// A household has one address of IPv4, and a network of IPv6.
  static wire::IpAddress holder(const wire::IpAddress& address) {
    return address.is_v6() ? network_of(address) : address;
  }
  std::size_t held_by(const wire::IpAddress& address) const {
    const auto at = held_.find(holder(address));
    return at == held_.end() ? 0 : at->second;
  }

  std::mutex mutex_;
  std::map<wire::IpAddress, std::size_t> held_;
  std::atomic<std::size_t> total_ = 0;  // changed with the mutex held
  std::size_t most_;
  std::size_t most_of_each_;
};

}  // namespace cairn::server
