// Names in their own script (IDNA 2008, RFC 5890 to 5892): the one place that knows libidn2. On the
// wire a name of another script stands as ASCII labels that begin with "xn--".
#pragma once

#include <string>
#include <string_view>

#include "wire/result.hpp"

namespace cairn::cdig {

/// A name as it is shown, in the encoding of the locale; unchanged when it cannot be.
std::string to_unicode(const std::string& name);

/// A name as it is typed, in the encoding of the locale; or why it is no name.
wire::Result<std::string> from_unicode(const std::string& name);

}  // namespace cairn::cdig
