// Addresses of hosts: IPv4 or IPv6, with or without port, and prefixes of them. Values only;
// sockets belong to server/.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/types.hpp"

namespace cairn::wire {

class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0
  static IpAddress v4(std::span<const std::uint8_t, 4> octets);
  static IpAddress v6(std::span<const std::uint8_t, 16> octets);
  /// "192.0.2.1" or "2001:db8::1", strictly (no leading zeros, no zone index).
  static std::optional<IpAddress> from_text(std::string_view text);
  /// The RDATA of an A or AAAA record; nullopt for any other type or length.
  static std::optional<IpAddress> from_rdata(RRType type, std::span<const std::uint8_t> rdata);

  bool is_v6() const { return v6_; }
  std::span<const std::uint8_t> octets() const { return {octets_.data(), v6_ ? 16U : 4U}; }
  std::string to_text() const;  // RFC 5952 for IPv6

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> octets_{};
  bool v6_ = false;
};

/// An address with a port: "192.0.2.1:53", "[2001:db8::1]:53".
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 53;

  /// The port may be left out: then it is `default_port`.
  static std::optional<Endpoint> from_text(std::string_view text, std::uint16_t default_port);
  std::string to_text() const;
  auto operator<=>(const Endpoint&) const = default;
};

/// "192.0.2.0/24"; a bare address is a prefix of full length. Host bits must be zero.
struct Prefix {
  IpAddress address;
  std::uint8_t length = 0;

  static std::optional<Prefix> from_text(std::string_view text);
  bool contains(const IpAddress& address) const;
  std::string to_text() const;
  bool operator==(const Prefix&) const = default;
};

}  // namespace cairn::wire
