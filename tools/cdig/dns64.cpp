#include "tools/cdig/dns64.hpp"

#include <algorithm>
#include <array>

#include "wire/address.hpp"

namespace cairn::cdig {

namespace {

using V6 = std::array<std::uint8_t, 16>;

// Where the octets of the IPv4 address stand behind a prefix of `length` bits: octet 8 is left out
// (RFC 6052 section 2.2).
std::array<std::size_t, 4> places_behind(std::size_t length) {
  std::array<std::size_t, 4> places{};
  std::size_t at = length / 8;
  for (std::size_t& place : places) {
    if (at == 8) ++at;
    place = at++;
  }
  return places;
}

bool holds_well_known(const V6& address, std::size_t length) {
  const auto places = places_behind(length);
  // 192.0.0.170 and 192.0.0.171 (RFC 7050 section 8).
  return address[places[0]] == 192 && address[places[1]] == 0 && address[places[2]] == 0 &&
         (address[places[3]] == 170 || address[places[3]] == 171);
}

}  // namespace

std::vector<std::string> dns64_prefixes(const wire::Message& reply) {
  std::vector<std::string> prefixes;
  for (const wire::Record& record : reply.answer) {
    const auto address = wire::IpAddress::from_rdata(record.type, record.rdata);
    if (!address || !address->is_v6()) continue;
    V6 octets{};
    std::copy_n(address->octets().begin(), octets.size(), octets.begin());
    for (const std::size_t length : {96U, 64U, 56U, 48U, 40U, 32U}) {
      if (!holds_well_known(octets, length)) continue;
      V6 prefix = octets;
      std::fill(prefix.begin() + static_cast<std::ptrdiff_t>(length / 8), prefix.end(), 0);
      std::string text = wire::IpAddress::v6(prefix).to_text() + "/" + std::to_string(length);
      if (std::find(prefixes.begin(), prefixes.end(), text) == prefixes.end())
        prefixes.push_back(std::move(text));
    }
  }
  return prefixes;
}

std::string prefixes_text(const std::vector<std::string>& prefixes) {
  std::string text;
  for (const std::string& prefix : prefixes) text += prefix + "\n";
  return text;
}

}  // namespace cairn::cdig
