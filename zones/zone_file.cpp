#include "zones/zone_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <variant>

#include "wire/rdata_layout.hpp"
#include "wire/rdata_text.hpp"
#include "zones/zone_scanner.hpp"

namespace cairn::zones {

using wire::Name;
using wire::Record;
using wire::RRClass;
using wire::RRType;
using wire::Ttl;
using wire::Word;

namespace {

constexpr std::size_t max_errors = 100;
constexpr std::uint64_t max_ttl_seconds = 0x7FFFFFFF;  // RFC 2181 section 8

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint64_t seconds_in(char unit) {
  switch (wire::fold(static_cast<std::uint8_t>(unit))) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 604800;
    default:
      return 0;
  }
}

/// "3600", or numbers with units such as "1h30m".
std::optional<Ttl> ttl_from_text(std::string_view text) {
  std::uint64_t total = 0;
  bool plain = false;  // a number without unit stands alone
  while (!text.empty() && !plain) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > max_ttl_seconds) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    plain = text.empty() && total == 0;
    const std::uint64_t unit = plain ? 1 : text.empty() ? 0 : seconds_in(text[0]);
    if (unit == 0) return std::nullopt;
    total += number * unit;
    if (total > max_ttl_seconds) return std::nullopt;
    if (!plain) text.remove_prefix(1);
  }
  return Ttl{static_cast<std::uint32_t>(total)};
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return wire::fold(static_cast<std::uint8_t>(x)) == wire::fold(static_cast<std::uint8_t>(y));
  });
}

class Parser {
 public:
  Parser(std::string_view text, const Name& origin, std::string_view file)
      : text_(text), scanner_(text), origin_(origin), file_(file) {}

  ZoneFile parse() {
    while (const ZoneScanner::Entry* entry = scanner_.next()) {
      entry_ = entry;
      at_ = 0;
      if (!entry->problem.empty())
        fail(entry->problem_at, entry->problem);
      else if (!entry->starts_blank && entry->words[0].text.starts_with('$') &&
               !entry->words[0].quoted)
        read_directive();
      else
        read_record();
      if (out_.errors.size() == max_errors) break;
    }
    return std::move(out_);
  }

 private:
  bool has_word() const { return at_ < entry_->words.size(); }
  const Word& word() const { return entry_->words[at_]; }

  void read_directive() {
    const std::string_view directive = word().text;
    ++at_;
    if (equal_ignoring_case(directive, "$ORIGIN"))
      read_origin();
    else if (equal_ignoring_case(directive, "$TTL"))
      read_default_ttl();
    else if (equal_ignoring_case(directive, "$INCLUDE"))
      fail_at_word(0, "$INCLUDE is not supported; put the included lines here");
    else if (equal_ignoring_case(directive, "$GENERATE"))
      fail_at_word(0, "$GENERATE is not supported; write out its records");
    else
      fail_at_word(0, quoted(directive) +
                          " is no directive; expected $ORIGIN or $TTL (an owner "
                          "that starts with '$' is written '\\$')");
  }

  void read_origin() {
    if (!has_word()) return fail(entry_->end, "$ORIGIN needs a name, such as example.com.");
    const auto name = Name::from_text(word().text, origin_);
    if (!name.ok()) return fail_at_word(at_, name.error());
    if (++at_; has_word())
      return fail_at_word(at_, quoted(word().text) + " is too much; $ORIGIN takes one name");
    origin_ = *name;
  }

  void read_default_ttl() {
    if (!has_word()) return fail(entry_->end, "$TTL needs a time, such as 3600 or 1h");
    const auto ttl = ttl_from_text(word().text);
    if (!ttl) return fail_at_word(at_, no_ttl(word().text));
    if (++at_; has_word())
      return fail_at_word(at_, quoted(word().text) + " is too much; $TTL takes one time");
    default_ttl_ = ttl;
  }

  void read_record() {
    if (!entry_->starts_blank && !read_owner()) return;
    if (entry_->starts_blank && !owner_known_)
      return fail_at_word(0,
                          "no owner: the line starts with a space, and no record before it has "
                          "a name; start the line with a name or @");
    std::optional<Ttl> ttl;
    bool has_class = false;
    // RFC 1035 section 5.1: TTL and class, each once or not at all, in either order.
    for (; has_word() && !word().quoted; ++at_) {
      if (!ttl && is_digit(word().text[0])) {
        ttl = ttl_from_text(word().text);
        if (!ttl) return fail_at_word(at_, no_ttl(word().text));
      } else if (const auto rrclass = has_class ? std::nullopt : read_class(word().text)) {
        class_ = *rrclass;
        has_class = true;
      } else {
        break;
      }
    }
    read_typed(ttl);
  }

  bool read_owner() {
    const auto name = Name::from_text(word().text, origin_);
    owner_known_ = name.ok();
    if (!name.ok()) {
      fail_at_word(0, name.error());
      return false;
    }
    owner_ = *name;
    ++at_;
    return true;
  }

