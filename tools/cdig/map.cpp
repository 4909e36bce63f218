#include "tools/cdig/map.hpp"

#include <algorithm>
#include <set>

#include "tools/cdig/host_addresses.hpp"
#include "tools/cdig/json.hpp"
#include "tools/cdig/probe.hpp"
#include "tools/cdig/referral.hpp"
#include "tools/cdig/transport.hpp"

namespace cairn::cdig {
namespace {

using namespace std::chrono_literals;

// One address of one server of a zone.
struct Target {
  wire::Name server;
  wire::IpAddress address;
};

std::string milliseconds_text(std::chrono::microseconds elapsed) {
  const auto tenths = elapsed.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

bool answers_with(const wire::Message& reply, const wire::Name& owner, wire::RRType type) {
  return std::ranges::any_of(reply.answer, [&](const wire::Record& record) {
    return record.owner == owner && record.type == type;
  });
}

// A server of a zone says something about names in it with authority, or refers further down.
std::string trouble_in(const std::optional<wire::Message>& reply, const wire::Name& zone,
                       const wire::Name& asked) {
  if (!reply) return "no reply";
  const wire::Header& header = reply->header;
  if (header.rcode != wire::Rcode::NOERROR && header.rcode != wire::Rcode::NXDOMAIN)
    return to_text(header.rcode);
  if (header.authoritative || referral_in(*reply, zone, asked)) return "";
  return "not authoritative";
}

class Surveyor {
 public:
  Surveyor(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
           Output& output)
      : lookup_(lookup), question_(question), resolvers_(resolvers), output_(output) {}

  DelegationMap survey();

 private:
  struct Zone {
    wire::Name name;
    std::string security;
    std::vector<NameServer> servers;
  };

  Referral root();
  std::vector<Target> targets_of(const Zone& zone);
  std::vector<Echo> ask_all(const std::vector<Target>& targets, const wire::Question& question);
  MappedZone drawn(const Zone& zone, const std::vector<Target>& targets,
                   const std::vector<Echo>& echoes, const wire::Name& asked) const;
  std::optional<Zone> cut_at(const wire::Name& name, const Zone& parent,
                             const std::vector<Target>& targets, const std::vector<Echo>& echoes);
  std::string security_of(const wire::Name& child, const std::vector<Target>& targets,
                          const std::vector<Echo>& echoes);

  const Lookup& lookup_;
  const wire::Question& question_;
  std::span<const Server> resolvers_;
  Output& output_;
};

DelegationMap Surveyor::survey() {
  DelegationMap map;
  const Referral start = root();
  Zone zone{start.zone, "trust anchor", start.servers};
  std::vector<Target> targets = targets_of(zone);
  const std::size_t labels = question_.name.label_count();
  bool drawn_already = false;
  // The parent's side answers for a DS (RFC 4035 section 3.1.4.1).
  const std::size_t deepest =
      question_.type == wire::RRType::DS && labels > 0 ? labels - 1 : labels;
  for (std::size_t depth = 1; depth <= deepest; ++depth) {
    const wire::Name name = question_.name.suffix(depth);
    const auto echoes = ask_all(targets, {name, wire::RRType::NS, question_.rrclass});
    if (!std::exchange(drawn_already, true))
      map.zones.push_back(drawn(zone, targets, echoes, name));
    auto child = cut_at(name, zone, targets, echoes);
    if (!child) continue;
    zone = std::move(*child);
    targets = targets_of(zone);
    drawn_already = false;
  }
  const auto echoes = ask_all(targets, question_);
  if (!drawn_already) map.zones.push_back(drawn(zone, targets, echoes, question_.name));
  map.ending = question_.name.to_text() + " " + to_text(question_.type) + ": nobody replied";
  for (const Echo& echo : echoes) {
    if (!trouble_in(echo.reply, zone.name, question_.name).empty()) continue;
    map.ending = question_.name.to_text() + " " + to_text(question_.type) + ": " +
                 to_text(echo.reply->header.rcode) + ", " +
                 std::to_string(echo.reply->answer.size()) + " in the answer";
    break;
  }
  return map;
}

Referral Surveyor::root() {
  Referral hints = root_hints();
  Lookup quiet = lookup_;
  quiet.show_query = false;
  const Attempt attempt =
      ask(quiet, {wire::Name{}, wire::RRType::NS, wire::RRClass::IN}, resolvers_, output_);
  if (!attempt.reply) return hints;
  return root_servers_in(attempt.reply->message, hints).value_or(hints);
}

std::vector<Target> Surveyor::targets_of(const Zone& zone) {
  std::vector<Target> targets;
  for (const NameServer& server : zone.servers) {
    const auto addresses = server.addresses.empty()
                               ? host_addresses(server.name, lookup_, resolvers_, output_)
                               : server.addresses;
    for (const wire::IpAddress& address : addresses) {
      if (is_wanted(address, lookup_.family)) targets.push_back({server.name, address});
    }
  }
  std::ranges::sort(targets, {}, [](const Target& target) {
    return std::pair(target.server.to_text(), target.address.is_v6());
  });
  return targets;
}

std::vector<Echo> Surveyor::ask_all(const std::vector<Target>& targets,
                                    const wire::Question& question) {
  QueryForm form;
  form.recursion_desired = false;
  form.authentic_data = false;
  form.cookie = false;
  form.dnssec_ok = question.type == wire::RRType::DS;
  const wire::Message query = make_query(question, form, random_id(), {});
  std::vector<wire::Endpoint> endpoints;
  for (const Target& target : targets) endpoints.push_back({target.address, 53});
  return probe(endpoints, query,
               lookup_.timeout_s > 0 ? std::chrono::seconds(lookup_.timeout_s) : 2s);
}

MappedZone Surveyor::drawn(const Zone& zone, const std::vector<Target>& targets,
                           const std::vector<Echo>& echoes, const wire::Name& asked) const {
  MappedZone mapped{zone.name, zone.security, {}};
  for (std::size_t at = 0; at < targets.size(); ++at) {
    const Echo& echo = echoes[at];
    mapped.servers.push_back({targets[at].server.to_text(), targets[at].address.to_text(),
                              echo.reply ? std::optional{echo.elapsed} : std::nullopt,
                              trouble_in(echo.reply, zone.name, asked)});
  }
  for (const NameServer& server : zone.servers) {
    const bool reached = std::ranges::find(targets, server.name, &Target::server) != targets.end();
    if (!reached) mapped.servers.push_back({server.name.to_text(), "", std::nullopt, "no address"});
  }
  return mapped;
}

// What the parent's servers say about NS of `name`: a referral to it, or, where a server holds both
// sides, the child's own set.
std::optional<Surveyor::Zone> Surveyor::cut_at(const wire::Name& name, const Zone& parent,
                                               const std::vector<Target>& targets,
                                               const std::vector<Echo>& echoes) {
  for (const Echo& echo : echoes) {
    if (!echo.reply) continue;
    auto referral = referral_in(*echo.reply, parent.name, name);
    if (!referral && echo.reply->header.authoritative &&
        answers_with(*echo.reply, name, wire::RRType::NS)) {
      wire::Message as_referral = *echo.reply;
      as_referral.header.authoritative = false;
      as_referral.authority = std::move(as_referral.answer);
      as_referral.answer.clear();
      referral = referral_in(as_referral, parent.name, name);
    }
    if (!referral) continue;
    return Zone{referral->zone, security_of(referral->zone, targets, echoes), referral->servers};
  }
  return std::nullopt;
}

std::string Surveyor::security_of(const wire::Name& child, const std::vector<Target>& targets,
                                  const std::vector<Echo>& echoes) {
  // Whoever replied once is asked for the DS.
  for (std::size_t at = 0; at < targets.size(); ++at) {
    if (!echoes[at].reply) continue;
    const auto told = ask_all({targets[at]}, {child, wire::RRType::DS, question_.rrclass});
    if (!told[0].reply) continue;
    std::set<std::string> keys;
    for (const wire::Record& record : told[0].reply->answer) {
      if (record.type != wire::RRType::DS || record.owner != child || record.rdata.size() < 4)
        continue;
      const unsigned tag = static_cast<unsigned>(record.rdata[0] << 8 | record.rdata[1]);
      keys.insert(std::to_string(tag) + " (algorithm " + std::to_string(record.rdata[2]) + ")");
    }
    if (keys.empty()) return "no DS: not signed";
    std::string text = "DS";
    for (const std::string& key : keys) text += " " + key;
    return text;
  }
  return "DS unknown";
}

}  // namespace

std::string map_text(const DelegationMap& map) {
  std::size_t name_width = 0, address_width = 0;
  for (const MappedZone& zone : map.zones) {
    for (const MappedServer& server : zone.servers) {
      name_width = std::max(name_width, server.name.size());
      address_width = std::max(address_width, server.address.size());
    }
  }
  std::string text;
  std::string indent;
  for (const MappedZone& zone : map.zones) {
    text += indent + zone.name.to_text() + "   " + zone.security + "\n";
    for (const MappedServer& server : zone.servers) {
      std::string line = indent + "|  " + server.name;
      line.append(name_width - server.name.size() + 2, ' ').append(server.address);
      line.append(address_width - server.address.size() + 2, ' ');
      if (server.elapsed) line += milliseconds_text(*server.elapsed);
      if (server.elapsed && !server.trouble.empty()) line += "  ";
      text += line + server.trouble + "\n";
    }
    text += indent + "|\n";
    indent += "   ";
  }
  return text + indent + map.ending + "\n";
}

int draw_map(const Lookup& lookup, const wire::Question& question,
             std::span<const Server> resolvers, Output& output) {
  const DelegationMap map = Surveyor(lookup, question, resolvers, output).survey();
  output.put(lookup.display.json ? map_json(map) : map_text(map));
  const bool reached =
      std::ranges::any_of(map.zones.back().servers,
                          [](const MappedServer& server) { return server.elapsed.has_value(); });
  return reached ? exit_answered : exit_no_reply;
}

}  // namespace cairn::cdig
