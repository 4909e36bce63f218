#include <algorithm>
#include <charconv>
#include <chrono>

#include "wire/address.hpp"
#include "wire/address_prefixes.hpp"
#include "wire/codes.hpp"
#include "wire/location.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/rdata_text.hpp"
#include "wire/services.hpp"
#include "wire/svc_params.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::wire {
namespace {

using std::string_literals::operator""s;

std::optional<std::uint32_t> type_from_text(std::string_view text) {
  const auto type = rrtype_from_text(text);
  return type ? std::optional{static_cast<std::uint32_t>(*type)} : std::nullopt;
}

/// Also by number alone, as before RFC 3597.
std::optional<std::uint32_t> old_type_from_text(std::string_view text) {
  const auto number = decimal_from_text(text, 0xFFFF);
  return number ? number : type_from_text(text);
}

/// YYYYMMDDHHmmSS, or seconds since 1970 (RFC 4034 section 3.2).
std::optional<std::uint32_t> time_from_text(std::string_view text) {
  if (text.size() != 14) return decimal_from_text(text, 0xFFFFFFFF);
  const auto part = [text](std::size_t at, std::size_t size) {
    return decimal_from_text(text.substr(at, size), 9999);
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
  void read_nxt_types();
  void read_wide_number();
  void read_eui(std::size_t octets);
  void read_locator();
  void read_nsap();
  void read_atm();
  void read_a6_suffix();
  void read_host(std::uint32_t kind);
  void read_gateway();
  void read_relay();
  void read_host_identity();
  void read_dashed();
  void read_sized();
  template <class RestFromText>
  void read_rest(RestFromText&& from_text);

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
  const auto value = done() ? std::nullopt : decimal_from_text(words_[at_].text, greatest);
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

/// Types 1 to 127, by mnemonic or by number alone (RFC 2535 section 5.2).
void Parser::read_nxt_types() {
  Bytes bits;
  for (; !done(); ++at_) {
    const auto type = old_type_from_text(words_[at_].text);
    if (!type || *type == 0 || *type > 127) return expected("a record type from 1 to 127");
    bits.resize(std::max<std::size_t>(bits.size(), *type / 8 + 1));
    bits[*type / 8] = static_cast<std::uint8_t>(bits[*type / 8] | 0x80U >> *type % 8);
  }
  append(bits);
}

/// 48 bits.
void Parser::read_wide_number() {
  constexpr std::uint64_t greatest = (std::uint64_t{1} << 48) - 1;
  std::uint64_t value = 0;
  const std::string_view text = done() ? "" : words_[at_].text;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || value > greatest) {
    return expected("a number from 0 to " + std::to_string(greatest));
  }
  append_number(static_cast<std::uint32_t>(value >> 32), 2);
  append_number(static_cast<std::uint32_t>(value & 0xFFFFFFFF), 4);
  ++at_;
}

/// The parts of `text` between its `separator`s.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::size_t end = text.find(separator, at);
    parts.push_back(text.substr(at, end - at));
    at = end == std::string_view::npos ? end : end + 1;
  }
  return parts;
}

