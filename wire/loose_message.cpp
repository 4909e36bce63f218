#include "wire/loose_message.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/rdata_trouble.hpp"
#include "wire/reader.hpp"

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

bool is_utf8(Octets octets) {
  while (!octets.empty()) {
    const std::uint8_t first = octets[0];
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || octets.size() < length) return false;
    std::uint32_t point = length == 1 ? first : first & (0x7fU >> length);
    for (const std::uint8_t next : octets.subspan(1, length - 1)) {
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff)
      return false;
    octets = octets.subspan(length);
  }
  return true;
}

/// RFC 7871 section 6: as many octets of address as the prefix takes, its spare bits zero.
bool is_client_subnet(Octets data) {
  if (data.size() < 4) return false;
  const unsigned family = static_cast<unsigned>(data[0] << 8 | data[1]);
  const unsigned most = family == 1 ? 32 : family == 2 ? 128 : 0;
  const unsigned source = data[2], scope = data[3];
  if (family > 2 || source > most || scope > most) return false;
  const Octets address = data.subspan(4);
  if (address.size() != (source + 7) / 8) return false;
  return source % 8 == 0 || (address.back() & (0xffU >> source % 8)) == 0;
}

bool is_well_formed(const EdnsOption& option) {
  const std::size_t size = option.data.size();
  switch (static_cast<std::uint16_t>(option.code)) {
    case 1:  // LLQ, RFC 8764 section 3.2
      return size == 18;
    case 8:
      return is_client_subnet(option.data);
    case 9:  // RFC 7314 section 2
      return size == 0 || size == 4;
    case 10:  // RFC 7873 section 4
      return size == 8 || (size >= 16 && size <= 40);
    case 14:  // RFC 8145 section 4.1
      return size > 0 && size % 2 == 0;
    case 15:  // RFC 8914 section 2
      return size >= 2 && is_utf8(Octets(option.data).subspan(2));
    case 16:  // CLIENT-TAG and SERVER-TAG
    case 17:
      return size == 2;
    default:
      return true;
  }
}

/// RFC 5155 section 1.3: the first label of an NSEC3's owner is a hash in base32hex.
bool may_own_nsec3(const Name& owner) {
  if (owner.is_root()) return true;
  const Octets label = owner.first_label();
  return from_base32hex(std::string(label.begin(), label.end())).has_value();
}

/// SIG(0), RFC 2931: a SIG that covers no type.
bool signs_message(const Record& record) {
  return record.type == RRType::SIG && record.rdata.size() >= 2 && record.rdata[0] == 0 &&
         record.rdata[1] == 0;
}

class LooseReader {
 public:
  LooseReader(Octets octets, const RawHeader& header) : octets_(octets) {
    loose_.header = header.header;
    loose_.claimed = header;
  }

  Result<LooseMessage> read();

 private:
  void read_question();
  void read_record(std::vector<Record>& section, bool is_last);
  void read_rdata_of(Record& record);
  void read_chaos_address(Record& record, std::size_t length);
  void keep(Record record, std::vector<Record>& section, bool is_last);
  bool keep_apart(Record& record, const std::vector<Record>& section, bool is_last);
  void judge_class(const Record& record);
  Name read_name();
  bool going() const { return trouble_.empty(); }
  // Nothing is read behind a trouble; what was read until here counts.
  void read_until_here() { read_ = reader_.at(); }

  Octets octets_;
  Reader reader_{octets_, header_octets};
  LooseMessage loose_;
  std::optional<RRClass> rrclass_;  // of the question, or else of the first record
  std::size_t read_ = header_octets;
  std::string_view trouble_;
};

Name LooseReader::read_name() {
  const std::size_t at = reader_.at();
  Name name = reader_.name();
  if (!reader_.failed()) {
    read_until_here();
    return name;
  }
  trouble_ = name_trouble(octets_, at, octets_.size());
  if (trouble_.empty()) trouble_ = "bad compression pointer";  // it runs into itself
  return name;
}

