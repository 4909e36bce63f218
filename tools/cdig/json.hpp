// +json: each message as one JSON object on one line, for programs. dig has no such option.
//
// The fields of the message are those of RFC 8427 section 2, where they fit:
//   ID QR Opcode AA TC RD RA AD CD RCODE QDCOUNT ANCOUNT NSCOUNT ARCOUNT   numbers, flags as 0 or 1
//   QNAME QTYPE QTYPEname QCLASS QCLASSname     of the first question
//   questionRRs answerRRs authorityRRs additionalRRs   lists of objects with
//     NAME TYPE TYPEname CLASS CLASSname TTL RDLENGTH RDATAHEX   and `rdataMX` etc.: the data as
//     text, under the mnemonic of its type
// Beside them, what RFC 8427 has no name for:
//   Opcodename RCODEname    "QUERY", "NXDOMAIN"
//   EDNS        {version, flags, DO, udp, options: [{code, name, text, hex}]}
//   signature   the TSIG or SIG(0) of the message, as a record
//   malformed   true when the message breaks a rule; extraBytes: octets behind its end
//   kind        "reply", "query", "error", "why", "map", "validation" or "prefixes"
//   server      {address, port, name}; transport "UDP", "TCP", "TLS", ...; size in octets;
//   elapsed     microseconds between query and reply; time: seconds since 1970 (UTC), of arrival
// The other kinds are:
//   error       {message}
//   why         {QNAME, QTYPEname, steps: [{depth, text}]}: what +why tells
//   map         {zones: [{name, security, servers: [{name, address, elapsed, trouble}]}], ending}
//   validation  {QNAME, QTYPEname, security, reason: {code, text},
//               links: [{depth, title, security, details: [{what, text}]}]}
//   prefixes    {prefixes}: of +dns64prefix
#pragma once

#include <string>
#include <vector>

#include "tools/cdig/map.hpp"
#include "tools/cdig/print.hpp"
#include "tools/cdig/validation.hpp"

namespace cairn::cdig {

std::string reply_json(const wire::LooseMessage& reply, const Delivery& delivery);
std::string query_json(const wire::Message& query, const Delivery& delivery);
std::string trouble_json(const std::string& sentence);

/// One step of a resolution, and below how many others it stands.
struct ToldStep {
  unsigned depth = 0;
  std::string text;
};
std::string steps_json(const wire::Question& question, const std::vector<ToldStep>& steps);
std::string map_json(const DelegationMap& map);
std::string validation_json(const Validation& validation);
std::string prefixes_json(const std::vector<std::string>& prefixes);

}  // namespace cairn::cdig
