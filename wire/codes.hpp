// Numbers in RDATA that have names: DNSSEC algorithms and digests, kinds of certificates, flags and
// protocols of keys, schemes of notification. Names and numbers are IANA's; where IANA and BIND
// spell one differently, both are read and BIND's is written.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn::wire {

struct CodeName {
  std::uint16_t number;
  std::string_view text;
};

/// The first name of `number` in `names`; its digits if there is none.
std::string code_to_text(std::span<const CodeName> names, std::uint32_t number);
/// By name, in any case, or in decimal; nullopt for anything else and beyond `greatest`.
std::optional<std::uint32_t> code_from_text(std::span<const CodeName> names, std::string_view text,
                                            std::uint32_t greatest);

/// Digits alone, nothing in front or behind.
std::optional<std::uint32_t> decimal_from_text(std::string_view text, std::uint32_t greatest);

/// DNSSEC algorithms (RFC 4034 appendix A.1, IANA): "RSASHA256" for 8, "17" for 17.
std::string algorithm_to_text(std::uint8_t algorithm);
std::optional<std::uint32_t> algorithm_from_text(std::string_view text);

/// Digests of DS, "SHA-256" for 2 (RFC 4509, RFC 6605).
std::optional<std::uint32_t> digest_from_text(std::string_view text);

/// Kinds of certificates, "PKIX" for 1 (RFC 4398 section 2.1).
std::string certificate_to_text(std::uint16_t kind);
std::optional<std::uint32_t> certificate_from_text(std::string_view text);

/// Flags of KEY and DNSKEY: a number, also as 0x101, or names such as ZONE|KSK (RFC 2535
/// section 7.1).
std::optional<std::uint32_t> key_flags_from_text(std::string_view text);
/// Their protocol: 3 or DNSSEC.
std::optional<std::uint32_t> key_protocol_from_text(std::string_view text);

/// Schemes of DSYNC, "NOTIFY" for 1 (RFC 9859 section 3).
std::string scheme_to_text(std::uint8_t scheme);
std::optional<std::uint32_t> scheme_from_text(std::string_view text);

/// Errors of TSIG and TKEY: as response codes, but 16 is BADSIG (RFC 8945 section 3).
std::string tsig_error_to_text(std::uint16_t error);
std::optional<std::uint32_t> tsig_error_from_text(std::string_view text);

}  // namespace cairn::wire
