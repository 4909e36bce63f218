#include "tools/cdig/query.hpp"

#include "tools/cdig/print.hpp"

namespace cairn::cdig {

namespace {

// "I have the zone as of this serial" (RFC 1995 section 3).
wire::Record known_version(const wire::Question& question, std::uint32_t serial) {
  wire::Bytes rdata(22, 0);  // two root names, then five numbers
  for (unsigned octet = 0; octet < 4; ++octet)
    rdata[2 + octet] = static_cast<std::uint8_t>(serial >> (24 - 8 * octet));
  return {question.name, wire::RRType::SOA, question.rrclass, wire::Ttl{}, std::move(rdata)};
}

// In dig's order.
std::vector<wire::EdnsOption> options_of(const QueryForm& form, const ClientCookie& random_cookie) {
  using enum wire::OptionCode;
  std::vector<wire::EdnsOption> options;
  if (form.name_server_id) options.push_back({NSID, {}});
  if (form.subnet) options.push_back({ClientSubnet, *form.subnet});
  if (form.cookie) {
    options.push_back({Cookie, form.chosen_cookie.empty()
                                   ? wire::Bytes(random_cookie.begin(), random_cookie.end())
                                   : form.chosen_cookie});
  }
  if (form.expire) options.push_back({Expire, {}});
  if (form.keepalive) options.push_back({Keepalive, {}});
  options.insert(options.end(), form.options.begin(), form.options.end());
  return options;
}

// RFC 8467 section 4.1: the message is as long as so many whole blocks.
void pad(wire::Message& query, std::size_t block) {
  wire::Bytes& padding =
      query.edns->options.emplace_back(wire::EdnsOption{wire::OptionCode::Padding, {}}).data;
  padding.resize((block - wire::build(query).size() % block) % block);
}

}  // namespace

wire::Message make_query(const wire::Question& question, const QueryForm& form, std::uint16_t id,
                         const ClientCookie& random_cookie) {
  wire::Message query;
  wire::Header& header = query.header;
  header.id = id;
  header.opcode = form.opcode;
  header.authoritative = form.authoritative;
  header.truncated = form.truncated;
  header.recursion_desired = form.recursion_desired;
  header.recursion_available = form.recursion_available;
  header.reserved = form.reserved;
  header.authentic_data = form.authentic_data;
  header.checking_disabled = form.checking_disabled;
  if (!form.without_question) query.questions.push_back(question);

  // A transfer is nothing that one server could ask another for on behalf of a third.
  if (question.type == wire::RRType::IXFR) {
    header.recursion_desired = header.authentic_data = false;
    query.authority.push_back(known_version(question, form.ixfr_serial.value_or(0)));
  } else if (question.type == wire::RRType::AXFR) {
    header.recursion_desired = false;
  }
  if (!form.edns_version && !form.dnssec_ok && !form.udp_size_given && !form.subnet) return query;

  wire::Edns& edns = query.edns.emplace();
  edns.udp_size = form.udp_size;
  edns.version = form.edns_version.value_or(0);
  edns.dnssec_ok = form.dnssec_ok;
  edns.flags =
      static_cast<std::uint16_t>(form.edns_flags | (form.compact_ok ? compact_ok_flag : 0));
  edns.options = options_of(form, random_cookie);
  if (form.padding > 0) pad(query, form.padding);
  return query;
}

std::optional<std::string> mismatch(const wire::Message& query, const wire::Message& reply) {
  if (reply.header.id != query.header.id) {
    return ";; Warning: ID mismatch: expected ID " + std::to_string(query.header.id) + ", got " +
           std::to_string(reply.header.id);
  }
  // A server that could not read the query may send back the header alone.
  for (const wire::Question& echoed : reply.questions) {
    if (!query.questions.empty() && echoed == query.questions.front()) continue;
    std::string name = echoed.name.to_text();
    if (!echoed.name.is_root()) name.pop_back();
    return ";; ;; Question section mismatch: got " + name + "/" + to_text(echoed.type) + "/" +
           to_text(echoed.rrclass);
  }
  return std::nullopt;
}

wire::Result<wire::LooseMessage> read_reply(std::span<const std::uint8_t> octets, Reading reading) {
  auto message = wire::read_loosely(octets);
  if (message && message->malformed && reading == Reading::Strict)
    return wire::Error{message->cut_off ? "unexpected end of input" : "FORMERR"};
  return message;
}

Judgement judge(const wire::Message& query, std::span<const std::uint8_t> octets, Medium medium,
                Reading reading) {
  const bool stream = medium == Medium::Stream;
  Judgement judgement;
  std::vector<std::string>& notes = judgement.notes;
  const auto raw = wire::parse_header(octets);
  if (!raw) {
    notes.push_back(stream ? ";; ERROR: short (< header size) message"
                           : ";; Warning: short (< header size) message received");
    return judgement;
  }
  if (raw->header.id != query.header.id) {
    notes.push_back(std::string(stream ? ";; ERROR" : ";; Warning") +
                    ": ID mismatch: expected ID " + std::to_string(query.header.id) + ", got " +
                    std::to_string(raw->header.id));
  }
  if (!raw->header.response) notes.push_back(";; Warning: query response not set");
  if (raw->header.id != query.header.id) return judgement;
  const auto message = read_reply(octets, reading);
  if (!message) {
    judgement.ours = true;
    return judgement;
  }
  if (message->malformed)
    notes.push_back(";; Warning: Message parser reports malformed message packet.");
  if (message->header.opcode != query.header.opcode) {
    notes.push_back(";; Warning: Opcode mismatch: expected " + opcode_text(query.header.opcode) +
                    ", got " + opcode_text(message->header.opcode));
    return judgement;
  }
  if (const auto other = mismatch(query, *message)) {
    notes.push_back(*other);
    return judgement;
  }
  judgement.ours = true;
  return judgement;
}

}  // namespace cairn::cdig
