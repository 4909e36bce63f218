#include "tests/sim/internet.hpp"

#include <algorithm>
#include <array>

#include "dnssec/nsec3.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::sim {

namespace {

using wire::Name;
using wire::RRType;
using world::SeededRandom;

constexpr std::array<std::string_view, 6> ttls = {"0", "5", "60", "300", "3600", "86400"};

template <class Container>
const auto& one_of(const Container& container, SeededRandom& random) {
  return container[random.below(std::size(container))];
}

Name name(const std::string& text) {
  return *Name::from_text(text);
}

/// "label.apex" also where the apex is the root.
Name below(const std::string& label, const Name& apex) {
  return name(label + "." + (apex.is_root() ? "" : apex.to_text()));
}

class Maker {
 public:
  explicit Maker(SeededRandom& random) : random_(random) {}

  Internet make() {
    internet_.ipv6_route = !random_.percent(15);
    internet_.ipv6_black_hole = internet_.ipv6_route && random_.percent(15);
    trouble_ = static_cast<unsigned>(10 * random_.below(7));
    make_zones();
    for (std::size_t zone = 0; zone < internet_.zones.size(); ++zone) find_hosts(zone);
    for (std::size_t zone = 1; zone < internet_.zones.size(); ++zone) delegate(zone);
    for (auto& zone : internet_.zones) choose_names(zone);
    for (std::size_t zone = 0; zone < internet_.zones.size(); ++zone) fill(zone);
    for (std::size_t zone = 1; zone < internet_.zones.size(); ++zone)
      if (random_.percent(8)) lay_bomb(zone);
    if (random_.percent(40)) make_forwards();
    for (auto& host : internet_.hosts) misbehave(host);
    make_ours();
    for (auto& zone : internet_.zones)
      zone.made = *zones::Zone::from_records(zone.apex, zone.records);
    return std::move(internet_);
  }

 private:
  void add(std::size_t zone, const Name& owner, std::string_view ttl, const std::string& data) {
    internet_.zones[zone].records.push_back(
        *wire::record_from_text(owner.to_text() + " " + std::string(ttl) + " " + data));
  }

  void add_addresses(std::size_t zone, const Host& host) {
    for (const auto& address : host.addresses) {
      add(zone, host.name, "3600", (address.is_v6() ? "AAAA " : "A ") + address.to_text());
    }
  }

  void make_zones() {
    internet_.zones.push_back({});
    const auto tops = random_.between(1, 3);
    for (std::uint64_t top = 0; top < tops; ++top) {
      internet_.zones.push_back({name("tld" + std::to_string(top) + "."), 0, {}, {}, {}, {}});
    }
    const auto more = random_.between(2, 9);
    for (std::uint64_t i = 0; i < more; ++i) {
      const auto parent = random_.between(1, internet_.zones.size() - 1);
      const auto& apex = internet_.zones[parent].apex;
      if (apex.label_count() > 4) continue;
      std::string label = "z" + std::to_string(i);
      if (random_.percent(15)) label += ".gap";  // an empty non-terminal between parent and child
      internet_.zones.push_back({below(label, apex), parent, {}, {}, {}, {}});
    }
  }

  wire::IpAddress new_address(bool v6) {
    const auto number = std::to_string(++addresses_ % 250 + 1);
    const auto block = std::to_string(addresses_ / 250);
    return *wire::IpAddress::from_text(v6 ? "2001:db8:" + block + "::" + number
                                          : "198.18." + block + "." + number);
  }

  std::size_t new_host(std::size_t home) {
    Host host;
    host.home = home;
    host.name = below("ns" + std::to_string(internet_.hosts.size()), internet_.zones[home].apex);
    const bool v4 = !random_.percent(10);
    if (v4) host.addresses.push_back(new_address(false));
    if (!v4 || random_.percent(30)) host.addresses.push_back(new_address(true));
    add_addresses(home, host);
    internet_.hosts.push_back(std::move(host));
    return internet_.hosts.size() - 1;
  }

