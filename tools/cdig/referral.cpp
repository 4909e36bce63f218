#include "tools/cdig/referral.hpp"

#include <algorithm>

#include "resolver/settings.hpp"

namespace cairn::cdig {

namespace {

std::optional<wire::Name> name_server_of(const wire::Record& record) {
  return record.type == wire::RRType::NS ? wire::Name::from_wire(record.rdata) : std::nullopt;
}

// The addresses of `server` that came along in the additional section.
std::vector<wire::IpAddress> glue_of(const wire::Name& server, const wire::Message& reply) {
  std::vector<wire::IpAddress> addresses;
  for (const wire::Record& record : reply.additional) {
    if (addresses.size() == most_addresses_of_a_server) break;
    if (record.owner != server) continue;
    if (const auto address = wire::IpAddress::from_rdata(record.type, record.rdata))
      addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

Referral root_hints() {
  Referral hints;
  const auto built_in = resolver::Settings::built_in_root_hints();
  for (const auto& server : built_in.servers) hints.servers.push_back({server.name, server.glue});
  return hints;
}

std::optional<Referral> referral_in(const wire::Message& reply, const wire::Name& zone,
                                    const wire::Name& name) {
  const wire::Header& header = reply.header;
  if (header.rcode != wire::Rcode::NOERROR || header.authoritative || !reply.answer.empty())
    return std::nullopt;
  Referral delegation;
  for (const wire::Record& record : reply.authority) {
    if (delegation.servers.size() == most_servers_of_a_zone) break;
    const auto server = name_server_of(record);
    if (!server || !record.owner.is_below(zone) || !name.is_within(record.owner)) continue;
    if (!delegation.servers.empty() && delegation.zone != record.owner) continue;
    delegation.zone = record.owner;
    delegation.servers.push_back({*server, glue_of(*server, reply)});
  }
  if (delegation.servers.empty()) return std::nullopt;
  return delegation;
}

std::optional<Referral> root_servers_in(const wire::Message& reply, const Referral& hints) {
  Referral delegation;
  for (const wire::Record& record : reply.answer) {
    if (delegation.servers.size() == most_servers_of_a_zone) break;
    const auto server = name_server_of(record);
    if (!server || !record.owner.is_root()) continue;
    std::vector<wire::IpAddress> addresses = glue_of(*server, reply);
    if (addresses.empty()) {
      const auto hint = std::find_if(hints.servers.begin(), hints.servers.end(),
                                     [&](const auto& known) { return known.name == *server; });
      if (hint != hints.servers.end()) addresses = hint->addresses;
    }
    delegation.servers.push_back({*server, std::move(addresses)});
  }
  if (delegation.servers.empty()) return std::nullopt;
  return delegation;
}

}  // namespace cairn::cdig
