// Builds zones for the tests from zone file text, and prints answers as lines of text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/rdata_text.hpp"
#include "zones/zone.hpp"
#include "zones/zone_file.hpp"

namespace cairn::zones::tests {

/// SOA and NS of a zone for which they do not matter; negative answers live 60 seconds.
inline constexpr std::string_view apex_lines =
    "$TTL 300\n"
    "@ SOA ns.elsewhere. hostmaster.elsewhere. 7 3600 600 86400 60\n"
    "@ NS ns.elsewhere.\n";

wire::Result<std::shared_ptr<const Zone>> try_zone(std::string_view apex, std::string_view text,
                                                   const ZoneOptions& options = {});
/// The apex lines, then `text`; aborts when that is no zone.
std::shared_ptr<const Zone> zone(std::string_view apex, std::string_view text,
                                 const ZoneOptions& options = {});

/// "NOERROR aa" and each record behind its section's letter: "an: www.example. 300 IN A 192.0.2.1".
/// Records of a set from `first` on, as they go out. Last, if so, "continues at NAME".
std::vector<std::string> to_lines(const ZoneAnswer& answer);

/// The lines of what `zone` says to `name` and `type`.
std::vector<std::string> ask(const Zone& zone, std::string_view name, wire::RRType type,
                             bool dnssec_ok = false);

}  // namespace cairn::zones::tests
