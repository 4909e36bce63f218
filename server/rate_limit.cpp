#include "server/rate_limit.hpp"

#include <algorithm>

namespace cairn::server {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// The bits of an address that name its network.
std::uint64_t network_bits(const wire::IpAddress& address) {
  const auto octets = address.octets();
  const std::size_t count =
      (address.is_v6() ? limits::network_bits_v6 : limits::network_bits_v4) / 8;
  std::uint64_t bits = address.is_v6() ? 2 : 1;
  for (const std::uint8_t octet : octets.first(count)) bits = bits << 8 | octet;
  return bits;
}

}  // namespace

RateLimit::Verdict RateLimit::take(const wire::IpAddress& address, Kind kind, unsigned per_second,
                                   wire::Instant now) {
  Share& share = share_of(address, kind);
  const wire::Duration each = wire::Duration{std::chrono::seconds{1}} / per_second;
  wire::Instant used_until = share.used_until.load(relaxed);
  wire::Instant from;
  do {
    from = std::max(used_until, now);
    if (from - now >= limits::rate_burst)
      return share.over.fetch_add(1, relaxed) % limits::short_answer_every == 0 ? Verdict::Short
                                                                                : Verdict::Silence;
  } while (!share.used_until.compare_exchange_weak(used_until, from + each, relaxed));
  return Verdict::Answer;
}

RateLimit::Share& RateLimit::share_of(const wire::IpAddress& address, Kind kind) {
  wire::SipHash13 hash(key_);
  hash.absorb(network_bits(address));
  hash.absorb(kind);
  const std::uint64_t whose = hash.finish(0, 2 * sizeof kind) | 1;
  Row& row = (*rows_)[(whose >> 1) % rows_->size()];
  Share* idle = &row[0];
  for (Share& share : row) {
    if (share.whose.load(relaxed) == whose) return share;
    if (share.used_until.load(relaxed) < idle->used_until.load(relaxed)) idle = &share;
  }
  idle->whose.store(whose, relaxed);
  idle->used_until.store({}, relaxed);
  return *idle;
}

}  // namespace cairn::server
