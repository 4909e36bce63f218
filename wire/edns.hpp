// EDNS(0): the OPT pseudo-record as a value (RFC 6891), with the options that cairn reasons with;
// all others are kept as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wire/types.hpp"

namespace cairn::wire {

/// EDNS option codes (IANA DNS parameters).
enum class OptionCode : std::uint16_t {
  NSID = 3,
  ClientSubnet = 8,
  Expire = 9,
  Cookie = 10,
  Keepalive = 11,
  Padding = 12,
  ExtendedError = 15,
};

struct EdnsOption {
  OptionCode code;
  Bytes data;

  bool operator==(const EdnsOption&) const = default;
};

/// INFO-CODEs of extended DNS errors (RFC 8914 section 4) that cairn gives.
enum class ExtendedErrorCode : std::uint16_t {
  Other = 0,
  StaleAnswer = 3,
  DnssecIndeterminate = 5,
  DnssecBogus = 6,
  CachedError = 13,
  NotReady = 14,
  Blocked = 15,
  Prohibited = 18,
  NotAuthoritative = 20,
  NotSupported = 21,
  NoReachableAuthority = 22,
  NetworkError = 23,
  InvalidData = 24,
};

/// Why an answer is what it is, in words for a person (RFC 8914).
struct ExtendedError {
  ExtendedErrorCode code = ExtendedErrorCode::Other;
  std::string text;

  bool operator==(const ExtendedError&) const = default;
};

struct Edns {
  std::uint16_t udp_size = 1232;
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::uint16_t flags = 0;  // the other 15 bits of the flags field, which RFC 6891 reserves
  std::vector<EdnsOption> options;

  void add(const ExtendedError& error);
  const EdnsOption* find(OptionCode code) const;  // the first of its kind counts
  std::optional<ExtendedError> extended_error() const;

  bool operator==(const Edns&) const = default;
};

/// Options of an OPT RDATA; nullopt when lengths do not add up. At most `most` are kept
/// (LIMITS: option floods), the rest only checked for form.
std::optional<std::vector<EdnsOption>> parse_options(std::span<const std::uint8_t> rdata,
                                                     std::size_t most = 32);

}  // namespace cairn::wire
