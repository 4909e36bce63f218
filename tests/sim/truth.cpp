#include "tests/sim/truth.hpp"

#include <algorithm>

#include "resolver/limits.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::sim {

namespace {

void append(const wire::Name& owner, const wire::RRset& set, Records& records) {
  for (const auto rdata : set.rdata) {
    records.push_back(owner.lowercase().to_text() + " " + wire::to_text(set.type) + " " +
                      wire::rdata_to_text(set.type, rdata));
  }
}

}  // namespace

Records records_of(const std::vector<wire::RRset>& sets) {
  Records records;
  for (const auto& set : sets) append(set.owner, set, records);
  std::sort(records.begin(), records.end());
  return records;
}

Truth::Truth(const Internet& internet, bool ipv6)
    : internet_(internet),
      zones_(internet.all_zones()),
      ipv6_(ipv6 && internet.ipv6_route && !internet.ipv6_black_hole) {
  // A zone is clear when its parent is, all its servers are sound, and each one's address is in the
  // parent or in a clear zone. From the ground up, so that circles never become clear; and not for
  // ever, because a resolver follows needs of needs to a limited depth.
  clear_.assign(internet.zones.size(), false);
  const auto found_by_forwarders = [&](const Host& server) {
    const auto* forward = internet.forward_of(server.name);
    return forward == nullptr || prospect(*forward) == Prospect::Clear;
  };
  for (int depth = 0; depth < 4; ++depth) {
    for (std::size_t zone = 0; zone < clear_.size(); ++zone) {
      const auto& its = internet.zones[zone];
      const bool rooted = zone == 0 || clear_[its.parent];
      clear_[zone] =
          rooted && std::all_of(its.hosts.begin(), its.hosts.end(), [&](auto host) {
            const auto& server = internet.hosts[host];
            const bool wrong =
                std::any_of(internet.wrong_glue.begin(), internet.wrong_glue.end(),
                            [&](const auto& glue) { return glue.first == server.name; });
            return usable(host, zone) && !wrong &&
                   (its.glued.contains(host) ||
                    (clear_[server.home] && server.home != zone && found_by_forwarders(server)));
          });
    }
  }
}

bool Truth::usable(std::size_t host, std::size_t zone) const {
  const auto& server = internet_.hosts[host];
  return server.sound && server.serves.contains(zone) && (ipv6_ || !server.addresses[0].is_v6());
}

const zones::Zone* Truth::authority_for(const wire::Question& question) const {
  const auto* zone = zones_.find(question.name);
  if (question.type == wire::RRType::DS && zone != nullptr && zone->apex() == question.name &&
      !question.name.is_root()) {
    return zones_.find(question.name.parent());
  }
  return zone;
}

Expected Truth::walk(const wire::Question& question) const {
  Expected expected;
  auto name = question.name;
  std::vector<wire::Name> owners;
  for (;;) {
    const auto* zone = authority_for({name, question.type});
    const auto side = question.type == wire::RRType::DS && !name.is_root() ? name.parent() : name;
    const auto* forward = zone == internet_.ours.get() ? nullptr : internet_.forward_of(side);
    while (forward != nullptr) {
      expected.forwards.push_back(forward);
      if (!forward->first || prospect(*forward) != Prospect::Broken) break;
      forward = internet_.forward_of(side, forward);
    }
    const bool iterates = forward == nullptr;
    const bool at_parent = question.type == wire::RRType::DS && !name.is_root() &&
                           internet_.zones[internet_.zone_of(name)].apex == name;
    for (std::size_t at = internet_.zone_of(at_parent ? name.parent() : name);
         iterates && zone != internet_.ours.get(); at = internet_.zones[at].parent) {
      expected.path.push_back(at);
      if (at == 0) break;
    }
    zones::ZoneAnswer answer;
    zone->answer({name, question.type}, false, answer);
    expected.rcode = answer.referral ? wire::Rcode::SERVFAIL : answer.rcode;
    for (const auto& view : answer.answer) {
      append(*view.owner, wire::copy_of(view), expected.answer);
      if (view.type == wire::RRType::CNAME) owners.push_back(*view.owner);
    }
    const bool loop = answer.continues_at &&
                      std::find(owners.begin(), owners.end(), *answer.continues_at) != owners.end();
    if (expected.rcode == wire::Rcode::SERVFAIL || loop ||
        owners.size() > resolver::limits::alias_steps) {
      expected.rcode = wire::Rcode::SERVFAIL;
      expected.answer.clear();
      break;
    }
    if (!answer.continues_at) break;
    name = *answer.continues_at;
    expected.aliases.push_back(name);
  }
  std::sort(expected.answer.begin(), expected.answer.end());
  return expected;
}

