// Where a server sends whoever asks it about a zone further down: that zone's name, its servers and
// the addresses that came along (RFC 1034 section 4.2.1). +trace and +map walk from one to the
// next.
#pragma once

#include <optional>
#include <vector>

#include "wire/address.hpp"
#include "wire/message.hpp"

namespace cairn::cdig {

/// What is taken of one zone: a referral may name thousands of servers, each with hundreds of
/// addresses or with none that is not a lookup of its own (CVE-2020-8616), and all of them dead.
/// The root has 13 servers with two addresses each, and no zone of any use has many more.
inline constexpr std::size_t most_servers_of_a_zone = 32;
inline constexpr std::size_t most_addresses_of_a_server = 8;

struct NameServer {
  wire::Name name;
  std::vector<wire::IpAddress> addresses;
};

/// A zone and whom to ask about it.
struct Referral {
  wire::Name zone;
  std::vector<NameServer> servers;
};

/// The root's servers as of the build, for when the resolver does not know them.
Referral root_hints();

/// Where a reply from a server of `zone` sends whoever asks for `name`: to a zone further down.
/// nullopt for anything else: an answer, a denial, or a referral sideways or up, which is lame.
std::optional<Referral> referral_in(const wire::Message& reply, const wire::Name& zone,
                                    const wire::Name& name);

/// The root's servers out of the answer to ". NS", with addresses from the reply or, for want of
/// any, from `hints`; nullopt when there are none in it.
std::optional<Referral> root_servers_in(const wire::Message& reply, const Referral& hints);

}  // namespace cairn::cdig
