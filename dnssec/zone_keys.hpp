// The keys of a zone that were found good from the trust anchor down: what its data is judged by.
// They are made once per DNSKEY set and then only read, by all who judge that zone's data.
#pragma once

#include <vector>

#include "dnssec/public_key.hpp"
#include "wire/name.hpp"

namespace cairn::dnssec {

struct ZoneKeys {
  wire::Name zone;
  std::vector<PublicKey> keys;  // of those, each may sign (PublicKey::may_sign)
};

}  // namespace cairn::dnssec
