// The trace: what was done for a query, step by step, as small printable values. `cairnctl
// explain`, the log, the scenarios' `asked` lines and the text of extended errors all show these
// and nothing else: the same words everywhere.
#pragma once

#include <string>
#include <vector>

#include "wire/address.hpp"
#include "wire/question.hpp"

namespace cairn::resolver {

enum class Transport : std::uint8_t { Udp, Tcp };

/// What a reply turned out to be (reading.hpp), or why there was none.
enum class ReplyKind : std::uint8_t {
  Answer,
  Alias,  // a CNAME or DNAME that leads on
  NoData,
  NxDomain,
  Referral,
  Lame,      // the server does not know the zone, or points sideways or up
  Failure,   // SERVFAIL, REFUSED, FORMERR, NOTIMP and other codes that are no answer
  Unusable,  // nothing in it may be believed
  Timeout,
  Unreachable,  // no route, refused connection, closed stream
  Overtaken,    // another server was faster, or nobody waits any more
};

enum class StepKind : std::uint8_t {
  Found,      // in the cache or in a zone of ours
  Asked,      // one exchange with one server
  Waited,     // for another question (a server's address, the root's servers); its own steps follow
              // one level deeper
  Judged,     // whether signatures prove it
  Concluded,  // the end of a question
  Cut,        // more was done than is told here
};

struct Step {
  StepKind kind = StepKind::Found;
  std::uint8_t depth = 0;  // of the question that this step belongs to; the client's own is 0
  wire::Question question;
  wire::Instant at{};
  std::string detail;  // Found: where; Waited: why; Concluded: the rcode or the failure in words;
                       // Judged: the verdict in words;
                       // Asked: the referral's zone, the alias' target
  // Asked only:
  wire::Name zone;
  wire::Endpoint server;
  bool recursive = false;  // the server was to resolve it
  Transport transport = Transport::Udp;
  ReplyKind reply = ReplyKind::Timeout;
  wire::Rcode rcode = wire::Rcode::NOERROR;
  wire::Duration rtt{};
  unsigned packets = 0;   // sent for this exchange
  unsigned scrubbed = 0;  // records that were not believed
  unsigned ignored = 0;   // datagrams that did not match
  // Concluded only:
  unsigned sends = 0;            // of the whole query's budget so far
  unsigned address_lookups = 0;  // likewise
  std::size_t received_octets = 0;
};

using Trace = std::vector<Step>;

std::string to_text(ReplyKind kind);
std::string to_text(Transport transport);
/// One line, without indentation: "asked 192.5.6.30 of com. for amazon.com. IN A: referral to
/// amazon.com. in 12.3 ms".
std::string to_text(const Step& step);
/// The whole trace as an indented tree, one line a step.
std::string to_tree(const Trace& trace);

}  // namespace cairn::resolver
