#include "server/client_query.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "resolver/limits.hpp"
#include "resolver/rebinding.hpp"
#include "server/limits.hpp"
#include "server/log.hpp"

namespace cairn::server {
namespace {

using wire::Rcode;

wire::SipKey new_key(resolver::Random& random) {
  return {random.next(), random.next()};
}

std::string milliseconds(wire::Duration duration) {
  const auto tenths = std::chrono::duration_cast<std::chrono::microseconds>(duration).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

void log_query(const Query& query, const Client& client, Rcode rcode, const char* how,
               wire::Duration time) {
  log::info("query", {{"client", client.from.to_text()},
                      {"transport", client.stream ? "TCP" : "UDP"},
                      {"question", wire::to_text(query.question)},
                      {"rcode", wire::to_text(rcode)},
                      {"from", how},
                      {"ms", milliseconds(time)}});
}

/// ANY asks for all that there is, in the name of somebody else more often than not: over UDP one
/// set is the answer (RFC 8482 section 4.1), the smallest, so that there is nothing to gain.
void keep_smallest(std::vector<wire::RRsetView>& views) {
  if (views.size() < 2) return;
  const auto octets = [](const wire::RRsetView& view) {
    return view.rdata.packed().size() + view.signatures.packed().size();
  };
  views = {*std::ranges::min_element(views, {}, octets)};
}

/// What is alike for the rate limit: answers to one question, denials of whatever names, and
/// everything else that is no answer. Never RateLimit::all.
RateLimit::Kind kind_of(const Query& query, Rcode rcode) {
  constexpr RateLimit::Kind denial = 1, trouble = 2, answers = 4;
  if (rcode == Rcode::NXDOMAIN) return denial;
  // BADVERS has the lower bits of NOERROR.
  if (rcode != Rcode::NOERROR || query.complaint != Rcode::NOERROR) return trouble;
  // Without key, so that all workers mean the same; who makes names collide uses up his own share.
  return (query.question.name.hash({}) ^ static_cast<std::uint64_t>(query.question.type)) | answers;
}

/// Whoever judges signatures himself must see what is signed (RFC 6147 section 5.5).
bool validates(const Query& query) {
  return query.dnssec_ok && query.checking_disabled;
}

/// What nobody understands who did not ask with DO (RFC 4035 section 3.2.1).
bool is_proof(const wire::RRsetView& view) {
  return view.type == wire::RRType::NSEC || view.type == wire::RRType::NSEC3;
}

/// Where the answer has expired, or something was taken out of it, nobody vouches for it.
bool is_secure(const resolver::Answer& answer) {
  return !answer.error && resolver::security_of(answer) == wire::Security::Secure;
}

bool one_set_is_enough(const Query& query, bool stream) {
  return query.question.type == wire::RRType::ANY && !stream;
}

}  // namespace

ClientQueries::ClientQueries(ServingPtr serving, cache::Cache& cache, RateLimit& rate_limit,
                             Own own)
    : serving_(std::move(serving)),
      cache_(cache),
      settings_(serving_->resolver),
      known_{cache, &serving_->zones, settings_},
      random_(own.random),
      replies_(own.replies),
      engine_(known_, own.network, own.random),
      waiting_(new_key(own.random)),
      rate_limit_(rate_limit),
      cookies_(serving_->cookie_secret),
      scratch_(wire::max_message_octets),
      turn_key_(new_key(own.random)) {}

void ClientQueries::use(ServingPtr serving) {
  engine_.use_zones(serving->zones);
  known_.zones = &serving->zones;
  settings_ = serving->resolver;
  zone_answer_.clear();
  cookies_ = Cookies(serving->cookie_secret);
  serving_ = std::move(serving);
  find_access_lists();
}

void ClientQueries::listen_on(std::vector<wire::Endpoint> endpoints) {
  listen_ = std::move(endpoints);
  find_access_lists();
}

void ClientQueries::find_access_lists() {
  access_.clear();
  if (serving_->allow_at.empty()) return;
  for (const wire::Endpoint& endpoint : listen_) {
    const auto own = serving_->allow_at.find(endpoint);
    access_.push_back(own == serving_->allow_at.end() ? &serving_->allow : &own->second);
  }
}

bool ClientQueries::allows(const Client& client) const {
  const AccessList& list = access_.empty() ? serving_->allow : *access_[client.listener];
  return list.allows(client.from.address);
}

std::optional<std::size_t> ClientQueries::answer(std::span<const std::uint8_t> octets,
                                                 const Client& client, std::span<std::uint8_t> out,
                                                 wire::Instant now) {
  auto query = read_query(octets);
  if (!query) return ++statistics_.ignored, 0;
  if (query->cookie || query->asks_keepalive) answer_options(*query, client);
  ++(client.stream ? statistics_.queries_tcp : statistics_.queries_udp);
  Request request{*query, client,        limited(*query, client.stream, out),
                  now,    octets.size(), forgeable(*query, client)};
  if (const auto size = too_fast(request)) return size;
  const auto size = decided(request);
  if (!size || !request.forgeable) return size;
  return too_alike(*query, client, request.out.first(*size), now);
}

std::optional<std::size_t> ClientQueries::decided(Request& request) {
  if (const auto size = refused(request)) return *size;  // 1 allowed?
  if (const auto size = ours(request)) return size;      // 2 ours (zones)?
  if (const auto size = known(request)) return size;     // 3 known (cache)?
  return resolved(request);                              // 4 else the engine
}

std::span<std::uint8_t> ClientQueries::limited(const Query& query, bool stream,
                                               std::span<std::uint8_t> out) const {
  if (stream) return out;
  const std::size_t theirs = query.edns ? query.udp_size : limits::plain_udp_octets;
  return out.first(std::min({theirs, std::size_t{settings_.edns_udp_size}, out.size()}));
}

/// Strangers get nothing but a refusal.
void ClientQueries::answer_options(Query& query, const Client& client) {
  if (!allows(client)) return;
  if (query.asks_keepalive && client.stream)
    query.keepalive = static_cast<std::uint16_t>(client.patience /
                                                 wire::Duration{std::chrono::milliseconds{100}});
  if (!query.cookie) return;
  const auto judgement = cookies_.judge(*query.cookie, client.from.address, wall_clock_);
  query.next_cookie = judgement.next;
  query.proven = judgement.valid;
  if (query.proven) ++statistics_.proven;
}

// Before and after the decisions: how much goes to somebody who may not have asked.

bool ClientQueries::forgeable(const Query& query, const Client& client) const {
  return !client.stream && !query.proven && !serving_->near.allows(client.from.address);
}

/// Over the limit of its network nothing is decided; nullopt to go on.
std::optional<std::size_t> ClientQueries::too_fast(Request& request) {
  if (!request.forgeable || serving_->rate_limit == 0) return std::nullopt;
  const auto verdict = rate_limit_.take(request.client.from.address, RateLimit::all,
                                        serving_->rate_limit, request.now);
  if (verdict == RateLimit::Verdict::Answer) return std::nullopt;
  ++statistics_.too_fast;
  return in_short(verdict, request.query, request.out);
}

/// Over the limit of its kind `reply` is not sent. Returns the size of what is.
std::size_t ClientQueries::too_alike(const Query& query, const Client& client,
                                     std::span<std::uint8_t> reply, wire::Instant now) {
  if (reply.empty() || serving_->rate_limit == 0) return reply.size();
  const unsigned share = std::max(1U, serving_->rate_limit / limits::share_of_a_kind);
  const auto verdict =
      rate_limit_.take(client.from.address, kind_of(query, rcode_of(reply)), share, now);
  if (verdict == RateLimit::Verdict::Answer) return reply.size();
  ++statistics_.too_alike;
  return in_short(verdict, query, reply);
}

/// Come back with this cookie (RFC 7873 section 5.2.3), or over TCP; or silence.
std::size_t ClientQueries::in_short(RateLimit::Verdict verdict, const Query& query,
                                    std::span<std::uint8_t> out) {
  if (verdict == RateLimit::Verdict::Silence) return 0;
  ++statistics_.sent_short;
  Reply reply;
  const bool has_cookie = query.edns && query.next_cookie;
  if (has_cookie) reply.rcode = Rcode::BADCOOKIE;
  const std::size_t size = write_reply(query, reply, out);
  if (!has_cookie) truncate(out);
  return size;
}

// 1. Is this client allowed to ask, and is it a question?

std::optional<std::size_t> ClientQueries::refused(Request& request) {
  static const wire::ExtendedError stranger{wire::ExtendedErrorCode::Prohibited,
                                            "your address may not ask here"};
  Reply reply;
  bool no_more_than_came = request.forgeable && !request.query.next_cookie;
  reply.rcode = request.query.complaint;
  reply.error = request.query.reason;
  if (!allows(request.client)) {
    ++statistics_.not_allowed;
    reply.rcode = Rcode::REFUSED;
    reply.recursion_available = false;
    reply.error = &stranger;
    no_more_than_came = true;
  } else if (reply.rcode != Rcode::NOERROR) {
    ++statistics_.malformed;
  } else if (request.query.has_question) {
    return std::nullopt;
  }
  // Never more octets than came: the reason goes out where a cookie or padding left room for it.
  if (no_more_than_came)
    request.out = request.out.first(std::min(request.came, request.out.size()));
  const std::size_t size = write_reply(request.query, reply, request.out);
  if (serving_->log_queries)
    log_query(request.query, request.client, reply.rcode, "nobody", wire::Duration{});
  return size;
}

// 2. Does a zone of ours answer? Where a recursion is wanted, what leaves the zone goes on below.

std::size_t ClientQueries::ours(Request& request) {
  if (request.query.question.rrclass == wire::RRClass::CH) return about_us(request);
  const zones::Zone* zone = serving_->zones.find(request.query.question);
  if (!zone) return 0;
  zone->answer(request.query.question, request.query.dnssec_ok, zone_answer_);
  if (request.query.recursion_desired && (zone_answer_.referral || zone_answer_.continues_at)) {
    request.authoritative = !zone_answer_.referral;
    return 0;
  }
  if (wants_translation(request.query)) {
    request.authoritative = true;
    return 0;
  }
  Reply reply;
  reply.rcode = zone_answer_.rcode;
  reply.authoritative = zone_answer_.authoritative;
  reply.referral = zone_answer_.referral;
  reply.answer = zone_answer_.answer;
  const bool negative_or_referral = zone_answer_.answer.empty();
  if (negative_or_referral || !serving_->minimal_responses ||
      zone_answer_.rcode != Rcode::NOERROR) {
    reply.authority = zone_answer_.authority;
    reply.additional = zone_answer_.additional;
  }
  ++statistics_.from_zones;
  const std::size_t size = write_reply(request.query, reply, request.out);
  if (serving_->log_queries)
    log_query(request.query, request.client, reply.rcode, "zone", wire::Duration{});
  return size;
}

/// Whether the zone's answer is one that DNS64 makes of A.
bool ClientQueries::wants_translation(const Query& query) const {
  return settings_.dns64 && query.question.type == wire::RRType::AAAA && query.recursion_desired &&
         !validates(query) && zone_answer_.rcode == Rcode::NOERROR &&
         std::ranges::find(zone_answer_.answer, wire::RRType::AAAA, &wire::RRsetView::type) ==
             zone_answer_.answer.end();
}

std::size_t ClientQueries::about_us(Request& request) {
  static const wire::ExtendedError hidden{
      wire::ExtendedErrorCode::Prohibited,
      "of class CH only the texts of `identity` and `version` are told"};
  Reply reply;
  reply.rcode = Rcode::REFUSED;
  reply.error = &hidden;
  if (const wire::RRset* set = serving_->identity.find(request.query.question)) {
    answer_views_ = {wire::view(*set)};
    reply.answer = answer_views_;
    reply.rcode = Rcode::NOERROR;
    reply.error = nullptr;
  }
  ++(reply.error ? statistics_.malformed : statistics_.from_zones);
  if (serving_->log_queries)
    log_query(request.query, request.client, reply.rcode, "identity", wire::Duration{});
  return write_reply(request.query, reply, request.out);
}

// 3. Is it known? Finished answers are one copy. Without RD nothing else will be done either, so
// what can be concluded from the cache is.

std::size_t ClientQueries::known(Request& request) {
  const Query& query = request.query;
  const cache::AnswerKey key{query.question.name.wire(), query.question.type, query.dnssec_ok,
                             query.checking_disabled};
  const auto room = request.out.first(request.out.size() - opt_octets(query));
  if (const auto written = cache_.write_answer(key, request.now, room); written.octets) {
    ++statistics_.from_cache;
    if (written.wanted_after > wire::Duration{} && query.recursion_desired)
      engine_.refresh(query.question, written.wanted_after, request.now);
    const std::size_t whole = address_to(query, request.out, written.octets);
    if (serving_->log_queries)
      log_query(query, request.client, rcode_of(request.out), "cache", wire::Duration{});
    return whole;
  }
  return query.recursion_desired ? 0 : recalled(request);
}

/// A question without RD: one step of the iteration, which concludes from zones and cache or names
/// what is missing; that is not fetched.
std::size_t ClientQueries::recalled(Request& request) {
  resolver::Budget budget;
  budget.deadline = wire::Instant::max();
  resolver::Trace trace;
  const bool unchecked = request.query.checking_disabled && settings_.validation.on;
  resolver::Iteration iteration(request.query.question, false, unchecked);
  auto next = iteration.next(known_, budget, random_, trace, request.now);
  auto* done = std::get_if<resolver::Done>(&next);
  if (done) resolver::take_out_private(done->answer, request.query.question, known_);
  const Rcode rcode = done ? done->answer.rcode : Rcode::REFUSED;
  if (serving_->log_queries)
    log_query(request.query, request.client, rcode, done ? "cache" : "nobody", wire::Duration{});
  if (done) {
    ++statistics_.from_engine;
    return write_answer(request.query, request.client, done->answer, request.authoritative,
                        request.out);
  }
  static const wire::ExtendedError not_wanted{
      wire::ExtendedErrorCode::NotAuthoritative,
      "recursion was not desired, and neither a zone of ours nor the cache has the answer"};
  ++statistics_.not_known;
  Reply reply;
  reply.rcode = Rcode::REFUSED;
  reply.error = &not_wanted;
  return write_reply(request.query, reply, request.out);
}

// 4. The engine. It may conclude at once, from sets in the cache: then the finished answer is kept
// for the next who asks.

std::optional<std::size_t> ClientQueries::resolved(Request& request) {
  const bool near = serving_->near.allows(request.client.from.address);
  if (!waiting_.has_room_for(request.client, request.query.proven, near)) return no_room(request);
  const resolver::QueryId id =
      engine_.ask(request.query.question, request.now,
                  {validates(request.query), request.query.checking_disabled});
  auto finished = engine_.take_finished();
  const auto own = std::ranges::find(finished, id, &resolver::Engine::Finished::query);
  if (own == finished.end())
    waiting_.add(id, {request.query, request.client, request.now, request.authoritative});
  for (const resolver::Engine::Finished& other : finished)
    if (other.query != id) deliver(other, request.now);
  if (own == finished.end()) return std::nullopt;

  // Last, because a stream that goes on reading after its answer shares the buffer.
  ++statistics_.from_engine;
  const std::size_t size =
      write_answer(request.query, request.client, own->answer, request.authoritative, request.out);
  keep(request.query, *own, request.now);
  if (serving_->log_queries)
    log_query(request.query, request.client, own->answer.rcode, "cache", wire::Duration{});
  return size;
}

/// Silence to an address that may be forged; who surely asked himself is told.
std::size_t ClientQueries::no_room(Request& request) {
  static const wire::ExtendedError full{wire::ExtendedErrorCode::Other,
                                        "your network has as many questions waiting as it may"};
  ++statistics_.too_many;
  if (!request.client.stream && !request.query.proven) return 0;
  Reply reply;
  reply.rcode = Rcode::SERVFAIL;
  reply.error = &full;
  return write_reply(request.query, reply, request.out);
}

void ClientQueries::deliver_finished(wire::Instant now) {
  // To deliver one may bring about the next: a stream that was full is read again.
  for (auto all = engine_.take_finished(); !all.empty(); all = engine_.take_finished())
    for (const resolver::Engine::Finished& finished : all) deliver(finished, now);
}

void ClientQueries::deliver(const resolver::Engine::Finished& finished, wire::Instant now) {
  if (auto node = explained_.extract(finished.query)) return node.mapped()(finished);
  const auto waited = waiting_.take(finished.query);
  if (!waited) return;
  const wire::Duration time = now - waited->asked;
  if (serving_->log_queries)
    log_query(waited->query, waited->client, finished.answer.rcode, "engine", time);
  const bool may_be_forged = forgeable(waited->query, waited->client);
  if (may_be_forged && time > limits::stale_datagram) {
    ++statistics_.too_late;
    return;
  }
  ++statistics_.from_engine;
  const auto out = limited(waited->query, waited->client.stream, scratch_);
  std::size_t size =
      write_answer(waited->query, waited->client, finished.answer, waited->authoritative, out);
  if (may_be_forged) size = too_alike(waited->query, waited->client, out.first(size), now);
  if (size > 0) replies_.reply(waited->client, out.first(size));
}

void ClientQueries::explain(const wire::Question& question, wire::Instant now,
                            std::function<void(const resolver::Engine::Finished&)> done) {
  const resolver::QueryId id = engine_.ask(question, now);
  explained_.emplace(id, std::move(done));
  deliver_finished(now);
}

void ClientQueries::give_up(wire::Instant now) {
  const auto stopping =
      resolver::failure(wire::ExtendedErrorCode::NotReady, "the resolver is stopping");
  for (const resolver::QueryId id : waiting_.ids()) {
    engine_.cancel(id);
    deliver({id, {}, stopping, {}}, now);
  }
}

// Answers as they go out.

std::size_t ClientQueries::write_answer(const Query& query, const Client& client,
                                        const resolver::Answer& answer, bool authoritative,
                                        std::span<std::uint8_t> out) {
  view(answer, query.dnssec_ok);
  if (one_set_is_enough(query, client.stream)) keep_smallest(answer_views_);
  Reply reply;
  reply.rcode = answer.rcode;
  reply.secure = is_secure(answer);
  reply.authoritative = authoritative;
  reply.answer = answer_views_;
  reply.authority = authority_views_;
  reply.error = answer.error ? &*answer.error : nullptr;
  return write_reply(query, reply, out);
}

void ClientQueries::view(const resolver::Answer& answer, bool dnssec_ok) {
  view(answer.answer, answer_views_);
  view(answer.authority, authority_views_);
  if (!dnssec_ok) std::erase_if(authority_views_, is_proof);
}

void ClientQueries::view(const std::vector<wire::RRset>& sets,
                         std::vector<wire::RRsetView>& views) {
  views.clear();
  for (const wire::RRset& set : sets) {
    views.push_back(wire::view(set));
    if (set.rdata.size() > 1)
      views.back().first = turns_[set.owner.hash(turn_key_) % turns_.size()]++;
  }
}

/// Keeps the answer as finished octets, when it came from the cache alone: the second question for
/// a name makes it, so that one-time names cost nothing. Zones of ours may change under it, so
/// their data is not kept.
void ClientQueries::keep(const Query& query, const resolver::Engine::Finished& finished,
                         wire::Instant now) {
  const resolver::Answer& answer = finished.answer;
  if (query.question.type == wire::RRType::ANY) return;  // differs with the transport
  if (answer.rcode != Rcode::NOERROR && answer.rcode != Rcode::NXDOMAIN) return;
  if (answer.error) return;  // it has expired, and whoever gets it is told so
  if (answer.answer.empty() && answer.authority.empty()) return;
  const bool asked_nobody = std::all_of(
      finished.trace.begin(), finished.trace.end(),
      [](const resolver::Step& step) { return step.kind != resolver::StepKind::Asked; });
  if (!asked_nobody || touches_ours(answer)) return;

  Query bare = query;
  bare.id = 0;
  bare.edns = false;           // DO still decides about signatures
  bare.authentic_data = true;  // whether it is told is decided for each client
  view(answer, query.dnssec_ok);
  Reply reply;
  reply.rcode = answer.rcode;
  reply.secure = is_secure(answer);
  reply.answer = answer_views_;
  reply.authority = authority_views_;
  const auto out = std::span(scratch_).first(limits::most_edns_octets);
  const std::size_t size = write_reply(bare, reply, out, &layout_);
  if (is_truncated(out) || layout_.least_ttl == 0) return;
  const cache::AnswerKey key{query.question.name.wire(), query.question.type, query.dnssec_ok,
                             query.checking_disabled};
  cache_.put_answer(
      key,
      {out.first(size), layout_.ttl_offsets, std::chrono::seconds{layout_.least_ttl},
       layout_.rotation_offset, layout_.rotation_record_octets, layout_.rotation_count},
      now);
}

bool ClientQueries::touches_ours(const resolver::Answer& answer) const {
  if (serving_->zones.empty()) return false;
  const auto is_ours = [this](const wire::RRset& set) {
    return serving_->zones.find(set.owner) != nullptr;
  };
  return std::any_of(answer.answer.begin(), answer.answer.end(), is_ours) ||
         std::any_of(answer.authority.begin(), answer.authority.end(), is_ours);
}

}  // namespace cairn::server
