#include "wire/message.hpp"

#include <algorithm>
#include <array>

#include "wire/rdata_layout.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace cairn::wire {
namespace {

constexpr std::uint16_t flag_qr = 0x8000, flag_aa = 0x0400, flag_tc = 0x0200, flag_rd = 0x0100,
                        flag_ra = 0x0080, flag_z = 0x0040, flag_ad = 0x0020, flag_cd = 0x0010;
constexpr std::size_t opt_octets = 11;  // without options
constexpr std::size_t on_stack = 4096;  // larger messages are built on the heap

Header header_from(std::uint16_t id, std::uint16_t flags) {
  Header header;
  header.id = id;
  header.response = flags & flag_qr;
  header.opcode = static_cast<Opcode>(flags >> 11 & 15);
  header.authoritative = flags & flag_aa;
  header.truncated = flags & flag_tc;
  header.recursion_desired = flags & flag_rd;
  header.recursion_available = flags & flag_ra;
  header.reserved = flags & flag_z;
  header.authentic_data = flags & flag_ad;
  header.checking_disabled = flags & flag_cd;
  header.rcode = static_cast<Rcode>(flags & 15);
  return header;
}

std::uint16_t flags_of(const Header& header) {
  unsigned flags =
      static_cast<unsigned>(header.opcode) << 11 | (static_cast<unsigned>(header.rcode) & 15);
  if (header.response) flags |= flag_qr;
  if (header.authoritative) flags |= flag_aa;
  if (header.truncated) flags |= flag_tc;
  if (header.recursion_desired) flags |= flag_rd;
  if (header.recursion_available) flags |= flag_ra;
  if (header.reserved) flags |= flag_z;
  if (header.authentic_data) flags |= flag_ad;
  if (header.checking_disabled) flags |= flag_cd;
  return static_cast<std::uint16_t>(flags);
}

/// RFC 2136 and 8945 put records without data (class ANY or NONE) or of meta types into messages.
bool may_be_empty(const Record& record) {
  return record.rrclass == RRClass::ANY || record.rrclass == RRClass::NONE;
}

bool read_record(Reader& reader, Record& record) {
  record.owner = reader.name();
  record.type = static_cast<RRType>(reader.u16());
  record.rrclass = static_cast<RRClass>(reader.u16());
  const std::uint32_t ttl = reader.u32();
  // OPT keeps its flags there; parse() takes it apart.
  record.ttl = record.type == RRType::OPT ? Ttl{ttl} : Ttl::from_wire(ttl);
  const std::uint16_t length = reader.u16();
  if (reader.failed() || reader.left() < length) return false;
  if (record.type == RRType::OPT || (length == 0 && may_be_empty(record))) {
    const auto octets = reader.bytes(length);
    record.rdata.assign(octets.begin(), octets.end());
    return !reader.failed();
  }
  auto rdata = read_rdata(reader, record.type, length);
  if (!rdata) return false;
  record.rdata = std::move(*rdata);
  return !reader.failed();
}

constexpr std::size_t least_record_octets = 11;

bool read_section(Reader& reader, std::uint16_t count, std::vector<Record>& section) {
  section.reserve(std::min<std::size_t>({count, reader.left() / least_record_octets, 64}));
  Record record;  // a new one in place would be cleared first, 300 octets each
  for (unsigned i = 0; i < count; ++i) {
    if (!read_record(reader, record)) return false;
    section.push_back(std::move(record));
  }
  return true;
}

bool is_opt(const Record& record) {
  return record.type == RRType::OPT;
}

/// Whole sets of records with one owner and type, as they stand next to one another.
std::size_t set_end(std::span<const Record> section, std::size_t at) {
  const Record& first = section[at];
  while (++at < section.size() && section[at].type == first.type &&
         section[at].rrclass == first.rrclass && section[at].owner == first.owner) {
  }
  return at;
}

void write_record(Writer& writer, const Record& record) {
  writer.name(record.owner);
  writer.u16(static_cast<std::uint16_t>(record.type));
  writer.u16(static_cast<std::uint16_t>(record.rrclass));
  writer.u32(record.ttl.seconds);
  const std::size_t length_at = writer.size();
  writer.u16(0);
  if (record.rdata.empty()) return;
  write_rdata(writer, record.type, record.rdata);
  if (!writer.overflowed())
    writer.put_u16_at(length_at, static_cast<std::uint16_t>(writer.size() - length_at - 2));
}

/// How many records of the section went in; whole sets only.
std::uint16_t write_section(Writer& writer, std::span<const Record> section) {
  std::size_t written = 0;
  while (written < section.size()) {
    const std::size_t before = writer.size();
    const std::size_t end = set_end(section, written);
    for (std::size_t at = written; at < end; ++at) write_record(writer, section[at]);
    if (writer.overflowed()) {
      writer.rewind(before);
      break;
    }
    written = end;
  }
  return static_cast<std::uint16_t>(written);
}

std::size_t octets_of(const Edns& edns) {
  std::size_t octets = opt_octets;
  for (const EdnsOption& option : edns.options) octets += 4 + option.data.size();
  return octets;
}

void write_opt(Writer& writer, const Edns& edns, Rcode rcode) {
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(RRType::OPT));
  writer.u16(edns.udp_size);
  writer.u8(static_cast<std::uint8_t>(static_cast<unsigned>(rcode) >> 4));
  writer.u8(edns.version);
  writer.u16(static_cast<std::uint16_t>((edns.dnssec_ok ? 0x8000 : 0) | (edns.flags & 0x7fff)));
  writer.u16(static_cast<std::uint16_t>(octets_of(edns) - opt_octets));
  for (const EdnsOption& option : edns.options) {
    writer.u16(static_cast<std::uint16_t>(option.code));
    writer.u16(static_cast<std::uint16_t>(option.data.size()));
    writer.bytes(option.data);
  }
}