  void find_hosts(std::size_t zone) {
    auto& hosts = internet_.zones[zone].hosts;
    const auto count = random_.between(1, 3);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::size_t host = 0;
      if (zone > 0 && random_.percent(25)) {
        host = random_.below(internet_.hosts.size());
      } else if (zone == 0 || random_.percent(65)) {
        host = new_host(zone);
      } else {
        host = new_host(random_.between(1, internet_.zones.size() - 1));
      }
      if (std::find(hosts.begin(), hosts.end(), host) != hosts.end()) continue;
      hosts.push_back(host);
      // A lame delegation: named as a server of the zone, but never told so.
      if (!random_.percent(4)) internet_.hosts[host].serves.insert(zone);
    }
    const auto& apex = internet_.zones[zone].apex;
    add(zone, apex, "3600",
        "SOA ns.invalid. h.invalid. 1 3600 600 86400 " + std::string(one_of(ttls, random_)));
    for (const auto host : hosts) {
      add(zone, apex, "3600", "NS " + internet_.hosts[host].name.to_text());
    }
    if (zone == 0) internet_.zones[0].glued = {hosts.begin(), hosts.end()};
  }

  void delegate(std::size_t zone) {
    auto& child = internet_.zones[zone];
    const auto& parent = internet_.zones[child.parent];
    const auto ttl = random_.percent(20) ? "5" : "3600";
    for (const auto index : child.hosts) {
      const auto& host = internet_.hosts[index];
      add(child.parent, child.apex, ttl, "NS " + host.name.to_text());
      if (host.home == child.parent) {
        child.glued.insert(index);
        continue;
      }
      if (!host.name.is_within(parent.apex)) continue;
      const bool needed = host.name.is_within(child.apex);
      if (!random_.percent(needed ? 97 : 50)) continue;
      if (random_.percent(8)) {
        const auto wrong = random_.percent(50) ? new_address(false)
                                               : one_of(internet_.hosts, random_).addresses[0];
        internet_.wrong_glue.insert({host.name, wrong});
        add(child.parent, host.name, "3600", (wrong.is_v6() ? "AAAA " : "A ") + wrong.to_text());
        if (random_.percent(50)) continue;
      }
      add_addresses(child.parent, host);
      child.glued.insert(index);
    }
  }

