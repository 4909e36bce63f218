// How many questions may be unanswered at a time: to the servers of one zone, and to one server.
//
// Random names below a victim's zone (water torture, 2014) cost the attacker nothing and miss every
// cache; without a bound each of them reaches the victim, at a rate that keeps it from recovering,
// and takes a slot that honest questions need. A bound on the rate would hit busy zones, since com.
// has hundreds of thousands a second. So it is a window as in TCP (RFC 5681): each prompt reply
// widens it, silence halves it. Who answers is never held up; who does not, or takes long, is asked
// little, and the questions beyond fail at once. (Elsewhere: fetches-per-zone, fetches-per-server.)
// Forwarders speak for zones that have nothing to do with each other: for them there is only a
// bound that stands still.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "resolver/exchange.hpp"
#include "resolver/limits.hpp"
#include "wire/siphash.hpp"

namespace cairn::resolver {

/// For one more question: of a zone there may be other servers, of a server other zones.
enum class Room : std::uint8_t { Enough, FullServer, FullZone };

class Windows {
 public:
  /// The windows that one question is counted in, by keyed hashes of whose they are.
  struct Pair {
    std::uint64_t zone = 0;
    std::uint64_t server = 0;
    bool forwarder = false;  // which counts alone
  };

  explicit Windows(const wire::SipKey& key) : key_(key) {}

  Pair of(const Ask& ask) const;
  Room room(const Pair& its, wire::Instant now) const;
  void begin(const Pair& its, wire::Instant now);
  void end(const Pair& its);
  /// What has become of one that is still in the air.
  void learn(const Pair& its, const Exchange::Finished& finished, wire::Instant now);

 private:
  struct Bounds {
    std::size_t least, first, slow;  // slow: for who answers, but not promptly
  };
  struct Window {
    std::size_t unanswered = 0;
    std::size_t width;
    wire::Instant halved_at{};
    wire::Instant used_at{};
  };
  static const Bounds of_zone, of_server, of_forwarder;
  static const Bounds& server_bounds(const Pair& its);

  bool has_room(std::uint64_t key, const Bounds& bounds, wire::Instant now) const;
  Window& window(std::uint64_t key, const Bounds& bounds, wire::Instant now);
  void end(std::uint64_t key, const Bounds& bounds);
  void learn(std::uint64_t key, const Bounds& bounds, const Exchange::Finished& finished,
             wire::Instant now);

  wire::SipKey key_;
  std::size_t swept_beyond_ = limits::windows;
  std::unordered_map<std::uint64_t, Window> windows_;  // those in use, and the narrow ones
};

}  // namespace cairn::resolver
