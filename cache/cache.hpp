// What is remembered: record sets, negative answers, failures, delegations, servers, and finished
// answers.
//
// One byte budget holds for all of it together (cache.size). Entries live in shards picked by a
// keyed hash of the name, each behind one small lock, shared by all workers. Nothing expired is
// given out, unless somebody says for how long that does no harm. Rank (RFC 2181 section 5.4.1)
// decides what may replace what, and before it whether a thing was judged (wire::Security): what
// was not is for those alone who ask for it so (CD, RFC 4035 section 4.7). Eviction is S3-FIFO: a
// flood of one-time names does not push out what is asked for often. `now` comes in as an argument
// everywhere.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wire/address.hpp"
#include "wire/edns.hpp"
#include "wire/question.hpp"
#include "wire/rrset.hpp"

namespace cairn::cache {

using wire::Duration;
using wire::Instant;

/// How much a record set may be believed (RFC 2181 section 5.4.1), least first. Glue has no rank
/// here: it lives inside its delegation and answers nobody.
enum class Rank : std::uint8_t {
  NonAuthoritativeAdditional = 1,
  NonAuthoritativeAnswer,  // answer section without AA
  AuthoritativeAuthority,  // authority section of an answer with AA
  AuthoritativeAnswer,     // answer section with AA
};

/// A set from the cache: rrset.ttl is what is left of it.
struct CachedRRset {
  wire::RRset rrset;
  Rank rank;
  bool expired = false;
  /// Of a set that was made from a wildcard: that there is nothing closer to its name (RFC 4035
  /// section 3.1.3.3), for those who judge it themselves.
  std::vector<wire::RRset> proofs{};
};

/// That there is nothing (RFC 2308): NXDOMAIN for every type of a name, or NODATA for one type.
/// `authority` holds the SOA and, for those who ask with DO, the proofs; their TTLs are what is
/// left. As secure as the least of them.
struct CachedNegative {
  wire::Rcode rcode = wire::Rcode::NOERROR;  // NXDOMAIN or NOERROR
  std::vector<wire::RRset> authority;
  bool expired = false;
  wire::Security security = wire::Security::Unchecked;
};

/// A zone cut as its parent told it (RFC 1034 section 4.2.1): the names of its servers and the
/// addresses that came as glue. Kept apart from the child's own NS set, and bounded by the parent's
/// TTL from first sight: seeing the same delegation again, or the child's word, never prolongs it
/// (ghost domains).
struct NameServer {
  wire::Name name;
  std::vector<wire::IpAddress> glue;
  bool operator==(const NameServer&) const = default;
};
struct Delegation {
  wire::Name zone;
  std::vector<NameServer> servers;
  Instant expires;
  /// What the parent said of the zone's keys beside it, with signatures, unjudged: its DS set, or
  /// proofs that it has none (RFC 4035 section 3.1.4).
  std::vector<wire::RRset> ds_proof{};
  bool operator==(const Delegation&) const = default;
};

/// DNS cookies (RFC 7873): our half for one server, and what that server gave for it.
struct CookiePair {
  std::array<std::uint8_t, 8> client{};
  std::array<std::uint8_t, 32> server{};
  std::uint8_t server_octets = 0;  // 8 to 32; 0: it gave none

  bool operator==(const CookiePair&) const = default;
};

/// What a server does with a cookie in a question.
enum class CookieConduct : std::uint8_t {
  Untried,
  Ignored,    // answers without one
  Given,      // gives one: a reply without it is suspicious (RFC 7873 section 5.3)
  Sometimes,  // several servers stand behind the address, and not all of them give one
  Refused,    // answers only questions without one
};

/// What is known of one server. Round trips as RFC 6298 smooths them.
struct ServerState {
  Duration srtt{};  // zero: never answered
  Duration rttvar{};
  std::uint8_t timeouts = 0;  // in a row
  Instant silent_since{};     // when the first of them was asked
  bool no_edns = false;       // answers only questions without OPT
  bool no_case = false;       // does not give the case of the question back
  /// What has neither OPT nor random case is all that it has answered so far, after silence to
  /// both: packets that were lost, or a server to which that has to be done.
  bool heard_plain_only = false;
  Instant retry_at{};  // after several timeouts in a row: not asked before this, unless nobody else
                       // is left
  CookieConduct cookies = CookieConduct::Untried;
  CookiePair cookie{};
  // When no_edns, no_case, Sometimes and Refused end: a server may have been mended.
  Instant quirks_end{};

  bool operator==(const ServerState&) const = default;
};

/// Why a question could not be answered.
struct Failure {
  wire::ExtendedError why;
  bool bogus = false;  // there are answers, and none of them may be believed