  void choose_names(const Zone& zone) {
    auto& names = internet_.names;
    names.push_back(zone.apex);
    const auto count = random_.between(2, 6);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto label = "d" + std::to_string(i);
      names.push_back(below(random_.percent(15) ? label + ".e" + label : label, zone.apex));
    }
    names.push_back(below("nx", zone.apex));
    names.push_back(below("x.wild", zone.apex));
    names.push_back(below("d0.moved", zone.apex));
  }

  void fill(std::size_t index) {
    const auto apex = internet_.zones[index].apex;
    for (const auto& owner : internet_.names) {
      if (internet_.zone_of(owner) != index) continue;
      const auto label = std::string(owner.first_label().begin(), owner.first_label().end());
      if (owner == apex || label.empty() || label[0] != 'd' ||
          owner.parent() == below("moved", apex))
        continue;
      fill_name(index, owner);
    }
    if (random_.percent(30)) fill_name(index, below("*.wild", apex));
    if (random_.percent(20)) {
      add(index, below("moved", apex), one_of(ttls, random_),
          "DNAME " + one_of(internet_.zones, random_).apex.to_text());
    }
  }

  void fill_name(std::size_t zone, const Name& owner) {
    const auto& ttl = one_of(ttls, random_);
    if (random_.percent(30)) {
      add(zone, owner, ttl, "CNAME " + one_of(internet_.names, random_).to_text());
      return;
    }
    const auto number = [&] { return std::to_string(random_.below(256)); };
    for (std::uint64_t i = random_.below(4); i > 0; --i) {
      add(zone, owner, ttl, "A 10." + number() + "." + number() + "." + number());
    }
    if (random_.percent(30)) add(zone, owner, ttl, "AAAA 2001:db8:ffff::" + number());
    if (random_.percent(20))
      add(zone, owner, ttl, "MX 10 " + one_of(internet_.names, random_).to_text());
    if (random_.percent(10)) {
      // Too much for a datagram.
      for (int i = 0; i < 8; ++i) {
        add(zone, owner, ttl, "TXT \"" + std::to_string(i) + std::string(200, 'x') + "\"");
      }
    }
    if (random_.percent(20)) add(zone, owner, ttl, "TXT \"" + number() + "\"");
  }

  /// A referral to names that have no address, in somebody else's zone or below another of its kind
  /// (NXNSAttack 2020, NRDelegationAttack 2022, TsuNAME 2021).
  void lay_bomb(std::size_t zone) {
    const auto bomb = below("bomb", internet_.zones[zone].apex);
    const auto victim = random_.percent(50) ? one_of(internet_.zones, random_).apex
                                            : below("bomb", one_of(internet_.zones, random_).apex);
    static constexpr std::array<unsigned, 4> sizes = {1, 20, 200, 1500};
    const auto size = one_of(sizes, random_);
    for (unsigned i = 0; i < size; ++i)
      add(zone, bomb, "300", "NS " + below("v" + std::to_string(i), victim).to_text());
    internet_.bombs.insert(bomb);
    internet_.names.push_back(below("x", bomb));
    internet_.names.push_back(bomb);
  }

  /// One zone or two, or all of the tree, with one to three forwarders each. They share the
  /// Internet's cache, and are tempted to speak of other names (MaginotDNS 2023).
  void make_forwards() {
    std::set<Name> zones;
    for (auto count = random_.between(1, 2); count > 0; --count)
      zones.insert(random_.percent(15) ? Name() : one_of(internet_.zones, random_).apex);
    for (const Name& zone : zones) {
      Forward forward{zone, {}, random_.percent(50), random_.percent(30)};
      for (auto count = random_.between(1, 3); count > 0; --count) {
        Host host;
        host.name = below("forwarder" + std::to_string(internet_.hosts.size()), Name());
        host.addresses.push_back(new_address(random_.percent(10)));
        host.forwards = zone;
        host.misbehaviours.push_back("resolves");
        for (std::size_t at = 0; at < internet_.zones.size(); ++at) host.serves.insert(at);
        forward.hosts.push_back(internet_.hosts.size());
        internet_.hosts.push_back(std::move(host));
      }
      internet_.forwards.push_back(std::move(forward));
    }
  }

  void misbehave(Host& host) {
    if (random_.percent(20)) host.misbehaviours.push_back("cookies");
    if (random_.percent(trouble_ / 4)) {
      host.mortal = true;
      host.sound = false;
    }
    if (!random_.percent(trouble_)) return;
    const auto milliseconds = [&](std::uint64_t most) {
      return std::to_string(random_.between(1, most)) + "ms";
    };
    const auto does = [&](const std::string& what) { host.misbehaviours.push_back(what); };
    const auto broken = [&](const std::string& what) {
      does(what);
      host.sound = false;
    };
    // Of a forwarder it says that there is no such record: many leave out the SOA.
    const std::string empty_reply = host.forwards ? "servfail" : "lame";
    switch (random_.below(57)) {
      case 0:
        return broken("drop");
      case 1:
        return broken(empty_reply);
      case 2:
        return broken("refuse");
      case 3:
        return broken("servfail");
      case 4:
        return broken("loss " + std::to_string(random_.between(5, 60)) + "%");
      case 5:
        return broken("garbage");
      case 6:
        return broken("wrong-id");
      case 7:
        return broken("unreachable");
      case 8:
        return broken("truncate-always");
      case 9:
        return broken("drop-first " + std::to_string(random_.between(1, 4)));
      case 10:
        return broken("delay " + milliseconds(1500));
      case 11:
        return broken("echo");
      case 12:
        return broken("answer-from 203.0.113.9");
      case 13:
        broken("truncate");
        return does(random_.percent(50) ? "refuse-tcp" : "drop-tcp");
      case 14:
        return does("truncate");
      case 15:
        return does("formerr-on-edns");
      case 16:
        return does("lowercase");
      case 17:
        return does("no-edns");
      case 18:
        return does("duplicate");
      case 19:
        return does("jitter " + milliseconds(60));
      case 20:
        return does("delay " + milliseconds(40));
      case 21:
        return does("forge " + std::to_string(random_.between(1, 300)) + " wrong-id " + lie(host));
      case 22:
        return does("forge wrong-case " + lie(host));
      case 23:
        return does("forge wrong-address " + lie(host));
      case 24:
        return does("forge wrong-question " + lie(host));
      case 25:
        return broken("drop-edns");
      case 26:
        return broken("drop-mixed-case");
      case 27:
        return broken("drop-above 512");
      case 28:
        return broken("drop-udp");
      case 29:
        return broken("drop-tcp");
      case 30:
        return broken("drop-after " + std::to_string(random_.between(1, 9)));
      case 31:
        return broken("on * AAAA drop");
      case 32:
        return broken("on * AAAA " + empty_reply);
      case 33:
        return broken("on * AAAA notimp");
      case 34:
        return broken("on * A refuse");
      case 35:
        return broken("second-opt");
      case 36:
        return broken("opt-in-answer");
      case 37:
        return broken("more-octets " + std::to_string(random_.between(1, 9)));
      case 38:
        return broken("fewer-octets " + std::to_string(random_.between(1, 30)));
      case 39:
        return broken("wrong-type");
      case 40:
        return broken("two-questions");
      case 41:
        return broken("rcode BADVERS");
      case 42:
        return broken("formerr");
      case 43:
        return does("reverse-answer");
      case 44:
        return does("repeat-answer");
      case 45:
        return does("uppercase");
      case 46:
        return does("authoritative");
      case 47:
        return does("truncate-partly");
      case 48:
        return does("not-authoritative");
      case 49:
        return does("edns-version 1");
      case 50:
        // The promiscuous one: other servers for the only zone that it has.
        if (host.serves.size() == 1)
          does("add-authority " + internet_.zones[*host.serves.begin()].apex.to_text() +
               " 86400 NS evil.invalid.");
        return;
      case 51:
        does("cookies");
        return does("forge wrong-cookie " + lie(host));
      case 52:
        return does("cookies-required");
      case 53:
        return broken("wrong-cookie");  // looks forged until its stream, too, is reached
      case 54:
        return does("formerr-on-cookie");
      case 55:
        return broken("drop-cookies");
      default:
        // An authority that lies about what is not its own: in its own zones all stays true.
        does("add-additional " + lie(host));
        if (random_.percent(50)) does("add-answer " + lie(host));
        if (random_.percent(50)) does("add-authority " + lie_about_servers(host));
    }
  }

  bool may_speak_of(const Host& host, const Name& victim) const {
    if (host.forwards) return victim.is_within(*host.forwards);
    return std::any_of(host.serves.begin(), host.serves.end(), [&](std::size_t zone) {
      return victim.is_within(internet_.zones[zone].apex);
    });
  }

  /// A false address of a name in a zone that the host does not serve.
  std::string lie(const Host& host) {
    for (int tries = 0; tries < 20; ++tries) {
      const auto& victim = one_of(internet_.names, random_);
      if (!may_speak_of(host, victim)) return victim.to_text() + " 86400 A 203.0.113.66";
    }
    return "elsewhere.invalid. 86400 A 203.0.113.66";
  }

  std::string lie_about_servers(const Host& host) {
    for (int tries = 0; tries < 20; ++tries) {
      const auto& victim = one_of(internet_.zones, random_).apex;
      if (!may_speak_of(host, victim)) return victim.to_text() + " 86400 NS evil.invalid.";
    }
    return "elsewhere.invalid. 86400 NS evil.invalid.";
  }

  void make_ours() {
    if (!random_.percent(30)) return;
    const auto apex = name("lan.");
    std::vector<wire::Record> records;
    for (const auto& text :
         {std::string("lan. 60 SOA ns.lan. h.lan. 1 1 1 1 60"), std::string("lan. 60 NS ns.lan."),
          std::string("ns.lan. 60 A 10.0.0.1"),
          "out.lan. 60 CNAME " + one_of(internet_.names, random_).to_text()}) {
      records.push_back(*wire::record_from_text(text));
    }
    internet_.ours = *zones::Zone::from_records(apex, records);
    internet_.names.push_back(name("ns.lan."));
    internet_.names.push_back(name("out.lan."));
    internet_.names.push_back(name("nx.lan."));
  }

  SeededRandom& random_;
  Internet internet_;
  unsigned addresses_ = 0;
  unsigned trouble_ = 0;  // how many of the hosts misbehave, in percent
};

}  // namespace

