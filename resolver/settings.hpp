// How to resolve: what the operator may choose, with the defaults of cairn.toml(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cache/cache.hpp"
#include "dnssec/trust_anchor.hpp"
#include "resolver/dns64.hpp"
#include "resolver/forwarding.hpp"
#include "wire/address.hpp"
#include "wire/result.hpp"

namespace cairn::resolver {

enum class QnameMinimization : std::uint8_t { Off, Relaxed, Strict };

/// Which names may have private addresses (rebinding.hpp), beside our own.
struct Rebinding {
  bool protection = false;
  std::vector<wire::Name> exceptions;
  std::vector<wire::Prefix> allowed;  // addresses that everybody may have
  bool operator==(const Rebinding&) const = default;
};

/// Which answers are judged, and from where trust begins (dnssec/).
struct Validation {
  bool on = false;
  std::vector<dnssec::TrustAnchor> anchors{dnssec::root_anchor()};
  /// At and below these names nothing is judged (RFC 7646).
  std::vector<wire::Name> negative;
  dnssec::Policy policy;
  bool aggressive_nsec = true;  // RFC 8198
  bool operator==(const Validation&) const = default;
};

struct Settings {
  bool ipv4 = true;
  bool ipv6 = true;
  QnameMinimization qname_minimization = QnameMinimization::Relaxed;
  bool case_randomization = true;
  bool priming = true;
  bool prefetch = true;
  bool serve_stale = true;
  std::uint16_t edns_udp_size = 1232;
  std::vector<wire::Prefix> deny_upstream = default_deny_upstream();
  cache::Delegation root_hints = built_in_root_hints();
  Forwarding forwarding;
  Rebinding rebinding;
  std::optional<Dns64> dns64;
  Validation validation;

  /// Where no name server of the Internet can be: this host, link-local, multicast, reserved (RFC
  /// 6890).
  static std::vector<wire::Prefix> default_deny_upstream();
  /// The root servers as of the build (RFC 8109 section 2), for when there is no hints file.
  static cache::Delegation built_in_root_hints();
};

/// From a hints file (zone file form, as dns-root-data has it).
wire::Result<cache::Delegation> root_hints_from_text(std::string_view text, std::string_view file);

}  // namespace cairn::resolver
