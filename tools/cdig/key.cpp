#include "tools/cdig/key.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tools/cdig/log_line.hpp"
#include "tools/cdig/name_words.hpp"
#include "wire/octets_text.hpp"

namespace cairn::cdig {

namespace {

using dnssec::TsigAlgorithm;

// Below this a guess is cheap, and BIND's libraries say so.
constexpr std::size_t short_secret = 8;
// dig takes no longer word for one.
constexpr std::size_t most_algorithm = 20;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(wire::fold(static_cast<std::uint8_t>(c)));
  return result;
}

struct AlgorithmFinding {
  std::optional<TsigAlgorithm> algorithm;
  std::string trouble;  // with its number of bits; it ends the run
};

AlgorithmFinding find_algorithm(const std::string& text) {
  const std::string word = lower(text);
  // "hmac-sha256-128": the bits stand behind the second hyphen.
  const std::size_t first = word.find('-');
  const std::size_t second = first == word.npos ? word.npos : word.find('-', first + 1);
  const std::string name = word.substr(0, second);
  auto algorithm = name.find('.') == name.npos ? dnssec::tsig_algorithm_from_text(name)
                                               : std::optional<TsigAlgorithm>();
  if (!algorithm || second == word.npos) return {algorithm, ""};
  const std::string digits = word.substr(second + 1);
  const std::size_t most = algorithm->mac_octets * 8;
  const std::string trouble =
      "invalid digest-bits [0.." + std::to_string(most) + "] '" + digits + "': ";
  std::uint64_t bits = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (digits.empty() || stop != digits.data() + digits.size() ||
      error == std::errc::invalid_argument)
    return {std::nullopt, trouble + "not a valid number\n"};
  if (error == std::errc::result_out_of_range || bits > most)
    return {std::nullopt, trouble + "out of range\n"};
  if (bits > 0) algorithm->mac_octets = static_cast<std::size_t>((bits + 7) / 8);
  return {algorithm, ""};
}

std::optional<std::string> contents(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

// "Kname+163+12345.private", ".key", or without either.
std::optional<std::filesystem::path> stem_of_pair(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (!name.starts_with('K') || std::count(name.begin(), name.end(), '+') != 2) return std::nullopt;
  std::filesystem::path stem = path;
  if (stem.extension() == ".private" || stem.extension() == ".key") stem.replace_extension();
  return stem;
}

// What keeps a file from being read, in the words of BIND's libraries.
std::string why_unreadable(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return "file not found";
  if (!std::filesystem::is_regular_file(status)) return "not a file";
  return "permission denied";
}

void judge_length(KeyFinding& finding) {
  if (!finding.key || finding.key->secret.octets().size() >= short_secret) return;
  std::string name = finding.key->name.to_text();
  if (name.size() > 1) name.pop_back();
  finding.errors += log_line("the key '" + name + "' is too short to be secure");
}

}  // namespace

KeyFinding key_from_words(const KeyWords& words) {
  KeyFinding finding;
  if (words.algorithm.size() >= most_algorithm) {
    finding.errors = "cdig: unknown key type '" + words.algorithm + "'\n";
    finding.fatal = true;
    return finding;
  }
  const AlgorithmFinding found = find_algorithm(words.algorithm);
  if (!found.trouble.empty()) {
    finding.output = found.trouble;
    finding.errors = "cdig: couldn't parse digest bits\n";
    finding.fatal = true;
    return finding;
  }
  if (!found.algorithm)
    finding.errors = ";; Warning, ignoring invalid TSIG algorithm " + words.algorithm + "\n";
  const std::string failed = ";; Couldn't create key " + words.name + ": ";
  const auto name = name_in(words.name);
  auto secret = wire::from_base64(words.secret);
  if (!name) {
    finding.output = failed + name.error() + "\n";
  } else if (!secret) {
    finding.output = failed + "bad base64 encoding\n";
  } else if (!found.algorithm) {
    finding.output = failed + "algorithm is unsupported\n";
  } else {
    finding.key = {*name, *found.algorithm, dnssec::Secret(std::move(*secret))};
    judge_length(finding);
  }
  finding.unused = !finding.key;
  return finding;
}

KeyFinding key_from_file(const std::string& path) {
  KeyFinding finding;
  const auto refuse = [&](const std::string& why) {
    finding.errors += "Couldn't read key from " + path + ": " + why + "\n";
    return finding;
  };
  std::optional<std::string> text;
  if (const auto stem = stem_of_pair(path)) {
    const auto public_half = contents(stem->string() + ".key");
    const auto private_half = contents(stem->string() + ".private");
    if (!public_half || !private_half)
      return refuse(why_unreadable(stem->string() + (public_half ? ".private" : ".key")));
    auto key = dnssec::tsig_key_from_pair(*public_half, *private_half);
    if (!key) return refuse(key.error());
    finding.errors =
        log_line(stem->string() + ".private: Use of K* file pairs for HMAC is deprecated\n");
    finding.key = std::move(*key);
  } else {
    text = std::filesystem::is_regular_file(path) ? contents(path) : std::nullopt;
    if (!text) return refuse(why_unreadable(path));
    const auto words = dnssec::tsig_key_text_from_clause(*text);
    dnssec::wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
    if (!words) return refuse(words.error());
    if (words->algorithm.empty() || words->secret.empty()) {
      finding.errors = "cdig: key must have algorithm and secret\n";
      finding.fatal = true;
      return finding;
    }
    return key_from_words({words->algorithm, words->name, words->secret});
  }
  judge_length(finding);
  return finding;
}

const KeyFinding& key_of(const Lookup& lookup) {
  using Said = std::pair<std::string, std::string>;
  static std::map<Said, KeyFinding> known;
  const Said said{lookup.key_file, lookup.key ? lookup.key->algorithm + ":" + lookup.key->name +
                                                    ":" + lookup.key->secret
                                              : std::string()};
  const auto found = known.find(said);
  if (found != known.end()) return found->second;
  KeyFinding finding;
  if (!lookup.key_file.empty()) {
    finding = key_from_file(lookup.key_file);
  } else if (lookup.key) {
    finding = key_from_words(*lookup.key);
  }
  std::fputs(finding.output.c_str(), stdout);
  std::fflush(stdout);
  std::fputs(finding.errors.c_str(), stderr);
  if (finding.fatal) std::exit(1);
  return known.emplace(said, std::move(finding)).first->second;
}

}  // namespace cairn::cdig
