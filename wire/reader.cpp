#include "wire/reader.hpp"

namespace cairn::wire {

std::uint8_t Reader::u8() {
  if (failed_ || left() < 1) {
    failed_ = true;
    return 0;
  }
  return octets_[at_++];
}

std::uint16_t Reader::u16() {
  if (failed_ || left() < 2) {
    failed_ = true;
    return 0;
  }
  const auto value = static_cast<std::uint16_t>(octets_[at_] << 8 | octets_[at_ + 1]);
  at_ += 2;
  return value;
}

std::uint32_t Reader::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}

std::span<const std::uint8_t> Reader::bytes(std::size_t count) {
  if (failed_ || left() < count) {
    failed_ = true;
    return {};
  }
  at_ += count;
  return octets_.subspan(at_ - count, count);
}

Name Reader::name() {
  Name name;
  std::size_t size = 0;
  std::size_t at = at_;
  std::size_t end = end_;  // a name may run to the end of what may be read; behind a pointer, to
                           // the pointer's run
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
      if (target >= run)
        break;  // only backwards: no loop, and each octet is read at most once a name
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
