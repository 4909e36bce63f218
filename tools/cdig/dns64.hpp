// The prefixes by which this network gives IPv4 addresses to hosts that have IPv6 alone (RFC 7050):
// ipv4only.arpa has two well-known IPv4 addresses and no other, so an AAAA record of it was made by
// a DNS64 (RFC 6147), and shows where the address stands in it.
#pragma once

#include <string>
#include <vector>

#include "wire/message.hpp"

namespace cairn::cdig {

/// "64:ff9b::/96", out of the answer to ipv4only.arpa AAAA; each once.
std::vector<std::string> dns64_prefixes(const wire::Message& reply);

/// A line each.
std::string prefixes_text(const std::vector<std::string>& prefixes);

}  // namespace cairn::cdig
