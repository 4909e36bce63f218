#include "server/rate_limit.hpp"

#include <algorithm>

namespace cairn::server {
namespace {

/// The bits of an address that name its network, and never 0.
std::uint64_t network_bits(const wire::IpAddress& address) {
  const auto octets = address.octets();
  const std::size_t count =
      (address.is_v6() ? limits::network_bits_v6 : limits::network_bits_v4) / 8;
  std::uint64_t bits = address.is_v6() ? 2 : 1;
  for (const std::uint8_t octet : octets.first(count)) bits = bits << 8 | octet;
  return bits;
}

}  // namespace

RateLimit::Verdict RateLimit::take(const wire::IpAddress& address, unsigned per_second,
                                   wire::Instant now) {
  Share& share = share_of(address);
  const wire::Instant used_until = std::max(share.used_until, now);
  if (used_until - now >= limits::rate_burst)
    return ++over_ % limits::short_answer_every == 0 ? Verdict::Short : Verdict::Silence;
  share.used_until = used_until + wire::Duration{std::chrono::seconds{1}} / per_second;
  return Verdict::Answer;
}

RateLimit::Share& RateLimit::share_of(const wire::IpAddress& address) {
  const std::uint64_t network = network_bits(address);
  wire::SipHash13 hash(key_);
  hash.absorb(network);
  Row& row = (*rows_)[hash.finish(0, sizeof network) % rows_->size()];
  const auto at = std::ranges::find(row, network, &Share::network);
  if (at != row.end()) return *at;
  Share& idle = *std::ranges::min_element(row, {}, &Share::used_until);
  idle = {network, {}};
  return idle;
}

}  // namespace cairn::server
