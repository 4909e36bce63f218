#include "dnssec/tsig_key.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "wire/octets_text.hpp"

namespace cairn::dnssec {

namespace {

using wire::operator""_name;

struct Known {
  HashAlgorithm hash;
  std::string_view text;
  wire::Name name;
  std::string_view number;  // in the files of old keys
};

const std::array<Known, 6>& known_algorithms() {
  static const std::array<Known, 6> known{
      {{HashAlgorithm::Md5, "hmac-md5", "hmac-md5.sig-alg.reg.int."_name, "157"},
       {HashAlgorithm::Sha1, "hmac-sha1", "hmac-sha1."_name, "161"},
       {HashAlgorithm::Sha224, "hmac-sha224", "hmac-sha224."_name, "162"},
       {HashAlgorithm::Sha256, "hmac-sha256", "hmac-sha256."_name, "163"},
       {HashAlgorithm::Sha384, "hmac-sha384", "hmac-sha384."_name, "164"},
       {HashAlgorithm::Sha512, "hmac-sha512", "hmac-sha512."_name, "165"}}};
  return known;
}

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(wire::fold(static_cast<std::uint8_t>(c)));
  return result;
}

// named.conf's words: names, numbers, quoted strings, and "{", "}" and ";" each by itself.
// Comments are those of C, C++ and the shell.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  struct Word {
    std::string_view text;
    std::size_t line = 1;
    bool quoted = false;
    bool is(std::string_view other) const { return !quoted && text == other; }
  };

  /// nullopt at the end. A quote or a comment without an end goes to the end.
  std::optional<Word> next() {
    skip_blanks();
    if (at_ == text_.size()) return std::nullopt;
    Word word{{}, line_, false};
    const char first = text_[at_];
    std::size_t end = at_ + 1;
    if (first == '"') {
      end = std::min(text_.find('"', at_ + 1), text_.size());
      word.text = text_.substr(at_ + 1, end - at_ - 1);
      word.quoted = true;
      count_lines(word.text);
      at_ = std::min(end + 1, text_.size());
      return word;
    }
    if (!is_punctuation(first))
      while (end < text_.size() && !is_blank(text_[end]) && !is_punctuation(text_[end]) &&
             text_[end] != '"')
        ++end;
    word.text = text_.substr(at_, end - at_);
    at_ = end;
    return word;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static bool is_punctuation(char c) { return c == '{' || c == '}' || c == ';'; }
  void count_lines(std::string_view text) {
    line_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  bool at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void skip_to_end_of(std::string_view mark, std::size_t from) {
    const std::size_t found = text_.find(mark, from);
    const std::size_t end = found == text_.npos ? text_.size() : found + mark.size();
    count_lines(text_.substr(at_, end - at_));
    at_ = end;
  }
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        line_ += text_[at_] == '\n';
        ++at_;
      } else if (at("#") || at("//")) {
        skip_to_end_of("\n", at_);
      } else if (at("/*")) {
        skip_to_end_of("*/", at_ + 2);
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

// Reads clauses until the first that is a key.
class ClauseReader {
 public:
  explicit ClauseReader(std::string_view text) : words_(text) {}

  wire::Result<TsigKeyText> read() {
    while (next()) {
      if (word_.is("key")) return read_key();
      if (!skip_statement()) break;
    }
    return wire::Error{"no key in the file"};
  }

 private:
  bool next() {
    const auto word = words_.next();
    if (word) word_ = *word;
    return word.has_value();
  }
  wire::Error expected(std::string_view what) const {
    return {"line " + std::to_string(word_.line) + ": expected " + std::string(what) + ", found '" +
            std::string(word_.text) + "'"};
  }
  // To the ";" that ends the statement whose first word was read, over blocks inside of it.
  bool skip_statement() {
    std::size_t depth = 0;
    do {
      if (word_.is("{")) ++depth;
      if (word_.is("}") && depth-- == 0) return false;
      if (word_.is(";") && depth == 0) return true;
    } while (next());
    return false;
  }

  wire::Result<TsigKeyText> read_key() {
    if (!next() || word_.is("{") || word_.is(";")) return expected("the name of the key");
    TsigKeyText key;
    key.name = word_.text;
    key.name_line = word_.line;
    if (!next() || !word_.is("{")) return expected("'{'");
    while (next() && !word_.is("}")) {
      const bool is_algorithm = word_.is("algorithm");
      if (!is_algorithm && !word_.is("secret")) return expected("'algorithm' or 'secret'");
      if (!next()) return expected("its value");
      (is_algorithm ? key.algorithm : key.secret) = word_.text;
      (is_algorithm ? key.algorithm_line : key.secret_line) = word_.line;
      if (!next() || !word_.is(";")) return expected("';'");
    }
    if (!word_.is("}")) return expected("'}'");
    return key;
  }

  Words words_;
  Words::Word word_;
};

// What stands behind "Field:" at the beginning of a line.
std::optional<std::string_view> field(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(':')) continue;
    line.remove_prefix(name.size() + 1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    return line;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TsigAlgorithm> tsig_algorithm_from_text(std::string_view text) {
  std::string word = folded(text);
  if (word.ends_with('.')) word.pop_back();
  if (word == "hmac-md5.sig-alg.reg.int") word = "hmac-md5";
  for (const Known& known : known_algorithms()) {
    if (!word.starts_with(known.text)) continue;
    const std::size_t whole = hash_octets(known.hash);
    if (word.size() == known.text.size()) return TsigAlgorithm{known.hash, whole};
    // "-128": bits of the MAC, in whole octets.
    if (word[known.text.size()] != '-') continue;
    const char* const begin = word.data() + known.text.size() + 1;
    const char* const end = word.data() + word.size();
    unsigned bits = 0;
    const auto [stop, error] = std::from_chars(begin, end, bits);
    if (error != std::errc() || stop != end || bits % 8 != 0) return std::nullopt;
    const std::size_t octets = bits / 8;
    if (octets > whole || octets < std::max<std::size_t>(10, whole / 2)) return std::nullopt;
    return TsigAlgorithm{known.hash, octets};
  }
  return std::nullopt;
}

const wire::Name& tsig_algorithm_name(HashAlgorithm hash) {
  return known_algorithms()[static_cast<std::size_t>(hash)].name;
}

std::optional<HashAlgorithm> tsig_algorithm_named(const wire::Name& name) {
  for (const Known& known : known_algorithms())
    if (known.name == name) return known.hash;
  return std::nullopt;
}

wire::Result<TsigKeyText> tsig_key_text_from_clause(std::string_view text) {
  return ClauseReader(text).read();
}

wire::Result<TsigKey> tsig_key_from_clause(std::string_view text) {
  const auto words = tsig_key_text_from_clause(text);
  if (!words) return wire::Error{words.error()};
  if (words->algorithm.empty() || words->secret.empty())
    return wire::Error{"the key lacks its algorithm or its secret"};
  const auto at = [](std::size_t line) { return "line " + std::to_string(line) + ": "; };
  const auto name = wire::Name::from_text(words->name);
  if (!name)
    return wire::Error{at(words->name_line) + "expected a domain name, found '" + words->name +
                       "'"};
  const auto algorithm = tsig_algorithm_from_text(words->algorithm);
  if (!algorithm) {
    return wire::Error{at(words->algorithm_line) +
                       "expected an algorithm like hmac-sha256, found '" + words->algorithm + "'"};
  }
  // The word itself is a secret, or nearly one: it is not repeated.
  auto secret = wire::from_base64(words->secret);
  if (!secret) return wire::Error{at(words->secret_line) + "the secret is not base64"};
  return TsigKey{*name, *algorithm, Secret(std::move(*secret))};
}

wire::Result<TsigKey> tsig_key_from_pair(std::string_view key_text, std::string_view private_text) {
  const auto name = wire::Name::from_text(key_text.substr(0, key_text.find_first_of(" \t\r\n")));
  if (key_text.empty() || !name) return wire::Error{"no name at the beginning of the public half"};
  const auto number = field(private_text, "Algorithm");
  const auto secret_text = field(private_text, "Key");
  if (!number || !secret_text) return wire::Error{"no 'Algorithm:' and 'Key:' in the private half"};
  auto secret = wire::from_base64(*secret_text);
  if (!secret) return wire::Error{"the secret is not base64"};
  for (const Known& known : known_algorithms()) {
    // "165 (HMAC_SHA512)"
    if (number->substr(0, number->find(' ')) != known.number) continue;
    TsigAlgorithm algorithm{known.hash, hash_octets(known.hash)};
    if (const auto bits = field(private_text, "Bits")) {
      const auto cut = wire::from_base64(*bits);
      const std::size_t octets =
          cut && cut->size() == 2 ? static_cast<std::size_t>((*cut)[0] << 8 | (*cut)[1]) / 8 : 0;
      // RFC 8945 section 5.2.2.1: no shorter than ten octets, and than half of the hash.
      if (octets >= std::max<std::size_t>(10, algorithm.mac_octets / 2) &&
          octets < algorithm.mac_octets)
        algorithm.mac_octets = octets;
    }
    return TsigKey{*name, algorithm, Secret(std::move(*secret))};
  }
  return wire::Error{"algorithm " + std::string(*number) + " is none of HMAC"};
}

}  // namespace cairn::dnssec
