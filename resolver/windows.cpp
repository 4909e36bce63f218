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

const Windows::Bounds& Windows::server_bounds(const Pair& its) {
  return its.forwarder ? of_forwarder : of_server;
}

Windows::Pair Windows::of(const Ask& ask) const {
  const auto octets = ask.server.address.octets();
  std::array<std::uint8_t, 19> server{};
  std::ranges::copy(octets, server.begin());
  server[16] = static_cast<std::uint8_t>(ask.server.port >> 8);
  server[17] = static_cast<std::uint8_t>(ask.server.port & 0xff);
  server[18] = ask.recursive ? 1 : 0;
  return {ask.zone.hash(key_), wire::siphash13(key_, server), ask.recursive};
}

bool Windows::has_room(std::uint64_t key, const Bounds& bounds, wire::Instant now) const {
  const auto at = windows_.find(key);
  if (at == windows_.end()) return true;
  const bool forgotten = now - at->second.used_at >= limits::window_lifetime;
  const std::size_t width = forgotten ? bounds.first : at->second.width;
  return at->second.unanswered < width;
}

Room Windows::room(const Pair& its, wire::Instant now) const {
  if (!its.forwarder && !has_room(its.zone, of_zone, now)) return Room::FullZone;
  return has_room(its.server, server_bounds(its), now) ? Room::Enough : Room::FullServer;
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

void Windows::begin(const Pair& its, wire::Instant now) {
  if (!its.forwarder) ++window(its.zone, of_zone, now).unanswered;
  ++window(its.server, server_bounds(its), now).unanswered;
}

void Windows::end(std::uint64_t key, const Bounds& bounds) {
  const auto at = windows_.find(key);
  if (at == windows_.end()) return;
  if (--at->second.unanswered == 0 && at->second.width == bounds.first) windows_.erase(at);
}

void Windows::end(const Pair& its) {
  if (!its.forwarder) end(its.zone, of_zone);
  end(its.server, server_bounds(its));
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

void Windows::learn(const Pair& its, const Exchange::Finished& finished, wire::Instant now) {
  if (!its.forwarder) learn(its.zone, of_zone, finished, now);
  learn(its.server, server_bounds(its), finished, now);
}

}  // namespace cairn::resolver
