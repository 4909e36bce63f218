// Writes wire format into a buffer that the caller owns, never beyond its limit. A write that does
// not fit leaves the buffer as it was and sets overflowed(); rewind() takes back whole records or
// sets.
//
// Names are compressed (RFC 1035 section 4.1.4) against what was written before, by a tree of the
// suffixes that stand in the buffer, kept in a hash table: each suffix is a label in front of
// another suffix. A name walks down it from the root, label by label, so each label is compared
// with a bounded number of candidates: the work is linear in the octets of the names, whatever
// names a stranger chooses.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "wire/name.hpp"

namespace cairn::wire {

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> buffer);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void u8(std::uint8_t value) {
    if (room(1)) buffer_[size_++] = value;
  }
  void u16(std::uint16_t value) {
    if (!room(2)) return;
    store(size_, value);
    size_ += 2;
  }
  void u32(std::uint32_t value) {
    if (!room(4)) return;
    store(size_, static_cast<std::uint16_t>(value >> 16));
    store(size_ + 2, static_cast<std::uint16_t>(value & 0xffff));
    size_ += 4;
  }
  void bytes(std::span<const std::uint8_t> octets) {
    if (octets.empty() || !room(octets.size())) return;
    std::memcpy(buffer_.data() + size_, octets.data(), octets.size());
    size_ += octets.size();
  }
  void name(const Name& name);  // compressed where a suffix stands already
  void name_uncompressed(const Name& name);
  void put_u16_at(std::size_t position, std::uint16_t value) {
    if (position + 2 <= size_) store(position, value);
  }

  std::size_t size() const { return size_; }
  std::size_t limit() const { return limit_; }
  /// Keeps `octets` at the end free (for an OPT record that must fit); give them back with a second
  /// call.
  void reserve_end(std::size_t octets) { limit_ = buffer_.size() - octets; }
  bool overflowed() const { return overflowed_; }
  /// Back to an earlier size(); forgets the overflow, and the names written since.
  void rewind(std::size_t size);
  std::span<const std::uint8_t> written() const { return {buffer_.data(), size_}; }

 private:
  /// A label that stands at `offset`, in front of the suffix at `parent` (0: the root). The header
  /// of a message stands at 0, so no label does: offset 0 is a free slot.
  struct Suffix {
    std::uint16_t parent;
    std::uint16_t offset;
  };
  static constexpr std::size_t few_slots = 64;  // most messages; a small table is cheap to clear
  static constexpr std::size_t many_slots = 1024;

  bool room(std::size_t octets) {
    if (!overflowed_ && size_ <= limit_ && octets <= limit_ - size_) return true;
    overflowed_ = true;
    return false;
  }
  void store(std::size_t position, std::uint16_t value) {
    buffer_[position] = static_cast<std::uint8_t>(value >> 8);
    buffer_[position + 1] = static_cast<std::uint8_t>(value & 0xff);
  }
  std::size_t slot_of(std::uint16_t parent, const std::uint8_t* label) const;
  std::uint16_t find(std::uint16_t parent, const std::uint8_t* label) const;
  void remember(Suffix suffix);
  void grow();

  std::span<std::uint8_t> buffer_;
  std::size_t limit_;
  std::size_t size_ = 0;
  std::size_t suffix_count_ = 0;
  bool overflowed_ = false;
  std::span<Suffix> table_;  // the part of suffixes_ that is in use
  std::array<Suffix, few_slots + many_slots> suffixes_;
};

}  // namespace cairn::wire