Prospect Truth::prospect(const Forward& forward) const {
  const auto good = std::ranges::count_if(forward.hosts, [&](auto host) {
    return usable(host, 0);  // they serve all zones
  });
  if (good == 0) return Prospect::Broken;
  return good == std::ssize(forward.hosts) ? Prospect::Clear : Prospect::Obstructed;
}

Prospect Truth::prospect(const Expected& expected) const {
  Prospect prospect = Prospect::Clear;
  for (const auto* forward : expected.forwards) {
    const auto its = this->prospect(*forward);
    if (its == Prospect::Broken && !forward->first) return its;
    if (its != Prospect::Clear) prospect = Prospect::Obstructed;
  }
  for (const auto zone : expected.path) {
    if (clear_[zone]) continue;
    const auto& its = internet_.zones[zone];
    const bool open = std::any_of(its.hosts.begin(), its.hosts.end(), [&](auto host) {
      return usable(host, zone) && its.glued.contains(host);
    });
    if (!open) return Prospect::Broken;
    prospect = Prospect::Obstructed;
  }
  return prospect;
}

Records Truth::at(const wire::Name& name, wire::RRType type) const {
  zones::ZoneAnswer answer;
  authority_for({name, type})->answer({name, type}, false, answer);
  Records records;
  for (const auto& view : answer.answer) {
    if (*view.owner == name && view.type == type) append(name, wire::copy_of(view), records);
  }
  // A DNAME also comes with the names below it; a CNAME that it implies is as true as one that
  // stands in the zone.
  std::sort(records.begin(), records.end());
  return records;
}

wire::Ttl Truth::ttl_at(const wire::Name& name, wire::RRType type) const {
  zones::ZoneAnswer answer;
  authority_for({name, type})->answer({name, type}, false, answer);
  for (const auto& view : answer.answer) {
    if (*view.owner == name && view.type == type) return view.ttl;
  }
  return {};
}

wire::Rcode Truth::rcode_at(const wire::Name& name, wire::RRType type) const {
  zones::ZoneAnswer answer;
  authority_for({name, type})->answer({name, type}, false, answer);
  return answer.rcode;
}

std::optional<std::string> Truth::why_false(const cache::Delegation& delegation) const {
  if (internet_.bombs.contains(delegation.zone)) return std::nullopt;
  const auto zone = internet_.zone_of(delegation.zone);
  const auto& its = internet_.zones[zone];
  if (its.apex != delegation.zone) return delegation.zone.to_text() + " is no zone";
  for (const auto& server : delegation.servers) {
    const auto host = std::find_if(its.hosts.begin(), its.hosts.end(), [&](auto index) {
      return internet_.hosts[index].name == server.name;
    });
    if (host == its.hosts.end()) {
      return server.name.to_text() + " is no server of " + delegation.zone.to_text();
    }
    const auto& addresses = internet_.hosts[*host].addresses;
    for (const auto& glue : server.glue) {
      if (std::find(addresses.begin(), addresses.end(), glue) == addresses.end() &&
          !internet_.wrong_glue.contains({server.name, glue})) {
        return glue.to_text() + " is no address of " + server.name.to_text();
      }
    }
  }
  return std::nullopt;
}

}  // namespace cairn::sim
