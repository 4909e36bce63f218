// Writes wire format into a buffer that the caller owns, never beyond its limit. A write that does
// not fit leaves the buffer as it was and sets overflowed(); rewind() takes back whole records or
// sets. Names are compressed (RFC 1035 section 4.1.4) against what was written before: a hash table
// of suffixes, so that the work is linear in the octets written.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "wire/name.hpp"

namespace cairn::wire {

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> buffer) : buffer_(buffer), limit_(buffer.size()) {}

  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void bytes(std::span<const std::uint8_t> octets);
  void name(const Name& name);  // compressed where a suffix stands already
  void name_uncompressed(const Name& name);
  void put_u16_at(std::size_t position, std::uint16_t value);

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
  struct Suffix {
    std::uint32_t hash = 0;
    std::uint16_t offset = 0;  // 0: free (the header stands there)
  };
  static constexpr std::size_t slots = 1024;

  bool room(std::size_t octets);
  bool suffix_stands_at(const std::uint8_t* suffix, std::size_t offset) const;

  std::span<std::uint8_t> buffer_;
  std::size_t limit_;
  std::size_t size_ = 0;
  std::size_t suffix_count_ = 0;
  bool overflowed_ = false;
  std::array<Suffix, slots> suffixes_{};
};

}  // namespace cairn::wire