void LooseReader::read_question() {
  const Name name = read_name();
  if (!going()) return;
  constexpr std::size_t type_and_class = 4;
  if (reader_.left() < type_and_class) {
    loose_.half_question = true;
    trouble_ = cut_short;
    return;
  }
  const auto type = static_cast<RRType>(reader_.u16());
  const auto rrclass = static_cast<RRClass>(reader_.u16());
  // One question a message (RFC 9619).
  if (!loose_.questions.empty()) loose_.malformed = true;
  if (!rrclass_) rrclass_ = rrclass;
  loose_.questions.push_back({name, type, rrclass});
  read_until_here();
}

// Records have the class of the question, but for those that describe the message.
void LooseReader::judge_class(const Record& record) {
  if (record.type == RRType::OPT || record.type == RRType::TSIG || record.type == RRType::TKEY)
    return;
  if (loose_.header.opcode == Opcode::Update || signs_message(record)) return;
  if (!rrclass_) rrclass_ = record.rrclass;
  if (*rrclass_ != RRClass::ANY && record.rrclass != *rrclass_) loose_.malformed = true;
}

void LooseReader::read_record(std::vector<Record>& section, bool is_last) {
  Record record;
  record.owner = read_name();
  if (!going()) return;
  constexpr std::size_t fixed_part = 10;
  if (reader_.left() < fixed_part) {
    trouble_ = cut_short;
    return;
  }
  record.type = static_cast<RRType>(reader_.u16());
  record.rrclass = static_cast<RRClass>(reader_.u16());
  record.ttl = Ttl{reader_.u32()};
  if (static_cast<std::uint16_t>(record.type) == 0) trouble_ = formerr;
  if (going()) read_rdata_of(record);
  if (going() && record.type == RRType::NSEC3 && !may_own_nsec3(record.owner))
    trouble_ = "bad owner name (check-names)";
  if (!going()) return;
  read_until_here();
  judge_class(record);
  keep(std::move(record), section, is_last);
}

void LooseReader::read_rdata_of(Record& record) {
  const std::size_t length = reader_.u16();
  read_until_here();
  if (reader_.left() < length) {
    trouble_ = cut_short;
    return;
  }
  // RFC 2136 section 2.4: no data where any or none is meant.
  const bool nothing = length == 0 && loose_.header.opcode == Opcode::Update &&
                       (record.rrclass == RRClass::ANY || record.rrclass == RRClass::NONE);
  if (nothing || is_opaque(record) || record.type == RRType::OPT) {
    const Octets rdata = reader_.bytes(length);
    record.rdata.assign(rdata.begin(), rdata.end());
    return;
  }
  const std::size_t at = reader_.at();
  if (is_chaos_address(record)) {
    read_chaos_address(record, length);
  } else if (auto rdata = read_rdata(reader_, record.type, length)) {
    record.rdata = std::move(*rdata);
  } else {
    trouble_ = rdata_trouble(octets_, at, length, record.type);
  }
}

// RFC 1035 section 3.4 leaves CH to others: a name and an address of 16 bits, as BIND has them.
void LooseReader::read_chaos_address(Record& record, std::size_t length) {
  const std::size_t at = reader_.at();
  const std::size_t end = reader_.limit_to(length);
  const Name name = reader_.name();
  record.rdata.assign(name.wire().begin(), name.wire().end());
  const auto address = reader_.bytes(2);
  record.rdata.insert(record.rdata.end(), address.begin(), address.end());
  if (reader_.failed()) {
    trouble_ = name_trouble(octets_, at, at + length);
    if (trouble_.empty()) trouble_ = cut_short;
  } else if (reader_.left() > 0) {
    trouble_ = "extra input data";
  }
  reader_.restore_end(end);
}

void LooseReader::keep(Record record, std::vector<Record>& section, bool is_last) {
  if (record.type == RRType::OPT) {
    const auto options = parse_options(record.rdata, record.rdata.size());
    if (!options) {
      read_ -= record.rdata.size();
      trouble_ = cut_short;
      return;
    }
    if (!std::ranges::all_of(*options, is_well_formed)) {
      trouble_ = "malformed OPT option";
      return;
    }
  }
  if (!keep_apart(record, section, is_last)) section.push_back(std::move(record));
}

