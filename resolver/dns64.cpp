#include "resolver/dns64.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {
namespace {

using wire::IpAddress;
using wire::RRset;
using wire::RRType;

/// Octet 8, bits 64 to 71, is zero in every such address (RFC 6052 section 2.2).
constexpr std::size_t zero_octet = 8;

/// Where the four octets of IPv4 stand behind a prefix of so many bits.
std::array<std::size_t, 4> places(std::uint8_t prefix_length) {
  std::array<std::size_t, 4> at{};
  std::size_t next = prefix_length / 8U;
  for (std::size_t& place : at) {
    if (next == zero_octet) ++next;
    place = next++;
  }
  return at;
}

/// IPv4 in IPv6's clothes: of no use to who has IPv6 only (RFC 6147 section 5.1.4).
bool is_mapped(const IpAddress& address) {
  static const auto mapped = *wire::Prefix::from_text("::ffff:0:0/96");
  return mapped.contains(address);
}

const RRset* set_of(const Answer& answer, RRType type) {
  const auto set = std::ranges::find(answer.answer, type, &RRset::type);
  return set == answer.answer.end() ? nullptr : &*set;
}

constexpr char hex[] = "0123456789abcdef";

std::string nibbles_of(std::span<const std::uint8_t> octets, std::size_t nibbles) {
  std::string text;
  while (nibbles-- > 0) {
    const unsigned octet = octets[nibbles / 2];
    text += hex[nibbles % 2 ? octet & 15U : octet >> 4];
    text += '.';
  }
  return text + "ip6.arpa.";
}

}  // namespace

std::optional<Dns64> Dns64::from_prefix(const wire::Prefix& prefix) {
  constexpr std::uint8_t lengths[] = {32, 40, 48, 56, 64, 96};
  if (!prefix.address.is_v6() || std::ranges::find(lengths, prefix.length) == std::end(lengths) ||
      prefix.address.octets()[zero_octet] != 0)
    return std::nullopt;
  return Dns64(prefix);
}

IpAddress Dns64::embed(const IpAddress& v4) const {
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(prefix_.address.octets(), octets.begin());
  const auto at = places(prefix_.length);
  for (std::size_t i = 0; i < at.size(); ++i) octets[at[i]] = v4.octets()[i];
  return IpAddress::v6(octets);
}

std::optional<IpAddress> Dns64::extract(const IpAddress& v6) const {
  if (!v6.is_v6() || !prefix_.contains(v6)) return std::nullopt;
  std::array<std::uint8_t, 4> octets{};
  const auto at = places(prefix_.length);
  for (std::size_t i = 0; i < at.size(); ++i) octets[i] = v6.octets()[at[i]];
  return IpAddress::v4(octets);
}

bool Dns64::wants_translation(const Answer& aaaa) const {
  // A failure counts as an empty answer: some servers know nothing of AAAA (RFC 4074). What is
  // bogus is none (section 5.5).
  if (aaaa.rcode == wire::Rcode::SERVFAIL) return !aaaa.out_of_budget && !aaaa.bogus;
  if (aaaa.rcode != wire::Rcode::NOERROR) return false;
  const RRset* set = set_of(aaaa, RRType::AAAA);
  return !set || std::all_of(set->rdata.begin(), set->rdata.end(), [](wire::RdataView rdata) {
    const auto address = IpAddress::from_rdata(RRType::AAAA, rdata);
    return !address || is_mapped(*address);
  });
}

Answer Dns64::translate(const Answer& aaaa, const Answer& a) const {
  if (a.rcode != wire::Rcode::NOERROR || !set_of(a, RRType::A)) return aaaa;
  // No longer than it is known that there is no AAAA (section 5.1.7).
  wire::Ttl most = limits::translated_ttl;
  for (const RRset& set : aaaa.authority)
    if (set.type == RRType::SOA) most = set.ttl;
  Answer made;
  made.rcode = wire::Rcode::NOERROR;
  made.error = a.error;
  for (const RRset& set : a.answer) {
    RRset& its = made.answer.emplace_back(set);
    if (set.type != RRType::A) continue;
    its.type = RRType::AAAA;
    its.security = wire::Security::Unchecked;  // nobody has signed it (section 5.5)
    its.ttl = std::min(set.ttl, most);
    its.rdata = {};
    its.signatures = {};
    for (const wire::RdataView rdata : set.rdata)
      if (const auto address = IpAddress::from_rdata(RRType::A, rdata))
        its.rdata.add(embed(*address).octets());
  }
  return made;
}

std::optional<wire::Name> Dns64::reverse_target(const wire::Name& name) const {
  // 32 labels of one letter, "ip6", "arpa" and the root's.
  constexpr std::size_t nibbles = 32;
  const auto wire = name.wire();
  if (wire.size() != nibbles * 2 + 10 || !name.is_within(reverse_zone())) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = 0; i < nibbles; ++i) {
    if (wire[i * 2] != 1) return std::nullopt;
    const auto digit = std::string_view(hex).find(static_cast<char>(wire::fold(wire[i * 2 + 1])));
    if (digit == std::string_view::npos) return std::nullopt;
    octets[15 - i / 2] |= static_cast<std::uint8_t>(i % 2 ? digit << 4 : digit);
  }
  const auto v4 = extract(IpAddress::v6(octets));
  if (!v4) return std::nullopt;
  std::string text;
  for (std::size_t i = 4; i-- > 0;) text += std::to_string(v4->octets()[i]) + ".";
  return *wire::Name::from_text(text + "in-addr.arpa.");
}

wire::Name Dns64::reverse_zone() const {
  return *wire::Name::from_text(nibbles_of(prefix_.address.octets(), prefix_.length / 4U));
}

}  // namespace cairn::resolver
