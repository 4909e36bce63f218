#include "zones/zone_file_parser.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

namespace cairn::zones {

using wire::Name;
using wire::RdataTextError;
using wire::RRClass;
using wire::RRType;
using wire::Ttl;
using wire::Word;

namespace {

/// No zone needs more; a file that includes itself under many names is stopped by it.
constexpr std::size_t max_include_depth = 8;
/// Files that include others several times each multiply.
constexpr std::size_t max_included_files = 10'000;
constexpr std::uint32_t max_ttl_seconds = 0x7FFFFFFF;  // RFC 2181 section 8

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Ttl> ttl_from_text(std::string_view text) {
  const auto seconds = wire::seconds_from_text(text);
  if (!seconds || *seconds > max_ttl_seconds) return std::nullopt;
  return Ttl{*seconds};
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return wire::fold(static_cast<std::uint8_t>(x)) == wire::fold(static_cast<std::uint8_t>(y));
  });
}

/// Class ANY and NONE belong to messages; ANY would also be taken for the type.
std::optional<RRClass> class_from_text(std::string_view text) {
  const auto first = wire::fold(static_cast<std::uint8_t>(text[0]));
  if (first != 'i' && first != 'c' && first != 'h') return std::nullopt;
  return wire::rrclass_from_text(text);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t enough = 60;
  if (text.size() > enough) return "'" + std::string(text.substr(0, enough)) + "...'";
  return "'" + std::string(text) + "'";
}

std::string no_ttl(std::string_view text) {
  return quoted(text) + " is no TTL; expected seconds up to 2147483647, or units as in 1h30m";
}

/// The name of a file, without the backslashes of its presentation.
std::string path_from_text(std::string_view text) {
  std::string path;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    path += text[at];
  }
  return path;
}

std::string beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

/// The folder of a file as one says it: "." where its name has none.
std::filesystem::path folder_of(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path().lexically_normal();
  return folder.empty() ? "." : folder;
}

bool is_within(const std::string& path, const std::filesystem::path& folder) {
  const auto inside = std::filesystem::path(path).lexically_relative(folder);
  return !inside.empty() && *inside.begin() != "..";
}

/// What stands between quotes, with its own quotes in their place.
std::string without_escaped_quotes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '\\' && at + 1 < text.size();
    if (!escape || text[at + 1] != '"') out += text[at];
    if (escape) out += text[++at];
  }
  return out;
}

std::string count_text(std::size_t count) {
  return std::to_string(count);
}

}  // namespace

ZoneFileErrors ZoneFileParser::parse(std::string_view text, const Name& origin,
                                     std::string_view name) {
  File file(text, origin, name);
  octets_ = text.size();
  if (octets_ <= options_.max_octets)
    read_entries(file);
  else
    errors_.add({file.name, 0, 0,
                 "it has more than " + count_text(options_.max_octets) +
                     " octets, and no zone of that size is loaded; delegate parts of it"});
  return std::move(errors_);
}

void ZoneFileParser::read_entries(File& file) {
  file_ = &file;
  while (const ZoneScanner::Entry* entry = file.scanner.next()) {
    entry_ = entry;
    at_ = 0;
    if (!entry->problem.empty())
      fail(entry->problem_at, entry->problem);
    else if (!entry->starts_blank && entry->words[0].text.starts_with('$') &&
             !entry->words[0].quoted)
      read_directive();
    else
      read_record();
  }
}

void ZoneFileParser::read_directive() {
  const std::string_view directive = word().text;
  ++at_;
  if (equal_ignoring_case(directive, "$ORIGIN"))
    read_origin();
  else if (equal_ignoring_case(directive, "$TTL"))
    read_default_ttl();
  else if (equal_ignoring_case(directive, "$INCLUDE"))
    read_include();
  else if (equal_ignoring_case(directive, "$GENERATE"))
    read_generate();
  else
    fail_at_word(0, quoted(directive) +
                        " is no directive; expected $ORIGIN, $TTL, $INCLUDE or $GENERATE (an "
                        "owner that starts with '$' is written '\\$')");
}

void ZoneFileParser::read_origin() {
  if (!has_word()) return fail(entry_->end, "$ORIGIN needs a name, such as example.com.");
  const auto name = Name::from_text(word().text, file_->origin);
  if (!name.ok()) return fail_at_word(at_, name.error());
  if (++at_; has_word())
    return fail_at_word(at_, quoted(word().text) + " is too much; $ORIGIN takes one name");
  file_->origin = *name;
}

void ZoneFileParser::read_default_ttl() {
  if (!has_word()) return fail(entry_->end, "$TTL needs a time, such as 3600 or 1h");
  const auto ttl = ttl_from_text(word().text);
  if (!ttl) return fail_at_word(at_, no_ttl(word().text));
  if (++at_; has_word())
    return fail_at_word(at_, quoted(word().text) + " is too much; $TTL takes one time");
  default_ttl_ = ttl;
}

