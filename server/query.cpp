#include "server/query.hpp"

#include <algorithm>

#include "server/limits.hpp"
#include "wire/message.hpp"
#include "wire/reader.hpp"

namespace cairn::server {
namespace {

using wire::Rcode;
using wire::RRClass;
using wire::RRType;

/// What class and type alone forbid, as BIND and Unbound see it.
Rcode complaint_about(const wire::Question& question) {
  const auto type = static_cast<std::uint16_t>(question.type);
  switch (question.type) {
    case RRType::AXFR:
    case RRType::IXFR:
      return Rcode::REFUSED;
    case RRType::MAILA:
    case RRType::MAILB:
      return Rcode::NOTIMP;
    case RRType::ANY:
      break;
    default:
      if (type == 0 || wire::is_meta(question.type)) return Rcode::FORMERR;
  }
  return question.rrclass == RRClass::IN ? Rcode::NOERROR : Rcode::REFUSED;
}

/// The form of the options counts, their content is not needed yet. At most so many are looked at.
bool options_well_formed(std::span<const std::uint8_t> rdata) {
  wire::Reader reader(rdata);
  for (std::size_t count = 0; reader.left() > 0 && count < limits::edns_options; ++count) {
    reader.u16();
    reader.bytes(reader.u16());
    if (reader.failed()) return false;
  }
  return true;
}

/// The one OPT of a query (RFC 6891 section 6.1), or a complaint.
Rcode read_additional(wire::Reader& reader, unsigned records, Query& query) {
  for (; records > 0; --records) {
    const wire::Name owner = reader.name();
    const auto type = static_cast<RRType>(reader.u16());
    const std::uint16_t udp_size = reader.u16();
    const std::uint32_t ttl = reader.u32();
    const auto rdata = reader.bytes(reader.u16());
    if (reader.failed()) return Rcode::FORMERR;
    if (type != RRType::OPT) continue;
    if (query.edns || !owner.is_root() || !options_well_formed(rdata)) return Rcode::FORMERR;
    query.edns = true;
    query.udp_size = std::max<std::uint16_t>(udp_size, limits::least_edns_octets);
    query.dnssec_ok = (ttl & 0x8000) != 0;
    if ((ttl >> 16 & 0xff) != 0) query.complaint = Rcode::BADVERS;
  }
  return reader.left() == 0 ? query.complaint : Rcode::FORMERR;
}

Rcode read_sections(std::span<const std::uint8_t> octets, const wire::RawHeader& raw,
                    Query& query) {
  if (raw.questions > 1 || raw.answers != 0 || raw.authorities != 0) return Rcode::FORMERR;
  wire::Reader reader(octets, wire::header_octets);
  if (raw.questions == 1) {
    query.question.name = reader.name();
    query.question.type = static_cast<RRType>(reader.u16());
    query.question.rrclass = static_cast<RRClass>(reader.u16());
    if (reader.failed()) return Rcode::FORMERR;
    // Before the first name there is only the header to point to: no question, and written out in
    // full it would be longer than what came.
    if (reader.at() != wire::header_octets + query.question.name.wire().size() + 4)
      return Rcode::FORMERR;
    query.has_question = true;
  }
  const Rcode complaint = read_additional(reader, raw.additionals, query);
  if (complaint != Rcode::NOERROR) return complaint;
  return query.has_question ? complaint_about(query.question) : Rcode::FORMERR;  // RFC 9619
}

}  // namespace

std::optional<Query> read_query(std::span<const std::uint8_t> octets) {
  const auto raw = wire::parse_header(octets);
  if (!raw || raw->header.response) return std::nullopt;
  Query query;
  query.id = raw->header.id;
  query.opcode = raw->header.opcode;
  query.recursion_desired = raw->header.recursion_desired;
  query.checking_disabled = raw->header.checking_disabled;
  // Of other operations as well: who sends an OPT gets one back (RFC 6891 section 6.1.1).
  query.complaint = read_sections(octets, *raw, query);
  if (query.opcode != wire::Opcode::Query) query.complaint = Rcode::NOTIMP;
  return query;
}

}  // namespace cairn::server
