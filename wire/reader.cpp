#include "wire/reader.hpp"

namespace cairn::wire {

Name Reader::name() {
  Name name;
  std::size_t size = 0;
  std::size_t at = at_;
  std::size_t end = end_;  // of what may be read; behind a pointer, of what stands before its run
  std::size_t run = at_;   // where the labels since the last pointer began
  std::size_t after = 0;   // where reading goes on: behind the first pointer
  std::size_t pointers = 0;
  while (!failed_) {
    ++steps_;
    if (at >= end) break;
    const std::uint8_t length = octets_[at];
    if (length == 0) {
      name.octets_[size++] = 0;
      name.size_ = static_cast<std::uint8_t>(size);
      at_ = after ? after : at + 1;
      return name;
    }
    if (length >= 0xc0) {
      if (at + 1 >= end || ++pointers > Name::max_labels) break;
      const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | octets_[at + 1];
      // Only backwards: no loop, and each octet is read at most once for a name.
      if (target >= run) break;
      if (!after) after = at + 2;
      end = run;
      run = at = target;
      continue;
    }
    if (length > 63 || size + length + 2U > Name::max_octets || at + 1 + length > end) break;
    std::memcpy(name.octets_.data() + size, octets_.data() + at, length + 1U);
    size += length + 1U;
    at += length + 1U;
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
