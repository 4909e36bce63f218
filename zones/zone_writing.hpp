// A zone as the one text that stands for it: absolute names, canonical order (RFC 4034 section
// 6.1), the SOA first, one record a line, so that two versions of a zone are compared line by line.
// Read again, it is the same zone. The records of a set keep their order, because `fixed` rotation
// goes by it.
#pragma once

#include <functional>
#include <string_view>

#include "zones/zone.hpp"

namespace cairn::zones {

/// Passes the text on in pieces of some 64 KiB: nobody needs all of it at once.
void write_zone(const Zone& zone, const std::function<void(std::string_view)>& write);

}  // namespace cairn::zones
