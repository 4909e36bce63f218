// Trust anchors that follow their zone's keys (RFC 5011): a key that is seen for thirty days among
// those that a trusted key has signed becomes trusted itself, one that is seen revoked never is
// again. So a roll-over of the root's key needs nobody's hands.
//
// The state is a value: look_at() makes the next one from a DNSKEY set and the time, and whoever
// keeps it writes it down whole before it is used. Thirty days are there for the owner: whoever has
// stolen a key needs that long to bring in one of his own, and the owner may revoke until then.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "dnssec/algorithm.hpp"
#include "dnssec/trust_anchor.hpp"
#include "dnssec/work.hpp"
#include "wire/edns.hpp"

namespace cairn::dnssec {

namespace limits {

// RFC 5011 sections 2.4.1 and 2.4.2: "30 days".
inline constexpr std::chrono::seconds add_hold_down = std::chrono::days{30};
inline constexpr std::chrono::seconds remove_hold_down = std::chrono::days{30};
// RFC 5011 section 2.3: how often the keys are looked at, within these bounds.
inline constexpr std::chrono::seconds shortest_look = std::chrono::hours{1};
inline constexpr std::chrono::seconds longest_look = std::chrono::days{15};
// Keys of one zone that are remembered, whatever a stolen key signs. The root had five in twenty
// years.
inline constexpr std::size_t tracked_keys = 16;

}  // namespace limits

/// RFC 5011 section 4.2; a key in Start is one that is not remembered.
enum class KeyState : std::uint8_t {
  AddPend = 1,
  Valid = 2,
  Missing = 3,
  Revoked = 4,
  Removed = 5
};

/// "AddPend"
const char* to_text(KeyState state);

struct TrackedKey {
  /// RDATA of a DS of the key without its REVOKE bit: which key it is, before and after.
  wire::Bytes ds;
  KeyState state = KeyState::AddPend;
  /// AddPend and Revoked: when the hold-down is over. Otherwise the epoch.
  std::chrono::sys_seconds until{};

  /// RFC 5011 section 4.2: one that is Missing is still trusted.
  bool is_trusted() const { return state == KeyState::Valid || state == KeyState::Missing; }
  bool operator==(const TrackedKey&) const = default;
};

/// What is known of one zone's keys.
struct AnchorState {
  wire::Name zone;
  std::vector<TrackedKey> keys;
  std::chrono::sys_seconds next_look{};  // the epoch: at once

  bool operator==(const AnchorState&) const = default;
};

/// What the operator configured is Valid. What was seen of those keys since (`stored`, of the same
/// zone) stays: one that was revoked does not come back by its file.
AnchorState begin_updates(const TrustAnchor& configured,
                          const std::optional<AnchorState>& stored = std::nullopt);

/// What is to be trusted now. Empty when all keys were revoked: then the zone is as if it had no
/// anchor (RFC 5011 section 5).
TrustAnchor anchor_of(const AnchorState& state);

struct Look {
  AnchorState state;
  /// Whether a key that was trusted before has signed the set. If not, nothing has changed but the
  /// time of the next look, and keys that have revoked themselves.
  bool believed = false;
  std::optional<wire::ExtendedError> why;  // when not
};

/// The state after the zone's DNSKEY set was seen. The set need not have been judged.
Look look_at(const AnchorState& state, const wire::RRset& dnskey, Work& work,
             std::chrono::sys_seconds now, const Policy& policy);

/// The state after the set was not to be had, or was not believed: it is looked at again soon.
AnchorState after_silence(AnchorState state, std::chrono::sys_seconds now);

}  // namespace cairn::dnssec
