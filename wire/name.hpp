// A domain name: up to 255 octets of length-prefixed labels, ending in the root's empty label
// (RFC 1035 sections 2.3.4 and 3.1).
//
// It is an inline value: no allocation, cheap to compare, free to copy across threads. The case of
// each letter is kept as it came, and ignored in every comparison and hash (RFC 4343). A Name is
// always well formed: the only ways to make one check it.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/result.hpp"
#include "wire/siphash.hpp"

namespace cairn::wire {

/// ASCII lower case (RFC 4343). Length octets (0-63) lie below 'A' and stay as they are, so that
/// whole names in wire form can be folded octet by octet.
constexpr std::uint8_t fold(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 32) : octet;
}

class Name {
 public:
  static constexpr std::size_t max_octets = 255;
  static constexpr std::size_t max_labels = 127;

  /// The root.
  Name() : size_(1) { octets_[0] = 0; }
  Name(const Name& other) noexcept : size_(other.size_) {
    std::memcpy(octets_.data(), other.octets_.data(), size_);
  }
  Name& operator=(const Name& other) noexcept {
    size_ = other.size_;
    std::memmove(octets_.data(), other.octets_.data(), size_);
    return *this;
  }

  /// From presentation format (RFC 1035 section 5.1): labels by dots, `\.` and `\DDD` escapes. A
  /// text without final dot is taken as absolute.
  static Result<Name> from_text(std::string_view text);
  /// As in a zone file: a text without final dot is relative to `origin`; "@" is `origin` itself.
  static Result<Name> from_text(std::string_view text, const Name& origin);
  /// From exactly one name in uncompressed wire form; nullopt if it is anything else.
  static std::optional<Name> from_wire(std::span<const std::uint8_t> octets);

  /// With a final dot, special octets escaped (RFC 4343 section 2.1); "." for the root.
  std::string to_text() const;

  /// Wire form, with the root's empty label at the end; 1 to 255 octets.
  std::span<const std::uint8_t> wire() const { return {octets_.data(), size_}; }
  std::size_t size() const { return size_; }

  bool is_root() const { return size_ == 1; }
  /// Labels without the root's: "www.example." has two.
  std::size_t label_count() const;
  /// The leftmost label, without its length octet; empty for the root.
  std::span<const std::uint8_t> first_label() const { return {octets_.data() + 1, octets_[0]}; }
  bool is_wildcard() const { return octets_[0] == 1 && octets_[1] == '*'; }

  /// Without the leftmost label; the root's parent is the root.
  Name parent() const;
  /// The rightmost `labels` labels; the name itself if it has no more than that.
  Name suffix(std::size_t labels) const;
  /// `label` (1-63 octets) in front of this name; nullopt if the result would be too long.
  std::optional<Name> with_label(std::span<const std::uint8_t> label) const;
  /// This name's labels in front of `suffix`, in place of `old_suffix` (DNAME, RFC 6672
  /// section 2.2); nullopt if this is not strictly below `old_suffix`, or if the result would be
  /// too long.
  std::optional<Name> with_suffix_replaced(const Name& old_suffix, const Name& suffix) const;
  Name lowercase() const;

  /// Equal to `ancestor` or below it.
  bool is_within(const Name& ancestor) const;
  bool is_below(const Name& ancestor) const {
    return size_ > ancestor.size_ && is_within(ancestor);
  }
  /// How many rightmost labels both share.
  std::size_t shared_labels(const Name& other) const;

  /// Without case (RFC 4343).
  bool operator==(const Name& other) const {
    return size_ == other.size_ && equal_folded(octets_.data(), other.octets_.data(), size_);
  }
  /// Octet for octet, case included.
  bool is_identical(const Name& other) const {
    return size_ == other.size_ && std::memcmp(octets_.data(), other.octets_.data(), size_) == 0;
  }
  /// Canonical order (RFC 4034 section 6.1): by labels from the right, without case.
  std::weak_ordering operator<=>(const Name& other) const;

  /// Keyed, without case: chosen names do not collide for one who does not know the key.
  std::uint64_t hash(const SipKey& key) const;

  static bool equal_folded(const std::uint8_t* a, const std::uint8_t* b, std::size_t size);

 private:
  friend class Reader;
  std::uint8_t size_;
  std::array<std::uint8_t, max_octets> octets_;
};

/// For tests and constants: a name that is known to be right; aborts with its text if it is not.
Name operator""_name(const char* text, std::size_t size);

}  // namespace cairn::wire
