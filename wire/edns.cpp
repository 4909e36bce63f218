#include "wire/edns.hpp"

#include "wire/codes.hpp"
#include "wire/reader.hpp"

namespace cairn::wire {
namespace {

// What stands first is written; the others are read too.
constexpr CodeName option_names[] = {{1, "LLQ"},
                                     {2, "UL"},
                                     {3, "NSID"},
                                     {5, "DAU"},
                                     {6, "DHU"},
                                     {7, "N3U"},
                                     {8, "ECS"},
                                     {8, "CLIENT-SUBNET"},
                                     {9, "EXPIRE"},
                                     {10, "COOKIE"},
                                     {11, "KEEPALIVE"},
                                     {12, "PADDING"},
                                     {12, "PAD"},
                                     {13, "CHAIN"},
                                     {14, "KEY-TAG"},
                                     {15, "EDE"},
                                     {16, "CLIENT-TAG"},
                                     {17, "SERVER-TAG"},
                                     {18, "REPORT-CHANNEL"},
                                     {19, "ZONEVERSION"},
                                     {20292, "UMBRELLA-IDENT"},
                                     {26946, "DEVICEID"}};

constexpr CodeName extended_errors[] = {{0, "Other"},
                                        {1, "Unsupported DNSKEY Algorithm"},
                                        {2, "Unsupported DS Digest Type"},
                                        {3, "Stale Answer"},
                                        {4, "Forged Answer"},
                                        {5, "DNSSEC Indeterminate"},
                                        {6, "DNSSEC Bogus"},
                                        {7, "Signature Expired"},
                                        {8, "Signature Not Yet Valid"},
                                        {9, "DNSKEY Missing"},
                                        {10, "RRSIGs Missing"},
                                        {11, "No Zone Key Bit Set"},
                                        {12, "NSEC Missing"},
                                        {13, "Cached Error"},
                                        {14, "Not Ready"},
                                        {15, "Blocked"},
                                        {16, "Censored"},
                                        {17, "Filtered"},
                                        {18, "Prohibited"},
                                        {19, "Stale NXDOMAIN Answer"},
                                        {20, "Not Authoritative"},
                                        {21, "Not Supported"},
                                        {22, "No Reachable Authority"},
                                        {23, "Network Error"},
                                        {24, "Invalid Data"},
                                        {25, "Signature Expired before Valid"},
                                        {26, "Too Early"},
                                        {27, "Unsupported NSEC3 Iterations Value"},
                                        {28, "Unable to conform to policy"},
                                        {29, "Synthesized"},
                                        {30, "Invalid Query Type"},
                                        {31, "Rate Limited"},
                                        {32, "Over Quota"}};

}  // namespace

std::string to_text(OptionCode code) {
  return code_to_text(option_names, static_cast<std::uint16_t>(code));
}

std::optional<OptionCode> option_code_from_text(std::string_view text) {
  const auto code = code_from_text(option_names, text, 0xFFFF);
  return code ? std::optional{static_cast<OptionCode>(*code)} : std::nullopt;
}

std::string to_text(ExtendedErrorCode code) {
  return code_to_text(extended_errors, static_cast<std::uint16_t>(code));
}

void Edns::add(const ExtendedError& error) {
  const auto code = static_cast<std::uint16_t>(error.code);
  EdnsOption option{OptionCode::ExtendedError,
                    {static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code & 0xff)}};
  option.data.insert(option.data.end(), error.text.begin(), error.text.end());
  options.push_back(std::move(option));
}

const EdnsOption* Edns::find(OptionCode code) const {
  for (const EdnsOption& option : options)
    if (option.code == code) return &option;
  return nullptr;
}

std::optional<ExtendedError> Edns::extended_error() const {
  const EdnsOption* option = find(OptionCode::ExtendedError);
  if (!option || option->data.size() < 2) return std::nullopt;
  const auto code = static_cast<ExtendedErrorCode>(option->data[0] << 8 | option->data[1]);
  return ExtendedError{code, {option->data.begin() + 2, option->data.end()}};
}

std::optional<std::vector<EdnsOption>> parse_options(std::span<const std::uint8_t> rdata,
                                                     std::size_t most) {
  std::vector<EdnsOption> options;
  Reader reader(rdata);
  while (!reader.failed() && reader.left() > 0) {
    const auto code = static_cast<OptionCode>(reader.u16());
    const auto data = reader.bytes(reader.u16());
    if (!reader.failed() && options.size() < most)
      options.push_back({code, {data.begin(), data.end()}});
  }
  if (reader.failed()) return std::nullopt;
  return options;
}

}  // namespace cairn::wire
