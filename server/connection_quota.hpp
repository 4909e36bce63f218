// How many connections clients may hold, in all and from one address, counted over all workers: one
// client that opens as many as it can must not keep the others out (slowloris, CVE-2024-0760).
#pragma once

#include <map>
#include <mutex>

#include "server/limits.hpp"
#include "wire/address.hpp"

namespace cairn::server {

class ConnectionQuota {
 public:
  explicit ConnectionQuota(std::size_t most = limits::connections) : most_(most) {}

  /// Counts one more connection; false, and nothing is counted, when there are too many.
  bool take(const wire::IpAddress& address) {
    const std::lock_guard lock(mutex_);
    if (total_ >= most_) return false;
    std::size_t& its = per_address_[address];
    if (its >= limits::connections_per_address) return false;
    ++its;
    ++total_;
    return true;
  }

  /// Gives one back that was taken.
  void give_back(const wire::IpAddress& address) {
    const std::lock_guard lock(mutex_);
    const auto at = per_address_.find(address);
    if (at == per_address_.end()) return;
    --total_;
    if (--at->second == 0) per_address_.erase(at);
  }

 private:
  std::mutex mutex_;
  std::map<wire::IpAddress, std::size_t> per_address_;
  std::size_t total_ = 0;
  std::size_t most_;
};

}  // namespace cairn::server
