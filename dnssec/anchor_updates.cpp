#include "dnssec/anchor_updates.hpp"

#include <algorithm>

#include "dnssec/ds.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/rrsig.hpp"

namespace cairn::dnssec {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using wire::RRType;

/// A key of the set under the name by which it is remembered.
struct SeenKey {
  PublicKey key;
  wire::Bytes unrevoked;  // its RDATA without the REVOKE bit
};

std::vector<SeenKey> keys_in(const wire::RRset& dnskey) {
  std::vector<SeenKey> seen;
  for (const wire::RdataView rdata : dnskey.rdata) {
    const PublicKey key(rdata);
    // RFC 5011 section 3: trust anchors are keys with the SEP bit.
    if (!key.is_zone_key() || !key.is_secure_entry_point() || key.protocol() != 3) continue;
    wire::Bytes unrevoked(rdata.begin(), rdata.end());
    unrevoked[1] = static_cast<std::uint8_t>(unrevoked[1] & ~PublicKey::revoke_flag);
    seen.push_back({key, std::move(unrevoked)});
  }
  return seen;
}

bool is(const TrackedKey& tracked, const SeenKey& seen, const wire::Name& zone) {
  const auto ds = ds_from_rdata(tracked.ds);
  return ds && matches(*ds, zone, seen.unrevoked);
}

/// RFC 5011 section 2.1: whoever has the key says that it is not to be trusted any more.
bool has_revoked_itself(const PublicKey& key, const wire::RRset& dnskey, Work& work,
                        sys_seconds now, const Policy& policy) {
  if (!key.is_revoked()) return false;
  for (const wire::RdataView rdata : dnskey.signatures) {
    const auto rrsig = rrsig_from_rdata(rdata);
    if (!rrsig || rrsig->covered != RRType::DNSKEY || !(rrsig->signer == dnskey.owner) ||
        rrsig->key_tag != key.key_tag() || rrsig->algorithm != key.algorithm() ||
        rrsig->labels != signed_labels(dnskey.owner) ||
        validity(*rrsig, now, policy) != Validity::Valid)
      continue;
    if (!work.begin_check()) return false;
    const auto octets = signed_octets(dnskey, *rrsig);
    if (octets && key.verifies(*octets, rrsig->signature)) return true;
    work.note_failure();
  }
  return false;
}

seconds within(seconds least, seconds value, seconds most) {
  return std::max(least, std::min(value, most));
}

/// RFC 5011 section 2.3, by the signature that was believed.
seconds query_interval(const Rrsig& rrsig, sys_seconds now, const Policy& policy) {
  const seconds ttl{rrsig.original_ttl};
  return within(limits::shortest_look, std::min(ttl, remaining_validity(rrsig, now, policy)) / 2,
                limits::longest_look);
}

void forget(std::vector<TrackedKey>& keys, std::size_t at) {
  keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Room for one key more, if need be by forgetting the one that was removed first.
bool make_room(std::vector<TrackedKey>& keys) {
  if (keys.size() < limits::tracked_keys) return true;
  const auto removed = std::find_if(keys.begin(), keys.end(), [](const TrackedKey& key) {
    return key.state == KeyState::Removed;
  });
  if (removed == keys.end()) return false;
  keys.erase(removed);
  return true;
}

/// What a believed set does to the keys that are remembered (RFC 5011 section 4.1).
void follow(AnchorState& state, const std::vector<SeenKey>& seen, seconds ttl, sys_seconds now) {
  for (std::size_t i = 0; i < state.keys.size();) {
    TrackedKey& tracked = state.keys[i];
    const bool present = std::any_of(seen.begin(), seen.end(), [&](const SeenKey& key) {
      return !key.key.is_revoked() && is(tracked, key, state.zone);
    });
    switch (tracked.state) {
      case KeyState::AddPend:
        // Gone before its time: it begins anew if it comes again (section 2.2: whoever withdraws
        // it within the hold-down has kept a thief out).
        if (!present) {
          forget(state.keys, i);
          continue;
        }
        if (now >= tracked.until) tracked = {tracked.ds, KeyState::Valid, {}};
        break;
      case KeyState::Valid:
      case KeyState::Missing:
        tracked.state = present ? KeyState::Valid : KeyState::Missing;
        break;
      case KeyState::Revoked:
        if (now >= tracked.until) tracked = {tracked.ds, KeyState::Removed, {}};
        break;
      case KeyState::Removed:
        break;
    }
    ++i;
  }
  for (const SeenKey& key : seen) {
    const bool known = std::any_of(state.keys.begin(), state.keys.end(),
                                   [&](const TrackedKey& it) { return is(it, key, state.zone); });
    if (known || key.key.is_revoked() || !is_known(key.key.algorithm()) || !make_room(state.keys))
      continue;
    // Section 2.4.1: thirty days, or the TTL of the set if that is longer.
    state.keys.push_back({to_rdata(make_ds(state.zone, key.unrevoked, DigestType::SHA256)),
                          KeyState::AddPend, now + std::max(limits::add_hold_down, ttl)});
  }
}

}  // namespace

const char* to_text(KeyState state) {
  switch (state) {
    case KeyState::AddPend:
      return "AddPend";
    case KeyState::Valid:
      return "Valid";
    case KeyState::Missing:
      return "Missing";
    case KeyState::Revoked:
      return "Revoked";
    case KeyState::Removed:
      return "Removed";
  }
  return "?";
}

AnchorState begin_updates(const TrustAnchor& configured, const std::optional<AnchorState>& stored) {
  AnchorState state;
  if (stored && stored->zone == configured.owner) state = *stored;
  state.zone = configured.owner;
  for (const wire::RdataView ds : configured.rdata) {
    const auto is_it = [&](const TrackedKey& key) { return std::ranges::equal(key.ds, ds); };
    const auto known = std::find_if(state.keys.begin(), state.keys.end(), is_it);
    if (known == state.keys.end())
      state.keys.push_back({{ds.begin(), ds.end()}, KeyState::Valid, {}});
    else if (known->state == KeyState::AddPend)  // the operator need not wait
      *known = {known->ds, KeyState::Valid, {}};
  }
  return state;
}

TrustAnchor anchor_of(const AnchorState& state) {
  TrustAnchor anchor;
  anchor.owner = state.zone;
  anchor.type = RRType::DS;
  anchor.ttl = wire::Ttl{86400};
  for (const TrackedKey& key : state.keys)
    if (key.is_trusted()) anchor.rdata.add(key.ds);
  return anchor;
}

AnchorState after_silence(AnchorState state, sys_seconds now) {
  state.next_look = now + limits::shortest_look;
  return state;
}

Look look_at(const AnchorState& state, const wire::RRset& dnskey, Work& work, sys_seconds now,
             const Policy& policy) {
  Look look{after_silence(state, now), false, std::nullopt};
  if (!(dnskey.owner == state.zone) || dnskey.type != RRType::DNSKEY) return look;
  const std::vector<SeenKey> seen = keys_in(dnskey);
  // Before anything is believed: a key that is revoked here vouches for nothing here.
  for (TrackedKey& tracked : look.state.keys)
    for (const SeenKey& key : seen)
      if (tracked.is_trusted() && is(tracked, key, state.zone) &&
          has_revoked_itself(key.key, dnskey, work, now, policy))
        tracked = {tracked.ds, KeyState::Revoked, now + limits::remove_hold_down};

  const KeysVerdict verdict = judge_keys(dnskey, anchor_of(look.state), work, now, policy);
  look.why = verdict.why;
  if (verdict.security != wire::Security::Secure) return look;
  look.believed = true;
  const auto rrsig = rrsig_from_rdata(dnskey.signatures[verdict.signature]);
  follow(look.state, seen, seconds{rrsig->original_ttl}, now);
  look.state.next_look = now + query_interval(*rrsig, now, policy);
  return look;
}

}  // namespace cairn::dnssec
