// Reads wire format from left to right, with a sticky failure: parsers are straight-line code and
// ask once, at the end, whether all was well. After a failure every read gives zeros and nothing
// moves.
#pragma once

#include <cstdint>
#include <span>

#include "wire/name.hpp"

namespace cairn::wire {

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> octets, std::size_t at = 0)
      : octets_(octets), at_(at), end_(octets.size()), failed_(at > octets.size()) {}

  std::uint8_t u8() {
    const auto octets = bytes(1);
    return octets.empty() ? std::uint8_t{0} : octets[0];
  }
  std::uint16_t u16() {
    const auto octets = bytes(2);
    return octets.empty() ? std::uint16_t{0}
                          : static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
  }
  std::uint32_t u32() {
    const auto octets = bytes(4);
    if (octets.empty()) return 0;
    return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 |
           std::uint32_t{octets[2]} << 8 | octets[3];
  }
  std::span<const std::uint8_t> bytes(std::size_t count) {
    if (failed_ || left() < count) {
      failed_ = true;
      return {};
    }
    at_ += count;
    return octets_.subspan(at_ - count, count);
  }
  /// A possibly compressed name (RFC 1035 section 4.1.4). Each pointer must point strictly before
  /// the label run that it ends, and no name follows more than 127: so no loops, and a bounded cost
  /// per name.
  Name name();

  std::size_t at() const { return at_; }
  std::size_t left() const { return end_ - at_; }
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  /// Labels and pointers looked at so far: what "linear in the message" is counted in.
  std::size_t steps() const { return steps_; }

  /// Until the returned value of end is given back by restore_end, reading stops `count` octets
  /// from here: RDATA must not read beyond its own length.
  std::size_t limit_to(std::size_t count);
  void restore_end(std::size_t end) { end_ = end; }

 private:
  std::span<const std::uint8_t> octets_;
  std::size_t at_;
  std::size_t end_;
  std::size_t steps_ = 0;
  bool failed_;
};

}  // namespace cairn::wire
