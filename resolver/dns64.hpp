// DNS64 (RFC 6147): for clients that have IPv6 only, behind a translator (NAT64). Where a name has
// no AAAA records of its own, they are made of its A records: an IPv4 address inside an IPv6 prefix
// (RFC 6052 section 2.2). PTR questions below the prefix lead to the IPv4 address's own name.
//
// Values only. The engine decides when: a step after resolution, so that what servers said is
// cached as it is, and nobody but clients sees what was made of it.
#pragma once

#include <optional>

#include "resolver/answer.hpp"
#include "wire/address.hpp"
#include "wire/name.hpp"

namespace cairn::resolver {

class Dns64 {
 public:
  /// nullopt unless it is IPv6, of a length of RFC 6052 (32, 40, 48, 56, 64 or 96 bits), and bits
  /// 64 to 71 are zero.
  static std::optional<Dns64> from_prefix(const wire::Prefix& prefix);

  /// Whether AAAA records are to be made: there is none that a client could use, and that is not
  /// because the name does not exist (RFC 6147 section 5.1.1 to 5.1.4).
  bool wants_translation(const Answer& aaaa) const;
  /// The AAAA answer to clients, made of what is known of A; `aaaa` itself where there is no A
  /// either (section 5.1.6, 5.1.7).
  Answer translate(const Answer& aaaa, const Answer& a) const;
  /// The name in in-addr.arpa that a PTR question leads to (section 5.3.1); nullopt for names that
  /// are no address below the prefix.
  std::optional<wire::Name> reverse_target(const wire::Name& name) const;
  /// Of the prefix, in ip6.arpa.
  wire::Name reverse_zone() const;

  wire::IpAddress embed(const wire::IpAddress& v4) const;
  /// The IPv4 address in one below the prefix.
  std::optional<wire::IpAddress> extract(const wire::IpAddress& v6) const;

  const wire::Prefix& prefix() const { return prefix_; }
  bool operator==(const Dns64&) const = default;

 private:
  explicit Dns64(const wire::Prefix& prefix) : prefix_(prefix) {}

  wire::Prefix prefix_;
};

}  // namespace cairn::resolver
