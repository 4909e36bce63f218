// What EDNS options say, a type for each: `code` is its option code, parse() reads the option's
// octets (nullopt if they break the form of its RFC, which is then no option at all), octets()
// writes them. Options that are mere octets or text (NSID, extended errors) need none of this.
//
// Law (fuzz/edns_options.cpp): parse(octets) gives a value whose octets() are the same octets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/address.hpp"
#include "wire/edns.hpp"
#include "wire/name.hpp"

namespace cairn::wire {

/// A part of the client's address (RFC 7871 section 6). Bits beyond `source` are zero. Without
/// family (an address that nobody wants to tell) both lengths are 0.
struct ClientSubnet {
  static constexpr OptionCode code = OptionCode::ClientSubnet;
  std::optional<IpAddress> address;
  std::uint8_t source = 0;
  std::uint8_t scope = 0;

  static std::optional<ClientSubnet> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const ClientSubnet&) const = default;
};

/// RFC 7873 section 4: the client's eight octets, and none or 8 to 32 of the server's.
struct Cookie {
  static constexpr OptionCode code = OptionCode::Cookie;
  std::array<std::uint8_t, 8> client{};
  Bytes server;

  static std::optional<Cookie> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const Cookie&) const = default;
};

/// Seconds until a secondary's zone expires (RFC 7314 section 2); a query says nothing.
struct Expire {
  static constexpr OptionCode code = OptionCode::Expire;
  std::optional<std::uint32_t> seconds;

  static std::optional<Expire> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const Expire&) const = default;
};

/// How long an idle stream stays open, in units of 100 ms (RFC 7828 section 3.1); a query says
/// nothing.
struct Keepalive {
  static constexpr OptionCode code = OptionCode::Keepalive;
  std::optional<std::uint16_t> tenths;

  static std::optional<Keepalive> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const Keepalive&) const = default;
};

/// Octets that hide a message's size (RFC 7830). Their values mean nothing and are written as
/// zeros: the one type whose octets() may differ from what was parsed.
struct Padding {
  static constexpr OptionCode code = OptionCode::Padding;
  std::uint16_t size = 0;

  static std::optional<Padding> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const Padding&) const = default;
};

/// The closest name on the chain of trust that the client has already (RFC 7901 section 4).
struct Chain {
  static constexpr OptionCode code = OptionCode::Chain;
  Name closest_trust_point;

  static std::optional<Chain> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const Chain&) const = default;
};

/// Tags of the keys that a validator trusts (RFC 8145 section 4.1); at least one.
struct KeyTag {
  static constexpr OptionCode code = OptionCode::KeyTag;
  std::vector<std::uint16_t> tags;

  static std::optional<KeyTag> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const KeyTag&) const = default;
};

/// Algorithms that a validator understands (RFC 6975 section 3): DAU, DHU and N3U.
template <OptionCode option>
struct UnderstoodAlgorithms {
  static constexpr OptionCode code = option;
  Bytes algorithms;

  static std::optional<UnderstoodAlgorithms> parse(std::span<const std::uint8_t> data) {
    return UnderstoodAlgorithms{{data.begin(), data.end()}};
  }
  Bytes octets() const { return algorithms; }
  bool operator==(const UnderstoodAlgorithms&) const = default;
};
using SignatureAlgorithms = UnderstoodAlgorithms<OptionCode::SignatureAlgorithms>;
using DigestAlgorithms = UnderstoodAlgorithms<OptionCode::DigestAlgorithms>;
using Nsec3Algorithms = UnderstoodAlgorithms<OptionCode::Nsec3Algorithms>;

/// An opaque tag of 16 bits (draft-bellis-dnsop-edns-tags).
template <OptionCode option>
struct EdnsTag {
  static constexpr OptionCode code = option;
  std::uint16_t tag = 0;

  static std::optional<EdnsTag> parse(std::span<const std::uint8_t> data) {
    if (data.size() != 2) return std::nullopt;
    return EdnsTag{static_cast<std::uint16_t>(data[0] << 8 | data[1])};
  }
  Bytes octets() const {
    return {static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag & 0xFF)};
  }
  bool operator==(const EdnsTag&) const = default;
};
using ClientTag = EdnsTag<OptionCode::ClientTag>;
using ServerTag = EdnsTag<OptionCode::ServerTag>;

/// Where to report what is wrong with a zone (RFC 9567 section 5.1).
struct ReportChannel {
  static constexpr OptionCode code = OptionCode::ReportChannel;
  Name agent;

  static std::optional<ReportChannel> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const ReportChannel&) const = default;
};

/// The version of the zone behind an answer (RFC 9660 section 2); a query says nothing.
struct ZoneVersion {
  static constexpr OptionCode code = OptionCode::ZoneVersion;
  static constexpr std::uint8_t soa_serial = 0;
  struct Version {
    std::uint8_t labels = 0;  // of the zone's name, as a suffix of the name that was asked
    std::uint8_t type = soa_serial;
    Bytes value;
    bool operator==(const Version&) const = default;
  };
  std::optional<Version> version;

  static std::optional<ZoneVersion> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const ZoneVersion&) const = default;
};

/// RFC 8764 section 3.2.
struct LongLivedQuery {
  static constexpr OptionCode code = OptionCode::LongLivedQuery;
  std::uint16_t version = 0;
  std::uint16_t opcode = 0;
  std::uint16_t error = 0;
  std::uint64_t id = 0;
  std::uint32_t lease_seconds = 0;

  static std::optional<LongLivedQuery> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const LongLivedQuery&) const = default;
};

/// How long an update is meant to last, its keys perhaps longer (RFC 9664 section 4).
struct UpdateLease {
  static constexpr OptionCode code = OptionCode::UpdateLease;
  std::uint32_t seconds = 0;
  std::optional<std::uint32_t> key_seconds;

  static std::optional<UpdateLease> parse(std::span<const std::uint8_t> data);
  Bytes octets() const;
  bool operator==(const UpdateLease&) const = default;
};

}  // namespace cairn::wire
