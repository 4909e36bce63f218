#include "server/cookies.hpp"

#include <algorithm>

#include "server/limits.hpp"

namespace cairn::server {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t head_octets = 8;  // version, three reserved, time
constexpr std::size_t time_at = 4;

std::uint32_t time_of(const ServerCookie& cookie) {
  return std::uint32_t{cookie[time_at]} << 24 | std::uint32_t{cookie[time_at + 1]} << 16 |
         std::uint32_t{cookie[time_at + 2]} << 8 | cookie[time_at + 3];
}

/// Without telling by its time how much of it was right.
bool equal(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
  unsigned difference = 0;
  for (std::size_t at = 0; at < one.size(); ++at)
    difference |= static_cast<unsigned>(one[at] ^ other[at]);
  return difference == 0;
}

/// SipHash's octets stand with the lowest first.
void put_hash(ServerCookie& cookie, std::uint64_t hash) {
  for (std::size_t at = head_octets; at < cookie.size(); ++at, hash >>= 8)
    cookie[at] = static_cast<std::uint8_t>(hash & 0xff);
}

std::span<const std::uint8_t, head_octets> head(const ServerCookie& cookie) {
  return std::span(cookie).first<head_octets>();
}

}  // namespace

std::uint64_t cookie_hash(const wire::SipKey& key, const ClientCookie& client,
                          std::span<const std::uint8_t, 8> head, const wire::IpAddress& address) {
  std::array<std::uint8_t, 32> octets{};
  auto end = std::ranges::copy(client, octets.begin()).out;
  end = std::ranges::copy(head, end).out;
  end = std::ranges::copy(address.octets(), end).out;
  return wire::siphash24(key,
                         std::span(octets).first(static_cast<std::size_t>(end - octets.begin())));
}

std::optional<CookieOption> cookie_option(std::span<const std::uint8_t> octets) {
  constexpr std::size_t client_octets = std::tuple_size_v<ClientCookie>;
  constexpr std::size_t least_octets = 16, most_octets = 40;
  CookieOption option;
  if (octets.size() < client_octets) return std::nullopt;
  std::copy_n(octets.begin(), client_octets, option.client.begin());
  if (octets.size() == client_octets) return option;
  if (octets.size() < least_octets || octets.size() > most_octets) return std::nullopt;
  if (octets.size() == client_octets + std::tuple_size_v<ServerCookie>)
    std::ranges::copy(octets.subspan(client_octets), option.server.emplace().begin());
  return option;
}

/// The times of cookies are of 32 bits that go round (RFC 9018 section 4.3).
Cookies::Judgement Cookies::judge(const CookieOption& option, const wire::IpAddress& address,
                                  std::chrono::sys_seconds now) const {
  const auto time = static_cast<std::uint32_t>(now.time_since_epoch().count());
  if (option.server && option.server->front() == version) {
    const ServerCookie& theirs = *option.server;
    const std::uint32_t made = time_of(theirs);
    const auto age = static_cast<std::int32_t>(time - made);
    if (age <= limits::cookie_life.count() && age >= -limits::cookie_from_future.count()) {
      ServerCookie right = theirs;
      put_hash(right, cookie_hash(key_of(made), option.client, head(theirs), address));
      if (equal(right, theirs)) {
        const bool young = age <= limits::cookie_youth.count() && age >= 0;
        return {young ? theirs : make(option.client, address, time), true};
      }
    }
  }
  return {make(option.client, address, time), false};
}

ServerCookie Cookies::make(const ClientCookie& client, const wire::IpAddress& address,
                           std::uint32_t time) const {
  ServerCookie cookie{version};
  for (std::size_t at = 0; at < 4; ++at)
    cookie[time_at + at] = static_cast<std::uint8_t>(time >> (24 - 8 * at) & 0xff);
  put_hash(cookie, cookie_hash(key_of(time), client, head(cookie), address));
  return cookie;
}

wire::SipKey Cookies::key_of(std::uint32_t time) const {
  const auto number = static_cast<std::uint32_t>(time / limits::cookie_key_life.count());
  std::array<std::uint8_t, 5> day{0};
  for (std::size_t at = 0; at < 4; ++at)
    day[at + 1] = static_cast<std::uint8_t>(number >> (8 * at) & 0xff);
  wire::SipKey key;
  key.k0 = wire::siphash24(secret_, day);
  day[0] = 1;
  key.k1 = wire::siphash24(secret_, day);
  return key;
}

}  // namespace cairn::server
