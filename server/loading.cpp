#include "server/loading.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "server/limits.hpp"
#include "server/sockets.hpp"
#include "server/special_zones.hpp"
#include "zones/included_file.hpp"
#include "zones/zone_loading.hpp"

namespace cairn::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* debian_root_hints = "/usr/share/dns/root.hints";

std::optional<std::string> text_of(const fs::path& file) {
  std::error_code error;
  if (fs::exists(file, error) && !fs::is_regular_file(file, error)) {
    errno = fs::is_directory(file, error) ? EISDIR : EINVAL;  // a device or a pipe may never end
    return std::nullopt;
  }
  if (fs::file_size(file, error) > zones::ZoneFileOptions{}.max_octets && !error) {
    errno = EFBIG;  // not worth its memory: it would be refused
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

wire::Result<std::string> included_text(const fs::path& zone_file, const std::string& path) {
  const auto file = zones::included_file(zone_file, path);
  if (!file) return wire::Error{file.error()};
  auto text = text_of(*file);
  if (!text) return wire::Error{std::strerror(errno)};
  return std::move(*text);
}

std::shared_ptr<const zones::Zone> load_zone(const wire::Name& name, const ZoneConfig& config) {
  const auto text = text_of(config.file);
  if (!text)
    throw StartError{ExitCode::File, config.place + ": cannot read the zone file " +
                                         config.file.string() + " of " + name.to_text() + ": " +
                                         std::strerror(errno) + "; correct its name or its mode"};
  const auto read_file = [&config](const std::string& path) {
    return included_text(config.file, path);
  };
  auto loaded =
      zones::load_zone(*text, name, config.file.string(), config.options, {.read_file = read_file});
  if (!loaded.zone) {
    std::string message = loaded.errors.errors.front().to_text();
    if (const auto others = loaded.errors.count() - 1; others > 0)
      message += " (and " + std::to_string(others) + " more)";
    throw StartError{ExitCode::Configuration, message};
  }
  return std::move(loaded.zone);
}

cache::Delegation load_root_hints(const Config& config) {
  const fs::path file = config.root_hints_file.value_or(debian_root_hints);
  const auto text = text_of(file);
  if (!text && !config.root_hints_file) return resolver::Settings::built_in_root_hints();
  if (!text)
    throw StartError{ExitCode::File, "`resolver.root-hints`: cannot read " + file.string() + ": " +
                                         std::strerror(errno) +
                                         "; correct the name, or leave it out for the default"};
  auto hints = resolver::root_hints_from_text(*text, file.string());
  if (!hints) throw StartError{ExitCode::Configuration, hints.error()};
  return std::move(*hints);
}

std::vector<dnssec::TrustAnchor> load_trust_anchors(const Config& config) {
  if (!config.trust_anchor_file) return config.resolver.validation.anchors;
  const std::string file = config.trust_anchor_file->string();
  const auto text = text_of(file);
  if (!text)
    throw StartError{ExitCode::File, "`dnssec.trust-anchor-file`: cannot read " + file + ": " +
                                         std::strerror(errno) +
                                         "; correct the name, or leave it out for the built-in "
                                         "anchors"};
  auto anchors = dnssec::trust_anchors_from_text(*text);
  if (!anchors) throw StartError{ExitCode::Configuration, file + ": " + anchors.error()};
  if (anchors->empty())
    throw StartError{ExitCode::Configuration,
                     file +
                         ": no trust anchor; expected DS or DNSKEY records, as in Debian's "
                         "/usr/share/dns/root.key"};
  return std::move(*anchors);
}

bool is_of_this_host(const wire::IpAddress& address) {
  const SocketAddress any_port(wire::Endpoint{address, 0});
  const File probe(::socket(any_port.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return probe && ::bind(probe.get(), &any_port.any, any_port.size()) == 0;
}

/// A server of a forward zone that is this daemon would send it each question again.
void refuse_ourselves(const Config& config) {
  for (const ForwardConfig& forward : config.forwards)
    for (const ForwardServer& server : forward.servers)
      for (const wire::Endpoint& own : config.listen) {
        if (!server.endpoint || server.endpoint->port != own.port) continue;
        const wire::IpAddress& address = server.endpoint->address;
        const bool same =
            is_wildcard(own.address) ? is_of_this_host(address) : own.address == address;
        if (same)
          throw StartError{ExitCode::Configuration,
                           forward.place + ": " + server.to_text() + " for " +
                               forward.zone.zone.to_text() +
                               " is where this resolver itself listens, and would be asked by "
                               "itself; name another server, or listen at another port"};
      }
}

}  // namespace

unsigned worker_count(const Config& config) {
  return config.workers ? config.workers : std::max(1U, std::thread::hardware_concurrency());
}

ServingPtr load(const Config& config, const wire::SipKey& cookie_secret,
                const FoundAddresses& found) {
  refuse_ourselves(config);
  auto serving = std::make_shared<Serving>();
  std::vector<std::shared_ptr<const zones::Zone>> zones;
  std::vector<wire::Name> hosted;
  for (const auto& [name, zone] : config.zones) {
    zones.push_back(load_zone(name, zone));
    hosted.push_back(name);
  }
  serving->hosted_zones = zones.size();
  // Whose servers the operator names is neither ours nor special, unless we host it.
  std::vector<wire::Name> others;
  for (const ForwardConfig& forward : config.forwards) others.push_back(forward.zone.zone);
  if (config.resolver.dns64) others.push_back(config.resolver.dns64->reverse_zone());
  if (config.special_zones) {
    std::vector<wire::Name> known = hosted;
    known.insert(known.end(), others.begin(), others.end());
    const auto special = special_zones(known);
    zones.insert(zones.end(), special.begin(), special.end());
  }
  serving->zones = zones::ZoneSet(std::move(zones), others);
  serving->identity = Identity(config.identity, config.version);
  serving->allow = AccessList(config.allow, config.deny);
  for (const auto& [endpoint, access] : config.access_at)
    if (access.allow || access.deny)
      serving->allow_at.emplace(endpoint, AccessList(access.allow.value_or(config.allow),
                                                     access.deny.value_or(config.deny)));
  serving->resolver = config.resolver;
  serving->resolver.root_hints = load_root_hints(config);
  serving->resolver.validation.anchors = load_trust_anchors(config);
  serving->resolver.forwarding = forwarding_of(config.forwards, found);
  serving->rate_limit = config.rate_limit;
  serving->cookie_secret = cookie_secret;
  serving->minimal_responses = config.minimal_responses;
  serving->log_queries = config.log_queries;
  return serving;
}

}  // namespace cairn::server
