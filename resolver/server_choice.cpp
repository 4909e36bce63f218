#include "resolver/server_choice.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;
using wire::RRType;

/// How long the reply of a server may take. One that was never asked counts as a near one, so that
/// each gets its chance; a silent one as a far one.
wire::Duration expected_of(const cache::ServerState& state) {
  const wire::Duration reply = state.srtt == wire::Duration{}
                                   ? wire::Duration{limits::supposed_round_trip}
                                   : state.srtt + state.rttvar;
  return reply * (1 + 4 * state.timeouts);
}

/// Under which the cache remembers IPv6 as a whole; no server can have it.
const wire::Endpoint all_ipv6{wire::IpAddress::v6(std::array<std::uint8_t, 16>{})};

/// Of IPv6 as a whole; nothing where there is no other way.
cache::ServerState ipv6_state(const Known& known, wire::Instant now) {
  const bool both = known.settings.ipv4 && known.settings.ipv6;
  return both ? known.cache.server(all_ipv6, now) : cache::ServerState{};
}

/// Of one server, with what is known of its family.
cache::ServerState state_of(const wire::Endpoint& server, const cache::ServerState& ipv6,
                            const Known& known, wire::Instant now) {
  cache::ServerState state = known.cache.server(server, now);
  if (!server.address.is_v6()) return state;
  state.timeouts = std::max(state.timeouts, ipv6.timeouts);
  state.retry_at = std::max(state.retry_at, ipv6.retry_at);
  return state;
}

}  // namespace

ServerChoice::ServerChoice(const cache::Delegation& delegation, Known& known, Random& random,
                           wire::Instant now)
    : zone_(delegation.zone) {
  candidates_.reserve(2 * delegation.servers.size());
  servers_.reserve(delegation.servers.size());
  for (const cache::NameServer& server : delegation.servers) {
    const std::size_t before = candidates_.size();
    for (const wire::IpAddress& address : server.glue) add(address, known);
    if (server.glue.empty())
      for (const auto type : {wire::RRType::A, wire::RRType::AAAA})
        if (const auto cached = known.cache.rrset(server.name, type, now))
          add_some(cached->rrset, known);
    servers_.push_back({server.name, candidates_.size() > before});
  }
  // Names are looked up from a random one on: an attacker's order does not decide (NXNSAttack).
  if (servers_.size() > 1)
    std::rotate(servers_.begin(),
                servers_.begin() + static_cast<std::ptrdiff_t>(random.below(servers_.size())),
                servers_.end());
}

ServerChoice::ServerChoice(const ForwardZone& forward, const Settings& settings)
    : zone_(forward.zone), listed_(forward.listed) {
  for (const wire::Endpoint& server : forward.servers)
    if ((server.address.is_v6() ? settings.ipv6 : settings.ipv4) && !find(server))
      candidates_.push_back({server});
}

void ServerChoice::add(const wire::IpAddress& address, const Known& known) {
  const Settings& settings = known.settings;
  if (address.is_v6() ? !settings.ipv6 : !settings.ipv4) return;
  for (const wire::Prefix& denied : settings.deny_upstream)
    if (denied.contains(address)) return;
  if (!find({address})) candidates_.push_back({{address}});
}

bool ServerChoice::add_some(const wire::RRset& addresses, const Known& known) {
  std::size_t added = 0;
  for (const wire::RdataView rdata : addresses.rdata) {
    if (added == limits::glue_per_server) break;
    const auto address = wire::IpAddress::from_rdata(addresses.type, rdata);
    if (!address) continue;
    add(*address, known);
    ++added;
  }
  return added > 0;
}

ServerChoice::Candidate* ServerChoice::find(const wire::Endpoint& server) {
  for (Candidate& candidate : candidates_)
    if (candidate.server == server) return &candidate;
  return nullptr;
}

