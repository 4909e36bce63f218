#include <algorithm>
#include <charconv>
#include <chrono>

#include "wire/address.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/rdata_text.hpp"
#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

using std::string_literals::operator""s;

// RFC 4034 appendix A.1, RFC 5155 section 2 and the IANA registry, with BIND's spellings.
struct AlgorithmName {
  std::uint8_t number;
  std::string_view text;
};
constexpr AlgorithmName algorithms[] = {{1, "RSAMD5"},
                                        {2, "DH"},
                                        {3, "DSA"},
                                        {5, "RSASHA1"},
                                        {6, "DSA-NSEC3-SHA1"},
                                        {6, "NSEC3DSA"},
                                        {7, "RSASHA1-NSEC3-SHA1"},
                                        {7, "NSEC3RSASHA1"},
                                        {8, "RSASHA256"},
                                        {10, "RSASHA512"},
                                        {12, "ECC-GOST"},
                                        {12, "ECCGOST"},
                                        {13, "ECDSAP256SHA256"},
                                        {14, "ECDSAP384SHA384"},
                                        {15, "ED25519"},
                                        {16, "ED448"},
                                        {252, "INDIRECT"},
                                        {253, "PRIVATEDNS"},
                                        {254, "PRIVATEOID"}};

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return fold(static_cast<std::uint8_t>(x)) == fold(static_cast<std::uint8_t>(y));
  });
}

std::optional<std::uint32_t> decimal(std::string_view text, std::uint32_t greatest) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value > greatest) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> algorithm_from_text(std::string_view text) {
  for (const auto& known : algorithms) {
    if (equal_without_case(text, known.text)) return known.number;
  }
  return decimal(text, 0xFF);
}

std::optional<std::uint32_t> type_from_text(std::string_view text) {
  const auto type = rrtype_from_text(text);
  return type ? std::optional{static_cast<std::uint32_t>(*type)} : std::nullopt;
}

/// YYYYMMDDHHmmSS, or seconds since 1970 (RFC 4034 section 3.2).
std::optional<std::uint32_t> time_from_text(std::string_view text) {
  if (text.size() != 14) return decimal(text, 0xFFFFFFFF);
  const auto part = [text](std::size_t at, std::size_t size) {
    return decimal(text.substr(at, size), 9999);
  };
  const auto year = part(0, 4), month = part(4, 2), day = part(6, 2);
  const auto hour = part(8, 2), minute = part(10, 2), second = part(12, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{*month}, std::chrono::day{*day}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + *hour * 3600 + *minute * 60 + *second;
  if (seconds < 0 || seconds > 0xFFFFFFFF) return std::nullopt;
  return static_cast<std::uint32_t>(seconds);
}

/// Reads field after field from the words; stops at the first that cannot be read.
class Parser {
 public:
  Parser(std::span<const Word> words, const Name& origin) : words_(words), origin_(origin) {}

  void read(Field field);
  /// `\# length hex` (RFC 3597 section 5).
  void read_opaque();
  std::variant<Bytes, RdataTextError> result(RRType type);

 private:
  bool done() const { return at_ == words_.size(); }
  void fail(std::size_t word, std::string message) {
    if (!error_) error_ = RdataTextError{word, std::move(message)};
  }
  /// What was expected, and what stands there instead.
  void expected(const std::string& what) {
    const std::string found = done() ? "nothing"s : "\"" + std::string{words_[at_].text} + "\"";
    fail(at_, "expected " + what + ", found " + found);
  }
  void append(std::span<const std::uint8_t> octets) {
    rdata_.insert(rdata_.end(), octets.begin(), octets.end());
  }
  void append_number(std::uint32_t value, unsigned octets) {
    for (unsigned i = octets; i-- > 0;) {
      rdata_.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xFF));
    }
  }

  using FromText = std::optional<std::uint32_t> (*)(std::string_view);
  void read_number(unsigned octets, FromText from_text, const char* what);
  void read_decimal(unsigned octets);
  void read_address(bool v6);
  void read_name();
  void read_string();
  void read_strings();
  void read_with_length(std::optional<Bytes> octets, const char* what);
  void read_tag();
  void read_text();
  void read_encoded(std::optional<Bytes> (*decode)(std::string_view), bool may_be_empty,
                    const char* what);
  void read_types();
  void read_svc_params();

  std::span<const Word> words_;
  const Name& origin_;
  std::size_t at_ = 0;
  Bytes rdata_;
  std::optional<RdataTextError> error_;
};

void Parser::read_number(unsigned octets, FromText from_text, const char* what) {
  const auto value = done() ? std::nullopt : from_text(words_[at_].text);
  if (!value) return expected(what);
  append_number(*value, octets);
  ++at_;
}

