#include "wire/octets_text.hpp"

#include <array>

namespace cairn::wire {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view base32hex_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

/// All three alphabets are digits of a fixed number of bits, most significant first.
std::string encode(std::span<const std::uint8_t> octets, std::string_view digits, unsigned width) {
  std::string text;
  text.reserve((octets.size() * 8 + width - 1) / width + 3);
  unsigned bits = 0;
  unsigned held = 0;
  for (const std::uint8_t octet : octets) {
    bits = (bits << 8 | octet) & 0xFFFF;
    for (held += 8; held >= width; held -= width) {
      text += digits[bits >> (held - width) & ((1U << width) - 1)];
    }
  }
  if (held > 0) text += digits[bits << (width - held) & ((1U << width) - 1)];
  return text;
}

std::array<std::int8_t, 256> values_of(std::string_view digits, bool any_case) {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const std::size_t value = digits.find(any_case ? upper(c) : c);
    if (value != std::string_view::npos) values[i] = static_cast<std::int8_t>(value);
  }
  return values;
}

std::optional<Bytes> decode(std::string_view text, const std::array<std::int8_t, 256>& values,
                            unsigned width) {
  Bytes octets;
  octets.reserve(text.size() * width / 8);
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int value = values[static_cast<std::uint8_t>(c)];
    if (value < 0) return std::nullopt;
    bits = (bits << width | static_cast<unsigned>(value)) & 0xFFFF;
    held += width;
    if (held >= 8) {
      held -= 8;
      octets.push_back(static_cast<std::uint8_t>(bits >> held & 0xFF));
    }
  }
  // What is left over is padding: less than a digit, and zero (RFC 4648 section 3.5).
  if (held >= width || (bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return octets;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> octets) {
  return encode(octets, hex_digits, 4);
}

std::optional<Bytes> from_hex(std::string_view text) {
  static const auto values = values_of(hex_digits, true);
  return decode(text, values, 4);
}

std::string to_base64(std::span<const std::uint8_t> octets) {
  std::string text = encode(octets, base64_digits, 6);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  static const auto values = values_of(base64_digits, false);
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(text, values, 6);
}

std::string to_base32hex(std::span<const std::uint8_t> octets) {
  return encode(octets, base32hex_digits, 5);
}

std::optional<Bytes> from_base32hex(std::string_view text) {
  static const auto values = values_of(base32hex_digits, true);
  return decode(text, values, 5);
}

std::string escape(std::span<const std::uint8_t> octets) {
  std::string text;
  text.reserve(octets.size() + 2);
  for (const std::uint8_t octet : octets) {
    if (octet < 0x20 || octet > 0x7E) {
      text += '\\';
      text += static_cast<char>('0' + octet / 100);
      text += static_cast<char>('0' + octet / 10 % 10);
      text += static_cast<char>('0' + octet % 10);
      continue;
    }
    if (octet == '"' || octet == '\\') text += '\\';
    text += static_cast<char>(octet);
  }
  return text;
}

std::optional<Bytes> unescape(std::string_view text) {
  Bytes octets;
  octets.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      octets.push_back(static_cast<std::uint8_t>(text[i]));
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (!is_digit(text[i])) {
      octets.push_back(static_cast<std::uint8_t>(text[i]));
      continue;
    }
    if (i + 2 >= text.size() || !is_digit(text[i + 1]) || !is_digit(text[i + 2])) {
      return std::nullopt;
    }
    const int value = (text[i] - '0') * 100 + (text[i + 1] - '0') * 10 + (text[i + 2] - '0');
    if (value > 255) return std::nullopt;
    octets.push_back(static_cast<std::uint8_t>(value));
    i += 2;
  }
  return octets;
}

bool is_utf8(std::span<const std::uint8_t> octets) {
  for (std::size_t at = 0; at < octets.size();) {
    const std::uint8_t lead = octets[at++];
    if (lead < 0x80) continue;
    if (lead < 0xC2 || lead > 0xF4) return false;
    const std::size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // Of the first of them the lead may allow a part only: no longer forms, no surrogates, nothing
    // beyond U+10FFFF.
    std::uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    std::uint8_t greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t i = 0; i < more; ++i, ++at) {
      if (at == octets.size() || octets[at] < least || octets[at] > greatest) return false;
      least = 0x80;
      greatest = 0xBF;
    }
  }
  return true;
}

}  // namespace cairn::wire
