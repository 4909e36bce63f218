#include "cache/cache.hpp"

#include <algorithm>

#include "cache/finished_answer.hpp"
#include "cache/key.hpp"
#include "cache/packing.hpp"
#include "cache/store.hpp"

namespace cairn::cache {

namespace {

/// RFC 9520 section 3.2: a failure must not be remembered for longer than 5 minutes.
constexpr Duration most_failure = std::chrono::minutes{5};

/// What is known of a server is worth something for about that long (as Unbound's infra-host-ttl).
constexpr Duration server_lifetime = std::chrono::minutes{15};

/// Finished answers count their age in 32 bits of milliseconds.
constexpr Duration most_answer = std::chrono::hours{24 * 49};

/// Without an SOA there is nothing to remember.
bool has_soa(std::span<const wire::RRset> authority) {
  return std::ranges::any_of(authority,
                             [](const wire::RRset& set) { return set.type == wire::RRType::SOA; });
}

/// In whatever order.
bool have_same_names(std::span<const NameServer> a, std::span<const NameServer> b) {
  const auto names_of = [](std::span<const NameServer> servers) {
    std::vector<wire::Name> names;
    for (const NameServer& server : servers) names.push_back(server.name);
    std::sort(names.begin(), names.end());
    return names;
  };
  return names_of(a) == names_of(b);
}

std::span<const std::uint8_t> parent_of(std::span<const std::uint8_t> name) {
  return name.subspan(name[0] + std::size_t{1});
}

Kind failure_kind(bool unchecked) {
  return unchecked ? Kind::FailureUnchecked : Kind::Failure;
}

Delegation delegation_in(const Slot& slot, const Key& key, Instant now) {
  auto unpacked = unpack_delegation(slot.payload(), now);
  return {*wire::Name::from_wire(key.name()), std::move(unpacked.servers), slot.expires(),
          std::move(unpacked.ds_proof)};
}

Kind answer_kind(const AnswerKey& key) {
  const unsigned flags = (key.dnssec_ok ? 1U : 0U) | (key.checking_disabled ? 2U : 0U);
  return static_cast<Kind>(static_cast<unsigned>(Kind::Answer) | flags);
}

/// Whether something live there was judged.
bool is_judged(const Slot& slot, Instant now) {
  return slot.live(now) && packed_security(slot.payload()) != wire::Security::Unchecked;
}

void put_negative(Store& store, const Key& key, std::span<const wire::RRset> authority,
                  wire::Ttl ttl, Instant now) {
  if (ttl.seconds == 0 || !has_soa(authority)) return;
  const wire::Bytes payload = pack_negative(authority);
  Slot slot = store.slot(key);
  if (packed_security(payload) == wire::Security::Unchecked && is_judged(slot, now)) return;
  slot.write(payload, now + wire::as_duration(ttl), now);
}

/// The newer word: the name exists. What was judged yields only to what was judged as well.
void forget_nxdomain(Store& store, const wire::Name& name, bool judged, Instant now) {
  Slot slot = store.slot(Key(Kind::NoName, name.wire()));
  if (judged || !is_judged(slot, now)) slot.erase();
}

std::optional<CachedNegative> read_negative(Store& store, const Key& key, wire::Rcode rcode,
                                            Instant now, Duration grace = {}) {
  Slot slot = store.slot(key);
  if (!slot.hit(now - grace)) return std::nullopt;
  return CachedNegative{rcode, unpack_negative(slot.payload(), remaining(slot.expires(), now)),
                        !slot.live(now), packed_security(slot.payload())};
}

}  // namespace

Cache::Cache(const CacheOptions& options)
    : options_(options),
      store_(std::make_unique<Store>(options.size, options.shards, options.key)) {}

Cache::~Cache() = default;

bool Cache::put(const wire::RRset& rrset, Rank rank, Instant now,
                std::span<const wire::RRset> proofs) {
  const wire::Ttl ttl = clamp(rrset.ttl);
  if (rrset.rrclass != wire::RRClass::IN) return false;
  const Key key(Kind::RecordSet, rrset.owner.wire(), rrset.type);
  const bool judged = rrset.security != wire::Security::Unchecked;
  // The newer word: there is something after all. What has expired must not come back for it.
  const auto forget = [&](const Key& older) {
    Slot slot = store_->slot(older);
    if (!judged && is_judged(slot, now)) return;
    if (rank == Rank::AuthoritativeAnswer || !slot.live(now)) slot.erase();
  };
  if (ttl.seconds == 0) {
    forget(key);
    forget(Key(Kind::NoName, rrset.owner.wire()));
    forget(Key(Kind::NoData, rrset.owner.wire(), rrset.type));
    return false;
  }
  {
    const wire::Bytes payload = pack(rrset, rank, proofs);
    Slot slot = store_->slot(key);
    const bool was_judged = is_judged(slot, now);
    if (was_judged && !judged) return false;
    if (was_judged == judged && slot.live(now) && packed_rank(slot.payload()) > rank) return false;
    if (!slot.write(payload, now + wire::as_duration(ttl), now)) return false;
  }
  forget(Key(Kind::NoName, rrset.owner.wire()));
  forget(Key(Kind::NoData, rrset.owner.wire(), rrset.type));
  // Beside an alias there is nothing else (RFC 1034 section 3.6.2): addresses least of all.
  if (rrset.type == wire::RRType::CNAME) {
    for (const auto address : {wire::RRType::A, wire::RRType::AAAA}) {
      forget(Key(Kind::RecordSet, rrset.owner.wire(), address));
      forget(Key(Kind::NoData, rrset.owner.wire(), address));
    }
  }
  return true;
}

std::optional<CachedRRset> Cache::rrset(const wire::Name& name, wire::RRType type, Instant now,
                                        Duration grace) const {
  const Key key(Kind::RecordSet, name.wire(), type);
  Slot slot = store_->slot(key);
  if (!slot.hit(now - grace)) return std::nullopt;
  auto cached = unpack_rrset(slot.payload(), key.name(), type, remaining(slot.expires(), now));
  cached.expired = !slot.live(now);
  return cached;
}

wire::Ttl Cache::negative_ttl(std::span<const wire::RRset> authority) const {
  wire::Ttl least = options_.negative_max_ttl;
  for (const wire::RRset& set : authority) {
    least = std::min(least, set.ttl);
    if (set.type != wire::RRType::SOA || set.rdata.empty()) continue;
    const wire::RdataView rdata = *set.rdata.begin();
    if (rdata.size() < 4) continue;
    std::uint32_t minimum = 0;  // the last field (RFC 1035 section 3.3.13)
    for (const std::uint8_t octet : rdata.last(4)) minimum = minimum << 8 | octet;
    least = std::min(least, wire::Ttl::from_wire(minimum));
  }
  return least;
}

void Cache::put_nxdomain(const wire::Name& name, std::span<const wire::RRset> authority,
                         Instant now) {
  put_negative(*store_, Key(Kind::NoName, name.wire()), authority, negative_ttl(authority), now);
}

void Cache::put_nodata(const wire::Name& name, wire::RRType type,
                       std::span<const wire::RRset> authority, Instant now) {
  put_negative(*store_, Key(Kind::NoData, name.wire(), type), authority, negative_ttl(authority),
               now);
  const bool judged = std::ranges::none_of(
      authority, [](const wire::RRset& set) { return set.security == wire::Security::Unchecked; });
  forget_nxdomain(*store_, name, judged && !authority.empty(), now);
}

std::optional<CachedNegative> Cache::negative(const wire::Name& name, wire::RRType type,
                                              Instant now, Duration grace) const {
  if (auto found = read_negative(*store_, Key(Kind::NoName, name.wire()), wire::Rcode::NXDOMAIN,
                                 now, grace)) {
    return found;
  }
  return read_negative(*store_, Key(Kind::NoData, name.wire(), type), wire::Rcode::NOERROR, now,
                       grace);
}

std::optional<CachedNegative> Cache::nxdomain_above(const wire::Name& name, Instant now,
                                                    Duration grace, wire::Security least) const {
  for (std::span<const std::uint8_t> above = name.wire(); above[0] != 0;) {
    above = parent_of(above);
    auto found =
        read_negative(*store_, Key(Kind::NoName, above), wire::Rcode::NXDOMAIN, now, grace);
    if (!found || found->security < least) continue;
    const auto soa = std::ranges::find(found->authority, wire::RRType::SOA, &wire::RRset::type);
    // The zone's own name is there, whatever a server says of one type (RFC 4074 section 4.2).
    if (std::ranges::equal(soa->owner.lowercase().wire(), above)) continue;
    if (!store_->slot(Key(Kind::DeniesFalsely, soa->owner.wire())).live(now)) return found;
  }
  return std::nullopt;
}

void Cache::put_denies_falsely(const wire::Name& zone, Duration lifetime, Instant now) {
  store_->slot(Key(Kind::DeniesFalsely, zone.wire())).write({}, now + lifetime, now);
}

void Cache::put_failure(const wire::Question& question, const Failure& failure, Duration lifetime,
                        Instant now, bool unchecked) {
  if (question.rrclass != wire::RRClass::IN || lifetime <= Duration{0}) return;
  const Key key(failure_kind(unchecked), question.name.wire(), question.type);
  const wire::Bytes payload = pack(failure);
  store_->slot(key).write(payload, now + std::min(lifetime, most_failure), now);
}

std::optional<Failure> Cache::failure(const wire::Question& question, Instant now,
                                      bool unchecked) const {
  if (question.rrclass != wire::RRClass::IN) return std::nullopt;
  const Key key(failure_kind(unchecked), question.name.wire(), question.type);
  Slot slot = store_->slot(key);
  if (!slot.hit(now)) return std::nullopt;
  return unpack_failure(slot.payload());
}

void Cache::put_delegation(const wire::Name& zone, std::span<const NameServer> servers,
                           wire::Ttl ttl, Instant now, Instant latest,
                           std::span<const wire::RRset> ds_proof) {
  Instant expires = std::min(now + wire::as_duration(clamp(ttl)), latest);
  // A deeper cut must not outlive the one that it hangs from: else a revoked name lives on as long
  // as it keeps delegating to itself (ghost domains). The root hangs from nothing.
  for (std::span<const std::uint8_t> above = zone.wire(); above[0] != 0;) {
    above = parent_of(above);
    if (above[0] == 0) break;
    const Key key(Kind::Delegation, above);
    const Slot slot = store_->slot(key);
    if (slot.live(now)) expires = std::min(expires, slot.expires());
  }
  const Key key(Kind::Delegation, zone.wire());
  const wire::Bytes payload = pack(servers, ds_proof, now);
  Slot slot = store_->slot(key);
  if (slot.live(now) && have_same_names(unpack_delegation(slot.payload(), now).servers, servers)) {
    expires = std::min(expires, slot.expires());
  }
  if (expires <= now || !slot.write(payload, expires, now)) return;
  slot.release();
  forget_nxdomain(*store_, zone, false, now);  // referrals are not judged
}

std::optional<Delegation> Cache::deepest_delegation(const wire::Name& name, Instant now) const {
  for (std::span<const std::uint8_t> zone = name.wire();; zone = parent_of(zone)) {
    const Key key(Kind::Delegation, zone);
    Slot slot = store_->slot(key);
    if (slot.hit(now)) return delegation_in(slot, key, now);
    if (zone[0] == 0) return std::nullopt;
  }
}

std::optional<Delegation> Cache::delegation(const wire::Name& zone, Instant now) const {
  const Key key(Kind::Delegation, zone.wire());
  Slot slot = store_->slot(key);
  return slot.hit(now) ? std::optional(delegation_in(slot, key, now)) : std::nullopt;
}

void Cache::forget_delegation(const wire::Name& zone) {
  store_->slot(Key(Kind::Delegation, zone.wire())).erase();
}

ServerState Cache::server(const wire::Endpoint& server, Instant now) const {
  const Key key(server);
  Slot slot = store_->slot(key);
  return slot.hit(now) ? unpack_server(slot.payload()) : ServerState{};
}

void Cache::put_server(const wire::Endpoint& server, const ServerState& state, Instant now) {
  const Key key(server);
  const wire::Bytes payload = pack(state);
  store_->slot(key).write(payload, now + server_lifetime, now);
}

void Cache::put_lame(const wire::Endpoint& server, const wire::Name& zone, Duration lifetime,
                     Instant now) {
  if (lifetime > Duration{0}) store_->slot(Key(server, zone)).write({}, now + lifetime, now);
}

bool Cache::is_lame(const wire::Endpoint& server, const wire::Name& zone, Instant now) const {
  const Key key(server, zone);
  return store_->slot(key).hit(now);
}

void Cache::put_answer(const AnswerKey& key, const ReadyAnswer& answer, Instant now) {
  if (key.name.size() > wire::Name::max_octets) return;
  const Duration lifetime =
      std::min({lifetime_of(answer), wire::as_duration(options_.max_ttl), most_answer});
  if (lifetime <= Duration{0}) return;
  const Key entry(answer_kind(key), key.name, key.type);
  Slot slot = store_->slot(entry);
  const std::span<const std::uint8_t> previous =
      slot.occupied() ? slot.payload() : std::span<std::uint8_t>{};
  const wire::Bytes payload = pack_answer(entry.name(), answer, lifetime, previous);
  if (payload.empty()) return;
  slot.write(payload, now + std::chrono::floor<std::chrono::milliseconds>(lifetime), now);
}

WrittenAnswer Cache::write_answer(const AnswerKey& key, Instant now,
                                  std::span<std::uint8_t> out) const {
  if (key.name.size() > wire::Name::max_octets) return {};
  const Key entry(answer_kind(key), key.name, key.type);
  Slot slot = store_->slot(entry);
  if (!slot.hit(now)) return {};
  return write_packed_answer(slot.payload(), key.name, slot.expires(), now, out);
}

std::size_t Cache::flush(const wire::Name& name) {
  for (std::span<const std::uint8_t> above = name.wire(); above[0] != 0;) {
    above = parent_of(above);
    store_->slot(Key(Kind::NoName, above)).erase();
  }
  return store_->erase_within(name.lowercase().wire());
}

CacheStatistics Cache::statistics() const {
  const Store::Statistics sum = store_->statistics();
  return {.bytes = sum.octets, .entries = sum.entries, .evictions = sum.evictions};
}

}  // namespace cairn::cache
