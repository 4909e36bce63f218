// What a worker remembers of zones' keys: a bounded table of links of the chain of trust. Whoever
// owns a zone decides how many keys it has and how long they are, so that octets are counted as
// well as links. What is full loses half, and what has expired first; it is only asked for anew.
#pragma once

#include <unordered_map>

#include "dnssec/judge.hpp"
#include "wire/siphash.hpp"

namespace cairn::resolver {

/// What is known of one name on the way down.
struct Link {
  bool cut = false;          // a zone begins here; otherwise the name lies in the zone of `trust`
  bool anchor = false;       // whose keys the operator vouches for
  bool unreachable = false;  // Bogus, since its keys or its DS could not be had at all
  dnssec::Trust trust;  // Secure without keys: only the DS set is known so far, or this is no cut
  wire::RRset ds;       // of a cut that is Secure
  wire::Instant expires{};
};

class Links {
 public:
  explicit Links(const wire::SipKey& key) : links_(64, NameHash{key}) {}

  Link* find(const wire::Name& name, wire::Instant now);
  /// A link stays where it is until one of its name is put or make_room() is called.
  Link& put(const wire::Name& name, Link&& link);
  void take_keys(Link& link, std::shared_ptr<const dnssec::ZoneKeys> keys);

  /// Between two judgements: nobody holds a link then.
  void make_room(wire::Instant now);
  void forget();
  /// What is known of this name and below.
  void forget(const wire::Name& name);

  std::size_t size() const { return links_.size(); }
  /// Of DS sets and keys, without what else it takes to keep them.
  std::size_t octets() const { return octets_; }

 private:
  struct NameHash {
    wire::SipKey key;
    std::size_t operator()(const wire::Name& name) const { return name.hash(key); }
  };

  std::unordered_map<wire::Name, Link, NameHash> links_;
  std::size_t octets_ = 0;  // of DS and keys
};

}  // namespace cairn::resolver
