// A question as it leaves for a server, and everything that a reply to it is held against: the id,
// the random case of the name (0x20), and our half of a DNS cookie (RFC 7873). Somebody who does
// not see the question has to guess all of these, and the port (RFC 5452).
#pragma once

#include <span>

#include "cache/cache.hpp"
#include "resolver/random.hpp"
#include "resolver/step.hpp"
#include "wire/message.hpp"

namespace cairn::resolver {

/// 0x20: each letter's case by one random bit (draft-vixie-dnsext-dns0x20).
wire::Name with_random_case(const wire::Name& name, Random& random);

enum class Match : std::uint8_t { No, OtherCase, Yes };
enum class CookieMatch : std::uint8_t { Missing, Wrong, Right };

struct SentQuestion {
  std::uint16_t id = 0;
  wire::Name name;  // in the case in which it leaves
  wire::RRType type = wire::RRType::A;
  wire::RRClass rrclass = wire::RRClass::IN;
  bool recursive = false;          // RD: somebody is to resolve for us
  bool checking_disabled = false;  // CD: we judge ourselves (RFC 6840 section 5.9)
  bool with_edns = true;
  bool with_options = true;  // in the OPT: a cookie, and over TCP a wish to keep the stream
  cache::CookiePair cookie;  // the server's half may be missing

  wire::Bytes octets(Transport transport, std::uint16_t edns_udp_size) const;
  /// Judged before anything else of the reply is read.
  Match match(std::span<const std::uint8_t> reply) const;
  CookieMatch match_cookie(const wire::Message& reply) const;
};

}  // namespace cairn::resolver
