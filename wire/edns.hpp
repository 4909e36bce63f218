// EDNS(0): the OPT pseudo-record as a value (RFC 6891), with the options that cairn reasons with;
// all others are kept as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/types.hpp"

namespace cairn::wire {

/// EDNS option codes (IANA DNS parameters). What each carries is a type of its own in
/// edns_options.hpp.
enum class OptionCode : std::uint16_t {
  LongLivedQuery = 1,
  UpdateLease = 2,
  NSID = 3,
  SignatureAlgorithms = 5,  // DAU
  DigestAlgorithms = 6,     // DHU
  Nsec3Algorithms = 7,      // N3U
  ClientSubnet = 8,
  Expire = 9,
  Cookie = 10,
  Keepalive = 11,
  Padding = 12,
  Chain = 13,
  KeyTag = 14,
  ExtendedError = 15,
  ClientTag = 16,
  ServerTag = 17,
  ReportChannel = 18,
  ZoneVersion = 19,
  UmbrellaIdentity = 20292,
  DeviceId = 26946,
};

/// "ECS"; the number for a code without a name.
std::string to_text(OptionCode code);
/// By name, in any case, or by number.
std::optional<OptionCode> option_code_from_text(std::string_view text);

struct EdnsOption {
  OptionCode code;
  Bytes data;

  bool operator==(const EdnsOption&) const = default;
};

/// INFO-CODEs of extended DNS errors (RFC 8914 section 4 and IANA's registry).
enum class ExtendedErrorCode : std::uint16_t {
  Other = 0,
  UnsupportedDnskeyAlgorithm = 1,
  UnsupportedDsDigestType = 2,
  StaleAnswer = 3,
  ForgedAnswer = 4,
  DnssecIndeterminate = 5,
  DnssecBogus = 6,
  SignatureExpired = 7,
  SignatureNotYetValid = 8,
  DnskeyMissing = 9,
  RrsigsMissing = 10,
  NoZoneKeyBitSet = 11,
  NsecMissing = 12,
  CachedError = 13,
  NotReady = 14,
  Blocked = 15,
  Censored = 16,
  Filtered = 17,
  Prohibited = 18,
  StaleNxdomainAnswer = 19,
  NotAuthoritative = 20,
  NotSupported = 21,
  NoReachableAuthority = 22,
  NetworkError = 23,
  InvalidData = 24,
  SignatureExpiredBeforeValid = 25,
  TooEarly = 26,
  UnsupportedNsec3Iterations = 27,
  UnableToConformToPolicy = 28,
  Synthesized = 29,
  InvalidQueryType = 30,
  RateLimited = 31,
  OverQuota = 32,
};

/// "Stale Answer"; the number for a code without a name.
std::string to_text(ExtendedErrorCode code);

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

  /// What an option says, by its type: `edns.get<ClientSubnet>()`; nullopt if there is none, and if
  /// its octets are not what its RFC says.
  template <class Value>
  std::optional<Value> get() const {
    const EdnsOption* option = find(Value::code);
    return option ? Value::parse(option->data) : std::nullopt;
  }
  template <class Value>
  void put(const Value& value) {
    options.push_back({Value::code, value.octets()});
  }

  bool operator==(const Edns&) const = default;
};

/// Options of an OPT RDATA; nullopt when lengths do not add up. At most `most` are kept
/// (LIMITS: option floods), the rest only checked for form.
std::optional<std::vector<EdnsOption>> parse_options(std::span<const std::uint8_t> rdata,
                                                     std::size_t most = 32);

}  // namespace cairn::wire
