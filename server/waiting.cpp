#include "server/waiting.hpp"

#include "server/access_list.hpp"
#include "server/limits.hpp"

namespace cairn::server {

bool Waiting::has_room_for(const Client& client) const {
  if (client.stream) return true;
  const auto at = per_client_.find(client.from.address);
  if (at == per_client_.end()) return true;
  return at->second < (is_loopback(client.from.address) ? limits::waiting_per_loopback
                                                        : limits::waiting_per_client);
}

void Waiting::add(resolver::QueryId id, WaitingQuery query) {
  if (!query.client.stream) ++per_client_[query.client.from.address];
  queries_.emplace(id, std::move(query));
}

std::optional<WaitingQuery> Waiting::take(resolver::QueryId id) {
  auto node = queries_.extract(id);
  if (!node) return std::nullopt;
  const Client& client = node.mapped().client;
  if (!client.stream) {
    const auto at = per_client_.find(client.from.address);
    if (--at->second == 0) per_client_.erase(at);
  }
  return std::move(node.mapped());
}

std::vector<resolver::QueryId> Waiting::ids() const {
  std::vector<resolver::QueryId> ids;
  ids.reserve(queries_.size());
  for (const auto& [id, query] : queries_) ids.push_back(id);
  return ids;
}

}  // namespace cairn::server