void ZoneFileParser::read_include() {
  if (!has_word()) return fail(entry_->end, "$INCLUDE needs a file, such as hosts.zone");
  const std::size_t path_at = at_;
  const std::string path = beside(file_->name, path_from_text(word().text));
  Name origin = file_->origin;
  if (++at_; has_word()) {
    const auto name = Name::from_text(word().text, file_->origin);
    if (!name.ok()) return fail_at_word(at_, name.error());
    origin = *name;
    ++at_;
  }
  if (has_word())
    return fail_at_word(
        at_, quoted(word().text) +
                 " is too much; $INCLUDE takes a file and the name that it is relative to");
  if (!may_include(path, path_at)) return;
  const auto text = options_.read_file(path);
  if (!text)
    return fail_at_word(path_at, "cannot read " + path + ": " + text.error() +
                                     "; its name is relative to the file that includes it");
  octets_ += text->size();
  if (octets_ > options_.max_octets)
    return fail_at_word(path_at, "with it the zone's files have more than " +
                                     count_text(options_.max_octets) +
                                     " octets, and no zone of that size is loaded; delegate "
                                     "parts of it");
  include(path, *text, origin);
}

bool ZoneFileParser::may_include(const std::string& path, std::size_t path_at) {
  const auto refuse = [&](std::string why) {
    fail_at_word(path_at, std::move(why));
    return false;
  };
  if (!options_.read_file) return refuse("$INCLUDE cannot be used here; put its lines here");
  std::string chain = path;
  const File* outermost = file_;
  for (const File* file = file_; file != nullptr; file = file->includer) {
    outermost = file;
    chain.insert(0, file->name + " -> ");
    if (std::filesystem::path(file->name).lexically_normal() == path)
      return refuse("the file would include itself: " + chain + "; remove one of them");
  }
  if (const auto folder = folder_of(outermost->name); !is_within(path, folder))
    return refuse(path + " is outside of the zone file's folder, " + folder.string() +
                  "; only files in there are included: put it there");
  if (file_->depth == max_include_depth)
    return refuse("more than " + count_text(max_include_depth) +
                  " files within each other: " + chain + "; include them from one file");
  if (++included_ > max_included_files)
    return refuse("more than " + count_text(max_included_files) +
                  " files are included; put their lines into fewer files");
  return true;
}

void ZoneFileParser::include(const std::string& path, const std::string& text, const Name& origin) {
  File* includer = file_;
  File file(text, origin, path);
  file.includer = includer;
  file.depth = includer->depth + 1;
  file.owner = includer->owner;
  file.owner_known = includer->owner_known;
  read_entries(file);
  file_ = includer;
}

void ZoneFileParser::read_generate() {
  if (!has_word())
    return fail(entry_->end,
                "$GENERATE needs a range, owner, type and data, as in 1-9 h$ A 10.0.0.$");
  const auto range = generate_range_from_text(word().text);
  if (!range) return fail_at_word(at_, range.error());
  if (++at_; !has_word())
    return fail(entry_->end, "no owner: expected a name with '$' for the number, as in host-$");
  const Word owner = word();
  ++at_;
  const auto header = read_header();
  if (!header) return;
  if (!has_word())
    return fail(entry_->end, "no data: expected it with '$' for the number, as in 10.0.0.$");
  if (range->count() > options_.max_generated - generated_)
    return fail_at_word(1, "with it $GENERATE would make more than " +
                               count_text(options_.max_generated) + " records; use less of them");
  generated_ += range->count();
  generate(*range, owner, *header, at_);
}

/// Ends at the first record that is wrong: the others would be wrong in the same way.
void ZoneFileParser::generate(const GenerateRange& range, const Word& owner, const Header& header,
                              std::size_t data_at) {
  const Words patterns = Words(entry_->words).subspan(data_at);
  // BIND knows data of one word, and takes several words from between quotes.
  const bool between_quotes = patterns.size() == 1 && patterns[0].quoted;
  std::vector<std::string> texts(patterns.size());
  std::vector<Word> words(patterns.begin(), patterns.end());
  for (std::uint64_t number = range.first; number <= range.last; number += range.step) {
    const auto wrong = [&](std::size_t index, const std::string& why) {
      fail_at_word(index, "for " + std::to_string(number) + ": " + why);
    };
    const auto value = static_cast<std::uint32_t>(number);
    const auto owner_text = generate_text(owner.text, value);
    if (!owner_text) return wrong(2, owner_text.error());
    const auto name = Name::from_text(*owner_text, file_->origin);
    if (!name) return wrong(2, name.error());
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      auto text = generate_text(patterns[i].text, value);
      if (!text) return wrong(data_at + i, text.error());
      texts[i] = *std::move(text);
      words[i].text = texts[i];
    }
    std::optional<Wrong> error;
    if (between_quotes) {
      const std::string unquoted = without_escaped_quotes(texts[0]);
      ZoneScanner inner(unquoted);
      const ZoneScanner::Entry* entry = inner.next();
      if (entry == nullptr) return wrong(data_at, "nothing stands between the quotes");
      if (!entry->problem.empty()) return wrong(data_at, entry->problem);
      error = deliver(*name, header, entry->words);
      if (error) error->word = std::min(error->word, std::size_t{1});
    } else {
      error = deliver(*name, header, words);
    }
    if (!error) continue;
    return wrong(std::min(data_at - 1 + error->word, entry_->words.size() - 1), error->message);
  }
}

