#include "wire/writer.hpp"

#include <algorithm>
#include <cstring>

namespace cairn::wire {
namespace {

constexpr std::size_t farthest_pointer = 0x3fff;

}  // namespace

bool Writer::room(std::size_t octets) {
  if (overflowed_ || limit_ < size_ || limit_ - size_ < octets) {
    overflowed_ = true;
    return false;
  }
  return true;
}

void Writer::u8(std::uint8_t value) {
  if (room(1)) buffer_[size_++] = value;
}

void Writer::u16(std::uint16_t value) {
  if (!room(2)) return;
  buffer_[size_++] = static_cast<std::uint8_t>(value >> 8);
  buffer_[size_++] = static_cast<std::uint8_t>(value & 0xff);
}

void Writer::u32(std::uint32_t value) {
  if (!room(4)) return;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    buffer_[size_++] = static_cast<std::uint8_t>(value >> shift & 0xff);
}

void Writer::bytes(std::span<const std::uint8_t> octets) {
  if (octets.empty() || !room(octets.size())) return;
  std::memcpy(buffer_.data() + size_, octets.data(), octets.size());
  size_ += octets.size();
}

void Writer::put_u16_at(std::size_t position, std::uint16_t value) {
  if (position + 2 > size_) return;
  buffer_[position] = static_cast<std::uint8_t>(value >> 8);
  buffer_[position + 1] = static_cast<std::uint8_t>(value & 0xff);
}

void Writer::name_uncompressed(const Name& name) {
  bytes(name.wire());
}

bool Writer::suffix_stands_at(const std::uint8_t* suffix, std::size_t offset) const {
  // The slot may be older than a rewind(): what stands there now need not be a name.
  while (offset < size_) {
    const std::uint8_t length = buffer_[offset];
    if (length >= 0xc0) {
      if (offset + 1 >= size_) return false;
      const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | buffer_[offset + 1];
      if (target >= offset) return false;
      offset = target;
      continue;
    }
    if (length != *suffix) return false;
    if (length == 0) return true;
    if (length > 63 || offset + 1 + length > size_) return false;
    // Case is kept: a pointer must not change how the name was written.
    if (std::memcmp(suffix + 1, buffer_.data() + offset + 1, length) != 0) return false;
    suffix += length + 1;
    offset += length + 1U;
  }
  return false;
}

void Writer::name(const Name& name) {
  const auto wire = name.wire();
  std::array<std::uint8_t, Name::max_labels + 1> starts;
  std::size_t labels = 0;
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U)
    starts[labels++] = static_cast<std::uint8_t>(at);

  // Hashes of all suffixes, from the right: one pass over the octets (FNV-1a; the buffer is small
  // and the comparison is exact, so collisions cost at most a bounded probe).
  std::array<std::uint32_t, Name::max_labels + 1> hashes;
  std::uint32_t hash = 2166136261U;
  for (std::size_t label = labels; label-- > 0;) {
    const std::uint8_t* octets = wire.data() + starts[label];
    for (std::size_t i = 0; i <= octets[0]; ++i) hash = (hash ^ octets[i]) * 16777619U;
    hashes[label] = hash;
  }

  constexpr std::size_t probes = 8;
  std::size_t found = labels;  // the longest suffix that stands already
  std::uint16_t target = 0;
  for (std::size_t label = 0; label < labels && !target; ++label)
    for (std::size_t probe = 0; probe < probes; ++probe) {
      const Suffix& slot = suffixes_[(hashes[label] + probe) % slots];
      if (slot.offset == 0) break;
      if (slot.hash == hashes[label] && slot.offset < size_ &&
          suffix_stands_at(wire.data() + starts[label], slot.offset)) {
        found = label;
        target = slot.offset;
        break;
      }
    }

  const std::size_t start = size_;
  const std::size_t kept = target ? starts[found] : wire.size() - 1U;
  if (!room(kept + (target ? 2 : 1))) return;
  std::memcpy(buffer_.data() + size_, wire.data(), kept);
  size_ += kept;
  if (target)
    u16(static_cast<std::uint16_t>(0xc000U | target));
  else
    u8(0);

  for (std::size_t label = 0; label < found; ++label) {
    const std::size_t offset = start + starts[label];
    if (offset > farthest_pointer || suffix_count_ >= slots / 2) break;
    for (std::size_t probe = 0; probe < probes; ++probe) {
      Suffix& slot = suffixes_[(hashes[label] + probe) % slots];
      if (slot.offset != 0) continue;
      slot = {hashes[label], static_cast<std::uint16_t>(offset)};
      ++suffix_count_;
      break;
    }
  }
}

void Writer::rewind(std::size_t size) {
  overflowed_ = false;
  if (size >= size_) return;
  size_ = size;
  // Slots of names that are taken back stay, because a free slot ends a probe; suffix_stands_at()
  // is not fooled.
}

}  // namespace cairn::wire
