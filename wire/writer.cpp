#include "wire/writer.hpp"

#include <algorithm>

namespace cairn::wire {
namespace {

constexpr std::uint16_t farthest_pointer = 0x3fff;
constexpr std::uint16_t taken_back = 0xffff;  // as a parent: no suffix stands there
constexpr std::size_t probes = 16;

std::uint64_t load(const std::uint8_t* octets, std::size_t count) {
  if (count >= 8) {
    std::uint64_t word;
    std::memcpy(&word, octets, 8);
    return word;
  }
  if (count >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, octets, 4);
    std::memcpy(&last, octets + count - 4, 4);
    return std::uint64_t{first} << 32 | last;
  }
  return std::uint64_t{octets[0]} << 16 | std::uint64_t{octets[count / 2]} << 8 | octets[count - 1];
}

}  // namespace

Writer::Writer(std::span<std::uint8_t> buffer)
    : buffer_(buffer), limit_(buffer.size()), table_(std::span(suffixes_).first(few_slots)) {
  std::fill(table_.begin(), table_.end(), Suffix{0, 0});
}

void Writer::name_uncompressed(const Name& name) {
  bytes(name.wire());
}

void Writer::name(const Name& name) {
  const auto wire = name.wire();
  std::array<std::uint8_t, Name::max_labels> starts __attribute__((uninitialized));
  std::size_t labels = 0;
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U)
    starts[labels++] = static_cast<std::uint8_t>(at);

  std::size_t missing = labels;  // so many labels, from the left, do not stand yet
  std::uint16_t known = 0;       // where the others stand
  while (missing > 0) {
    const std::uint16_t offset = find(known, wire.data() + starts[missing - 1]);
    if (offset == 0) break;
    known = offset;
    --missing;
  }

  const std::size_t start = size_;
  const std::size_t octets = missing == labels ? wire.size() - 1 : starts[missing];
  if (!room(octets + (known ? 2 : 1))) return;
  std::memcpy(buffer_.data() + size_, wire.data(), octets);
  size_ += octets;
  known ? u16(static_cast<std::uint16_t>(0xc000U | known)) : u8(0);

  while (missing-- > 0) {
    const std::size_t offset = start + starts[missing];
    if (offset > farthest_pointer) return;
    const Suffix suffix{known, static_cast<std::uint16_t>(offset)};
    remember(suffix);
    known = suffix.offset;
  }
}

std::size_t Writer::slot_of(std::uint16_t parent, const std::uint8_t* label) const {
  // No secret: names that collide on purpose only miss compression, after a bounded probe.
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // 2^64 / golden ratio
  std::uint64_t hash = (std::uint64_t{parent} + 1) * odd;
  const std::size_t size = label[0] + 1U;
  for (std::size_t at = 0; at < size; at += 8) {
    hash = (hash ^ load(label + at, size - at)) * odd;
    hash ^= hash >> 32;
  }
  return static_cast<std::size_t>(hash >> 48);  // the upper bits depend on all octets
}

std::uint16_t Writer::find(std::uint16_t parent, const std::uint8_t* label) const {
  const std::size_t slot = slot_of(parent, label);
  for (std::size_t probe = 0; probe < probes; ++probe) {
    const Suffix& suffix = table_[(slot + probe) & (table_.size() - 1)];
    if (suffix.offset == 0) return 0;
    if (suffix.parent != parent) continue;
    // Case is kept: a pointer must not change how the name was written.
    const std::uint8_t* held = buffer_.data() + suffix.offset;
    if (held[0] == label[0] && std::memcmp(held + 1, label + 1, label[0]) == 0)
      return suffix.offset;
  }
  return 0;
}

void Writer::remember(Suffix suffix) {
  if (suffix_count_ == table_.size() / 2) {
    if (table_.size() == many_slots) return;
    grow();
  }
  const std::size_t slot = slot_of(suffix.parent, buffer_.data() + suffix.offset);
  for (std::size_t probe = 0; probe < probes; ++probe) {
    Suffix& free = table_[(slot + probe) & (table_.size() - 1)];
    if (free.offset != 0) continue;
    free = suffix;
    ++suffix_count_;
    return;
  }
}

void Writer::grow() {
  const std::span<const Suffix> before = table_;
  table_ = std::span(suffixes_).last(many_slots);
  std::fill(table_.begin(), table_.end(), Suffix{0, 0});
  suffix_count_ = 0;
  for (const Suffix& suffix : before)
    if (suffix.offset != 0 && suffix.parent != taken_back) remember(suffix);
}

void Writer::rewind(std::size_t size) {
  overflowed_ = false;
  if (size >= size_) return;
  size_ = size;
  // Their slots stay in use, because a free slot ends a probe.
  for (Suffix& suffix : table_)
    if (suffix.offset >= size) suffix.parent = taken_back;
}

}  // namespace cairn::wire
