// Names as words of the command line: what is wrong with one in dig's words, and the names that a
// word stands for when there is a search list (RFC 1123 section 6.1.4.3, resolv.conf(5)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/name.hpp"
#include "wire/result.hpp"

namespace cairn::cdig {

/// The error is "empty label", "label too long", "bad escape", "ran out of space" or "unexpected
/// end of input".
wire::Result<wire::Name> name_in(std::string_view text);

/// Which names to try, in order. A name with a final dot stands for itself; one with at least
/// `ndots` dots is tried as it is first, and only it.
std::vector<std::string> names_to_try(const std::string& name,
                                      const std::vector<std::string>& search, unsigned ndots);

}  // namespace cairn::cdig