// Records that describe the message are no part of their section when they stand where they belong.
bool LooseReader::keep_apart(Record& record, const std::vector<Record>& section, bool is_last) {
  const bool is_additional = &section == &loose_.additional;
  bool in_place = true;
  if (record.type == RRType::OPT) {  // RFC 6891 section 6.1.1
    in_place = is_additional && record.owner.is_root() && !loose_.edns;
    if (in_place) loose_.edns = edns_of(record, loose_.header, record.rdata.size());
  } else if (record.type == RRType::TSIG) {  // RFC 8945 section 5.1
    in_place = is_additional && record.rrclass == RRClass::ANY && is_last;
    if (in_place) loose_.signature = std::move(record);
  } else if (signs_message(record)) {  // RFC 2931 section 3.1
    in_place = is_additional && record.owner.is_root() && is_last;
    if (in_place) loose_.signature = std::move(record);
  } else {
    // RFC 2930 section 4: the reply to a TKEY query has it in the answer section.
    if (record.type == RRType::TKEY && &section != &loose_.answer) loose_.malformed = true;
    // An update may name a set without any data (RFC 2136 section 2.4).
    const bool covers_nothing = record.type == RRType::RRSIG && record.rdata.size() >= 2 &&
                                record.rdata[0] == 0 && record.rdata[1] == 0;
    if (covers_nothing) loose_.malformed = true;
    return false;
  }
  if (!in_place) loose_.malformed = true;
  return in_place;
}

Result<LooseMessage> LooseReader::read() {
  const RawHeader& claimed = loose_.claimed;
  for (unsigned i = 0; i < claimed.questions && going(); ++i) read_question();
  const std::pair<std::uint16_t, std::vector<Record>*> sections[] = {
      {claimed.answers, &loose_.answer},
      {claimed.authorities, &loose_.authority},
      {claimed.additionals, &loose_.additional}};
  for (const auto& [count, section] : sections)
    for (unsigned i = 0; i < count && going(); ++i) read_record(*section, i + 1 == count);
  if (trouble_ == cut_short) {
    loose_.cut_off = !loose_.malformed;
    loose_.malformed = true;
  } else if (!going()) {
    return Error{std::string(trouble_)};
  }
  loose_.unread = octets_.size() - read_;
  return std::move(loose_);
}

bool is_internet_only(RRType type) {
  switch (static_cast<std::uint16_t>(type)) {
    case 1:   // A
    case 11:  // WKS
    case 22:  // NSAP
    case 23:  // NSAP-PTR
    case 26:  // PX
    case 28:  // AAAA
    case 31:  // EID
    case 32:  // NIMLOC
    case 33:  // SRV
    case 34:  // ATMA
    case 36:  // KX
    case 38:  // A6
    case 42:  // APL
    case 49:  // DHCID
    case 64:  // SVCB
    case 65:  // HTTPS
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<LooseMessage> read_loosely(std::span<const std::uint8_t> octets) {
  const auto header = parse_header(octets);
  if (!header) return Error{std::string(cut_short)};
  return LooseReader(octets, *header).read();
}

LooseMessage as_loose(const Message& message) {
  LooseMessage loose;
  static_cast<Message&>(loose) = message;
  RawHeader& claimed = loose.claimed;
  claimed.header = message.header;
  claimed.questions = static_cast<std::uint16_t>(message.questions.size());
  claimed.answers = static_cast<std::uint16_t>(message.answer.size());
  claimed.authorities = static_cast<std::uint16_t>(message.authority.size());
  claimed.additionals =
      static_cast<std::uint16_t>(message.additional.size() + (message.edns ? 1 : 0));
  auto& additional = loose.additional;
  if (!additional.empty() &&
      (additional.back().type == RRType::TSIG || signs_message(additional.back()))) {
    loose.signature = std::move(additional.back());
    additional.pop_back();
  }
  return loose;
}

bool is_chaos_address(const Record& record) {
  return record.type == RRType::A && record.rrclass == RRClass::CH;
}

bool is_opaque(const Record& record) {
  if (is_chaos_address(record)) return false;
  if (record.type == RRType::TSIG) return record.rrclass != RRClass::ANY;  // RFC 8945 section 4.2
  // Hesiod's addresses are those of the Internet.
  if (record.type == RRType::A && record.rrclass == RRClass::HS) return false;
  return record.rrclass != RRClass::IN && is_internet_only(record.type);
}

}  // namespace cairn::wire