/// What the message takes without any compression.
std::size_t most_octets(const Message& message) {
  std::size_t octets = header_octets + (message.edns ? octets_of(*message.edns) : 0);
  for (const Question& question : message.questions) octets += question.name.size() + 4;
  for (const auto* section : {&message.answer, &message.authority, &message.additional})
    for (const Record& record : *section)
      octets += record.owner.size() + least_record_octets - 1 + record.rdata.size();
  return octets;
}

/// Writes the message; says how many octets it took.
std::size_t write_message(const Message& message, std::span<std::uint8_t> buffer) {
  const std::size_t limit = buffer.size();
  Writer writer(buffer);
  Header header = message.header;
  std::size_t opt = message.edns ? octets_of(*message.edns) : 0;
  if (limit < header_octets + opt) opt = 0;  // no limit of a real peer: not even the header fits
  // Without OPT there is no place for the upper bits, and without them the code would lie.
  if (opt == 0 && static_cast<unsigned>(header.rcode) > 15) header.rcode = Rcode::SERVFAIL;
  writer.reserve_end(opt);
  for (int i = 0; i < 6; ++i) writer.u16(0);

  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;
  for (const Question& question : message.questions) {
    const std::size_t before = writer.size();
    writer.name(question.name);
    writer.u16(static_cast<std::uint16_t>(question.type));
    writer.u16(static_cast<std::uint16_t>(question.rrclass));
    if (writer.overflowed()) {
      writer.rewind(before);
      break;
    }
    ++questions;
  }
  bool complete = questions == message.questions.size();
  if (complete) {
    answers = write_section(writer, message.answer);
    complete = answers == message.answer.size();
  }
  if (complete) {
    authorities = write_section(writer, message.authority);
    complete = authorities == message.authority.size();
  }
  if (complete) additionals = write_section(writer, message.additional);
  if (!complete) header.truncated = true;

  writer.reserve_end(0);
  if (opt > 0) {
    write_opt(writer, *message.edns, header.rcode);
    ++additionals;
  }
  const std::array<std::uint16_t, 6> head{header.id, flags_of(header), questions,
                                          answers,   authorities,      additionals};
  for (std::size_t i = 0; i < head.size(); ++i) writer.put_u16_at(2 * i, head[i]);
  return writer.size();
}

}  // namespace

