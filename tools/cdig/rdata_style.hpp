// RDATA in the shapes that dig gives it on request: over several lines with comments (+multiline),
// long words cut (+split), keys and signatures left out (+nocrypto), addresses in full
// (+expandaaaa), any type in the form of an unknown one (+unknownformat), names in their own
// script (+idnout).
#pragma once

#include <string>
#include <string_view>

#include "tools/cdig/print.hpp"
#include "wire/name.hpp"
#include "wire/rrset.hpp"

namespace cairn::cdig {

/// What begins a further line of a record: dig's columns in +multiline.
inline constexpr std::string_view next_line = "\n\t\t\t\t";

std::string rdata_text(const wire::Record& record, const Display& display);

/// As it is, or with +idnout in Unicode.
std::string name_text(const wire::Name& name, const Display& display);

/// "2 hours", "1 week 1 day": every unit that is not zero.
std::string in_words(std::uint32_t seconds);

/// RFC 4034 appendix B.
std::uint16_t key_tag(wire::RdataView dnskey);

}  // namespace cairn::cdig
