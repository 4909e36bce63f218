#include "zones/zone_writing.hpp"

#include <string>

#include "wire/rdata_text.hpp"

namespace cairn::zones {

using wire::RRType;

void write_zone(const Zone& zone, const std::function<void(std::string_view)>& write) {
  constexpr std::size_t piece = 65536;
  std::string text;
  const auto add = [&](const wire::RRsetView& set, RRType type, wire::RdataView rdata) {
    std::string owner = set.owner->to_text();
    if (owner.starts_with('$')) owner.insert(0, 1, '\\');  // no directive
    text += owner + "\t" + std::to_string(set.ttl.seconds) + "\tIN\t" + to_text(type) + "\t" +
            wire::rdata_to_text(type, rdata) + "\n";
    if (text.size() < piece) return;
    write(text);
    text.clear();
  };
  zone.for_each_set([&add](const wire::RRsetView& set) {
    for (const wire::RdataView rdata : set.rdata) add(set, set.type, rdata);
    for (const wire::RdataView rdata : set.signatures) add(set, RRType::RRSIG, rdata);
  });
  write(text);
}

}  // namespace cairn::zones
