#include "tests/world/network.hpp"

#include <algorithm>

namespace cairn::world {

std::string Sent::to_text() const {
  std::string text = (server.port == 53 ? server.address.to_text() : server.to_text()) + " " +
                     question.name.lowercase().to_text() + " " + wire::to_text(question.type);
  if (recursion_desired) text += " with RD";
  if (transport == resolver::Transport::Tcp) text += " over TCP";
  if (!with_edns)
    text += " without EDNS";
  else if (!with_cookie)
    text += " without cookie";
  return text;
}

std::optional<wire::Instant> FakeNetwork::next_arrival() const {
  if (arrivals_.empty()) return std::nullopt;
  return arrivals_.top().at;
}

Arrival FakeNetwork::take_arrival() {
  auto arrival = arrivals_.top();
  arrivals_.pop();
  return arrival;
}

bool FakeNetwork::is_open(const Arrival& arrival) const {
  const auto found = open_.find(arrival.id);
  return found != open_.end() && found->second == arrival.socket;
}

bool FakeNetwork::send(resolver::ExchangeId id, resolver::Transport transport,
                       const wire::Endpoint& server, std::span<const std::uint8_t> message) {
  open_.erase(id);
  for (const auto& prefix : no_route_) {
    if (prefix.contains(server.address)) return false;
  }
  auto query = wire::parse(message);
  if (!query || query->questions.size() != 1) return false;  // the scenario fails by its answer
  open_[id] = ++sockets_;
  log_.push_back({now_, id, transport, server, query->questions[0], query->header.id,
                  query->edns.has_value(), query->header.recursion_desired,
                  query->edns && query->edns->dnssec_ok,
                  query->edns && query->edns->find(wire::OptionCode::Cookie), true});
  const auto found = servers_.find(server);
  if (found == servers_.end() || !found->second) return true;  // nobody lives there: silence
  auto reaction = found->second->react(*query, transport, server, random_);
  log_.back().misbehaved = reaction.misbehaved;
  deliver(reaction, id);
  return true;
}

void FakeNetwork::deliver(Reaction& reaction, resolver::ExchangeId id) {
  const auto socket = sockets_;
  const bool tcp = reaction.transport == resolver::Transport::Tcp;
  // A stream is opened before anything is said on it: one way there and back more.
  const auto back = now_ + round_trip_ * (tcp && !reaction.refused ? 2 : 1) + reaction.delay;
  const auto arrive = [&](wire::Instant at, const wire::Endpoint& from, wire::Bytes octets) {
    arrivals_.push({at, ++order_, id, socket, reaction.transport, from, reaction.refused,
                    reaction.lost, std::move(octets)});
  };
  if (!tcp) {
    for (auto& forged : reaction.forged) arrive(now_ + round_trip_ / 2, forged.from, forged.octets);
  }
  if (reaction.silent) return;
  if (reaction.refused || reaction.lost) return arrive(back, reaction.server, {});
  wire::Bytes octets;
  if (reaction.garbled) {
    octets.resize(1 + random_.below(600));
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random_.next());
  } else {
    const std::size_t offered = reaction.query.edns ? reaction.query.edns->udp_size : 512;
    octets = wire::build(reaction.reply,
                         tcp ? wire::max_message_octets : std::max<std::size_t>(offered, 512));
    octets.resize(octets.size() - std::min(octets.size(), reaction.octets_less));
    octets.resize(octets.size() + reaction.octets_more);
  }
  for (unsigned copy = 0; copy < reaction.copies; ++copy) {
    arrive(back + copy * round_trip_ / 4, reaction.from, octets);
  }
}

}  // namespace cairn::world
