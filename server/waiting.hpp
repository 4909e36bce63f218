// The clients whose questions are with the engine. How many one address may have waiting is
// bounded: whoever forges a victim's address cannot store up a pulse of answers for it (DNSBomb
// 2024). How many one network may have waiting is bounded as well: nobody takes every slot.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "resolver/engine.hpp"
#include "server/client.hpp"
#include "server/query.hpp"
#include "wire/siphash.hpp"

namespace cairn::server {

struct WaitingQuery {
  Query query;
  Client client;
  wire::Instant asked{};
  bool authoritative = false;  // the chain of its answer begins in a zone of ours
};

class Waiting {
 public:
  explicit Waiting(const wire::SipKey& key)
      : per_client_(16, AddressHash{key}), per_network_(16, AddressHash{key}) {}

  /// Whether one more question of this client may wait. `proven`: its address is not forged.
  /// Streams are never forged, and bound theirs themselves. `near`: nobody forges such addresses
  /// from outside, and one may be a forwarder for many.
  bool has_room_for(const Client& client, bool proven = false, bool near = false) const;
  void add(resolver::QueryId id, WaitingQuery query);
  std::optional<WaitingQuery> take(resolver::QueryId id);

  std::size_t size() const { return queries_.size(); }
  /// Ids of all, for the end.
  std::vector<resolver::QueryId> ids() const;

 private:
  struct AddressHash {
    wire::SipKey key;
    std::size_t operator()(const wire::IpAddress& address) const {
      return wire::siphash13(key, address.octets());
    }
  };

  std::unordered_map<resolver::QueryId, WaitingQuery> queries_;
  using Counts = std::unordered_map<wire::IpAddress, std::size_t, AddressHash>;
  static std::size_t count(const Counts& counts, const wire::IpAddress& address);
  static void give_back(Counts& counts, const wire::IpAddress& address);

  Counts per_client_;   // datagrams
  Counts per_network_;  // datagrams and streams, by the network's first address
};

}  // namespace cairn::server
