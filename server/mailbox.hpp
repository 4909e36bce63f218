// How one thread speaks to another: what is to be done is put into the other's mailbox, and its
// loop does it in its own time. Nothing else crosses threads, except the cache, which locks for
// itself.
#pragma once

#include <uv.h>

#include <functional>
#include <mutex>
#include <vector>

namespace cairn::server {

class Mailbox {
 public:
  using Letter = std::function<void()>;

  /// In the thread of `loop`, or before it runs.
  explicit Mailbox(uv_loop_t& loop);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// From any thread. After close() letters are lost, as they are for somebody who has moved out.
  void post(Letter letter);
  /// In the thread of the loop.
  void close();

 private:
  void open_letters();

  uv_async_t async_{};
  std::mutex mutex_;
  std::vector<Letter> letters_;
  bool closed_ = false;
};

}  // namespace cairn::server
