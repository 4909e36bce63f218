// What all workers serve from: one immutable value, made from the configuration, handed to each of
// them whole. A reload makes a new one.
#pragma once

#include <map>
#include <memory>

#include "resolver/settings.hpp"
#include "server/access_list.hpp"
#include "server/identity.hpp"
#include "zones/zone_set.hpp"

namespace cairn::server {

struct Serving {
  zones::ZoneSet zones;          // those that we host, and the special ones that these leave
  std::size_t hosted_zones = 0;  // they come first
  Identity identity;
  AccessList allow{AccessList::default_prefixes()};
  std::map<wire::Endpoint, AccessList> allow_at;    // in its place, for who asks at that address
  AccessList near{AccessList::default_prefixes()};  // addresses that nobody forges from outside
  unsigned rate_limit = 0;  // answers in a second to a network that is not near; 0: no limit
  resolver::Settings resolver;
  wire::SipKey cookie_secret;
  bool minimal_responses = true;
  bool log_queries = false;
};

using ServingPtr = std::shared_ptr<const Serving>;

}  // namespace cairn::server
