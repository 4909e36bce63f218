// The only door to the JSON library: requests to the control socket, its replies, and quoted
// strings for the log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/engine.hpp"
#include "server/worker.hpp"

namespace cairn::server::json {

/// {"do":"explain","name":"www.example.com","type":"A"}
struct Request {
  std::string verb;
  std::string name;
  std::string type;
};
std::optional<Request> parse_request(std::string_view line);

/// What `status` tells.
struct Status {
  std::string version;
  long pid = 0;
  double uptime_seconds = 0;
  std::size_t workers = 0;
  std::vector<std::string> listen;
  struct Zone {
    std::string name;
    std::uint32_t serial;
    std::size_t records;
  };
  std::vector<Zone> zones;
};

// Replies, each one line without its end.
std::string error(std::string_view message);
std::string ok();
std::string flushed(std::size_t entries);
std::string status(const Status& status, const cache::CacheStatistics& cache);
std::string statistics(const std::vector<WorkerStatistics>& workers,
                       const cache::CacheStatistics& cache);
std::string explained(const resolver::Engine::Finished& finished);

/// With quotes around it; octets that are no UTF-8 are replaced.
std::string quoted(std::string_view text);

}  // namespace cairn::server::json
