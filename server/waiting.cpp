#include "server/waiting.hpp"

#include "server/access_list.hpp"
#include "server/limits.hpp"
#include "server/network_of.hpp"

namespace cairn::server {

bool Waiting::has_room_for(const Client& client, bool proven, bool near) const {
  const wire::IpAddress& address = client.from.address;
  if (queries_.size() >= limits::waiting_in_all) return false;
  if (near) return client.stream || count(per_client_, address) < limits::waiting_per_near_client;
  if (count(per_network_, network_of(address)) >= limits::waiting_per_network) return false;
  return client.stream || proven || count(per_client_, address) < limits::waiting_per_client;
}

void Waiting::add(resolver::QueryId id, WaitingQuery query) {
  const wire::IpAddress& address = query.client.from.address;
  if (!query.client.stream) ++per_client_[address];
  ++per_network_[network_of(address)];
  queries_.emplace(id, std::move(query));
}

std::optional<WaitingQuery> Waiting::take(resolver::QueryId id) {
  auto node = queries_.extract(id);
  if (!node) return std::nullopt;
  const Client& client = node.mapped().client;
  if (!client.stream) give_back(per_client_, client.from.address);
  give_back(per_network_, network_of(client.from.address));
  return std::move(node.mapped());
}

std::size_t Waiting::count(const Counts& counts, const wire::IpAddress& address) {
  const auto at = counts.find(address);
  return at == counts.end() ? 0 : at->second;
}

void Waiting::give_back(Counts& counts, const wire::IpAddress& address) {
  const auto at = counts.find(address);
  if (--at->second == 0) counts.erase(at);
}

std::vector<resolver::QueryId> Waiting::ids() const {
  std::vector<resolver::QueryId> ids;
  ids.reserve(queries_.size());
  for (const auto& [id, query] : queries_) ids.push_back(id);
  return ids;
}

}  // namespace cairn::server