  /// Class ANY and NONE belong to messages; ANY would also be taken for the type.
  static std::optional<RRClass> read_class(std::string_view text) {
    const auto first = wire::fold(static_cast<std::uint8_t>(text[0]));
    if (first != 'i' && first != 'c' && first != 'h') return std::nullopt;
    return wire::rrclass_from_text(text);
  }

  void read_typed(std::optional<Ttl> ttl) {
    if (!has_word())
      return fail(entry_->end, "no type: expected a record type such as A, AAAA or MX");
    const auto type = word().quoted ? std::nullopt : wire::rrtype_from_text(word().text);
    if (!type)
      return fail_at_word(at_, quoted(word().text) +
                                   " is no record type; expected one such as A, AAAA or MX, or "
                                   "TYPE65280 for a type without a name");
    if (wire::is_meta(*type))
      return fail_at_word(at_, quoted(word().text) +
                                   " is a type for questions and messages; a zone holds no such "
                                   "records");
    ++at_;
    const auto words = std::span(entry_->words).subspan(at_);
    auto rdata = wire::rdata_from_text(*type, words, origin_);
    if (const auto* error = std::get_if<wire::RdataTextError>(&rdata)) {
      if (error->word < words.size()) return fail_at_word(at_ + error->word, error->message);
      return fail(entry_->end, error->message);
    }
    auto& octets = std::get<wire::Bytes>(rdata);
    if (octets.size() > 65535) return fail_at_word(at_, "more than 65535 octets of data");
    const auto whole_ttl = ttl_for(ttl, *type, octets);
    if (!whole_ttl)
      return fail_at_word(at_ - 1,
                          "no TTL: write one before the type, or $TTL at the start of "
                          "the file");
    out_.records.push_back({owner_, *type, class_, *whole_ttl, std::move(octets)});
  }

  /// The record's own, else that of $TTL (RFC 2308 section 4), else the last one that was written
  /// (RFC 1035 section 5.1), else the minimum of the SOA, as it was meant before RFC 2308.
  std::optional<Ttl> ttl_for(std::optional<Ttl> own, RRType type, wire::RdataView rdata) {
    if (own) return last_ttl_ = own;
    if (default_ttl_) return default_ttl_;
    if (!last_ttl_ && type == RRType::SOA && rdata.size() >= 4) {
      const auto minimum = rdata.last(4);
      last_ttl_ = Ttl::from_wire(static_cast<std::uint32_t>(minimum[0] << 24 | minimum[1] << 16 |
                                                            minimum[2] << 8 | minimum[3]));
    }
    return last_ttl_;
  }

  static std::string quoted(std::string_view text) {
    constexpr std::size_t enough = 60;
    if (text.size() > enough) return "'" + std::string(text.substr(0, enough)) + "...'";
    return "'" + std::string(text) + "'";
  }

  static std::string no_ttl(std::string_view text) {
    return quoted(text) + " is no TTL; expected seconds up to 2147483647, or units as in 1h30m";
  }

  void fail_at_word(std::size_t index, std::string message) {
    fail(scanner_.offset_of(entry_->words[index]), std::move(message));
  }

  void fail(std::size_t offset, std::string message) {
    const auto [line, column] = scanner_.position(offset);
    out_.errors.push_back({std::string(file_), line, column, std::move(message)});
  }

  std::string_view text_;
  ZoneScanner scanner_;
  Name origin_;
  std::string_view file_;
  ZoneFile out_;
  const ZoneScanner::Entry* entry_ = nullptr;
  std::size_t at_ = 0;  // the next word of entry_
  Name owner_;
  bool owner_known_ = false;
  RRClass class_ = RRClass::IN;
  std::optional<Ttl> default_ttl_;
  std::optional<Ttl> last_ttl_;
};

/// Relative to `origin` where that is shorter to read; never a text that means something else.
std::string owner_to_text(const Name& owner, const Name& origin) {
  std::string text = owner.to_text();
  if (owner.is_identical(origin) && !origin.is_root()) return "@";
  const bool same_case =
      owner.is_below(origin) && owner.suffix(origin.label_count()).is_identical(origin);
  if (same_case && !origin.is_root()) {
    std::string relative = text.substr(0, text.size() - origin.to_text().size() - 1);
    if (relative != "@") text = std::move(relative);
  }
  if (text.starts_with('$')) text.insert(0, 1, '\\');
  return text;
}

}  // namespace

std::string ZoneFileError::to_text() const {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

ZoneFile parse_zone_file(std::string_view text, const Name& origin, std::string_view file) {
  return Parser(text, origin, file).parse();
}

std::string write_zone_file(std::span<const Record> records, const Name& origin) {
  std::string out = "$ORIGIN " + origin.to_text() + "\n";
  for (const Record& record : records) {
    out += owner_to_text(record.owner, origin);
    out += '\t';
    out += std::to_string(record.ttl.seconds);
    out += '\t';
    out += to_text(record.rrclass);
    out += '\t';
    out += to_text(record.type);
    out += '\t';
    out += wire::rdata_to_text(record.type, record.rdata);
    out += '\n';
  }
  return out;
}

}  // namespace cairn::zones
