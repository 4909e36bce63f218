#include "server/forward_config.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "wire/name.hpp"

namespace cairn::server {
namespace {

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/// A name of a host (RFC 1123 section 2.1), and not a mistyped address.
bool is_host(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  const auto last_dot = text.rfind('.');
  const std::string_view last =
      last_dot == std::string_view::npos ? text : text.substr(last_dot + 1);
  if (last.empty() || std::ranges::none_of(last, is_letter)) return false;
  const auto fits = [](char letter) {
    return is_letter(letter) || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '_' || letter == '.';
  };
  return std::ranges::all_of(text, fits) && wire::Name::from_text(std::string(text) + ".").ok();
}

const ForwardConfig* find(const std::vector<ForwardConfig>& zones, const wire::Name& name) {
  const auto found = std::ranges::find_if(
      zones, [&](const ForwardConfig& zone) { return zone.zone.zone == name; });
  return found == zones.end() ? nullptr : &*found;
}

}  // namespace

std::optional<ForwardServer> ForwardServer::from_text(std::string_view text) {
  ForwardServer server;
  server.endpoint = wire::Endpoint::from_text(text, 53);
  if (server.endpoint) {
    if (server.endpoint->port == 0) return std::nullopt;
    return server;
  }
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || server.port == 0)
      return std::nullopt;
    text = text.substr(0, colon);
  }
  if (!is_host(text)) return std::nullopt;
  server.name = text;
  return server;
}

std::string ForwardServer::to_text() const {
  return endpoint ? endpoint->to_text() : name + ":" + std::to_string(port);
}

resolver::Forwarding forwarding_of(const std::vector<ForwardConfig>& zones,
                                   const FoundAddresses& found) {
  std::vector<resolver::ForwardZone> made;
  for (const ForwardConfig& config : zones) {
    made.push_back(config.zone);
    for (const ForwardServer& server : config.servers) {
      if (server.endpoint) {
        made.back().servers.push_back(*server.endpoint);
      } else if (const auto its = found.find(server.name); its != found.end()) {
        for (const wire::IpAddress& address : its->second)
          made.back().servers.push_back({address, server.port});
      }
    }
  }
  return resolver::Forwarding(std::move(made));
}

std::vector<std::string> server_names(const std::vector<ForwardConfig>& zones) {
  std::set<std::string> names;
  for (const ForwardConfig& zone : zones)
    for (const ForwardServer& server : zone.servers)
      if (!server.endpoint) names.insert(server.name);
  return {names.begin(), names.end()};
}

std::vector<wire::Name> changed_zones(const std::vector<ForwardConfig>& before,
                                      const std::vector<ForwardConfig>& after) {
  std::vector<wire::Name> changed;
  for (const auto& [these, others] : {std::pair(&before, &after), std::pair(&after, &before)})
    for (const ForwardConfig& zone : *these) {
      const ForwardConfig* other = find(*others, zone.zone.zone);
      const bool same = other && other->servers == zone.servers && other->zone == zone.zone;
      if (!same && std::ranges::find(changed, zone.zone.zone) == changed.end())
        changed.push_back(zone.zone.zone);
    }
  return changed;
}

}  // namespace cairn::server
