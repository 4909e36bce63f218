// The only file that knows toml++. One table says which keys there are and what each of them takes.

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "server/access_list.hpp"
#include "server/config.hpp"
#include "server/config_values.hpp"
#include "server/limits.hpp"

namespace cairn::server {
namespace {

namespace fs = std::filesystem;

/// One file on its way into the configuration.
struct Source {
  Config& config;
  const fs::path& file;
  std::set<std::string>& seen;  // keys of this and earlier files

  std::string place(const toml::source_position& at) const {
    return file.string() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  std::string place(const toml::node& node) const { return place(node.source().begin); }
  [[noreturn]] void fail(const toml::node& node, const std::string& why) const {
    throw StartError{ExitCode::Configuration, place(node) + ": " + why};
  }
  fs::path relative(const std::string& path) const { return file.parent_path() / path; }
};

std::string kind_of(const toml::node& node) {
  std::ostringstream text;
  if (const auto* value = node.as_string())
    text << '"' << value->get() << '"';
  else if (const auto* number = node.as_integer())
    text << number->get();
  else if (const auto* truth = node.as_boolean())
    text << (truth->get() ? "true" : "false");
  else if (node.is_array())
    text << "a list";
  else if (node.is_table())
    text << "a table";
  else
    text << "a " << node.type();
  return text.str();
}

/// A value with the key that it belongs to, for messages.
struct Value {
  const Source& source;
  const std::string& key;
  const toml::node& node;

  [[noreturn]] void expected(const std::string& what) const {
    source.fail(node, "`" + key + "`: found " + kind_of(node) + ", expected " + what);
  }
  [[noreturn]] void not_there(const std::string& what) const {
    source.fail(node, "`" + key + "`: " + what +
                          " is not there yet, and answers would be wrong without it; remove it");
  }
  void warn(const std::string& what) const {
    source.config.warnings.push_back(source.place(node) + ": `" + key + "`: " + what +
                                     " is not there yet; cairnd goes on without it");
  }

  bool truth() const {
    if (const auto* value = node.as_boolean()) return value->get();
    expected("true or false");
  }
  std::string text(const std::string& what) const {
    if (const auto* value = node.as_string()) return value->get();
    expected(what);
  }
  /// A text that fits a TXT record's one string.
  std::string told(const std::string& what) const {
    const std::string words = what + ", of at most 255 octets, or \"\" for none";
    std::string told = text(words);
    if (told.size() > 255) expected(words);
    return told;
  }
  std::uint64_t number(std::uint64_t least, std::uint64_t most) const {
    const auto* value = node.as_integer();
    if (!value || value->get() < 0 || static_cast<std::uint64_t>(value->get()) < least ||
        static_cast<std::uint64_t>(value->get()) > most)
      expected("a number from " + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<std::uint64_t>(value->get());
  }
  wire::Ttl ttl() const {
    const auto* bare = node.as_integer();
    const auto seconds = seconds_from_text(bare ? std::to_string(bare->get())
                                                : text("a time such as \"30s\", \"5m\" or \"1d\""));
    if (!seconds || *seconds > 0x7fffffff) expected("a time such as \"30s\", \"5m\" or \"1d\"");
    return wire::Ttl{static_cast<std::uint32_t>(*seconds)};
  }
  std::size_t octets() const {
    const auto* bare = node.as_integer();
    const auto size =
        octets_from_text(bare ? std::to_string(bare->get()) : text("a size such as \"128 MiB\""));
    if (!size) expected("a size such as \"128 MiB\"");
    return *size;
  }
  bool empty() const {
    if (const auto* list = node.as_array()) return list->empty();
    if (const auto* table = node.as_table()) return table->empty();
    if (const auto* string = node.as_string()) return string->get().empty();
    return false;
  }

  /// Each text of a list, or the one text that stands for a list of one.
  template <class Take>
  void each(const std::string& what, Take take) const {
    if (node.is_string()) return take(*this);
    const auto* list = node.as_array();
    if (!list) expected("a list of " + what);
    for (const toml::node& entry : *list) take(Value{source, key, entry});
  }
  /// Parses each text with `parse` and appends to `list`, which the first mention empties of its
  /// default.
  template <class T, class Parse>
  void append(std::vector<T>& list, const std::string& what, Parse parse) const {
    if (source.seen.insert(key).second) list.clear();
    each(what, [&](const Value& entry) {
      const auto value = parse(entry.text(what));
      if (!value) entry.expected(what);
      list.push_back(*value);
    });
  }
};

std::string choice_of(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const auto word : words) {
    if (!text.empty()) text += word == *(words.end() - 1) ? " or " : ", ";
    text += "\"" + std::string(word) + "\"";
  }
  return text;
}

struct Key {
  std::string_view name;
  void (*read)(Config& config, const Value& value);
};

const std::string an_address =
    "an address such as \"127.0.0.1\", \"127.0.0.1:5300\" or \"[::1]:53\"";
const std::string a_prefix = "a prefix such as \"192.168.0.0/16\" or \"fc00::/7\", host bits zero";

/// A switch of something that cairnd does not have yet: off is true, on is told.
template <const char* what>
void later(Config&, const Value& value) {
  if (value.truth()) value.warn(what);
}
template <const char* what>
void later_if_given(Config&, const Value& value) {
  if (!value.empty()) value.warn(what);
}
template <const char* what>
void refused_if_given(Config&, const Value& value) {
  if (!value.empty()) value.not_there(what);
}
constexpr char blocking[] = "blocking", host_table[] = "the table of hosts",
               key_table[] = "the table of keys", snapshots[] = "the snapshot of the cache",

