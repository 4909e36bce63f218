// What the operator has written down (cairn.toml(5)), checked and complete: every value has its
// type, every name its meaning. Mistakes are told with file, line and column, what was found, what
// was expected, and the nearest known key.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cache/cache.hpp"
#include "resolver/settings.hpp"
#include "server/forward_config.hpp"
#include "server/limits.hpp"
#include "server/log.hpp"
#include "server/start_error.hpp"
#include "wire/address.hpp"
#include "zones/zone.hpp"

namespace cairn::server {

struct ZoneConfig {
  std::filesystem::path file;
  zones::ZoneOptions options;
  std::string place;  // where it was written: "cairn.toml:12:1"
};

/// Who may ask at one address that is listened on; what is left out is as for all.
struct AccessConfig {
  std::optional<std::vector<wire::Prefix>> allow, deny;
};

struct Config {
  std::vector<wire::Endpoint> listen;  // never empty
  bool listen_given = false;           // otherwise loopback, as far as this host has it
  std::vector<wire::Prefix> allow, deny;
  std::map<wire::Endpoint, AccessConfig> access_at;  // of those that say something of their own
  bool open_resolver = false;
  unsigned workers = 0;  // 0: one per core
  std::string user = "cairn";
  std::filesystem::path state_dir = "/var/lib/cairn";
  std::filesystem::path control = "/run/cairn/control.sock";  // empty: none
  std::size_t memory_limit = std::size_t{512} << 20;
  unsigned rate_limit = limits::answers_per_second;  // of all workers together; 0: none
  std::string identity, version;  // told to those who ask in class CH; empty: not told
  std::map<wire::Name, ZoneConfig> zones;

  resolver::Settings resolver;  // without root_hints, read from root_hints_file, and forwarding
  std::vector<ForwardConfig> forwards;  // stub zones as well
  std::optional<std::filesystem::path> root_hints_file;
  std::optional<std::filesystem::path> trust_anchor_file;  // in place of the built-in anchors
  std::vector<wire::IpAddress> outgoing;
  bool minimal_responses = true;
  bool special_zones = true;

  cache::CacheOptions cache;

  log::Level log_level = log::Level::Info;
  log::Format log_format = log::Format::Auto;
  bool log_queries = false;

  /// What was switched on and is not there: one sentence each, with its place.
  std::vector<std::string> warnings;
};

/// `file`, then conf.d/*.toml beside it in the order of their names: later wins, lists append.
/// Throws StartError.
Config read_config(const std::filesystem::path& file);
/// The same from one text; `file` is for messages and relative names.
Config config_from_text(std::string_view text, const std::filesystem::path& file);
/// As if the file were empty.
Config default_config();

}  // namespace cairn::server