std::optional<wire::Endpoint> ServerChoice::ask(Candidate& candidate) {
  ++candidate.asks;
  return candidate.server;
}

void ServerChoice::begin_again() {
  passed_over_ = false;
  for (Candidate& candidate : candidates_) {
    candidate.asks = 0;
    candidate.busy = false;
  }
}

void ServerChoice::pass_over(const wire::Endpoint& server) {
  Candidate* candidate = find(server);
  if (!candidate) return;
  candidate->busy = passed_over_ = true;
}

bool ServerChoice::exhausted(unsigned in_flight) const {
  const auto most = answered_before_ ? limits::failures_per_zone : limits::failures_per_silent_zone;
  return failures_ + in_flight >= most;
}

bool ServerChoice::is_open(const Candidate& candidate) {
  return !candidate.useless && !candidate.busy && candidate.asks == 0 && !candidate.rests;
}

void ServerChoice::weigh(Candidate& candidate, const cache::ServerState& state, wire::Instant now) {
  candidate.rests = state.retry_at > now;
  candidate.heard = state.srtt != wire::Duration{};
  candidate.expected = expected_of(state);
  candidate.patience = candidate.heard ? patience_with(state) : wire::Duration::max();
  answered_before_ = answered_before_ || candidate.heard;
}

ServerChoice::Candidate* ServerChoice::first_listed() {
  const auto first = std::ranges::find_if(candidates_, is_open);
  return first == candidates_.end() ? nullptr : &*first;
}

ServerChoice::Candidate* ServerChoice::one_by_chance(bool explore, Random& random) {
  auto fastest = wire::Duration::max();
  for (const Candidate& candidate : candidates_)
    if (is_open(candidate)) fastest = std::min(fastest, candidate.expected);
  if (fastest == wire::Duration::max()) return nullptr;
  const wire::Duration equal =
      fastest + std::max<wire::Duration>(fastest / 8, limits::equal_round_trips);
  for (const bool outside : {explore, false}) {
    const auto may_be = [&](const Candidate& candidate) {
      return is_open(candidate) && (candidate.expected > equal) == outside;
    };
    const auto count = std::ranges::count_if(candidates_, may_be);
    if (count == 0) continue;
    auto skip = count == 1 ? 0 : random.below(static_cast<std::uint64_t>(count));
    for (Candidate& candidate : candidates_)
      if (may_be(candidate) && skip-- == 0) return &candidate;
  }
  return nullptr;
}

std::optional<wire::Endpoint> ServerChoice::fresh(Known& known, Random& random, wire::Instant now) {
  const cache::ServerState ipv6 = ipv6_state(known, now);
  for (Candidate& candidate : candidates_)
    if (!candidate.useless && !candidate.busy && candidate.asks == 0)
      weigh(candidate, state_of(candidate.server, ipv6, known, now), now);
  const bool explore = random.below(limits::exploration_odds) == 0;
  for (;;) {
    Candidate* best = listed_ ? first_listed() : one_by_chance(explore, random);
    if (!best) return std::nullopt;
    best->useless = known.cache.is_lame(best->server, zone_, now);
    if (best->useless) continue;
    most_patience_ = patience_beside_others(*best, ipv6);
    return ask(*best);
  }
}

wire::Duration ServerChoice::patience_beside_others(const Candidate& asked,
                                                    const cache::ServerState& ipv6) const {
  const bool doubtful =
      asked.server.address.is_v6() && ipv6.srtt == wire::Duration{} && !asked.heard;
  auto patience = wire::Duration::max();
  for (const Candidate& other : candidates_) {
    if (!is_open(other) || &other == &asked) continue;
    patience = std::min(patience, other.patience);
    if (doubtful && !other.server.address.is_v6())
      patience = std::min<wire::Duration>(patience, limits::ipv6_head_start);
  }
  return patience;
}

