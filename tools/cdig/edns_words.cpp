#include "tools/cdig/edns_words.hpp"

#include <algorithm>
#include <charconv>

#include "tools/cdig/number.hpp"
#include "wire/address.hpp"

namespace cairn::cdig {

namespace {

// "10" or "10.1" in front of a prefix length: zeros follow.
std::optional<wire::IpAddress> address_in(std::string_view text, bool may_be_short) {
  std::string whole(text);
  if (auto address = wire::IpAddress::from_text(whole)) return address;
  if (!may_be_short) return std::nullopt;
  for (auto dots = std::count(whole.begin(), whole.end(), '.'); dots < 3; ++dots) whole += ".0";
  return wire::IpAddress::from_text(whole);
}

wire::EdnsOption client_subnet(const wire::IpAddress& address, unsigned bits) {
  const auto octets = address.octets();
  wire::Bytes data{0, static_cast<std::uint8_t>(address.is_v6() ? 2 : 1),
                   static_cast<std::uint8_t>(bits), 0};
  data.insert(data.end(), octets.begin(), octets.begin() + (bits + 7) / 8);
  if (bits % 8 != 0) data.back() &= static_cast<std::uint8_t>(0xff << (8 - bits % 8));
  return {wire::OptionCode::ClientSubnet, std::move(data)};
}

}  // namespace

std::optional<wire::Bytes> hex_octets_in(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') digits += c;
  if (digits.size() % 2 != 0) return std::nullopt;
  wire::Bytes octets;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    std::uint8_t octet = 0;
    const char* pair = digits.data() + at;
    const auto [end, error] = std::from_chars(pair, pair + 2, octet, 16);
    if (error != std::errc{} || end != pair + 2) return std::nullopt;
    octets.push_back(octet);
  }
  return octets;
}

EdnsWord edns_option_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(':'), text.size()));
  if (text.empty()) return WordError{"", "ednsopt no code point specified", 10};
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view hex = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  wire::EdnsOption option{};
  // Names alone: dig takes no signs and no blanks in numbers.
  const bool numeric = !name.empty() && name.front() >= '0' && name.front() <= '9';
  const auto named = numeric ? std::nullopt : wire::option_code_from_text(name);
  if (named) {
    option.code = *named;
  } else {
    const auto number = number_in(name, 65535);
    if (const auto* why = std::get_if<std::string>(&number))
      return WordError{"invalid ednsopt '" + std::string(name) + "': " + *why + "\n",
                       "bad edns code point: " + std::string(name)};
    option.code = static_cast<wire::OptionCode>(std::get<std::uint32_t>(number));
  }
  auto octets = hex_octets_in(hex);
  if (!octets) return WordError{"", std::string(bad_hex)};
  option.data = std::move(*octets);
  return option;
}

EdnsWord client_subnet_in(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool prefixed = slash != std::string_view::npos;
  std::uint32_t bits = 128;
  if (prefixed) {
    const auto number = number_in(text.substr(slash + 1), UINT32_MAX);
    if (const auto* why = std::get_if<std::string>(&number))
      return WordError{"", "invalid prefix length in '" + std::string(text) + "': " + *why + "\n"};
    bits = std::get<std::uint32_t>(number);
  }
  if (text == "0") return client_subnet(wire::IpAddress(), 0);
  const auto address = address_in(text.substr(0, slash), prefixed);
  if (!address) return WordError{"", "invalid address '" + std::string(text) + "'"};
  return client_subnet(*address, std::min<std::uint32_t>(bits, address->is_v6() ? 128 : 32));
}

}  // namespace cairn::cdig