Internet make_internet(SeededRandom& random) {
  return Maker(random).make();
}

namespace {

/// Under which of these verbs signatures arrive as they were sent, in time.
bool leaves_signatures(const std::string& verb) {
  static constexpr std::array<std::string_view, 11> harmless = {
      "cookies", "truncate",      "lowercase", "duplicate", "jitter",        "delay",
      "forge",   "repeat-answer", "uppercase", "add-",      "reverse-answer"};
  return std::ranges::any_of(harmless, [&](auto word) { return verb.starts_with(word); });
}

/// What stands between a signed zone and those who ask.
void attack(Host& host, const Internet& internet, SeededRandom& random, bool& lies) {
  const auto& victim = one_of(internet.names, random).to_text();
  const std::string where = random.percent(50) ? "" : "on " + victim + " ";
  host.sound = false;
  switch (random.below(9)) {
    case 0:
      return host.misbehaviours.push_back(where + "no-signatures");
    case 1:
      return host.misbehaviours.push_back(where + "no-proofs");
    case 2:
      return host.misbehaviours.push_back(where + "no-ds");
    case 3:
      return host.misbehaviours.push_back(where + "damage-signatures");
    case 4:
      return host.misbehaviours.push_back(where + "repeat-signatures " +
                                          std::to_string(random.between(1, 40)));
    case 5:
      lies = true;
      return host.misbehaviours.push_back(where + "damage-addresses");
    case 6:
      lies = true;
      host.misbehaviours.push_back("on " + victim + " no-answer");
      return host.misbehaviours.push_back("on " + victim + " say NXDOMAIN");
    case 7:
      lies = true;
      return host.misbehaviours.push_back("on " + victim + " replay-wildcard " +
                                          one_of(internet.names, random).to_text());
    default:
      lies = true;
      host.misbehaviours.push_back("on " + victim + " no-answer");
      return host.misbehaviours.push_back("on " + victim + " add-answer " + victim +
                                          " 300 A 203.0.113.66");
  }
}

}  // namespace

