// A lock of four octets for what takes a few dozen instructions: taking it while it is free is one
// of them. Who has to wait sleeps in the kernel.
//
// After Drepper, "Futexes Are Tricky", section 5: the state tells whether somebody may be waiting,
// so that nobody is woken in vain.
#pragma once

#include <atomic>
#include <cstdint>

namespace cairn::cache {

class Lock {
 public:
  void lock() {
    State expected = free;
    if (state_.compare_exchange_strong(expected, taken, std::memory_order_acquire)) return;
    while (state_.exchange(awaited, std::memory_order_acquire) != free) state_.wait(awaited);
  }
  void unlock() {
    if (state_.exchange(free, std::memory_order_release) == awaited) state_.notify_one();
  }

 private:
  using State = std::int32_t;  // the kernel's own size: waiting is one system call
  static constexpr State free = 0, taken = 1, awaited = 2;

  std::atomic<State> state_ = free;
};

}  // namespace cairn::cache
