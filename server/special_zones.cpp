#include "server/special_zones.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "zones/zone_file.hpp"

namespace cairn::server {
namespace {

/// As RFC 6303 section 3 writes it for empty zones.
constexpr std::string_view apex_records =
    "$TTL 10800\n@ SOA @ nobody.invalid. 1 3600 1200 604800 10800\n@ NS @\n";

struct Special {
  std::string_view apex;
  std::string_view records = "";  // beside those of the apex; without any, all below is NXDOMAIN
  unsigned first = 0, last = 0;   // a row for each number, as the first label of the apex
};

constexpr Special table[] = {
    // Names of hosts.
    {"localhost.", "@ A 127.0.0.1\n@ AAAA ::1\n* A 127.0.0.1\n* AAAA ::1\n"},  // RFC 6761 6.3
    {"invalid."},                                                              // RFC 6761 6.4
    {"test."},                                                                 // RFC 6761 6.2
    {"local."},                                                                // RFC 6762 22.1
    {"onion."},                                                                // RFC 7686 2
    {"alt."},                                                                  // RFC 9476 3.2
    {"home.arpa."},                                                            // RFC 8375 4
    {"service.arpa."},                                                         // RFC 9665 10
    // NODATA for every name, which says that no encrypted resolver is designated: the wildcard
    // exists, and has nothing (RFC 9462 section 6.4).
    {"resolver.arpa.", "none.* TXT \"\"\n"},
    {"ipv4only.arpa.", "@ A 192.0.0.170\n@ A 192.0.0.171\n"},  // RFC 8880 7.1
    {"170.0.0.192.in-addr.arpa.", "@ PTR ipv4only.arpa.\n"},   // RFC 8880 7.2
    {"171.0.0.192.in-addr.arpa.", "@ PTR ipv4only.arpa.\n"},   // RFC 8880 7.2
    {"empty.as112.arpa."},                                     // RFC 7535 3.3
    // Addresses of IPv4.
    {"0.in-addr.arpa."},                              // RFC 6303 4.2, "this"
    {"10.in-addr.arpa."},                             // RFC 6303 4.1, private
    {"172.in-addr.arpa.", "", 16, 31},                // RFC 6303 4.1, private
    {"168.192.in-addr.arpa."},                        // RFC 6303 4.1, private
    {"100.in-addr.arpa.", "", 64, 127},               // RFC 7793, shared
    {"127.in-addr.arpa.", "1.0.0 PTR localhost.\n"},  // RFC 6303 4.2, loopback
    {"254.169.in-addr.arpa."},                        // RFC 6303 4.2, link-local
    {"2.0.192.in-addr.arpa."},                        // RFC 6303 4.2, for books
    {"100.51.198.in-addr.arpa."},                     // RFC 6303 4.2, for books
    {"113.0.203.in-addr.arpa."},                      // RFC 6303 4.2, for books
    {"255.255.255.255.in-addr.arpa."},                // RFC 6303 4.2, broadcast
    // Addresses of IPv6.
    {"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."},  // RFC 6303 4.3
    {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
     "@ PTR localhost.\n"},         // RFC 6303 4.3, loopback
    {"8.b.d.0.1.0.0.2.ip6.arpa."},  // RFC 6303 4.6, for books
    {"0.f.f.f.3.ip6.arpa."},        // RFC 9637 4, for books
    {"d.f.ip6.arpa."},              // RFC 6303 4.4, unique local
    {"8.e.f.ip6.arpa."},            // RFC 6303 4.5, link-local, as the next three
    {"9.e.f.ip6.arpa."},
    {"a.e.f.ip6.arpa."},
    {"b.e.f.ip6.arpa."},
};

using ZonePtr = std::shared_ptr<const zones::Zone>;

ZonePtr make(const std::string& apex_text, std::string_view records) {
  const auto apex = wire::Name::from_text(apex_text).value();
  const auto parsed =
      zones::parse_zone_file(std::string(apex_records) + std::string(records), apex, apex_text);
  return zones::Zone::from_records(apex, parsed.records).value();
}

std::vector<ZonePtr> make_all() {
  std::vector<ZonePtr> all;
  for (const Special& row : table) {
    if (row.last == 0) all.push_back(make(std::string(row.apex), row.records));
    for (unsigned number = row.first; row.last != 0 && number <= row.last; ++number)
      all.push_back(make(std::to_string(number) + "." + std::string(row.apex), row.records));
  }
  return all;
}

}  // namespace

std::vector<ZonePtr> special_zones(std::span<const wire::Name> hosted) {
  static const std::vector<ZonePtr> all = make_all();  // they never change
  std::vector<ZonePtr> left = all;
  std::erase_if(left, [hosted](const ZonePtr& zone) {
    return std::ranges::any_of(hosted, [&zone](const wire::Name& own) {
      return !own.is_root() && zone->apex().is_within(own);
    });
  });
  return left;
}

}  // namespace cairn::server