void sign(Internet& internet, SeededRandom& random) {
  std::vector<std::optional<world::Signing>> signings(internet.zones.size());
  for (std::size_t zone = 0; zone < internet.zones.size(); ++zone) {
    if (zone > 0 && !random.percent(75)) continue;
    auto& signing = signings[zone].emplace();
    signing.seed = random.next();
    signing.inception = world::dawn - std::chrono::hours{24};
    signing.expiration = world::dawn + std::chrono::hours{24 * 365 * 20};
    signing.nsec3 = random.percent(50);
    signing.opt_out = signing.nsec3 && random.percent(40);
    if (signing.nsec3 && random.percent(20))
      signing.iterations = static_cast<std::uint16_t>(random.between(1, 60));
    signing.no_ds = zone > 0 && random.percent(15);
    if (random.percent(5)) signing.unknown_digests = 1;
    auto& its = internet.zones[zone];
    its.secure = zone == 0 || (internet.zones[its.parent].secure && !signing.no_ds);
    its.leaves_gaps = signing.opt_out || signing.iterations > dnssec::limits::nsec3_iterations;
    const bool broken = zone > 0 && random.percent(10);
    if (!broken) continue;
    switch (random.below(3)) {
      case 0:
        signing.wrong_ds = true;
        break;
      case 1:
        signing.wrong_key = true;
        break;
      default:
        signing.expiration = world::dawn - std::chrono::hours{24 * 30};
        signing.inception = world::dawn - std::chrono::hours{24 * 60};
    }
    for (const auto host : its.hosts) internet.hosts[host].sound = false;
  }
  for (std::size_t zone = 0; zone < internet.zones.size(); ++zone) {
    if (!signings[zone]) continue;
    auto& its = internet.zones[zone];
    auto records = its.records;
    for (std::size_t child = 1; child < internet.zones.size(); ++child) {
      if (internet.zones[child].parent != zone || !signings[child]) continue;
      const auto ds = world::SignedZone::ds_of(internet.zones[child].apex, *signings[child]);
      for (const auto rdata : ds.rdata)
        records.push_back({ds.owner, ds.type, ds.rrclass, ds.ttl, {rdata.begin(), rdata.end()}});
    }
    its.signed_as = std::make_shared<world::SignedZone>(its.apex, records, *signings[zone]);
    its.made = its.signed_as->zone();
    its.ds = world::SignedZone::ds_of(its.apex, *signings[zone]);
  }
  for (auto& host : internet.hosts) {
    if (!std::ranges::all_of(host.misbehaviours, leaves_signatures)) host.sound = false;
    if (random.percent(12)) attack(host, internet, random, internet.lies);
  }
}

