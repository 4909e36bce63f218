#include "tools/cdig/print_edns.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "tools/cdig/query.hpp"
#include "tools/cdig/rdata_style.hpp"
#include "wire/address.hpp"

namespace cairn::cdig {

namespace {

using wire::OptionCode;
using Octets = std::span<const std::uint8_t>;

std::uint64_t number(Octets octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

// INFO-CODEs of RFC 8914 section 4, in the order of their numbers; dig 9.18 names no others.
constexpr std::array<std::string_view, 25> extended_errors{"Other",
                                                           "Unsupported DNSKEY Algorithm",
                                                           "Unsupported DS Digest Type",
                                                           "Stale Answer",
                                                           "Forged Answer",
                                                           "DNSSEC Indeterminate",
                                                           "DNSSEC Bogus",
                                                           "Signature Expired",
                                                           "Signature Not Yet Valid",
                                                           "DNSKEY Missing",
                                                           "RRSIGs Missing",
                                                           "No Zone Key Bit Set",
                                                           "NSEC Missing",
                                                           "Cached Error",
                                                           "Not Ready",
                                                           "Blocked",
                                                           "Censored",
                                                           "Filtered",
                                                           "Prohibited",
                                                           "Stale NXDOMAIN Answer",
                                                           "Not Authoritative",
                                                           "Not Supported",
                                                           "No Reachable Authority",
                                                           "Network Error",
                                                           "Invalid Data"};

std::string extended_error_text(Octets data) {
  const auto code = number(data.first(2));
  std::string text = std::to_string(code);
  if (code < extended_errors.size()) text += " (" + std::string(extended_errors[code]) + ")";
  return text;
}

// UTF-8 (RFC 8914 section 2): what stands for other letters than ASCII's is left as it is.
std::string sentence_text(Octets data) {
  std::string text;
  for (const std::uint8_t octet : data)
    text += octet >= 0x20 && octet != 0x7f ? static_cast<char>(octet) : '.';
  return text;
}

// RFC 7871 section 6: family, two prefix lengths, the octets that the first of them needs.
std::optional<std::string> client_subnet_text(Octets data) {
  if (data.size() < 4) return std::nullopt;
  const auto family = number(data.first(2));
  const auto given = data.subspan(4, std::min<std::size_t>(data.size() - 4, (data[2] + 7U) / 8));
  std::string text;
  std::array<std::uint8_t, 16> octets{};
  if (family > 2 || given.size() > (family == 1 ? 4U : octets.size())) return std::nullopt;
  std::copy(given.begin(), given.end(), octets.begin());
  if (family == 0) {
    text = "0";
  } else {
    text = (family == 1 ? wire::IpAddress::v4(std::span(octets).first<4>())
                        : wire::IpAddress::v6(octets))
               .to_text();
  }
  return text + "/" + std::to_string(data[2]) + "/" + std::to_string(data[3]);
}

std::string numbers_text(Octets data) {
  std::string text;
  for (std::size_t at = 0; at + 1 < data.size(); at += 2)
    text += (at > 0 ? ", " : "") + std::to_string(number(data.subspan(at, 2)));
  return text;
}

// RFC 8764 section 3.2.
std::string long_lived_query_text(Octets data) {
  return "Version: " + std::to_string(number(data.first(2))) +
         ", Opcode: " + std::to_string(number(data.subspan(2, 2))) +
         ", Error: " + std::to_string(number(data.subspan(4, 2))) +
         ", Identifier: " + std::to_string(number(data.subspan(6, 8))) +
         ", Lifetime: " + std::to_string(number(data.subspan(14, 4)));
}

// Octets that nobody explains.
std::string opaque_value(Octets data) {
  if (data.empty()) return "";
  return spaced_hex(data) + " (\"" + printable(data) + "\")";
}

}  // namespace

OptionWords option_words(const wire::EdnsOption& option, std::string_view cookie_verdict) {
  const Octets data = option.data;
  switch (static_cast<std::uint16_t>(option.code)) {
    case 1:
      if (data.size() == 18) return {"LLQ", long_lived_query_text(data), ""};
      return {"LLQ", opaque_value(data), ""};
    case 3:
      return {"NSID", opaque_value(data), ""};
    case 8:
      return {"CLIENT-SUBNET", client_subnet_text(data).value_or(opaque_value(data)), ""};
    case 9:
      if (data.size() != 4) return {"EXPIRE", opaque_value(data), ""};
      return {"EXPIRE",
              std::to_string(number(data)) + " (" +
                  in_words(static_cast<std::uint32_t>(number(data))) + ")",
              ""};
    case 10:
      return {"COOKIE", spaced_hex(data, "") + std::string(cookie_verdict), ""};
    case 11:
      if (data.size() != 2) return {"TCP KEEPALIVE", opaque_value(data), ""};
      return {"TCP KEEPALIVE",
              std::to_string(number(data) / 10) + "." + std::to_string(number(data) % 10) + " secs",
              ""};
    case 12:
      return {"PAD", data.empty() ? "" : "(" + std::to_string(data.size()) + " bytes)", ""};
    case 14:
      return {"KEY-TAG", numbers_text(data), ""};
    case 15:
      if (data.size() < 2) return {"EDE", opaque_value(data), ""};
      return {"EDE", extended_error_text(data), sentence_text(data.subspan(2))};
    case 16:
      return {"CLIENT-TAG", numbers_text(data), ""};
    case 17:
      return {"SERVER-TAG", numbers_text(data), ""};
    default:
      return {"OPT=" + std::to_string(static_cast<unsigned>(option.code)), opaque_value(data), ""};
  }
}

std::string edns_flags_text(const wire::Edns& edns) {
  return std::string(edns.dnssec_ok ? " do" : "") + (edns.flags & compact_ok_flag ? " co" : "");
}

std::string unknown_edns_flags(const wire::Edns& edns) {
  const unsigned flags = edns.flags & ~unsigned{compact_ok_flag};
  if (flags == 0) return "";
  return "0x" + spaced_hex(std::array{static_cast<std::uint8_t>(flags >> 8),
                                      static_cast<std::uint8_t>(flags & 0xff)},
                           "");
}

std::string_view cookie_verdict(const wire::Edns& edns, const wire::Message* asked) {
  if (asked == nullptr || !asked->edns) return "";
  const wire::EdnsOption* sent = asked->edns->find(OptionCode::Cookie);
  const wire::EdnsOption* given = edns.find(OptionCode::Cookie);
  if (sent == nullptr || given == nullptr) return "";
  constexpr std::size_t client_octets = 8;  // RFC 7873 section 4
  if (sent->data.size() < client_octets || given->data.size() < client_octets ||
      !std::equal(sent->data.begin(), sent->data.begin() + client_octets, given->data.begin()))
    return " (bad)";
  return given->data.size() == client_octets ? " (echoed)" : " (good)";
}

std::string edns_text(const wire::Edns& edns, const wire::Message* asked) {
  std::string text = ";; OPT PSEUDOSECTION:\n; EDNS: version: " + std::to_string(edns.version) +
                     ", flags:" + edns_flags_text(edns);
  const std::string unknown = unknown_edns_flags(edns);
  text += unknown.empty() ? "; udp: " : "; MBZ: " + unknown + ", udp: ";
  text += std::to_string(edns.udp_size) + "\n";
  const std::string_view verdict = cookie_verdict(edns, asked);
  for (const wire::EdnsOption& option : edns.options) {
    const OptionWords words = option_words(option, verdict);
    text += "; " + words.name + ":";
    if (!words.value.empty()) text += " " + words.value;
    if (!words.sentence.empty()) text += ": (" + words.sentence + ")";
    text += "\n";
  }
  return text;
}

std::string spaced_hex(Octets octets, std::string_view between) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += between;
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

std::string printable(Octets octets) {
  std::string text;
  for (const std::uint8_t octet : octets)
    text += octet >= 0x20 && octet < 0x7f ? static_cast<char>(octet) : '.';
  return text;
}

}  // namespace cairn::cdig
