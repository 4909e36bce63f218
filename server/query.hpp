// A client's query as far as an answer depends on it, read by hand from raw octets: no Message is
// built and nothing is allocated for a query that the cache answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "server/cookies.hpp"
#include "wire/edns.hpp"
#include "wire/question.hpp"
#include "wire/types.hpp"

namespace cairn::server {

struct Query {
  std::uint16_t id = 0;
  wire::Opcode opcode = wire::Opcode::Query;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool authentic_data = false;  // it wants to hear whether the answer is (RFC 6840 section 5.7)
  bool has_question = false;    // otherwise the reply has none either
  wire::Question question;      // in the client's case

  bool edns = false;
  bool dnssec_ok = false;
  std::uint16_t udp_size = 512;  // what the client can take over UDP

  std::optional<CookieOption> cookie;       // as it came (RFC 7873)
  std::optional<ServerCookie> next_cookie;  // goes back with it, once it was judged
  bool proven = false;  // it is ours: this client receives what is sent to its address

  bool asks_keepalive = false;             // how long its stream may be idle (RFC 7828)
  std::optional<std::uint16_t> keepalive;  // goes back with it; in tenths of a second

  bool understands_ad() const { return authentic_data || dnssec_ok; }

  /// Why it gets no answer; NOERROR if it may.
  wire::Rcode complaint = wire::Rcode::NOERROR;
  const wire::ExtendedError* reason = nullptr;  // in words, and never freed
};

/// nullopt for what is never replied to: less than a header, and replies (QR), so that two servers
/// cannot be set to talk to each other.
std::optional<Query> read_query(std::span<const std::uint8_t> octets);

}  // namespace cairn::server