void ZoneFileParser::read_record() {
  if (!entry_->starts_blank && !read_owner()) return;
  if (entry_->starts_blank && !file_->owner_known)
    return fail_at_word(0,
                        "no owner: the line starts with a space, and no record before it has "
                        "a name; start the line with a name or @");
  const auto header = read_header();
  if (!header) return;
  const auto error = deliver(file_->owner, *header, Words(entry_->words).subspan(at_));
  if (!error) return;
  const std::size_t index = at_ - 1 + error->word;
  if (index < entry_->words.size()) return fail_at_word(index, error->message);
  fail(entry_->end, error->message);
}

bool ZoneFileParser::read_owner() {
  const auto name = Name::from_text(word().text, file_->origin);
  file_->owner_known = name.ok();
  if (!name.ok()) {
    fail_at_word(0, name.error());
    return false;
  }
  file_->owner = *name;
  ++at_;
  return true;
}

/// RFC 1035 section 5.1: TTL and class, each once or not at all, in either order, then the type.
std::optional<ZoneFileParser::Header> ZoneFileParser::read_header() {
  Header header;
  for (; has_word() && !word().quoted; ++at_) {
    if (!header.ttl && is_digit(word().text[0])) {
      header.ttl = ttl_from_text(word().text);
      if (header.ttl) continue;
      fail_at_word(at_, no_ttl(word().text));
      return std::nullopt;
    }
    if (header.rrclass) break;
    header.rrclass = class_from_text(word().text);
    if (!header.rrclass) break;
  }
  if (header.rrclass) class_ = *header.rrclass;
  const auto type = read_type();
  if (!type) return std::nullopt;
  header.type = *type;
  return header;
}

std::optional<RRType> ZoneFileParser::read_type() {
  if (!has_word()) {
    fail(entry_->end, "no type: expected a record type such as A, AAAA or MX");
    return std::nullopt;
  }
  const auto type = word().quoted ? std::nullopt : wire::rrtype_from_text(word().text);
  if (!type) {
    fail_at_word(at_, quoted(word().text) +
                          " is no record type; expected one such as A, AAAA or MX, or "
                          "TYPE65280 for a type without a name");
    return std::nullopt;
  }
  if (wire::is_meta(*type)) {
    fail_at_word(at_, quoted(word().text) +
                          " is a type for questions and messages; a zone holds no such records");
    return std::nullopt;
  }
  ++at_;
  return type;
}

std::optional<ZoneFileParser::Wrong> ZoneFileParser::deliver(const Name& owner,
                                                             const Header& header, Words words) {
  auto read = wire::rdata_from_text(header.type, words, file_->origin);
  if (auto* error = std::get_if<RdataTextError>(&read))
    return Wrong{error->word + 1, std::move(error->message)};
  const auto& rdata = std::get<wire::Bytes>(read);
  const auto ttl = ttl_for(header.ttl, header.type, rdata);
  if (!ttl) return Wrong{0, "no TTL: write one before the type, or $TTL at the start of the file"};
  std::string problem = take_({owner, header.type, class_, *ttl, rdata});
  if (problem.empty()) return std::nullopt;
  return Wrong{0, std::move(problem)};
}

/// The record's own, else that of $TTL (RFC 2308 section 4), else the last one that was written
/// (RFC 1035 section 5.1), else the minimum of the SOA, as it was meant before RFC 2308.
std::optional<Ttl> ZoneFileParser::ttl_for(std::optional<Ttl> own, RRType type,
                                           wire::RdataView rdata) {
  if (own) return last_ttl_ = own;
  if (default_ttl_) return default_ttl_;
  if (!last_ttl_ && type == RRType::SOA && rdata.size() >= 4) {
    const auto minimum = rdata.last(4);
    last_ttl_ = Ttl::from_wire(static_cast<std::uint32_t>(minimum[0] << 24 | minimum[1] << 16 |
                                                          minimum[2] << 8 | minimum[3]));
  }
  return last_ttl_;
}

void ZoneFileParser::fail_at_word(std::size_t index, std::string message) {
  fail(file_->scanner.offset_of(entry_->words[index]), std::move(message));
}

void ZoneFileParser::fail(std::size_t offset, std::string message) {
  if (errors_.errors.size() == ZoneFileErrors::most) {
    ++errors_.more;
    return;
  }
  const auto [line, column] = file_->scanner.position(offset);
  errors_.add({file_->name, line, column, std::move(message)});
}

}  // namespace cairn::zones
