#include "resolver/settings.hpp"

#include "resolver/limits.hpp"
#include "zones/zone_file.hpp"

namespace cairn::resolver {
namespace {

// As IANA publishes them in named.root.
constexpr std::string_view root_hints_text = R"(
. 518400 NS a.root-servers.net.
. 518400 NS b.root-servers.net.
. 518400 NS c.root-servers.net.
. 518400 NS d.root-servers.net.
. 518400 NS e.root-servers.net.
. 518400 NS f.root-servers.net.
. 518400 NS g.root-servers.net.
. 518400 NS h.root-servers.net.
. 518400 NS i.root-servers.net.
. 518400 NS j.root-servers.net.
. 518400 NS k.root-servers.net.
. 518400 NS l.root-servers.net.
. 518400 NS m.root-servers.net.
a.root-servers.net. 518400 A 198.41.0.4
a.root-servers.net. 518400 AAAA 2001:503:ba3e::2:30
b.root-servers.net. 518400 A 170.247.170.2
b.root-servers.net. 518400 AAAA 2801:1b8:10::b
c.root-servers.net. 518400 A 192.33.4.12
c.root-servers.net. 518400 AAAA 2001:500:2::c
d.root-servers.net. 518400 A 199.7.91.13
d.root-servers.net. 518400 AAAA 2001:500:2d::d
e.root-servers.net. 518400 A 192.203.230.10
e.root-servers.net. 518400 AAAA 2001:500:a8::e
f.root-servers.net. 518400 A 192.5.5.241
f.root-servers.net. 518400 AAAA 2001:500:2f::f
g.root-servers.net. 518400 A 192.112.36.4
g.root-servers.net. 518400 AAAA 2001:500:12::d0d
h.root-servers.net. 518400 A 198.97.190.53
h.root-servers.net. 518400 AAAA 2001:500:1::53
i.root-servers.net. 518400 A 192.36.148.17
i.root-servers.net. 518400 AAAA 2001:7fe::53
j.root-servers.net. 518400 A 192.58.128.30
j.root-servers.net. 518400 AAAA 2001:503:c27::2:30
k.root-servers.net. 518400 A 193.0.14.129
k.root-servers.net. 518400 AAAA 2001:7fd::1
l.root-servers.net. 518400 A 199.7.83.42
l.root-servers.net. 518400 AAAA 2001:500:9f::42
m.root-servers.net. 518400 A 202.12.27.33
m.root-servers.net. 518400 AAAA 2001:dc3::35
)";

}  // namespace

std::vector<wire::Prefix> Settings::default_deny_upstream() {
  std::vector<wire::Prefix> prefixes;
  for (const char* text :
       {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128",
        "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8"})
    prefixes.push_back(*wire::Prefix::from_text(text));
  return prefixes;
}

cache::Delegation Settings::built_in_root_hints() {
  return root_hints_from_text(root_hints_text, "built-in root hints").value();
}

wire::Result<cache::Delegation> root_hints_from_text(std::string_view text, std::string_view file) {
  const zones::ZoneFile parsed = zones::parse_zone_file(text, wire::Name(), file);
  if (!parsed.errors.empty()) return wire::Error{parsed.errors.front().to_text()};
  cache::Delegation hints;
  for (const wire::Record& record : parsed.records)
    if (record.type == wire::RRType::NS && record.owner.is_root())
      if (const auto name = wire::Name::from_wire(record.rdata))
        hints.servers.push_back({*name, {}});
  bool any_address = false;
  for (const wire::Record& record : parsed.records) {
    const auto address = wire::IpAddress::from_rdata(record.type, record.rdata);
    if (!address) continue;
    for (cache::NameServer& server : hints.servers)
      if (server.name == record.owner && server.glue.size() < limits::glue_per_server) {
        server.glue.push_back(*address);
        any_address = true;
      }
  }
  if (!any_address)
    return wire::Error{std::string(file) +
                       ": no root server with an address; expected NS records of '.' and A or AAAA "
                       "records of their names, as in Debian's dns-root-data"};
  return hints;
}

}  // namespace cairn::resolver
