#include "server/mailbox.hpp"

#include <utility>

namespace cairn::server {

Mailbox::Mailbox(uv_loop_t& loop) {
  uv_async_init(&loop, &async_,
                [](uv_async_t* handle) { static_cast<Mailbox*>(handle->data)->open_letters(); });
  async_.data = this;
}

void Mailbox::post(Letter letter) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  letters_.push_back(std::move(letter));
  uv_async_send(&async_);
}

void Mailbox::open_letters() {
  std::vector<Letter> letters;
  {
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
  }
  for (const Letter& letter : letters) letter();
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = true;
  letters_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&async_), nullptr);
}

}  // namespace cairn::server
