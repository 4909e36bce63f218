#include "wire/reader.hpp"

namespace cairn::wire {

Name Reader::name() {
  Name name;
  std::size_t size = 0;  // of the name so far
  std::size_t at = at_;
  std::size_t run = at_;  // where the labels since the last pointer began; they are copied together
  std::size_t end = end_;  // of what may be read; behind a pointer, of what stands before its run
  std::size_t after = 0;   // where reading goes on: behind the first pointer
  std::size_t pointers = 0;
  while (!failed_) {
    ++steps_;
    if (at >= end) break;
    const std::uint8_t length = octets_[at];
    if (length > 0 && length <= 63) {
      if (size + (at - run) + length + 2U > Name::max_octets || at + 1 + length > end) break;
      at += length + 1U;
      continue;
    }
    if (length > 0 && (length < 0xc0 || at + 1 >= end)) break;
    std::memcpy(name.octets_.data() + size, octets_.data() + run, at - run);
    size += at - run;
    if (length == 0) {
      name.octets_[size++] = 0;
      name.size_ = static_cast<std::uint8_t>(size);
      at_ = after ? after : at + 1;
      return name;
    }
    const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | octets_[at + 1];
    // Only backwards: no loop, and each octet is read at most once for a name.
    if (target >= run || ++pointers > Name::max_labels) break;
    if (!after) after = at + 2;
    end = run;
    run = at = target;
  }
  failed_ = true;
  return Name();
}

std::size_t Reader::limit_to(std::size_t count) {
  const std::size_t before = end_;
  if (failed_ || left() < count)
    failed_ = true;
  else
    end_ = at_ + count;
  return before;
}

}  // namespace cairn::wire