/// One to `digits` hexadecimal digits.
std::optional<std::uint32_t> hex_number(std::string_view text, std::size_t digits) {
  std::uint32_t value = 0;
  if (text.empty() || text.size() > digits) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

void Parser::read_eui(std::size_t octets) {
  Bytes address;
  for (const auto part : parts_of(done() ? "" : words_[at_].text, '-')) {
    const auto octet = hex_number(part, 2);
    if (octet) address.push_back(static_cast<std::uint8_t>(*octet));
    if (!octet || address.size() > octets) break;
  }
  const auto parts = parts_of(done() ? "" : words_[at_].text, '-').size();
  if (address.size() != octets || parts != octets) {
    return expected(std::to_string(octets) + " octets in hex, by hyphens");
  }
  append(address);
  ++at_;
}

void Parser::read_locator() {
  const auto parts = parts_of(done() ? "" : words_[at_].text, ':');
  Bytes locator;
  for (const auto part : parts) {
    const auto value = hex_number(part, 4);
    if (!value || parts.size() != 4) return expected("four hexadecimal numbers, by colons");
    locator.push_back(static_cast<std::uint8_t>(*value >> 8));
    locator.push_back(static_cast<std::uint8_t>(*value & 0xFF));
  }
  append(locator);
  ++at_;
}

std::string without(std::string_view text, char separator) {
  std::string plain{text};
  std::erase(plain, separator);
  return plain;
}

/// Dots may stand anywhere (RFC 1706 section 7).
void Parser::read_nsap() {
  const std::string_view text = done() ? "" : words_[at_].text;
  const bool marked = text.starts_with("0x") || text.starts_with("0X");
  const auto octets = marked ? from_hex(without(text.substr(2), '.')) : std::nullopt;
  if (!octets || octets->empty()) return expected("hex digits behind 0x");
  append(*octets);
  ++at_;
}

/// A number to call behind "+", or octets in hex; dots may stand anywhere.
void Parser::read_atm() {
  const std::string text = without(done() ? "" : words_[at_].text, '.');
  if (text.starts_with('+')) {
    rdata_.push_back(1);
    rdata_.insert(rdata_.end(), text.begin() + 1, text.end());
  } else {
    const auto octets = from_hex(text);
    if (!octets || octets->empty()) return expected("an ATM address, in hex or as +digits");
    rdata_.push_back(0);
    append(*octets);
  }
  ++at_;
}

void Parser::read_a6_suffix() {
  const auto prefix = done() ? std::nullopt : decimal_from_text(words_[at_].text, 128);
  if (!prefix) return expected("a prefix length from 0 to 128");
  append_number(*prefix, 1);
  ++at_;
  if (*prefix == 128) return;
  const auto address = done() ? std::nullopt : IpAddress::from_text(words_[at_].text);
  if (!address || !address->is_v6()) return expected("an IPv6 address");
  const std::size_t first = *prefix / 8;
  const auto suffix = address->octets().subspan(first);
  append(suffix);
  // What belongs to the prefix stands elsewhere (RFC 2874 section 3.1).
  std::uint8_t& octet = rdata_[rdata_.size() - suffix.size()];
  octet = static_cast<std::uint8_t>(octet & 0xFFU >> *prefix % 8);
  ++at_;
}

/// A gateway or relay of this kind: nothing (written as "."), an address or a name.
void Parser::read_host(std::uint32_t kind) {
  if (kind == 1 || kind == 2) return read_address(kind == 2);
  if (kind == 3) return read_name();
  if (done() || words_[at_].text != ".") return expected("\".\", as there is none");
  ++at_;
}

void Parser::read_gateway() {
  const auto kind = done() ? std::nullopt : decimal_from_text(words_[at_].text, 3);
  if (!kind) return expected("a kind of gateway from 0 to 3");
  read_decimal(1);
  read_decimal(1);
  if (!error_) read_host(*kind);
}

void Parser::read_relay() {
  const auto discovery = done() ? std::nullopt : decimal_from_text(words_[at_].text, 1);
  if (!discovery) return expected("0 or 1, whether discovery is optional");
  ++at_;
  const auto kind = done() ? std::nullopt : decimal_from_text(words_[at_].text, 3);
  if (!kind) return expected("a kind of relay from 0 to 3");
  append_number(*discovery << 7 | *kind, 1);
  ++at_;
  read_host(*kind);
}

void Parser::read_host_identity() {
  const auto algorithm = done() ? std::nullopt : decimal_from_text(words_[at_].text, 0xFF);
  if (!algorithm) return expected("an algorithm by number");
  ++at_;
  const auto tag = done() ? std::nullopt : from_hex(words_[at_].text);
  if (!tag || tag->empty() || tag->size() > 255) return expected("a tag in hex, in one word");
  ++at_;
  const auto key = done() ? std::nullopt : from_base64(words_[at_].text);
  if (!key || key->empty() || key->size() > 0xFFFF) return expected("a key in base64, in one word");
  ++at_;
  append_number(static_cast<std::uint32_t>(tag->size()), 1);
  append_number(*algorithm, 1);
  append_number(static_cast<std::uint32_t>(key->size()), 2);
  append(*tag);
  append(*key);
}

void Parser::read_dashed() {
  if (!done() && words_[at_].text == "-") return void(++at_);
  read_encoded(from_base64, false, "base64, or -");
}

/// The number of octets, then as many words of base64 as hold them.
void Parser::read_sized() {
  const auto size = done() ? std::nullopt : decimal_from_text(words_[at_].text, 0xFFFF);
  if (!size) return expected("a number of octets");
  ++at_;
  const std::size_t characters = (*size + 2) / 3 * 4;
  std::string text;
  while (text.size() < characters && !done()) text += words_[at_++].text;
  const auto octets = from_base64(text);
  if (!octets || octets->size() != *size) {
    return fail(at_ - 1, "expected " + std::to_string(*size) + " octets in base64");
  }
  append_number(*size, 2);
  append(*octets);
}

template <class RestFromText>
void Parser::read_rest(RestFromText&& from_text) {
  const auto octets = from_text(words_.subspan(at_));
  if (const auto* error = std::get_if<RdataTextError>(&octets)) {
    return fail(at_ + error->word, error->message);
  }
  append(std::get<Bytes>(octets));
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
    case Field::U48:
      return read_wide_number();
    case Field::Ttl:
      return read_number(4, seconds_from_text, "a time such as 3600 or 1h30m");
    case Field::Time:
      return read_number(4, time_from_text, "a time as YYYYMMDDHHmmSS");
    case Field::Algorithm:
    case Field::AlgorithmName:
      return read_number(1, algorithm_from_text, "an algorithm, by number or mnemonic");
    case Field::Digest:
      return read_number(1, digest_from_text, "a kind of digest, by number or mnemonic");
    case Field::Certificate:
      return read_number(2, certificate_from_text, "a kind of certificate, by number or mnemonic");
    case Field::KeyFlags:
      return read_number(2, key_flags_from_text, "flags, by number or such as ZONE|KSK");
    case Field::KeyProtocol:
      return read_number(1, key_protocol_from_text, "a protocol, by number or mnemonic");
    case Field::Scheme:
      return read_number(1, scheme_from_text, "a scheme, by number or mnemonic");
    case Field::TypeCode:
      return read_number(2, type_from_text, "a record type");
    case Field::OldTypeCode:
      return read_number(2, old_type_from_text, "a record type");
    case Field::ErrorCode:
      return read_number(2, tsig_error_from_text, "an error, by number or mnemonic");
    case Field::IPv4:
      return read_address(false);
    case Field::IPv6:
      return read_address(true);
    case Field::Locator:
      return read_locator();
    case Field::Eui48:
      return read_eui(6);
    case Field::Eui64:
      return read_eui(8);
    case Field::Nsap:
      return read_nsap();
    case Field::Atm:
      return read_atm();
    case Field::A6Suffix:
      return read_a6_suffix();
    case Field::Gateway:
      return read_gateway();
    case Field::Relay:
      return read_relay();
    case Field::Services:
      return read_rest(services_from_text);
    case Field::Prefixes:
      return read_rest(prefixes_from_text);
    case Field::Location:
      return read_rest(location_from_text);
    case Field::CompressedName:
    case Field::Name:
    case Field::CasedName:
      return read_name();
    case Field::OptionalName:
      return done() ? void() : read_name();
    case Field::Names:
      while (!error_ && !done()) read_name();
      return;
    case Field::String:
      return read_string();
    case Field::OptionalString:
      return done() ? void() : read_string();
    case Field::Strings:
      return read_strings();
    case Field::Tag:
      return read_tag();
    case Field::Text:
      return read_text();
    case Field::Salt: {
      const std::string_view text = done() ? "?" : words_[at_].text;
      return read_with_length(text == "-" ? Bytes{} : from_hex(text), "a salt in hex, or -");
    }
    case Field::HashedName: {
      const auto hash = done() ? std::nullopt : from_base32hex(words_[at_].text);
      return read_with_length(hash && !hash->empty() ? hash : std::nullopt, "a hash in base32hex");
    }
    case Field::HostIdentity:
      return read_host_identity();
    case Field::Hex:
      return read_encoded(from_hex, false, "hex digits, an even number of them");
    case Field::Base64:
      return read_encoded(from_base64, false, "base64");
    case Field::OptionalBase64:
      return read_encoded(from_base64, true, "base64");
    case Field::DashedBase64:
      return read_dashed();
    case Field::SizedBase64:
    case Field::SpacedBase64:
      return read_sized();
    case Field::TypeBitmap:
      return read_types();
    case Field::NxtTypeBitmap:
      return read_nxt_types();
    case Field::SvcParams:
      return read_rest(svc_params_from_text);
  }
}

void Parser::read_opaque() {
  ++at_;
  const auto length = done() ? std::nullopt : decimal_from_text(words_[at_].text, 0xFFFF);
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

}  // namespace cairn::wire
