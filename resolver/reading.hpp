// What a reply means for the question that was asked of that zone, and what of it may be believed:
// the one gate to the cache.
//
// Only what the server was asked for and may know passes (bailiwick): answers on the chain of the
// question within the zone, a delegation strictly below the zone and on the way to the name, glue
// for the servers of that delegation, a SOA of the zone. Everything else is scrubbed and counted:
// records that ride along are how caches have been poisoned since 1997, and the NS set beside a
// positive answer is not believed either (promiscuous NS, 2025). Ranks are those of RFC 2181
// section 5.4.1. Of a forwarder the zone is the one that the operator gave it: it resolves for us,
// so it tells whole chains, and never a delegation.
#pragma once

#include <optional>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/exchange.hpp"
#include "resolver/step.hpp"
#include "wire/message.hpp"

namespace cairn::resolver {

struct Reading {
  ReplyKind kind = ReplyKind::Unusable;
  wire::Rcode rcode = wire::Rcode::NOERROR;  // Answer: YXDOMAIN where a DNAME made too long a name
  cache::Rank rank = cache::Rank::NonAuthoritativeAnswer;
  std::vector<wire::RRset> answer;  // on the chain from the question's name, in its order
  wire::Name alias_target;  // Alias: where the chain leads; NoData, NxDomain, Answer: the last name
                            // of the chain
  /// NoData and NxDomain: SOA and proofs; Answer and Alias: proofs that go with sets that were made
  /// from wildcards.
  std::vector<wire::RRset> authority;
  cache::Delegation referral;  // Referral: zone, servers and what is said of its keys; `expires` is
                               // not used
  wire::Ttl referral_ttl;
  unsigned scrubbed = 0;
};

/// Of its records.
std::size_t octets_of(const Reading& reading);

/// A signature of it counts fewer labels than its owner has (RFC 4035 section 5.3.4).
bool is_from_wildcard(const wire::RRset& set);

Reading read_reply(const Ask& ask, const wire::Message& reply, Random& random);

}  // namespace cairn::resolver
