// The omniscient walk: what the answer to a question is, for one who sees all zones at once, and
// whether a resolver that sees only what the servers tell it can be expected to find it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/internet.hpp"
#include "wire/question.hpp"

namespace cairn::sim {

/// Records without TTL, sorted: "d1.tld0. A 10.1.2.3".
using Records = std::vector<std::string>;
Records records_of(const std::vector<wire::RRset>& sets);

struct Expected {
  wire::Rcode rcode = wire::Rcode::NOERROR;
  Records answer;
  std::vector<wire::Name> aliases;       // that led on, to which names
  std::vector<std::size_t> path;         // the zones that must be asked, from the root down
  std::vector<const Forward*> forwards;  // whose servers are asked in place of them, or before
};

/// What keeps a resolver from the answer.
enum class Prospect {
  Clear,       // nothing in the way: the answer must be right
  Obstructed,  // each zone has a server that answers, and others that do not: time may run out
  Broken,      // no server of some zone can be relied on: SERVFAIL explains itself
};

class Truth {
 public:
  Truth(const Internet& internet, bool ipv6);

  Expected walk(const wire::Question& question) const;
  Prospect prospect(const Expected& expected) const;
  /// The records that stand at that very name, by a wildcard or not; none: there is no such set.
  Records at(const wire::Name& name, wire::RRType type) const;
  wire::Ttl ttl_at(const wire::Name& name, wire::RRType type) const;
  wire::Rcode rcode_at(const wire::Name& name, wire::RRType type) const;
  /// Whether the delegation is one that the parent gives.
  std::optional<std::string> why_false(const cache::Delegation& delegation) const;

 private:
  const zones::Zone* authority_for(const wire::Question& question) const;
  bool usable(std::size_t host, std::size_t zone) const;
  Prospect prospect(const Forward& forward) const;

  const Internet& internet_;
  zones::ZoneSet zones_;
  bool ipv6_;
  std::vector<bool> clear_;  // of each zone
};

}  // namespace cairn::sim
