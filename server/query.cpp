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

struct Complaint {
  Rcode rcode = Rcode::NOERROR;
  const wire::ExtendedError* reason = nullptr;
};

Complaint malformed(const wire::ExtendedError& how) {
  return {Rcode::FORMERR, &how};
}

using wire::ExtendedErrorCode::Other;
const wire::ExtendedError cut_short{Other, "the query is cut short, or more follows it"};
const wire::ExtendedError too_much{Other,
                                   "a query has one question, and no answer or authority records"};
const wire::ExtendedError no_question{Other, "there is no question"};
const wire::ExtendedError wrong_opt{Other, "the OPT record is malformed, or there are two"};

Complaint unknown_operation() {
  static const wire::ExtendedError reason{wire::ExtendedErrorCode::NotSupported,
                                          "only queries are answered"};
  return {Rcode::NOTIMP, &reason};
}

/// What class and type alone forbid, as BIND and Unbound see it. CH is for ClientQueries to decide.
Complaint complaint_about(const wire::Question& question) {
  static const wire::ExtendedError transfers{wire::ExtendedErrorCode::NotSupported,
                                             "zone transfers are not offered"};
  static const wire::ExtendedError mail{wire::ExtendedErrorCode::NotSupported,
                                        "MAILA and MAILB are obsolete (RFC 1035)"};
  static const wire::ExtendedError meta{wire::ExtendedErrorCode::InvalidQueryType,
                                        "this type is no type of data (RFC 6895)"};
  static const wire::ExtendedError classes{wire::ExtendedErrorCode::NotSupported,
                                           "only class IN is served"};
  switch (question.type) {
    case RRType::AXFR:
    case RRType::IXFR:
      return {Rcode::REFUSED, &transfers};
    case RRType::MAILA:
    case RRType::MAILB:
      return {Rcode::NOTIMP, &mail};
    case RRType::ANY:
      break;
    default:
      if (question.type == RRType{0} || wire::is_meta(question.type))
        return {Rcode::FORMERR, &meta};
  }
  if (question.rrclass == RRClass::IN || question.rrclass == RRClass::CH) return {};
  return {Rcode::REFUSED, &classes};
}

/// The first cookie counts; of the other options only the form. At most so many are looked at.
bool read_options(std::span<const std::uint8_t> rdata, Query& query) {
  wire::Reader reader(rdata);
  for (std::size_t count = 0; reader.left() > 0 && count < limits::edns_options; ++count) {
    const auto code = static_cast<wire::OptionCode>(reader.u16());
    const auto octets = reader.bytes(reader.u16());
    if (reader.failed()) return false;
    if (code == wire::OptionCode::Keepalive) query.asks_keepalive = true;
    if (code != wire::OptionCode::Cookie || query.cookie) continue;
    query.cookie = cookie_option(octets);
    if (!query.cookie) return false;
  }
  return true;
}

/// The one OPT of a query (RFC 6891 section 6.1), or a complaint.
Complaint read_additional(wire::Reader& reader, unsigned records, Query& query) {
  static const wire::ExtendedError only_zero{wire::ExtendedErrorCode::NotSupported,
                                             "of EDNS only version 0 is known"};
  Complaint version;
  for (; records > 0; --records) {
    const wire::Name owner = reader.name();
    const auto type = static_cast<RRType>(reader.u16());
    const std::uint16_t udp_size = reader.u16();
    const std::uint32_t ttl = reader.u32();
    const auto rdata = reader.bytes(reader.u16());
    if (reader.failed()) return malformed(cut_short);
    if (type != RRType::OPT) continue;
    if (query.edns || !owner.is_root() || !read_options(rdata, query)) return malformed(wrong_opt);
    query.edns = true;
    query.udp_size = std::max<std::uint16_t>(udp_size, limits::least_edns_octets);
    query.dnssec_ok = (ttl & 0x8000) != 0;
    if ((ttl >> 16 & 0xff) != 0) version = {Rcode::BADVERS, &only_zero};
  }
  return reader.left() == 0 ? version : malformed(cut_short);
}

Complaint read_sections(std::span<const std::uint8_t> octets, const wire::RawHeader& raw,
                        Query& query) {
  if (raw.questions > 1 || raw.answers != 0 || raw.authorities != 0) return malformed(too_much);
  wire::Reader reader(octets, wire::header_octets);
  if (raw.questions == 1) {
    query.question.name = reader.name();
    query.question.type = static_cast<RRType>(reader.u16());
    query.question.rrclass = static_cast<RRClass>(reader.u16());
    if (reader.failed()) return malformed(cut_short);
    // Before the first name there is only the header to point to: no question, and written out in
    // full it would be longer than what came.
    if (reader.at() != wire::header_octets + query.question.name.wire().size() + 4)
      return malformed(cut_short);
    query.has_question = true;
  }
  const Complaint complaint = read_additional(reader, raw.additionals, query);
  if (complaint.rcode != Rcode::NOERROR) return complaint;
  if (query.has_question) return complaint_about(query.question);
  // RFC 9619; but who only wants a cookie needs no question (RFC 7873 section 5.4).
  return query.cookie ? Complaint{} : malformed(no_question);
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
  query.authentic_data = raw->header.authentic_data;
  // Of other operations as well: who sends an OPT gets one back (RFC 6891 section 6.1.1).
  Complaint complaint = read_sections(octets, *raw, query);
  if (query.opcode != wire::Opcode::Query) complaint = unknown_operation();
  query.complaint = complaint.rcode;
  query.reason = complaint.reason;
  return query;
}

}  // namespace cairn::server
