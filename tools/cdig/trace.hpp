// +trace: the walk from the root to the answer, as a resolver without a cache would do it
// (RFC 1034 section 5.3.3), one zone cut a step. The resolver is asked for the root's servers and
// for the addresses that no referral gave; everything else comes from the authorities themselves,
// which are asked at port 53 whatever port the resolver has.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

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

/// Whether the walk ends here: an authority answered, or denied.
bool concludes(const wire::Message& reply);

/// Walks and shows each step; its exit code.
int trace(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
          const System& system, Output& output);

}  // namespace cairn::cdig