void Parser::read_decimal(unsigned octets) {
  const std::uint32_t greatest = 0xFFFFFFFFU >> (32 - 8 * octets);
  const auto value = done() ? std::nullopt : decimal(words_[at_].text, greatest);
  if (!value) return expected("a number from 0 to " + std::to_string(greatest));
  append_number(*value, octets);
  ++at_;
}

void Parser::read_address(bool v6) {
  const auto address = done() ? std::nullopt : IpAddress::from_text(words_[at_].text);
  if (!address || address->is_v6() != v6) {
    return expected(v6 ? "an IPv6 address" : "an IPv4 address");
  }
  append(address->octets());
  ++at_;
}

void Parser::read_name() {
  if (done()) return expected("a domain name");
  const auto name = Name::from_text(words_[at_].text, origin_);
  if (!name) return fail(at_, name.error());
  append(name->wire());
  ++at_;
}

void Parser::read_string() {
  const auto octets = done() ? std::nullopt : unescape(words_[at_].text);
  if (!octets) return expected("a string, with escapes \\X and \\000 to \\255");
  if (octets->size() > 255) {
    return fail(at_, "a string has at most 255 octets, this one has " +
                         std::to_string(octets->size()) + ": split it into several");
  }
  append_number(static_cast<std::uint32_t>(octets->size()), 1);
  append(*octets);
  ++at_;
}

void Parser::read_strings() {
  do {
    read_string();
  } while (!error_ && !done());
}

void Parser::read_with_length(std::optional<Bytes> octets, const char* what) {
  if (!octets || octets->size() > 255) return expected(what);
  append_number(static_cast<std::uint32_t>(octets->size()), 1);
  append(*octets);
  ++at_;
}

void Parser::read_tag() {
  const std::string_view text = done() ? "" : words_[at_].text;
  const bool letters = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  read_with_length(letters && !text.empty() ? unescape(text) : std::nullopt,
                   "a tag of letters and digits");
}

void Parser::read_text() {
  const auto octets = done() ? std::nullopt : unescape(words_[at_].text);
  if (!octets) return expected("a quoted text, with escapes \\X and \\000 to \\255");
  append(*octets);
  ++at_;
}

void Parser::read_encoded(std::optional<Bytes> (*decode)(std::string_view), bool may_be_empty,
                          const char* what) {
  std::string text;
  for (const Word& word : words_.subspan(at_)) text += word.text;
  const auto octets = decode(text);
  if (!octets || (octets->empty() && !may_be_empty)) return expected(what);
  append(*octets);
  at_ = words_.size();
}

void Parser::read_types() {
  std::vector<RRType> types;
  for (; !done(); ++at_) {
    const auto type = rrtype_from_text(words_[at_].text);
    if (!type) return expected("a record type");
    types.push_back(*type);
  }
  append(bitmap_of_types(std::move(types)));
}

void Parser::read_svc_params() {
  const auto params = svc_params_from_text(words_.subspan(at_));
  if (const auto* error = std::get_if<RdataTextError>(&params)) {
    return fail(at_ + error->word, error->message);
  }
  append(std::get<Bytes>(params));
  at_ = words_.size();
}

void Parser::read(Field field) {
  if (error_) return;
  switch (field) {
    case Field::U8:
      return read_decimal(1);
    case Field::U16:
      return read_decimal(2);
    case Field::U32:
      return read_decimal(4);
    case Field::Algorithm:
      return read_number(1, algorithm_from_text, "an algorithm, by number or mnemonic");
    case Field::Ttl:
      return read_number(4, seconds_from_text, "a time such as 3600 or 1h30m");
    case Field::Time:
      return read_number(4, time_from_text, "a time as YYYYMMDDHHmmSS");
    case Field::TypeCode:
      return read_number(2, type_from_text, "a record type");
    case Field::IPv4:
      return read_address(false);
    case Field::IPv6:
      return read_address(true);
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return read_name();
    case Field::String:
      return read_string();
    case Field::Strings:
      return read_strings();
    case Field::Salt: {
      const std::string_view text = done() ? "?" : words_[at_].text;
      return read_with_length(text == "-" ? Bytes{} : from_hex(text), "a salt in hex, or -");
    }
    case Field::HashedName: {
      const auto hash = done() ? std::nullopt : from_base32hex(words_[at_].text);
      return read_with_length(hash && !hash->empty() ? hash : std::nullopt, "a hash in base32hex");
    }
    case Field::Tag:
      return read_tag();
    case Field::Text:
      return read_text();
    case Field::Hex:
      return read_encoded(from_hex, false, "hex digits, an even number of them");
    case Field::Base64:
      return read_encoded(from_base64, false, "base64");
    case Field::OptionalBase64:
      return read_encoded(from_base64, true, "base64");
    case Field::TypeBitmap:
      return read_types();
    case Field::SvcParams:
      return read_svc_params();
  }
}

