#include "wire/type_bitmap.hpp"

#include <algorithm>
#include <array>

namespace cairn::wire {
namespace {

struct Window {
  std::uint8_t number;
  std::span<const std::uint8_t> bits;
};

/// The window at the head of `bitmap`; nullopt if it does not stand there whole.
std::optional<Window> first_window(std::span<const std::uint8_t> bitmap) {
  if (bitmap.size() < 2) return std::nullopt;
  const std::size_t length = bitmap[1];
  if (length < 1 || length > 32 || bitmap.size() < 2 + length) return std::nullopt;
  if (bitmap[1 + length] == 0) return std::nullopt;
  return Window{bitmap[0], bitmap.subspan(2, length)};
}

}  // namespace

bool is_well_formed_bitmap(std::span<const std::uint8_t> bitmap) {
  int previous = -1;
  while (!bitmap.empty()) {
    const auto window = first_window(bitmap);
    if (!window || window->number <= previous) return false;
    previous = window->number;
    bitmap = bitmap.subspan(2 + window->bits.size());
  }
  return true;
}

std::vector<RRType> types_of_bitmap(std::span<const std::uint8_t> bitmap) {
  std::vector<RRType> types;
  while (const auto window = first_window(bitmap)) {
    for (unsigned bit = 0; bit < window->bits.size() * 8; ++bit) {
      if (window->bits[bit / 8] & (0x80U >> bit % 8)) {
        types.push_back(static_cast<RRType>(window->number << 8 | bit));
      }
    }
    bitmap = bitmap.subspan(2 + window->bits.size());
  }
  return types;
}

Bytes bitmap_of_types(std::vector<RRType> types) {
  std::ranges::sort(types);
  Bytes bitmap;
  for (std::size_t i = 0; i < types.size();) {
    const unsigned number = static_cast<unsigned>(types[i]) >> 8;
    std::array<std::uint8_t, 32> bits{};
    std::size_t length = 0;
    for (; i < types.size() && static_cast<unsigned>(types[i]) >> 8 == number; ++i) {
      const unsigned bit = static_cast<unsigned>(types[i]) & 0xFF;
      bits[bit / 8] = static_cast<std::uint8_t>(bits[bit / 8] | 0x80U >> bit % 8);
      length = bit / 8 + 1;
    }
    bitmap.push_back(static_cast<std::uint8_t>(number));
    bitmap.push_back(static_cast<std::uint8_t>(length));
    bitmap.insert(bitmap.end(), bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(length));
  }
  return bitmap;
}

}  // namespace cairn::wire