std::optional<wire::Endpoint> ServerChoice::again(Known& known, Random& random, wire::Instant now) {
  Candidate* best = nullptr;
  Candidate* dead = nullptr;
  std::uint64_t seen_dead = 0;
  most_patience_ = wire::Duration::max();
  const cache::ServerState ipv6 = ipv6_state(known, now);
  for (Candidate& candidate : candidates_) {
    if (candidate.useless || candidate.busy) continue;
    const auto state = state_of(candidate.server, ipv6, known, now);
    const bool answered_before = state.srtt != wire::Duration{};
    if (candidate.asks >=
        (answered_before ? limits::asks_per_known_address : limits::asks_per_address))
      continue;
    if (known.cache.is_lame(candidate.server, zone_, now)) continue;
    if (state.retry_at > now) {
      if (candidate.asks == 0 && random.below(++seen_dead) == 0) dead = &candidate;
    } else if (!best || candidate.asks < best->asks) {
      best = &candidate;
    }
  }
  if (best) return ask(*best);
  if (!dead || probes_ >= limits::probes_per_zone) return std::nullopt;
  ++probes_;
  return ask(*dead);
}

bool ServerChoice::worth_looking_up() const {
  return fruitless_ < limits::fruitless_lookups_per_delegation &&
         lookups_ < limits::lookups_per_delegation;
}

std::optional<RRType> ServerChoice::missing_type(const Server& server, bool doubted,
                                                 const Settings& settings) const {
  if (server.known && !doubted) return std::nullopt;
  // The address of a server inside the zone that it serves can only come as glue.
  if (server.name.is_within(zone_)) return std::nullopt;
  if (settings.ipv4 && !server.looked_up_a) return RRType::A;
  if (settings.ipv6 && !server.looked_up_aaaa) return RRType::AAAA;
  return std::nullopt;
}

bool ServerChoice::some_unknown(const Settings& settings) const {
  return worth_looking_up() && std::ranges::any_of(servers_, [&](const Server& server) {
           return missing_type(server, false, settings).has_value();
         });
}

std::optional<wire::Question> ServerChoice::missing_address(bool doubted, const Settings& settings,
                                                            Budget& budget) {
  if (!worth_looking_up() || !budget.may_look_up_address()) return std::nullopt;
  for (Server& server : servers_) {
    const auto type = missing_type(server, doubted, settings);
    if (!type) continue;
    (*type == RRType::A ? server.looked_up_a : server.looked_up_aaaa) = true;
    ++lookups_;
    ++budget.address_lookups;
    return wire::Question{server.name, *type, wire::RRClass::IN};
  }
  return std::nullopt;
}

bool ServerChoice::add_found(const wire::Question& lookup, const std::vector<wire::RRset>& answer,
                             Known& known) {
  bool found = false;
  for (const wire::RRset& set : answer)
    if (set.type == lookup.type) found = add_some(set, known) || found;
  if (!found) ++fruitless_;
  return found;
}

void ServerChoice::failed(const wire::Endpoint& server, bool try_again, bool counts) {
  if (counts) ++failures_;
  if (Candidate* candidate = find(server); candidate && !try_again) candidate->useless = true;
}

void learn_of_ipv6(const wire::IpAddress& server, const Exchange::Finished& finished,
                   cache::Cache& cache, wire::Instant now) {
  if (!server.is_v6()) return;
  cache::ServerState ipv6 = cache.server(all_ipv6, now);
  if (finished.reply) {
    if (ipv6.timeouts == 0 && ipv6.srtt != wire::Duration{}) return;
    cache::ServerState works;
    add_round_trip(works, finished.rtt);
    cache.put_server(all_ipv6, works, now);
  } else if (finished.why == ReplyKind::Timeout && finished.learned.timeouts > 0 &&
             finished.learned.srtt == wire::Duration{}) {
    add_timeout(ipv6, now - finished.rtt, now);
    cache.put_server(all_ipv6, ipv6, now);
  }
}

}  // namespace cairn::resolver