               anchor_updates[] = "the update of trust anchors",
               anchor_signals[] = "the signalling of trust anchors",
               aggressive[] = "aggressive use of NSEC";

void read_zone(Config& config, const Value& value, const std::string& name_text,
               const toml::source_position& key_at);

void read_zones(Config& config, const Value& value) {
  const auto* table = value.node.as_table();
  if (!table) value.expected("a table: \"name\" = \"file\"");
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const std::string path = "zones.\"" + name + "\"";
    read_zone(config, Value{value.source, path, node}, name, key.source().begin);
  }
}

void read_zone(Config& config, const Value& value, const std::string& name_text,
               const toml::source_position& key_at) {
  const auto name = wire::Name::from_text(name_text);
  if (!name)
    throw StartError{ExitCode::Configuration, value.source.place(key_at) + ": \"" + name_text +
                                                  "\" is no name of a zone: " + name.error()};
  ZoneConfig zone;
  zone.place = value.source.place(key_at);
  if (value.node.is_string()) {
    zone.file = value.source.relative(value.text(""));
  } else {
    const auto* table = value.node.as_table();
    if (!table) value.expected("the name of a zone file, or a table with `file`");
    static constexpr std::string_view known[] = {"file", "rotation"};
    static constexpr std::string_view later_keys[] = {"primaries",   "notify",      "notify-from",
                                                      "transfer-to", "update-from", "keep-journal",
                                                      "sign",        "catalog"};
    for (const auto& [key, node] : *table) {
      const std::string path = value.key + "." + std::string(key.str());
      const Value of_zone{value.source, path, node};
      if (key == "file") {
        zone.file = value.source.relative(of_zone.text("the name of a zone file"));
      } else if (key == "rotation") {
        const auto rotation = zones::rotation_from_text(of_zone.text("\"cyclic\" or \"fixed\""));
        if (!rotation) of_zone.expected("\"cyclic\" or \"fixed\"");
        zone.options.rotation = *rotation;
      } else if (std::ranges::find(later_keys, key.str()) != std::end(later_keys)) {
        of_zone.not_there("this option of a zone");
      } else {
        const auto near = nearest(key.str(), known);
        throw StartError{ExitCode::Configuration,
                         value.source.place(key.source().begin) + ": unknown key `" + path + "`" +
                             (near.empty() ? "; a zone has `file` and `rotation`"
                                           : "; did you mean `" + std::string(near) + "`?")};
      }
    }
    if (zone.file.empty()) value.not_there("a zone without `file`");
  }
  config.zones.insert_or_assign(*name, std::move(zone));
}

std::vector<wire::Prefix> prefixes_of(const Value& value) {
  std::vector<wire::Prefix> prefixes;
  value.each(a_prefix, [&](const Value& entry) {
    const auto prefix = wire::Prefix::from_text(entry.text(a_prefix));
    if (!prefix) entry.expected(a_prefix);
    prefixes.push_back(*prefix);
  });
  return prefixes;
}

wire::Endpoint endpoint_of(const Value& value, const std::string& what) {
  const auto endpoint = wire::Endpoint::from_text(value.text(what), 53);
  if (!endpoint) value.expected(what);
  return *endpoint;
}

/// { address = "192.0.2.1", allow = ["192.0.2.0/24"], deny = [...] }
void read_listener(Config& config, const Value& value) {
  const toml::table& table = *value.node.as_table();
  const toml::node* address = table.get("address");
  if (!address) value.expected("a table with `address`, and perhaps `allow` and `deny`");
  const std::string path = value.key + ".address";
  config.listen.push_back(endpoint_of({value.source, path, *address}, an_address));
  AccessConfig& access = config.access_at[config.listen.back()];
  for (const auto& [key, node] : table) {
    const std::string its_path = value.key + "." + std::string(key.str());
    const Value its{value.source, its_path, node};
    if (key == "allow")
      access.allow = prefixes_of(its);
    else if (key == "deny")
      access.deny = prefixes_of(its);
    else if (key != "address")
      throw StartError{ExitCode::Configuration,
                       value.source.place(key.source().begin) + ": unknown key `" + its_path +
                           "`; such a table has `address`, `allow` and `deny`"};
  }
}

void read_listen(Config& config, const Value& value) {
  if (value.source.seen.insert(value.key).second) config.listen.clear();
  config.listen_given = true;
  value.each(an_address, [&](const Value& entry) {
    if (entry.node.is_table()) return read_listener(config, entry);
    config.listen.push_back(endpoint_of(entry, an_address));
  });
}

const std::string a_server =
    "the address or the name of a server, such as \"10.0.0.1\", \"10.0.0.1:5353\" or "
    "\"dns.example.net\"";

ForwardServer read_server(const Value& value) {
  const auto server = ForwardServer::from_text(value.text(a_server));
  if (!server) value.expected(a_server);
  return *server;
}

ForwardConfig& add_forward(Config& config, const Value& value, const wire::Name& name, bool stub) {
  ForwardConfig made;
  made.zone.zone = name;
  made.zone.stub = stub;
  made.place = value.source.place(value.node);
  config.forwards.push_back(std::move(made));
  return config.forwards.back();
}

/// { zone = "corp.example", servers = ["10.0.0.1"], first = false, order = "fastest" }
void read_forward_zone(Config& config, const Value& value, const toml::table& table, bool stub) {
  ForwardConfig& made = add_forward(config, value, wire::Name(), stub);
  bool named = false;
  for (const auto& [key, node] : table) {
    const std::string path = value.key + "." + std::string(key.str());
    const Value its{value.source, path, node};
    if (key == "zone") {
      const auto name = wire::Name::from_text(its.text("the name of a zone"));
      if (!name) its.expected("the name of a zone: " + name.error());
      made.zone.zone = *name;
      named = true;
    } else if (key == "servers") {
      its.each(a_server, [&](const Value& server) { made.servers.push_back(read_server(server)); });
    } else if (key == "first" && !stub) {
      made.zone.first = its.truth();
    } else if (key == "order" && !stub) {
      const auto words = choice_of({"fastest", "listed"});
      const std::string order = its.text(words);
      if (order != "fastest" && order != "listed") its.expected(words);
      made.zone.listed = order == "listed";
    } else {
      static constexpr std::string_view known[] = {"zone", "servers", "first", "order"};
      const auto words = std::span(known).first(stub ? 2 : 4);
      const auto near = nearest(key.str(), words);
      throw StartError{ExitCode::Configuration,
                       value.source.place(key.source().begin) + ": unknown key `" + path + "`" +
                           (near.empty() ? stub ? "; a stub zone has `zone` and `servers`"
                                                : "; a forward zone has `zone`, `servers`, "
                                                  "`first` and `order`"
                                         : "; did you mean `" + std::string(near) + "`?")};
    }
  }
  if (!named) value.source.fail(value.node, "`" + value.key + "`: a zone without `zone`");
  if (made.servers.empty())
    value.source.fail(value.node, "`" + value.key + "`: " + made.zone.zone.to_text() +
                                      " has no servers; name at least one");
  for (const ForwardConfig& other : config.forwards)
    if (&other != &made && other.zone.zone == made.zone.zone)
      value.source.fail(value.node, "`" + value.key + "`: " + made.zone.zone.to_text() +
                                        " is told twice, first at " + other.place +
                                        "; put all servers into one list");
}

/// Addresses and names stand for the whole tree, all of them together.
void read_forward(Config& config, const Value& value) {
  const std::string words = "servers, or of tables: { zone = \"corp.example\", servers = [...] }";
  const auto read = [&](const Value& entry) {
    if (const auto* table = entry.node.as_table())
      return read_forward_zone(config, entry, *table, false);
    const ForwardServer server = read_server(entry);
    const auto root = std::ranges::find_if(
        config.forwards, [](const ForwardConfig& zone) { return zone.zone.zone.is_root(); });
    if (root != config.forwards.end() && root->zone.stub)
      value.source.fail(entry.node, "`forward`: . is told twice, first at " + root->place);
    ForwardConfig& whole =
        root != config.forwards.end() ? *root : add_forward(config, entry, wire::Name(), false);
    whole.servers.push_back(server);
  };
  if (value.node.is_table()) return read(value);
  value.each(words, read);
}

void read_stub(Config& config, const Value& value) {
  const std::string words = "tables: { zone = \"lab.example\", servers = [...] }";
  const auto read = [&](const Value& entry) {
    const auto* table = entry.node.as_table();
    if (!table) entry.expected("a table: { zone = \"lab.example\", servers = [...] }");
    read_forward_zone(config, entry, *table, true);
  };
  if (value.node.is_table()) return read(value);
  value.each(words, read);
}

void read_dns64(Config& config, const Value& value) {
  const std::string words =
      "\"\" or an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits whose bits 64 to 71 are zero, such "
      "as \"64:ff9b::/96\" (RFC 6052 section 2.2)";
  const std::string text = value.text(words);
  config.resolver.dns64.reset();
  if (text.empty()) return;
  const auto prefix = wire::Prefix::from_text(text);
  if (prefix) config.resolver.dns64 = resolver::Dns64::from_prefix(*prefix);
  if (!config.resolver.dns64) value.expected(words);
}

/// Names and networks.
void read_rebinding_exceptions(Config& config, const Value& value) {
  const std::string words = "names such as \"lan.example\", and networks such as \"10.0.0.0/8\"";
  value.each(words, [&](const Value& entry) {
    const std::string text = entry.text(words);
    if (const auto prefix = wire::Prefix::from_text(text))
      return config.resolver.rebinding.allowed.push_back(*prefix);
    const auto name = wire::Name::from_text(text);
    const bool address = text.find_first_of("/:") != std::string::npos;
    if (!name || address) entry.expected(words);
    config.resolver.rebinding.exceptions.push_back(*name);
  });
}

// Every key there is, with the table that it stands in.

constexpr Key root_keys[] = {
    {"listen", read_listen},
    {"allow",
     [](Config& config, const Value& value) {
       value.append(config.allow, a_prefix, wire::Prefix::from_text);
     }},
    {"deny",
     [](Config& config, const Value& value) {
       value.append(config.deny, a_prefix, wire::Prefix::from_text);
     }},
    {"i-run-an-open-resolver",
     [](Config& config, const Value& value) { config.open_resolver = value.truth(); }},
    {"workers",
     [](Config& config, const Value& value) {
       config.workers = static_cast<unsigned>(value.number(0, 256));
     }},
    {"user",
     [](Config& config, const Value& value) { config.user = value.text("the name of a user"); }},
    {"state-dir",
     [](Config& config, const Value& value) {
       config.state_dir = value.source.relative(value.text("the name of a folder"));
     }},
    {"control",
     [](Config& config, const Value& value) {
       const std::string path = value.text("the name of a socket, or \"\" for none");
       config.control = path.empty() ? fs::path() : value.source.relative(path);
     }},
    {"memory-limit",
     [](Config& config, const Value& value) { config.memory_limit = value.octets(); }},
    {"rate-limit",
     [](Config& config, const Value& value) {
       config.rate_limit = static_cast<unsigned>(value.number(0, 1'000'000));
     }},
    {"identity",
     [](Config& config, const Value& value) { config.identity = value.told("the name to give"); }},
    {"version", [](Config& config,
                   const Value& value) { config.version = value.told("the version to give"); }},
    {"forward", read_forward},
    {"stub", read_stub},
    {"block", refused_if_given<blocking>},
    {"hosts", refused_if_given<host_table>},
    {"keys", later_if_given<key_table>},
    {"zones", read_zones},
};

constexpr Key resolver_keys[] = {
    {"root-hints",
     [](Config& config, const Value& value) {
       const std::string path = value.text("the name of a file, or \"\" for the default");
       if (path.empty())
         config.root_hints_file.reset();
       else
         config.root_hints_file = value.source.relative(path);
     }},
    {"ipv4", [](Config& config, const Value& value) { config.resolver.ipv4 = value.truth(); }},
    {"ipv6", [](Config& config, const Value& value) { config.resolver.ipv6 = value.truth(); }},
    {"outgoing-address",
     [](Config& config, const Value& value) {
       value.append(config.outgoing, "an address of this host, without port",
                    wire::IpAddress::from_text);
     }},
    {"deny-upstream",
     [](Config& config, const Value& value) {
       value.append(config.resolver.deny_upstream, a_prefix, wire::Prefix::from_text);
     }},
    {"qname-minimization",
     [](Config& config, const Value& value) {
       using enum resolver::QnameMinimization;
       const auto words = choice_of({"relaxed", "strict", "off"});
       const std::string word = value.text(words);
       if (word == "relaxed")
         config.resolver.qname_minimization = Relaxed;
       else if (word == "strict")
         config.resolver.qname_minimization = Strict;
       else if (word == "off")
         config.resolver.qname_minimization = Off;
       else
         value.expected(words);
     }},
    {"case-randomization",
     [](Config& config, const Value& value) {
       config.resolver.case_randomization = value.truth();
     }},
    {"edns-udp-size",
     [](Config& config, const Value& value) {
       config.resolver.edns_udp_size = static_cast<std::uint16_t>(
           value.number(limits::least_edns_octets, limits::most_edns_octets));
     }},
    {"priming",
     [](Config& config, const Value& value) { config.resolver.priming = value.truth(); }},
    {"prefetch",
     [](Config& config, const Value& value) { config.resolver.prefetch = value.truth(); }},
    {"serve-stale",
     [](Config& config, const Value& value) { config.resolver.serve_stale = value.truth(); }},
    {"minimal-responses",
     [](Config& config, const Value& value) { config.minimal_responses = value.truth(); }},
    {"special-zones",
     [](Config& config, const Value& value) { config.special_zones = value.truth(); }},
    {"rebinding-protection",
     [](Config& config, const Value& value) {
       config.resolver.rebinding.protection = value.truth();
     }},
    {"rebinding-exceptions", read_rebinding_exceptions},
    {"dns64-prefix", read_dns64},
};

constexpr Key cache_keys[] = {
    {"size",
     [](Config& config, const Value& value) {
       config.cache.size = value.octets();
       value.source.seen.insert(value.key);
       if (config.cache.size < 1U << 20) value.expected("a size of at least \"1 MiB\"");
     }},
    {"min-ttl", [](Config& config, const Value& value) { config.cache.min_ttl = value.ttl(); }},
    {"max-ttl", [](Config& config, const Value& value) { config.cache.max_ttl = value.ttl(); }},
    {"negative-max-ttl",
     [](Config& config, const Value& value) { config.cache.negative_max_ttl = value.ttl(); }},
    {"snapshot", later<snapshots>},
};

constexpr Key dnssec_keys[] = {
    {"validation",
     [](Config& config, const Value& value) { config.resolver.validation.on = value.truth(); }},
    {"trust-anchor-file",
     [](Config& config, const Value& value) {
       const std::string path = value.text("the name of a file, or \"\" for the built-in anchors");
       if (path.empty())
         config.trust_anchor_file.reset();
       else
         config.trust_anchor_file = value.source.relative(path);
     }},
    {"negative-trust-anchors",
     [](Config& config, const Value& value) {
       value.append(config.resolver.validation.negative, "a name, such as \"lab.example\"",
                    [](const std::string& text) { return wire::Name::from_text(text); });
     }},
    {"anchor-updates", later<anchor_updates>},
    {"anchor-signaling", later<anchor_signals>},
    {"aggressive-nsec", later<aggressive>},
};

constexpr Key log_keys[] = {
    {"level",
     [](Config& config, const Value& value) {
       const auto words = choice_of({"debug", "info", "warning", "error"});
       const auto level = log::level_from_text(value.text(words));
       if (!level) value.expected(words);
       config.log_level = *level;
     }},
    {"format",
     [](Config& config, const Value& value) {
       const auto words = choice_of({"auto", "journal", "text", "json"});
       const auto format = log::format_from_text(value.text(words));
       if (!format) value.expected(words);
       config.log_format = *format;
     }},
    {"queries", [](Config& config, const Value& value) { config.log_queries = value.truth(); }},
};

struct Section {
  std::string_view name;
  std::span<const Key> keys;
};

constexpr Section sections[] = {
    {"resolver", resolver_keys}, {"cache", cache_keys}, {"dnssec", dnssec_keys}, {"log", log_keys}};

[[noreturn]] void unknown_key(const Source& source, const toml::key& key, std::string_view section,
                              std::span<const Key> keys) {
  std::vector<std::string_view> names;
  for (const Key& known : keys) names.push_back(known.name);
  if (section.empty())
    for (const Section& known : sections) names.push_back(known.name);
  const std::string prefix = section.empty() ? "" : std::string(section) + ".";
  std::string hint;
  if (const auto near = nearest(key.str(), names); !near.empty()) {
    hint = "; did you mean `" + prefix + std::string(near) + "`?";
  } else {
    // The right key in the wrong table is the commonest mistake in TOML.
    const auto has = [&](std::span<const Key> others) {
      return std::ranges::find(others, key.str(), &Key::name) != others.end();
    };
    for (const Section& other : sections)
      if (has(other.keys)) hint = "; it stands in the table [" + std::string(other.name) + "]";
    if (has(root_keys)) hint = "; it stands before the first table";
  }
  if (hint.empty()) hint = "; see cairn.toml(5)";
  throw StartError{ExitCode::Configuration, source.place(key.source().begin) + ": unknown key `" +
                                                prefix + std::string(key.str()) + "`" + hint};
}

void read_table(const Source& source, const toml::table& table, std::string_view section,
                std::span<const Key> keys) {
  for (const auto& [key, node] : table) {
    if (section.empty()) {
      const auto sub = std::ranges::find(sections, key.str(), &Section::name);
      if (sub != std::end(sections)) {
        const auto* inner = node.as_table();
        if (!inner)
          Value{source, std::string(key.str()), node}.expected("a table: [" +
                                                               std::string(key.str()) + "]");
        read_table(source, *inner, sub->name, sub->keys);
        continue;
      }
    }
    const auto known = std::ranges::find(keys, key.str(), &Key::name);
    if (known == keys.end()) unknown_key(source, key, section, keys);
    const std::string path =
        (section.empty() ? "" : std::string(section) + ".") + std::string(key.str());
    known->read(source.config, Value{source, path, node});
  }
}

void read_text(Config& config, std::string_view text, const fs::path& file,
               std::set<std::string>& seen) {
  const Source source{config, file, seen};
  try {
    const toml::table table = toml::parse(text, std::string_view(file.native()));
    read_table(source, table, "", root_keys);
  } catch (const toml::parse_error& error) {
    throw StartError{ExitCode::Configuration,
                     source.place(error.source().begin) + ": " + std::string(error.description())};
  }
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || fs::is_directory(file))
    throw StartError{ExitCode::File, "cannot read the configuration " + file.string() +
                                         "; give a file that exists and is readable with -c"};
  return text.str();
}

void refuse_openness(const std::vector<wire::Prefix>& allow, const std::string& key) {
  for (const wire::Prefix& prefix : allow)
    if (!is_one_network(prefix))
      throw StartError{
          ExitCode::Configuration,
          "`" + key + "` holds " + prefix.to_text() +
              ": everybody could use this resolver against others (RFC 5358); name your "
              "networks, or say `i-run-an-open-resolver = true`"};
}

void check_openness(const Config& config) {
  if (config.open_resolver) return;
  refuse_openness(config.allow, "allow");
  for (const auto& [endpoint, access] : config.access_at)
    if (access.allow) refuse_openness(*access.allow, "listen.allow");
}

/// What only all files together can tell.
void check(Config& config, const std::set<std::string>& seen) {
  if (!config.listen_given)
    config.listen = {*wire::Endpoint::from_text("127.0.0.1", 53),
                     *wire::Endpoint::from_text("::1", 53)};
  if (!seen.contains("allow")) config.allow = AccessList::default_prefixes();
  if (config.listen.empty())
    throw StartError{ExitCode::Configuration,
                     "`listen` is empty: expected at least one address to listen on"};
  for (const wire::Endpoint& endpoint : config.listen)
    if (endpoint.port == 0)
      throw StartError{ExitCode::Configuration,
                       "`listen` holds " + endpoint.to_text() +
                           ": port 0 is any free port, where no client would look; name a port"};
  check_openness(config);
  if (!config.resolver.ipv4 && !config.resolver.ipv6)
    throw StartError{ExitCode::Configuration,
                     "`resolver.ipv4` and `resolver.ipv6` are both false: nobody could be asked"};
  for (const ForwardConfig& forward : config.forwards)
    for (const ForwardServer& server : forward.servers)
      if (server.endpoint &&
          !(server.endpoint->address.is_v6() ? config.resolver.ipv6 : config.resolver.ipv4))
        throw StartError{ExitCode::Configuration,
                         forward.place + ": " + server.to_text() + " for " +
                             forward.zone.zone.to_text() + " cannot be asked, because `resolver." +
                             (server.endpoint->address.is_v6() ? "ipv6" : "ipv4") + "` is false"};
  if (config.cache.min_ttl > config.cache.max_ttl)
    throw StartError{ExitCode::Configuration, "`cache.min-ttl` is longer than `cache.max-ttl`"};
  if (!seen.contains("cache.size"))
    config.cache.size = std::min(config.cache.size, config.memory_limit / 2);
  if (config.cache.size > config.memory_limit)
    throw StartError{
        ExitCode::Configuration,
        "`cache.size` is larger than `memory-limit`: " + std::to_string(config.cache.size >> 20) +
            " MiB do not fit in " + std::to_string(config.memory_limit >> 20) + " MiB"};
}

}  // namespace

Config read_config(const fs::path& file) {
  Config config;
  std::set<std::string> seen;
  read_text(config, text_of(file), file, seen);
  std::vector<fs::path> more;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(file.parent_path() / "conf.d", none))
    if (entry.path().extension() == ".toml") more.push_back(entry.path());
  std::ranges::sort(more);
  for (const fs::path& path : more) read_text(config, text_of(path), path, seen);
  check(config, seen);
  return config;
}

Config config_from_text(std::string_view text, const fs::path& file) {
  Config config;
  std::set<std::string> seen;
  read_text(config, text, file, seen);
  check(config, seen);
  return config;
}

Config default_config() {
  return config_from_text("", "cairn.toml");
}

}  // namespace cairn::server
