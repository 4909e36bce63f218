#include "wire/address.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::wire {
namespace {

using Groups = std::array<std::uint16_t, 8>;

/// A decimal number without sign and without leading zeros, which some programs take for octal.
template <class Number>
std::optional<Number> number_from_text(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  Number value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<std::array<std::uint8_t, 4>> v4_from_text(std::string_view text) {
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return std::nullopt;
    const auto octet = number_from_text<std::uint8_t>(text.substr(0, dot));
    if (!octet) return std::nullopt;
    octets[i] = *octet;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return octets;
}

/// Groups of an IPv6 address that stand on one side of its "::".
struct Half {
  Groups groups{};
  std::size_t count = 0;
};

/// Groups by colons; the last may be four octets by dots (RFC 4291 section 2.2).
std::optional<Half> half_from_text(std::string_view text, bool may_end_in_v4) {
  Half half;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (last && may_end_in_v4 && word.find('.') != std::string_view::npos) {
      const auto v4 = v4_from_text(word);
      if (!v4 || half.count > 6) return std::nullopt;
      for (std::size_t i = 0; i < 4; i += 2) {
        half.groups[half.count++] = static_cast<std::uint16_t>((*v4)[i] << 8 | (*v4)[i + 1]);
      }
      return half;
    }
    if (word.empty() || word.size() > 4 || half.count == 8) return std::nullopt;
    const char* end = word.data() + word.size();
    std::uint16_t group = 0;
    const auto [stop, error] = std::from_chars(word.data(), end, group, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    half.groups[half.count++] = group;
    if (last) return half;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a colon with nothing behind it
  }
  return half;
}

std::optional<std::array<std::uint8_t, 16>> v6_from_text(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool whole = gap == std::string_view::npos;
  const auto front = half_from_text(text.substr(0, gap), whole);
  const auto back = half_from_text(whole ? "" : text.substr(gap + 2), true);
  if (!front || !back) return std::nullopt;
  const std::size_t count = front->count + back->count;
  if (whole ? count != 8 : count > 7) return std::nullopt;

  Groups groups{};
  std::copy_n(front->groups.begin(), front->count, groups.begin());
  std::copy_n(back->groups.begin(), back->count, groups.end() - std::ptrdiff_t(back->count));
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = 0; i < 8; ++i) {
    octets[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    octets[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFF);
  }
  return octets;
}

std::string v4_to_text(std::span<const std::uint8_t> octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += '.';
    text += std::to_string(octet);
  }
  return text;
}

std::string hex_group(std::uint16_t group) {
  std::array<char, 4> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + 4, group, 16);
  return {digits.data(), end};
}

/// The longest run of two or more zero groups, the first of equals (RFC 5952 section 4.2.3).
struct Run {
  std::size_t first = 8;
  std::size_t count = 0;
};

Run longest_zero_run(const Groups& groups) {
  Run best;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > 1 && end - i > best.count) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

std::string v6_to_text(std::span<const std::uint8_t> octets) {
  Groups groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<std::uint16_t>(octets[2 * i] << 8 | octets[2 * i + 1]);
  }
  const Run gap = longest_zero_run(groups);
  // The two prefixes of RFC 4291 section 2.5.5 that embed an IPv4 address (RFC 5952 section 5).
  const bool compatible = gap.first == 0 && gap.count == 6;
  const bool mapped = gap.first == 0 && gap.count == 5 && groups[5] == 0xFFFF;
  if (compatible || mapped) {
    return (mapped ? "::ffff:" : "::") + v4_to_text(octets.subspan(12));
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap.first) {
      text += "::";
      i += gap.count - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    text += hex_group(groups[i]);
  }
  return text;
}

}  // namespace

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> octets) {
  IpAddress address;
  std::ranges::copy(octets, address.octets_.begin());
  return address;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> octets) {
  IpAddress address;
  std::ranges::copy(octets, address.octets_.begin());
  address.v6_ = true;
  return address;
}

std::optional<IpAddress> IpAddress::from_text(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const auto octets = v4_from_text(text);
    return octets ? std::optional{v4(*octets)} : std::nullopt;
  }
  const auto octets = v6_from_text(text);
  return octets ? std::optional{v6(*octets)} : std::nullopt;
}

std::optional<IpAddress> IpAddress::from_rdata(RRType type, std::span<const std::uint8_t> rdata) {
  if (type == RRType::A && rdata.size() == 4) return v4(rdata.first<4>());
  if (type == RRType::AAAA && rdata.size() == 16) return v6(rdata.first<16>());
  return std::nullopt;
}

std::string IpAddress::to_text() const {
  return v6_ ? v6_to_text(octets()) : v4_to_text(octets());
}

std::optional<Endpoint> Endpoint::from_text(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (host.find(':') == std::string_view::npos) return std::nullopt;
  } else if (std::ranges::count(text, ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size());
  }
  const auto address = IpAddress::from_text(host);
  if (!address) return std::nullopt;
  if (port.empty()) return Endpoint{*address, default_port};
  const auto number = number_from_text<std::uint16_t>(port.substr(1));
  if (port[0] != ':' || !number) return std::nullopt;
  return Endpoint{*address, *number};
}

std::string Endpoint::to_text() const {
  const std::string host = address.to_text();
  return (address.is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Prefix> Prefix::from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::from_text(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::size_t bits = address->octets().size() * 8;
  if (slash == std::string_view::npos) return Prefix{*address, static_cast<std::uint8_t>(bits)};
  const auto length = number_from_text<std::uint8_t>(text.substr(slash + 1));
  if (!length || *length > bits) return std::nullopt;
  for (std::size_t bit = *length; bit < bits; ++bit) {
    if (address->octets()[bit / 8] & (0x80U >> bit % 8)) return std::nullopt;
  }
  return Prefix{*address, *length};
}

bool Prefix::contains(const IpAddress& candidate) const {
  if (candidate.is_v6() != address.is_v6()) return false;
  const std::size_t whole = length / 8;
  const auto ours = address.octets();
  const auto theirs = candidate.octets();
  if (!std::ranges::equal(ours.first(whole), theirs.first(whole))) return false;
  const unsigned rest = length % 8;
  return rest == 0 || (ours[whole] ^ theirs[whole]) >> (8 - rest) == 0;
}

std::string Prefix::to_text() const {
  return address.to_text() + "/" + std::to_string(length);
}

}  // namespace cairn::wire
