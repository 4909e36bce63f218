#include "wire/codes.hpp"

#include <algorithm>
#include <charconv>

#include "wire/name.hpp"

namespace cairn::wire {
namespace {

// What stands first is what dig writes.
constexpr CodeName algorithms[] = {{1, "RSAMD5"},
                                   {2, "DH"},
                                   {3, "DSA"},
                                   {5, "RSASHA1"},
                                   {6, "NSEC3DSA"},
                                   {6, "DSA-NSEC3-SHA1"},
                                   {7, "NSEC3RSASHA1"},
                                   {7, "RSASHA1-NSEC3-SHA1"},
                                   {8, "RSASHA256"},
                                   {10, "RSASHA512"},
                                   {12, "ECCGOST"},
                                   {12, "ECC-GOST"},
                                   {13, "ECDSAP256SHA256"},
                                   {13, "ECDSA256"},
                                   {14, "ECDSAP384SHA384"},
                                   {14, "ECDSA384"},
                                   {15, "ED25519"},
                                   {16, "ED448"},
                                   {252, "INDIRECT"},
                                   {253, "PRIVATEDNS"},
                                   {254, "PRIVATEOID"}};

constexpr CodeName digests[] = {{1, "SHA-1"}, {1, "SHA1"},    {2, "SHA-256"}, {2, "SHA256"},
                                {3, "GOST"},  {4, "SHA-384"}, {4, "SHA384"}};

constexpr CodeName certificates[] = {{1, "PKIX"},  {2, "SPKI"}, {3, "PGP"},    {4, "IPKIX"},
                                     {5, "ISPKI"}, {6, "IPGP"}, {7, "ACPKIX"}, {8, "IACPKIX"},
                                     {253, "URI"}, {254, "OID"}};

constexpr CodeName key_flags[] = {
    {0x4000, "NOCONF"}, {0x8000, "NOAUTH"}, {0xC000, "NOKEY"},  {0x2000, "FLAG2"},
    {0x1000, "EXTEND"}, {0x0800, "FLAG4"},  {0x0400, "FLAG5"},  {0x0000, "USER"},
    {0x0100, "ZONE"},   {0x0200, "HOST"},   {0x0300, "NTYP3"},  {0x0080, "FLAG8"},
    {0x0040, "FLAG9"},  {0x0020, "FLAG10"}, {0x0010, "FLAG11"}, {0, "SIG0"},
    {1, "SIG1"},        {1, "KSK"},         {2, "SIG2"},        {3, "SIG3"},
    {4, "SIG4"},        {5, "SIG5"},        {6, "SIG6"},        {7, "SIG7"},
    {8, "SIG8"},        {9, "SIG9"},        {10, "SIG10"},      {11, "SIG11"},
    {12, "SIG12"},      {13, "SIG13"},      {14, "SIG14"},      {15, "SIG15"}};

constexpr CodeName key_protocols[] = {{0, "NONE"},   {1, "TLS"},   {2, "EMAIL"},
                                      {3, "DNSSEC"}, {4, "IPSEC"}, {255, "ALL"}};

constexpr CodeName schemes[] = {{1, "NOTIFY"}};

constexpr CodeName tsig_errors[] = {
    {0, "NOERROR"},     {1, "FORMERR"},     {2, "SERVFAIL"},    {3, "NXDOMAIN"},
    {4, "NOTIMP"},      {5, "REFUSED"},     {6, "YXDOMAIN"},    {7, "YXRRSET"},
    {8, "NXRRSET"},     {9, "NOTAUTH"},     {10, "NOTZONE"},    {16, "BADSIG"},
    {17, "BADKEY"},     {18, "BADTIME"},    {19, "BADMODE"},    {20, "BADNAME"},
    {21, "BADALG"},     {22, "BADTRUNC"},   {11, "RESERVED11"}, {12, "RESERVED12"},
    {13, "RESERVED13"}, {14, "RESERVED14"}, {15, "RESERVED15"}};

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return fold(static_cast<std::uint8_t>(x)) == fold(static_cast<std::uint8_t>(y));
  });
}

std::optional<std::uint32_t> digits(std::string_view text, int base, std::uint32_t greatest) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end || value > greatest) return std::nullopt;
  return value;
}

}  // namespace

std::string code_to_text(std::span<const CodeName> names, std::uint32_t number) {
  const auto found = std::ranges::find(names, number, &CodeName::number);
  return found != names.end() ? std::string{found->text} : std::to_string(number);
}

std::optional<std::uint32_t> code_from_text(std::span<const CodeName> names, std::string_view text,
                                            std::uint32_t greatest) {
  for (const CodeName& known : names) {
    if (equal_without_case(text, known.text)) return known.number;
  }
  return decimal_from_text(text, greatest);
}

std::optional<std::uint32_t> decimal_from_text(std::string_view text, std::uint32_t greatest) {
  return digits(text, 10, greatest);
}

std::string algorithm_to_text(std::uint8_t algorithm) {
  return code_to_text(algorithms, algorithm);
}

std::optional<std::uint32_t> algorithm_from_text(std::string_view text) {
  return code_from_text(algorithms, text, 0xFF);
}

std::optional<std::uint32_t> digest_from_text(std::string_view text) {
  return code_from_text(digests, text, 0xFF);
}

std::string certificate_to_text(std::uint16_t kind) {
  return code_to_text(certificates, kind);
}

std::optional<std::uint32_t> certificate_from_text(std::string_view text) {
  return code_from_text(certificates, text, 0xFFFF);
}

std::optional<std::uint32_t> key_flags_from_text(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return digits(text.substr(2), 16, 0xFFFF);
  if (const auto number = decimal_from_text(text, 0xFFFF)) return number;
  std::uint32_t flags = 0;
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const auto* flag = std::ranges::find_if(key_flags, [&](const CodeName& known) {
      return equal_without_case(known.text, text.substr(0, end));
    });
    if (flag == std::end(key_flags)) return std::nullopt;
    flags |= flag->number;
    more = end < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return flags;
}

std::optional<std::uint32_t> key_protocol_from_text(std::string_view text) {
  return code_from_text(key_protocols, text, 0xFF);
}

std::string scheme_to_text(std::uint8_t scheme) {
  return code_to_text(schemes, scheme);
}

std::optional<std::uint32_t> scheme_from_text(std::string_view text) {
  return code_from_text(schemes, text, 0xFF);
}

std::string tsig_error_to_text(std::uint16_t error) {
  return code_to_text(tsig_errors, error);
}

std::optional<std::uint32_t> tsig_error_from_text(std::string_view text) {
  return code_from_text(tsig_errors, text, 0xFFFF);
}

}  // namespace cairn::wire