void Parser::read_opaque() {
  ++at_;
  const auto length = done() ? std::nullopt : decimal(words_[at_].text, 0xFFFF);
  if (!length) return expected("the number of octets that follow");
  ++at_;
  const std::size_t first = at_;
  read_encoded(from_hex, true, "hex digits, an even number of them");
  if (!error_ && rdata_.size() != *length) {
    fail(first, "announced are " + std::to_string(*length) + " octets, found are " +
                    std::to_string(rdata_.size()));
  }
}

std::variant<Bytes, RdataTextError> Parser::result(RRType type) {
  if (!error_ && !done()) {
    fail(at_, to_text(type) + " data ends before \"" + std::string{words_[at_].text} + "\"");
  }
  if (!error_ && rdata_.size() > 0xFFFF) fail(0, "a record's data has at most 65535 octets");
  // Whatever the text was: what leaves here is what the packet path would let in.
  if (!error_ && !is_well_formed(type, rdata_))
    fail(0, "these octets do not have the form of " + to_text(type) + " data");
  if (error_) return *std::move(error_);
  return std::move(rdata_);
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

/// Where the quoted text that begins at `at` ends: the place of its closing quote; npos if none.
std::size_t closing_quote(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at : std::string_view::npos;
}

Result<std::vector<Word>> split(std::string_view text) {
  const Error unterminated{"a quoted string lacks its closing quote"};
  std::vector<Word> words;
  for (std::size_t at = skip_blanks(text, 0); at < text.size(); at = skip_blanks(text, at)) {
    if (text[at] == '"') {
      const std::size_t close = closing_quote(text, at + 1);
      if (close == std::string_view::npos) return unterminated;
      words.push_back({text.substr(at + 1, close - at - 1), true});
      at = close + 1;
      continue;
    }
    const std::size_t first = at;
    while (at < text.size() && text[at] != ' ' && text[at] != '\t') {
      if (text[at] == '"' && text[at - 1] == '=') {
        at = closing_quote(text, at + 1);
        if (at == std::string_view::npos) return unterminated;
      }
      at += text[at] == '\\' ? 2 : 1;
    }
    at = std::min(at, text.size());
    words.push_back({text.substr(first, at - first), false});
  }
  return words;
}

}  // namespace

std::variant<Bytes, RdataTextError> rdata_from_text(RRType type, std::span<const Word> words,
                                                    const Name& origin) {
  Parser parser{words, origin};
  const Layout* layout = layout_of(type);
  if (!words.empty() && !words[0].quoted && words[0].text == "\\#") {
    parser.read_opaque();
  } else if (!layout || layout->fields.empty()) {
    return RdataTextError{0, to_text(type) + " has no text form of its own: write \\# LENGTH HEX"};
  } else {
    for (const Field field : layout->fields) parser.read(field);
  }
  return parser.result(type);
}

Result<Bytes> rdata_from_text(RRType type, std::string_view text) {
  const auto words = split(text);
  if (!words) return Error{words.error()};
  auto rdata = rdata_from_text(type, *words, Name{});
  if (auto* error = std::get_if<RdataTextError>(&rdata)) return Error{std::move(error->message)};
  return std::get<Bytes>(std::move(rdata));
}

Result<Record> record_from_text(std::string_view line) {
  const auto words = split(line);
  if (!words) return Error{words.error()};
  if (words->empty()) return Error{"expected a record, found nothing"};
  const auto owner = Name::from_text(words->front().text);
  if (!owner) return Error{owner.error()};

  Record record{*owner, {}, RRClass::IN, Ttl{}, {}};
  std::size_t at = 1;
  // TTL and class may stand in either order (RFC 1035 section 5.1); no type looks like either.
  for (; at < words->size(); ++at) {
    const std::string_view word = (*words)[at].text;
    if (const auto seconds = seconds_from_text(word)) {
      record.ttl = Ttl::from_wire(*seconds);
    } else if (const auto rrclass = rrclass_from_text(word); rrclass && rrclass != RRClass::ANY) {
      record.rrclass = *rrclass;
    } else {
      break;
    }
  }
  const auto type = at < words->size() ? rrtype_from_text((*words)[at].text) : std::nullopt;
  if (!type) return Error{"expected a record type in \"" + std::string{line} + "\""};
  auto rdata = rdata_from_text(*type, std::span{*words}.subspan(at + 1), Name{});
  if (auto* error = std::get_if<RdataTextError>(&rdata)) return Error{std::move(error->message)};
  return Record{record.owner, *type, record.rrclass, record.ttl, std::get<Bytes>(std::move(rdata))};
}

}  // namespace cairn::wire
