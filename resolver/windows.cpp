#include "resolver/windows.hpp"

#include <algorithm>
#include <array>

namespace cairn::resolver {

const Windows::Bounds Windows::of_zone{limits::least_zone_window, limits::first_zone_window,
                                       limits::slow_zone_window};
const Windows::Bounds Windows::of_server{limits::least_server_window, limits::first_server_window,
                                         limits::first_server_window};
const Windows::Bounds Windows::of_forwarder{limits::forwarder_window, limits::forwarder_window,
                                            limits::forwarder_window};

const Windows::Bounds& Windows::server_bounds(const Ask& ask) {
  return ask.recursive ? of_forwarder : of_server;
}

std::uint64_t Windows::zone_key(const Ask& ask) const {
  return ask.zone.hash(key_);
}

std::uint64_t Windows::server_key(const Ask& ask) const {
  const auto octets = ask.server.address.octets();
  std::array<std::uint8_t, 19> key{};
  std::ranges::copy(octets, key.begin());
  key[16] = static_cast<std::uint8_t>(ask.server.port >> 8);
  key[17] = static_cast<std::uint8_t>(ask.server.port & 0xff);
  key[18] = ask.recursive ? 1 : 0;
  return wire::siphash13(key_, key);
}

bool Windows::has_room(std::uint64_t key, const Bounds& bounds, wire::Instant now) const {
  const auto at = windows_.find(key);
  if (at == windows_.end()) return true;
  const bool forgotten = now - at->second.used_at >= limits::window_lifetime;
  const std::size_t width = forgotten ? bounds.first : at->second.width;
  return at->second.unanswered < width;
}

Room Windows::room(const Ask& ask, wire::Instant now) const {
  if (!ask.recursive && !has_room(zone_key(ask), of_zone, now)) return Room::FullZone;
  return has_room(server_key(ask), server_bounds(ask), now) ? Room::Enough : Room::FullServer;
}

Windows::Window& Windows::window(std::uint64_t key, const Bounds& bounds, wire::Instant now) {
  if (windows_.size() >= swept_beyond_) {
    std::erase_if(windows_, [](const auto& entry) { return entry.second.unanswered == 0; });
    swept_beyond_ = std::max(limits::windows, 2 * windows_.size());
  }
  Window& its = windows_.try_emplace(key, Window{0, bounds.first, {}, now}).first->second;
  if (now - its.used_at >= limits::window_lifetime) its.width = bounds.first;
  its.used_at = now;
  return its;
}

void Windows::begin(const Ask& ask, wire::Instant now) {
  if (!ask.recursive) ++window(zone_key(ask), of_zone, now).unanswered;
  ++window(server_key(ask), server_bounds(ask), now).unanswered;
}

void Windows::end(std::uint64_t key, const Bounds& bounds) {
  const auto at = windows_.find(key);
  if (at == windows_.end()) return;
  if (--at->second.unanswered == 0 && at->second.width == bounds.first) windows_.erase(at);
}

void Windows::end(const Ask& ask) {
  if (!ask.recursive) end(zone_key(ask), of_zone);
  end(server_key(ask), server_bounds(ask));
}

void Windows::learn(std::uint64_t key, const Bounds& bounds, const Exchange::Finished& finished,
                    wire::Instant now) {
  Window& its = window(key, bounds, now);
  if (finished.reply && finished.rtt <= limits::prompt_reply) {
    its.width = std::min(its.width + 2, limits::widest_window);
  } else if (finished.reply) {
    its.width = std::max(std::min(its.width, bounds.slow), its.width - 1);
  } else if ((finished.why == ReplyKind::Timeout || finished.why == ReplyKind::Unreachable) &&
             finished.rtt >= limits::shortest_timeout &&
             now - its.halved_at >= limits::window_halving) {
    // Once for all that were lost together. A stream that nobody accepts is as silent.
    its.width = std::max(its.width / 2, bounds.least);
    its.halved_at = now;
  }
}

void Windows::learn(const Ask& ask, const Exchange::Finished& finished, wire::Instant now) {
  if (!ask.recursive) learn(zone_key(ask), of_zone, finished, now);
  learn(server_key(ask), server_bounds(ask), finished, now);
}

}  // namespace cairn::resolver