std::optional<RawHeader> parse_header(std::span<const std::uint8_t> octets) {
  if (octets.size() < header_octets) return std::nullopt;
  Reader reader(octets);
  const std::uint16_t id = reader.u16();
  RawHeader raw;
  raw.header = header_from(id, reader.u16());
  raw.questions = reader.u16();
  raw.answers = reader.u16();
  raw.authorities = reader.u16();
  raw.additionals = reader.u16();
  return raw;
}

Result<Message> parse(std::span<const std::uint8_t> octets) {
  const auto raw = parse_header(octets);
  if (!raw) return Error{"shorter than a header"};
  Message message;
  message.header = raw->header;
  Reader reader(octets, header_octets);
  // No kind of query asks two things at once, and a message full of questions is an attack (RFC
  // 9619); notifications and updates have one as well.
  if (raw->questions > 1) return Error{"more than one question"};
  for (unsigned i = 0; i < raw->questions && !reader.failed(); ++i) {
    Question& question = message.questions.emplace_back();
    question.name = reader.name();
    question.type = static_cast<RRType>(reader.u16());
    question.rrclass = static_cast<RRClass>(reader.u16());
  }
  if (reader.failed()) return Error{"a broken question"};
  if (!read_section(reader, raw->answers, message.answer)) return Error{"a broken answer section"};
  if (!read_section(reader, raw->authorities, message.authority))
    return Error{"a broken authority section"};
  if (!read_section(reader, raw->additionals, message.additional))
    return Error{"a broken additional section"};
  if (reader.left() > 0) return Error{"octets behind the last record"};
  if (std::any_of(message.answer.begin(), message.answer.end(), is_opt) ||
      std::any_of(message.authority.begin(), message.authority.end(), is_opt))
    return Error{"an OPT record outside the additional section"};

  const auto opt = std::find_if(message.additional.begin(), message.additional.end(), is_opt);
  if (opt == message.additional.end()) return message;
  if (std::any_of(std::next(opt), message.additional.end(), is_opt))
    return Error{"two OPT records"};
  if (!opt->owner.is_root()) return Error{"an OPT record that is not the root's"};
  message.edns = edns_of(*opt, message.header);
  if (!message.edns) return Error{"broken EDNS options"};
  message.additional.erase(opt);
  return message;
}

std::optional<Edns> edns_of(const Record& opt, Header& header, std::size_t most_options) {
  auto options = parse_options(opt.rdata, most_options);
  if (!options) return std::nullopt;
  Edns edns;
  edns.udp_size = static_cast<std::uint16_t>(opt.rrclass);
  edns.version = static_cast<std::uint8_t>(opt.ttl.seconds >> 16 & 0xff);
  edns.dnssec_ok = opt.ttl.seconds & 0x8000;
  edns.flags = static_cast<std::uint16_t>(opt.ttl.seconds & 0x7fff);
  edns.options = std::move(*options);
  header.rcode = static_cast<Rcode>((opt.ttl.seconds >> 24) << 4 |
                                    (static_cast<std::uint32_t>(header.rcode) & 15));
  return edns;
}

Bytes build(const Message& message, std::size_t limit) {
  const std::size_t most = std::min({limit, max_message_octets, most_octets(message)});
  if (most > on_stack) {
    Bytes octets(most);
    octets.resize(write_message(message, octets));
    return octets;
  }
  std::array<std::uint8_t, on_stack> buffer __attribute__((uninitialized));
  const std::size_t size = write_message(message, std::span(buffer).first(most));
  return {buffer.data(), buffer.data() + size};
}

}  // namespace cairn::wire
