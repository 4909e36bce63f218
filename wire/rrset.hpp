// Records, and sets of them. RDATA is bytes in uncompressed wire form; what the bytes mean stands
// in the layout table (rdata_layout.hpp), so that any type can be carried, old or unknown (RFC
// 3597).
//
// RdataList packs the RDATA of a set into one block, each behind its 16-bit length: one allocation
// for a set, and the form in which the cache keeps it.
#pragma once

#include <cstddef>
#include <iterator>
#include <span>

#include "wire/name.hpp"
#include "wire/types.hpp"

namespace cairn::wire {

using RdataView = std::span<const std::uint8_t>;

/// One record (RFC 1035 section 4.1.3), as parsed from a message or a zone file.
struct Record {
  Name owner;
  RRType type = RRType::A;
  RRClass rrclass = RRClass::IN;
  Ttl ttl;
  Bytes rdata;

  bool operator==(const Record&) const = default;
};

class RdataList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = RdataView;
    using difference_type = std::ptrdiff_t;
    using pointer = const RdataView*;
    using reference = RdataView;

    Iterator() = default;
    explicit Iterator(const std::uint8_t* at) : at_(at) {}
    RdataView operator*() const { return {at_ + 2, length()}; }
    Iterator& operator++() {
      at_ += 2 + length();
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    bool operator==(const Iterator&) const = default;

   private:
    std::size_t length() const { return static_cast<std::size_t>(at_[0] << 8 | at_[1]); }
    const std::uint8_t* at_ = nullptr;
  };

  RdataList() = default;
  /// From packed(): `count` lengths and RDATA one behind the other.
  static RdataList from_packed(Bytes packed, std::size_t count);

  /// At most 65535 octets. A set holds each RDATA once (RFC 2181 section 5): add() of one that is
  /// there already changes nothing and returns false.
  bool add(RdataView rdata);
  bool contains(RdataView rdata) const;

  Iterator begin() const { return Iterator{packed_.data()}; }
  Iterator end() const { return Iterator{packed_.data() + packed_.size()}; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  RdataView operator[](std::size_t index) const;
  std::span<const std::uint8_t> packed() const { return packed_; }

  bool operator==(const RdataList&) const = default;

 private:
  Bytes packed_;
  std::size_t count_ = 0;
};

/// What a RdataList holds, lent, wherever the octets lie.
class RdataListView {
 public:
  using Iterator = RdataList::Iterator;

  RdataListView() = default;
  /// `count` lengths and RDATA one behind the other.
  RdataListView(std::span<const std::uint8_t> packed, std::size_t count)
      : packed_(packed), count_(count) {}
  RdataListView(const RdataList& list) : packed_(list.packed()), count_(list.size()) {}

  Iterator begin() const { return Iterator{packed_.data()}; }
  Iterator end() const { return Iterator{packed_.data() + packed_.size()}; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  RdataView operator[](std::size_t index) const;
  std::span<const std::uint8_t> packed() const { return packed_; }
  RdataList copy() const;

 private:
  std::span<const std::uint8_t> packed_;
  std::size_t count_ = 0;
};

/// What validation has found of a set (RFC 4035 section 4.3), from the least trusted to the most:
/// of several, the least one holds for all. Unchecked: nobody has looked.
enum class Security : std::uint8_t { Unchecked, Bogus, Indeterminate, Insecure, Secure };

/// All records of one owner, type and class, with one TTL (RFC 2181 section 5), and the RRSIGs that
/// cover them (RFC 4034 section 3), as RDATA of type RRSIG.
struct RRset {
  Name owner;
  RRType type = RRType::A;
  RRClass rrclass = RRClass::IN;
  Ttl ttl;
  RdataList rdata;
  RdataList signatures;
  Security security = Security::Unchecked;

  /// Whether the records are the same, whatever has been found of them.
  bool operator==(const RRset& other) const;
};

/// A set as it goes out: under an owner that may not be the set's own (a wildcard's answer carries
/// the name that was asked, RFC 4592), with a TTL that may have counted down, starting at record
/// `first` and going round (rotation). It borrows, from a RRset or from wherever else a set is
/// kept.
struct RRsetView {
  const Name* owner = nullptr;
  RRType type = RRType::A;
  RRClass rrclass = RRClass::IN;
  Ttl ttl;
  RdataListView rdata;
  RdataListView signatures;
  std::size_t first = 0;
  Security security = Security::Unchecked;
};
inline RRsetView view(const RRset& set) {
  return {&set.owner, set.type, set.rrclass, set.ttl, set.rdata, set.signatures, 0, set.security};
}
/// In the order of the set, whichever record goes out first.
RRset copy_of(const RRsetView& view);

/// Records grouped into sets, in order of first appearance. RRSIGs go to the set that they cover,
/// when it is there, otherwise they form sets of type RRSIG. The TTL of a set is the least of its
/// records' (RFC 2181 section 5.2).
std::vector<RRset> group(std::span<const Record> records);

}  // namespace cairn::wire
