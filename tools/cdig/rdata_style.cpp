#include "tools/cdig/rdata_style.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <vector>

#include "tools/cdig/idn.hpp"
#include "wire/loose_message.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::cdig {

namespace {

using wire::RRType;
using Words = std::vector<std::string>;

// How the words of a type are laid out over lines: `before ( beside`, then a line of `second`
// words, then a line for each other, then `)`. `inside`: how many words these are together, when
// others follow.
struct Shape {
  std::uint16_t type;
  std::size_t before;
  std::size_t beside;
  std::size_t second;
  std::size_t inside;
  bool cut;     // long words are cut
  bool secret;  // +nocrypto leaves the last word out
};

constexpr std::array shapes{
    Shape{24, 5, 0, 3, 0, true, false},    // SIG
    Shape{31, 0, 1, 0, 0, true, false},    // EID
    Shape{32, 0, 1, 0, 0, true, false},    // NIMLOC
    Shape{37, 3, 0, 0, 0, true, false},    // CERT
    Shape{40, 3, 0, 0, 0, true, false},    // SINK
    Shape{43, 3, 0, 0, 0, true, true},     // DS
    Shape{44, 2, 0, 0, 0, true, false},    // SSHFP
    Shape{45, 0, 4, 0, 0, true, false},    // IPSECKEY
    Shape{46, 4, 0, 4, 0, true, true},     // RRSIG
    Shape{49, 0, 1, 0, 0, true, false},    // DHCID
    Shape{50, 4, 0, 0, 0, false, false},   // NSEC3
    Shape{52, 3, 0, 0, 0, true, false},    // TLSA
    Shape{53, 3, 0, 0, 0, true, false},    // SMIMEA
    Shape{55, 0, 2, 0, 0, false, false},   // HIP
    Shape{59, 3, 0, 0, 0, true, true},     // CDS
    Shape{61, 0, 1, 0, 0, true, true},     // OPENPGPKEY
    Shape{63, 3, 0, 0, 0, true, true},     // ZONEMD
    Shape{249, 6, 0, 0, 1, true, false},   // TKEY
    Shape{250, 4, 0, 0, 1, true, false},   // TSIG
    Shape{32768, 3, 0, 0, 0, true, true},  // TA
    Shape{32769, 3, 0, 0, 0, true, true},  // DLV
};
constexpr Shape opaque_shape{0, 2, 1, 0, 0, true, false};

bool is_key(RRType type) {
  const auto number = static_cast<std::uint16_t>(type);
  return number == 25 || number == 48 || number == 57 || number == 60;  // KEY DNSKEY RKEY CDNSKEY
}

bool is_dnskey(RRType type) {
  return type == RRType::DNSKEY || type == RRType::CDNSKEY;
}

// At spaces, but for those between quotes.
Words words_of(std::string_view text) {
  Words words{""};
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ' ' && !quoted) {
      words.emplace_back();
      continue;
    }
    if (text[at] == '"') quoted = !quoted;
    words.back() += text[at];
    if (text[at] == '\\' && at + 1 < text.size()) words.back() += text[++at];
  }
  return words;
}

std::string joined(std::span<const std::string> words, std::string_view gap) {
  std::string text;
  for (const std::string& word : words) {
    if (&word != words.data()) text += gap;
    text += word;
  }
  return text;
}

std::string cut(const std::string& word, std::size_t width, std::string_view gap) {
  if (width == 0) return word;
  std::string text;
  for (std::size_t at = 0; at < word.size(); at += width) {
    if (at > 0) text += gap;
    text.append(word, at, width);
  }
  return text;
}

std::size_t width_of(const Display& display) {
  return display.split_width.value_or(display.multiline ? 44 : 56);
}

// The types of a window of 256 on one line.
Words windows_of(std::span<const std::string> types) {
  Words windows;
  int last = -1;
  for (const std::string& type : types) {
    const int window = static_cast<int>(*wire::rrtype_from_text(type)) >> 8;
    if (window == last) {
      windows.back() += " " + type;
    } else {
      windows.push_back(type);
    }
    last = window;
  }
  return windows;
}

std::string shaped(Words words, const Shape& shape, std::size_t width) {
  const std::span<const std::string> all(words);
  if (all.size() <= shape.before) return joined(all, " ");
  std::string text = joined(all.first(shape.before), " ");
  text += shape.before > 0 ? " (" : "(";
  auto rest = all.subspan(shape.before);
  const std::size_t inside = shape.inside > 0 ? shape.inside : rest.size();
  const auto after = rest.subspan(inside);
  rest = rest.first(inside);
  const auto line = [&](std::size_t count, std::string_view gap) {
    count = std::min(count, rest.size());
    if (count == 0) return;
    text += gap;
    const bool alone = count == 1 && shape.cut;
    text += alone ? cut(rest[0], width, next_line) : joined(rest.first(count), " ");
    rest = rest.subspan(count);
  };
  line(shape.beside, " ");
  line(shape.second, next_line);
  while (!rest.empty()) line(1, next_line);
  text += " )";
  for (const std::string& word : after) text += " " + word;
  return text;
}