  bool operator==(const Failure&) const = default;
};

/// Which finished answer: the question without case, and what changes the bytes of its answer.
struct AnswerKey {
  std::span<const std::uint8_t> name;  // wire form, any case
  wire::RRType type = wire::RRType::A;
  bool dnssec_ok = false;
  bool checking_disabled = false;
};

/// A finished answer, as offered to the cache: a whole message (id 0, without OPT), in which only
/// the id, the flags that echo the question, the case of the question and the TTLs change from one
/// client to the next.
struct ReadyAnswer {
  std::span<const std::uint8_t> message;
  std::span<const std::uint16_t>
      ttl_offsets;      // of each TTL field; the fields hold the TTLs as of `now`
  Duration lifetime{};  // the least TTL
  /// The one run of equal-sized address records that takes turns at standing first; count < 2:
  /// none.
  std::uint16_t rotation_offset = 0, rotation_record_octets = 0, rotation_count = 0;
};

struct WrittenAnswer {
  std::size_t octets = 0;  // 0: there is none, or no room for it
  /// What is left of an answer that was asked for often and will expire soon: it is worth fetching
  /// again. Said once in its life; else zero.
  Duration wanted_after{};
};

struct CacheOptions {
  std::size_t size = 128U << 20;  // octets, for everything in it with its overhead
  wire::Ttl min_ttl{0};
  wire::Ttl max_ttl{86400};
  wire::Ttl negative_max_ttl{3600};
  wire::SipKey key;  // random per process
  unsigned shards = 64;
};

struct CacheStatistics {
  std::size_t bytes = 0;
  std::size_t entries = 0;
  std::uint64_t evictions = 0;
};

class Store;

class Cache {
 public:
  explicit Cache(const CacheOptions& options);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  /// The TTL with which put() would keep a set: what the first client is told as well.
  wire::Ttl clamp(wire::Ttl ttl) const {
    return std::min(std::max(ttl, options_.min_ttl), options_.max_ttl);
  }

  /// Record sets of class IN. put() keeps what is there if that ranks higher and has not expired,
  /// and returns false then; before rank, what was judged goes before what was not. The TTL is
  /// clamped to [min_ttl, max_ttl]; a TTL of 0 (after clamping) is not kept.
  bool put(const wire::RRset& rrset, Rank rank, Instant now,
           std::span<const wire::RRset> proofs = {});
  /// What has expired stays for as long as there is room: `grace` says since when it may have.
  std::optional<CachedRRset> rrset(const wire::Name& name, wire::RRType type, Instant now,
                                   Duration grace = {}) const;

  /// Negative answers: what was not judged does not replace what was.
  void put_nxdomain(const wire::Name& name, std::span<const wire::RRset> authority, Instant now);
  void put_nodata(const wire::Name& name, wire::RRType type, std::span<const wire::RRset> authority,
                  Instant now);
  /// For how long they are believed: the least of the TTLs, the SOA's MINIMUM (RFC 2308 section 5)
  /// and negative_max_ttl.
  wire::Ttl negative_ttl(std::span<const wire::RRset> authority) const;
  /// NXDOMAIN of the name first, then NODATA of the type.
  std::optional<CachedNegative> negative(const wire::Name& name, wire::RRType type, Instant now,
                                         Duration grace = {}) const;
  /// NXDOMAIN of the nearest name above `name`, so that `name` does not exist either (RFC 8020);
  /// not of a zone that was seen to deny names with others below them, nor one that is less than
  /// `least`.
  std::optional<CachedNegative> nxdomain_above(
      const wire::Name& name, Instant now, Duration grace = {},
      wire::Security least = wire::Security::Unchecked) const;
  void put_denies_falsely(const wire::Name& zone, Duration lifetime, Instant now);

  /// A question that could not be answered (RFC 9520), with the reason, for `lifetime`.
  /// `unchecked`: of those who want it unjudged, for whom it may well have an answer.
  void put_failure(const wire::Question& question, const Failure& failure, Duration lifetime,
                   Instant now, bool unchecked = false);
  std::optional<Failure> failure(const wire::Question& question, Instant now,
                                 bool unchecked = false) const;

  /// put_delegation with the same server names as one that is still alive keeps the old expiry
  /// (ghost domains). `latest` is when the delegation ends that led to the servers that told this
  /// one: it holds no longer, also when that one is not in the cache any more.
  void put_delegation(const wire::Name& zone, std::span<const NameServer> servers, wire::Ttl ttl,
                      Instant now, Instant latest = Instant::max(),
                      std::span<const wire::RRset> ds_proof = {});
  /// The deepest live delegation for `name`: its zone is `name` or above it. Its expiry is capped
  /// by those of the delegations above it at the time when it was stored.
  std::optional<Delegation> deepest_delegation(const wire::Name& name, Instant now) const;
  /// Of exactly this zone.
  std::optional<Delegation> delegation(const wire::Name& zone, Instant now) const;
  void forget_delegation(const wire::Name& zone);

  /// Servers: a default ServerState for one that is not known. One address may have several, each
  /// at its port.
  ServerState server(const wire::Endpoint& server, Instant now) const;
  void put_server(const wire::Endpoint& server, const ServerState& state, Instant now);
  void put_lame(const wire::Endpoint& server, const wire::Name& zone, Duration lifetime,
                Instant now);
  bool is_lame(const wire::Endpoint& server, const wire::Name& zone, Instant now) const;

  /// Finished answers, the hot path: write_answer copies the message to `out` with TTLs counted
  /// down and the addresses rotated by one more than the last time (exact turns, whichever worker
  /// asks). No allocation.
  void put_answer(const AnswerKey& key, const ReadyAnswer& answer, Instant now);
  WrittenAnswer write_answer(const AnswerKey& key, Instant now, std::span<std::uint8_t> out) const;

  /// Forgets everything at `name` and below (for `cairnctl flush`), and what denies it from above;
  /// the root forgets all.
  std::size_t flush(const wire::Name& name);

  CacheStatistics statistics() const;

 private:
  CacheOptions options_;
  std::unique_ptr<Store> store_;
};

}  // namespace cairn::cache
