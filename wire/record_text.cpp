// A whole record, or its RDATA, on one line: the small inputs of tests, hints and logs. Zone files
// have a reader of their own.
#include <algorithm>

#include "wire/rdata_text.hpp"

namespace cairn::wire {
namespace {

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

std::string to_text(const Record& record) {
  return record.owner.to_text() + " " + std::to_string(record.ttl.seconds) + " " +
         to_text(record.rrclass) + " " + to_text(record.type) + " " +
         rdata_to_text(record.type, record.rdata);
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