std::string soa_text(const Words& words, bool comments) {
  constexpr std::array<std::string_view, 5> names{"serial", "refresh", "retry", "expire",
                                                  "minimum"};
  std::string text = words[0] + " " + words[1] + " (";
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string number = words[i + 2];
    text += next_line;
    if (!comments) {
      text += number;
      continue;
    }
    const auto seconds = static_cast<std::uint32_t>(std::stoul(number));
    constexpr std::size_t most_digits = 10;
    number.resize(most_digits, ' ');
    text += number + " ; " + std::string(names[i]);
    if (i > 0) text += " (" + in_words(seconds) + ")";
  }
  if (comments) text += next_line;
  return text + ")";
}

// RFC 4034 appendix A.1, in BIND's words. Private algorithms are named by their owner's name.
std::string algorithm_text(wire::RdataView key) {
  switch (key[3]) {
    case 1:
      return "RSAMD5";
    case 2:
      return "DH";
    case 3:
      return "DSA";
    case 5:
      return "RSASHA1";
    case 6:
      return "NSEC3DSA";
    case 7:
      return "NSEC3RSASHA1";
    case 8:
      return "RSASHA256";
    case 10:
      return "RSASHA512";
    case 12:
      return "ECCGOST";
    case 13:
      return "ECDSAP256SHA256";
    case 14:
      return "ECDSAP384SHA384";
    case 15:
      return "ED25519";
    case 16:
      return "ED448";
    case 252:
      return "INDIRECT";
    case 253: {
      const auto size = wire::field_size(wire::Field::Name, key.subspan(4));
      if (!size) return "PRIVATEDNS";
      std::string text = wire::Name::from_wire(key.subspan(4, *size))->to_text();
      if (text.size() > 1) text.pop_back();
      return text;
    }
    case 254:
      return "PRIVATEOID";
    default:
      return std::to_string(key[3]);
  }
}

std::string key_comment(const wire::Record& record) {
  std::string text;
  if (is_dnskey(record.type)) {
    const unsigned flags = static_cast<unsigned>(record.rdata[0] << 8 | record.rdata[1]);
    constexpr unsigned secure_entry_point = 1, revoked = 0x80;  // RFC 4034 2.1.1, RFC 5011 7
    const bool signs_keys = flags & secure_entry_point;
    text = signs_keys ? (flags & revoked ? " ; revoked KSK" : " ; KSK") : " ; ZSK";
  }
  return text + "; alg = " + algorithm_text(record.rdata) +
         " ; key id = " + std::to_string(key_tag(record.rdata));
}

std::string key_text(const wire::Record& record, Words words, const Display& display,
                     bool comments) {
  constexpr std::size_t fixed = 3;
  if (words.size() <= fixed) return joined(words, " ");  // a KEY that says that there is none
  const std::string gap(display.multiline ? next_line : " ");
  words[fixed] = display.crypto ? cut(words[fixed], width_of(display), gap)
                                : "[key id = " + std::to_string(key_tag(record.rdata)) + "]";
  std::string text = joined(std::span(words).first(fixed), " ");
  if (!display.multiline)
    return text + " " + words[fixed] + (comments ? " " + key_comment(record) : "");
  text += " (" + gap + words[fixed];
  return text + (comments ? gap + ")" + key_comment(record) : " )");
}

const Shape* shape_of(RRType type) {
  const auto* found = std::ranges::find(shapes, static_cast<std::uint16_t>(type), &Shape::type);
  return found != shapes.end() ? found : nullptr;
}

std::string hide_last(std::string_view unsplit) {
  return std::string(unsplit.substr(0, unsplit.rfind(' ') + 1)) + "[omitted]";
}

// Names are words without quotes that end in a dot.
std::string in_own_script(const std::string& text) {
  Words words = words_of(text);
  for (std::string& word : words)
    if (word.ends_with('.') && !word.starts_with('"')) word = to_unicode(word);
  return joined(words, " ");
}

bool has_form(const wire::Record& record) {
  return !wire::is_opaque(record) && wire::has_text(record.type, record.rdata);
}

