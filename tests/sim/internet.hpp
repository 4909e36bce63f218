// A random Internet, all of it from one seed: a tree of zones with their records, the hosts that
// serve them, and what each of these does wrong; and forwarders, which know all of it. Since all of
// it is known, so is what a resolver must find in it (truth.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/forwarding.hpp"
#include "tests/world/network.hpp"
#include "tests/world/seeded_random.hpp"
#include "tests/world/signed_zone.hpp"
#include "wire/address.hpp"
#include "wire/rrset.hpp"
#include "zones/zone_set.hpp"

namespace cairn::sim {

struct Host {
  wire::Name name;
  std::size_t home = 0;  // the zone that its name and addresses stand in
  std::vector<wire::IpAddress> addresses;
  std::vector<std::string> misbehaviours;
  bool sound = true;             // whatever it does wrong, a resolver gets its answers in time
  bool mortal = false;           // it dies now and then, and returns
  std::set<std::size_t> serves;  // zones
  std::optional<wire::Name> forwards;  // the operator names it for that; nobody delegates to it
};

/// A zone whose servers the operator names.
struct Forward {
  wire::Name zone;
  std::vector<std::size_t> hosts;
  bool first = false;
  bool listed = false;
};

struct Zone {
  wire::Name apex;
  std::size_t parent = 0;
  std::vector<std::size_t> hosts;  // the delegation; not all of them need to serve it
  std::set<std::size_t> glued;     // hosts whose true addresses stand in the parent
  std::vector<wire::Record> records;
  std::shared_ptr<const zones::Zone> made;
  std::shared_ptr<const world::SignedZone> signed_as{};  // null: it is not signed
  wire::RRset ds{};                                      // that its parent ought to have
  bool secure = false;  // signed, with a DS in a parent that is secure; the root is the anchor
  bool leaves_gaps = false;  // what it denies is Insecure: opt-out, or too many iterations
};

struct Internet {
  std::vector<Zone> zones;  // the root first, parents before children
  std::vector<Host> hosts;
  std::set<std::pair<wire::Name, wire::IpAddress>> wrong_glue;
  std::vector<Forward> forwards;
  std::vector<wire::Name> names;  // worth asking for, some of which do not exist
  std::shared_ptr<const cairn::zones::Zone> ours;
  std::set<wire::Name> bombs;  // delegations that lead to nobody, and cost whoever follows them
  bool lies = false;  // a server says what is false of its own zones; signatures alone show it
  bool ipv6_route = true;
  bool ipv6_black_hole = false;  // what is sent there vanishes

  cache::Delegation root_hints() const;
  resolver::Forwarding forwarding() const;
  /// The one that names at and below `name` belong to, or the next one above `passed`; nullptr:
  /// none.
  const Forward* forward_of(const wire::Name& name, const Forward* passed = nullptr) const;
  /// Of the root, where that is signed.
  wire::RRset anchor() const;
  /// `dead`: hosts of which nothing is heard at present.
  void populate(world::FakeNetwork& network, const std::set<std::size_t>& dead = {}) const;
  cairn::zones::ZoneSet all_zones() const;
  std::size_t zone_of(const wire::Name& name) const;  // the deepest
};

Internet make_internet(world::SeededRandom& random);
/// Signs some of its zones, some of them by halves, and lets servers damage, strip and forge what
/// signatures protect.
void sign(Internet& internet, world::SeededRandom& random);

}  // namespace cairn::sim
