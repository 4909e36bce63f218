#include "resolver/sent_question.hpp"

#include <algorithm>
#include <array>

#include "wire/edns_options.hpp"
#include "wire/reader.hpp"

namespace cairn::resolver {
namespace {

using wire::Name;

void put_u16(wire::Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8 & 0xff));
  out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

void put(wire::Bytes& out, std::span<const std::uint8_t> octets) {
  out.insert(out.end(), octets.begin(), octets.end());
}

}  // namespace

Name with_random_case(const Name& name, Random& random) {
  std::array<std::uint8_t, Name::max_octets> octets{};
  const auto wire = name.wire();
  std::uint64_t bits = 0;
  unsigned left = 0;
  for (std::size_t at = 0; at < wire.size(); ++at) {
    octets[at] = wire::fold(wire[at]);
    // Length octets are below 'a': they stay.
    if (octets[at] < 'a' || octets[at] > 'z') continue;
    if (left == 0) {
      bits = random.next();
      left = 64;
    }
    if (bits & 1) octets[at] = static_cast<std::uint8_t>(octets[at] - 32);
    bits >>= 1;
    --left;
  }
  return *Name::from_wire(std::span(octets).first(wire.size()));
}

wire::Bytes SentQuestion::octets(Transport transport, std::uint16_t edns_udp_size) const {
  const std::size_t cookie_octets = cookie.client.size() + cookie.server_octets;
  wire::Bytes message;
  message.reserve(wire::header_octets + name.size() + 4 + 11 + 4 + cookie_octets + 4);
  put_u16(message, id);
  // RD and CD where somebody resolves for us, nothing else; one question, at most one OPT.
  const auto cd = static_cast<std::uint8_t>(checking_disabled ? 0x10 : 0);
  put(message, std::to_array<std::uint8_t>({static_cast<std::uint8_t>(recursive), cd, 0, 1, 0, 0, 0,
                                            0, 0, static_cast<std::uint8_t>(with_edns)}));
  put(message, name.wire());
  put_u16(message, static_cast<std::uint16_t>(type));
  put_u16(message, static_cast<std::uint16_t>(rrclass));
  if (!with_edns) return message;
  constexpr std::uint8_t dnssec_ok = 0x80;
  message.push_back(0);
  put_u16(message, static_cast<std::uint16_t>(wire::RRType::OPT));
  put_u16(message, edns_udp_size);
  put(message, std::to_array<std::uint8_t>({0, 0, dnssec_ok, 0}));
  if (!with_options) {
    put_u16(message, 0);
    return message;
  }
  const bool keepalive = transport == Transport::Tcp;  // RFC 7828 section 3.2: not over UDP
  put_u16(message, 4 + cookie_octets + (keepalive ? 4 : 0));
  put_u16(message, static_cast<std::uint16_t>(wire::OptionCode::Cookie));
  put_u16(message, cookie_octets);
  put(message, cookie.client);
  put(message, std::span(cookie.server).first(cookie.server_octets));
  if (keepalive) {
    put_u16(message, static_cast<std::uint16_t>(wire::OptionCode::Keepalive));
    put_u16(message, 0);
  }
  return message;
}

Match SentQuestion::match(std::span<const std::uint8_t> reply) const {
  const auto raw = wire::parse_header(reply);
  if (!raw || raw->header.id != id || !raw->header.response ||
      raw->header.opcode != wire::Opcode::Query)
    return Match::No;
  if (raw->questions == 0) {
    // Servers that do not understand a question may leave it out of their complaint.
    const auto rcode = raw->header.rcode;
    const bool complaint = rcode == wire::Rcode::FORMERR || rcode == wire::Rcode::NOTIMP;
    return complaint && raw->answers == 0 && raw->authorities == 0 ? Match::Yes : Match::No;
  }
  if (raw->questions != 1) return Match::No;
  wire::Reader reader(reply, wire::header_octets);
  const Name theirs = reader.name();
  const auto their_type = static_cast<wire::RRType>(reader.u16());
  const auto their_class = static_cast<wire::RRClass>(reader.u16());
  if (reader.failed() || their_type != type || their_class != rrclass) return Match::No;
  // Octet for octet as it was sent: nothing stands before a question that it could be compressed
  // against.
  if (reader.at() != wire::header_octets + name.size() + 4) return Match::No;
  if (theirs.is_identical(name)) return Match::Yes;
  return theirs == name ? Match::OtherCase : Match::No;
}

CookieMatch SentQuestion::match_cookie(const wire::Message& reply) const {
  const wire::EdnsOption* option =
      reply.edns ? reply.edns->find(wire::OptionCode::Cookie) : nullptr;
  if (!option) return CookieMatch::Missing;
  const auto theirs = wire::Cookie::parse(option->data);
  return theirs && theirs->client == cookie.client ? CookieMatch::Right : CookieMatch::Wrong;
}

}  // namespace cairn::resolver