// An OPT that is no part of its message: code, length and data of each option.
std::string options_text(const wire::Record& record, const Display& display) {
  const auto options = wire::parse_options(record.rdata, record.rdata.size());
  if (!options) return "";
  std::string text;
  for (const wire::EdnsOption& option : *options) {
    if (!text.empty()) text += " ";
    text += std::to_string(static_cast<unsigned>(option.code)) + " " +
            std::to_string(option.data.size());
    if (option.data.empty()) continue;
    const std::string data = wire::to_base64(option.data);
    text += display.multiline
                ? " (" + std::string(next_line) + cut(data, width_of(display), next_line) + " )"
                : " " + cut(data, width_of(display), " ");
  }
  return text;
}

std::string chaos_address_text(const wire::Record& record) {
  const auto size = wire::field_size(wire::Field::Name, record.rdata);
  if (!size || record.rdata.size() != *size + 2) return "";
  const wire::RdataView rdata = record.rdata;
  std::array<char, 8> octal{};
  std::snprintf(octal.data(), octal.size(), " %o", rdata[*size] << 8 | rdata[*size + 1]);
  return wire::Name::from_wire(rdata.first(*size))->to_text() + octal.data();
}

std::string opaque_text(const wire::Record& record, const Display& display) {
  if (!display.multiline) return wire::opaque_to_text(record.rdata, {width_of(display), " "});
  return shaped(words_of(wire::opaque_to_text(record.rdata, {0, " "})), opaque_shape,
                width_of(display));
}

std::string expanded(wire::RdataView address) {
  std::string text;
  for (std::size_t at = 0; at < address.size(); at += 2) {
    std::array<char, 6> group{};
    std::snprintf(group.data(), group.size(), at > 0 ? ":%02x%02x" : "%02x%02x", address[at],
                  address[at + 1]);
    text += group.data();
  }
  return text;
}

std::string known_text(const wire::Record& record, const Display& display) {
  const RRType type = record.type;
  const bool comments = display.rr_comments.value_or(display.multiline);
  if (type == RRType::AAAA && display.expand_aaaa) return expanded(record.rdata);
  const auto unsplit = [&] { return wire::rdata_to_text(type, record.rdata, {0, " "}); };
  if (is_key(type) && (display.multiline || comments || !display.crypto))
    return key_text(record, words_of(unsplit()), display, comments);

  const Shape* shape = shape_of(type);
  const bool hidden = shape && shape->secret && !display.crypto;
  if (!display.multiline) {
    return hidden ? hide_last(unsplit())
                  : wire::rdata_to_text(type, record.rdata, {width_of(display), " "});
  }
  if (type == RRType::SOA) return soa_text(words_of(unsplit()), comments);
  if (!shape) return unsplit();
  Words words = words_of(hidden ? hide_last(unsplit()) : unsplit());
  constexpr std::size_t up_to_hash = 5;
  if (type == RRType::NSEC3 && words.size() > up_to_hash) {
    const Words windows = windows_of(std::span(words).subspan(up_to_hash));
    words.resize(up_to_hash);
    words.insert(words.end(), windows.begin(), windows.end());
  }
  std::string text = shaped(std::move(words), *shape, width_of(display));
  constexpr std::size_t dhcid_head = 3;  // RFC 4701 section 3.1: kinds of identifier and digest
  if (shape->type == 49 && record.rdata.size() >= dhcid_head) {
    text += " ; " + std::to_string(record.rdata[0] << 8 | record.rdata[1]) + " " +
            std::to_string(record.rdata[2]) + " " +
            std::to_string(record.rdata.size() - dhcid_head);
  }
  return text;
}

}  // namespace

std::string rdata_text(const wire::Record& record, const Display& display) {
  if (!display.unknown_format) {
    if (record.type == RRType::OPT) return options_text(record, display);
    if (wire::is_chaos_address(record)) return chaos_address_text(record);
  }
  if (display.unknown_format || !has_form(record)) return opaque_text(record, display);
  std::string text = known_text(record, display);
  return display.idn_out ? in_own_script(text) : text;
}

std::string name_text(const wire::Name& name, const Display& display) {
  std::string text = name.to_text();
  return display.idn_out ? to_unicode(text) : text;
}

std::string in_words(std::uint32_t seconds) {
  constexpr std::array<std::pair<std::uint32_t, std::string_view>, 5> units{
      {{604800, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}}};
  if (seconds == 0) return "0 seconds";
  std::string text;
  for (const auto& [size, name] : units) {
    const std::uint32_t count = seconds / size;
    seconds %= size;
    if (count == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(count) + " " + std::string(name) + (count > 1 ? "s" : "");
  }
  return text;
}

std::uint16_t key_tag(wire::RdataView dnskey) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < dnskey.size(); ++at)
    sum += at % 2 == 0 ? std::uint32_t{dnskey[at]} << 8 : dnskey[at];
  return static_cast<std::uint16_t>(sum + (sum >> 16));
}

}  // namespace cairn::cdig
