// What the daemon says about itself to those who ask in class CH (RFC 4892): id.server and
// hostname.bind for its name, version.server and version.bind for its version. Nothing unless the
// operator gives the words: whoever knows the version knows which holes to try.
#pragma once

#include <string_view>
#include <vector>

#include "wire/question.hpp"
#include "wire/rrset.hpp"

namespace cairn::server {

class Identity {
 public:
  Identity() = default;
  /// Texts of up to 255 octets; an empty one is not told.
  Identity(std::string_view name, std::string_view version);

  /// The set that answers `question`, of class CH; nullptr if there is none.
  const wire::RRset* find(const wire::Question& question) const;

 private:
  std::vector<wire::RRset> sets_;
};

}  // namespace cairn::server
