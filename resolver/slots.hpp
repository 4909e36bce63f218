// A table of things in progress: places that are used again, and ids that are not. An id is a place
// and a generation in one number, so that one that has ended never means another thing, whoever
// still holds it. Zero is none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace cairn::resolver {

/// `Thing` is made from its id and what emplace() is given besides, and keeps it as `id`.
template <typename Thing>
class Slots {
 public:
  using Id = std::uint64_t;

  Slots() { places_.push_back(nullptr); }  // place 0: so that no id is 0

  template <typename... Arguments>
  Thing& emplace(Arguments&&... arguments) {
    std::size_t place = places_.size();
    if (free_.empty()) {
      places_.push_back(nullptr);
    } else {
      place = free_.back();
      free_.pop_back();
    }
    places_[place] = std::make_unique<Thing>(new_id(place), std::forward<Arguments>(arguments)...);
    ++size_;
    return *places_[place];
  }

  Thing* find(Id id) const {
    Thing* thing = at_place_of(id);
    return thing && thing->id == id ? thing : nullptr;
  }
  /// What is there now, of whatever generation.
  Thing* at_place_of(Id id) const {
    const std::size_t place = place_of(id);
    return place < places_.size() ? places_[place].get() : nullptr;
  }
  /// One more id of the same place, for something that the thing does.
  Id further_id(const Thing& thing) { return new_id(place_of(thing.id)); }

  std::unique_ptr<Thing> take(const Thing& thing) {
    const std::size_t place = place_of(thing.id);
    free_.push_back(place);
    --size_;
    return std::move(places_[place]);
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr unsigned place_bits = 24;

  static std::size_t place_of(Id id) {
    return static_cast<std::size_t>(id & ((1U << place_bits) - 1));
  }
  Id new_id(std::size_t place) { return ++generation_ << place_bits | place; }

  std::vector<std::unique_ptr<Thing>> places_;
  std::vector<std::size_t> free_;
  std::size_t size_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace cairn::resolver
