#include "wire/address_prefixes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "wire/address.hpp"

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

// Address families of RFC 3123 section 4.
constexpr std::uint16_t ipv4 = 1;
constexpr std::uint16_t ipv6 = 2;

struct Item {
  std::uint16_t family;
  std::uint8_t prefix;
  bool negated;
  Octets address;

  std::size_t size() const { return 4 + address.size(); }
  bool is_known() const { return family == ipv4 || family == ipv6; }
  std::size_t full_size() const { return family == ipv4 ? 4 : 16; }
};

/// The item at the head of `rdata`; nullopt if none stands there whole.
std::optional<Item> first_item(Octets rdata) {
  if (rdata.size() < 4) return std::nullopt;
  const std::size_t length = rdata[3] & 0x7F;
  if (rdata.size() < 4 + length) return std::nullopt;
  return Item{static_cast<std::uint16_t>(rdata[0] << 8 | rdata[1]), rdata[2],
              (rdata[3] & 0x80) != 0, rdata.subspan(4, length)};
}

bool is_well_formed_item(const Item& item) {
  // Trailing zeros are left out (RFC 3123 section 4), whatever the family.
  if (!item.address.empty() && item.address.back() == 0) return false;
  return !item.is_known() ||
         (item.prefix <= item.full_size() * 8 && item.address.size() <= item.full_size());
}

std::string item_to_text(const Item& item) {
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(item.address, octets.begin());
  const Octets whole{octets};
  const IpAddress address =
      item.family == ipv4 ? IpAddress::v4(whole.first<4>()) : IpAddress::v6(whole.first<16>());
  return (item.negated ? "!" : "") + std::to_string(item.family) + ":" + address.to_text() + "/" +
         std::to_string(item.prefix);
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// `!2:ff00::/8` as octets.
std::optional<Bytes> item_from_text(std::string_view text) {
  const bool negated = text.starts_with('!');
  if (negated) text.remove_prefix(1);
  const std::size_t colon = text.find(':'), slash = text.rfind('/');
  if (colon == std::string_view::npos || slash == std::string_view::npos || slash < colon) {
    return std::nullopt;
  }
  const auto family = number(text.substr(0, colon));
  const auto address = IpAddress::from_text(text.substr(colon + 1, slash - colon - 1));
  const auto prefix = number(text.substr(slash + 1));
  if (!address || family != (address->is_v6() ? ipv6 : ipv4)) return std::nullopt;
  if (!prefix || *prefix > address->octets().size() * 8) return std::nullopt;
  Octets octets = address->octets();
  while (!octets.empty() && octets.back() == 0) octets = octets.first(octets.size() - 1);
  Bytes item{0, static_cast<std::uint8_t>(*family), static_cast<std::uint8_t>(*prefix),
             static_cast<std::uint8_t>(octets.size() | (negated ? 0x80 : 0))};
  item.insert(item.end(), octets.begin(), octets.end());
  return item;
}

}  // namespace

bool are_well_formed_prefixes(std::span<const std::uint8_t> rdata) {
  while (!rdata.empty()) {
    const auto item = first_item(rdata);
    if (!item || !is_well_formed_item(*item)) return false;
    rdata = rdata.subspan(item->size());
  }
  return true;
}

bool prefixes_have_text(std::span<const std::uint8_t> rdata) {
  while (const auto item = first_item(rdata)) {
    if (!item->is_known()) return false;
    rdata = rdata.subspan(item->size());
  }
  return true;
}

std::string prefixes_to_text(std::span<const std::uint8_t> rdata) {
  std::string text;
  while (const auto item = first_item(rdata)) {
    if (!text.empty()) text += ' ';
    text += item_to_text(*item);
    rdata = rdata.subspan(item->size());
  }
  return text;
}

std::variant<Bytes, RdataTextError> prefixes_from_text(std::span<const Word> words) {
  Bytes rdata;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto item = item_from_text(words[i].text);
    if (!item) {
      return RdataTextError{
          i, "expected a prefix such as 1:192.0.2.0/24 or !2:2001:db8::/32, found \"" +
                 std::string{words[i].text} + "\""};
    }
    rdata.insert(rdata.end(), item->begin(), item->end());
  }
  return rdata;
}

}  // namespace cairn::wire