cache::Delegation Internet::root_hints() const {
  cache::Delegation hints;
  for (const auto host : zones[0].hosts) {
    hints.servers.push_back({hosts[host].name, hosts[host].addresses});
  }
  return hints;
}

resolver::Forwarding Internet::forwarding() const {
  std::vector<resolver::ForwardZone> all;
  for (const Forward& forward : forwards) {
    resolver::ForwardZone zone;
    zone.zone = forward.zone;
    for (const auto host : forward.hosts)
      for (const auto& address : hosts[host].addresses) zone.servers.push_back({address});
    zone.first = forward.first;
    zone.listed = forward.listed;
    all.push_back(std::move(zone));
  }
  return resolver::Forwarding(std::move(all));
}

const Forward* Internet::forward_of(const wire::Name& name, const Forward* passed) const {
  const Forward* longest = nullptr;
  for (const Forward& forward : forwards) {
    const auto labels = forward.zone.label_count();
    if (name.is_within(forward.zone) && (!passed || labels < passed->zone.label_count()) &&
        (!longest || labels > longest->zone.label_count()))
      longest = &forward;
  }
  return longest;
}

wire::RRset Internet::anchor() const {
  return zones[0].ds;
}

void Internet::populate(world::FakeNetwork& network, const std::set<std::size_t>& dead) const {
  network.remove_servers();
  if (!ipv6_route) network.cut_route(*wire::Prefix::from_text("::/0"));
  for (std::size_t at = 0; at < hosts.size(); ++at) {
    if (dead.contains(at)) continue;
    const auto& host = hosts[at];
    std::vector<std::shared_ptr<const zones::Zone>> served;
    std::vector<std::shared_ptr<const world::SignedZone>> signed_zones;
    for (const auto zone : host.serves) {
      served.push_back(zones[zone].made);
      if (zones[zone].signed_as) signed_zones.push_back(zones[zone].signed_as);
    }
    std::vector<world::Misbehaviour> misbehaviours;
    for (const auto& text : host.misbehaviours) {
      misbehaviours.push_back(*world::Misbehaviour::from_text(text));
    }
    const auto server = std::make_shared<world::Server>(std::move(served), std::move(misbehaviours),
                                                        std::move(signed_zones));
    for (const auto& address : host.addresses)
      if (!address.is_v6() || !ipv6_black_hole) network.put_server({address}, server);
  }
}

zones::ZoneSet Internet::all_zones() const {
  std::vector<std::shared_ptr<const cairn::zones::Zone>> all;
  for (const auto& zone : zones) all.push_back(zone.made);
  if (ours) all.push_back(ours);
  return zones::ZoneSet(std::move(all));
}

std::size_t Internet::zone_of(const wire::Name& name) const {
  std::size_t deepest = 0;
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    if (name.is_within(zones[zone].apex) &&
        zones[zone].apex.label_count() >= zones[deepest].apex.label_count()) {
      deepest = zone;
    }
  }
  return deepest;
}

}  // namespace cairn::sim
