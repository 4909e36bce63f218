#include "tools/cdig/key.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

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
// Of a file with a key; what is longer holds something else.
constexpr std::uintmax_t longest_file = 65536;

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

std::span<std::uint8_t> octets_of(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(const dnssec::Secret& secret) {
  const auto octets = secret.octets();
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

// In memory of the file's size from the start: text that grows leaves copies behind.
std::optional<dnssec::Secret> contents(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream stream;
  stream.rdbuf()->pubsetbuf(nullptr, 0);  // counts before a file is open
  stream.open(path, std::ios::binary);
  if (error || !stream) return std::nullopt;
  wire::Bytes octets(std::min<std::uintmax_t>(size, longest_file));
  stream.read(reinterpret_cast<char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
  octets.resize(static_cast<std::size_t>(stream.gcount()));
  return dnssec::Secret(std::move(octets));
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

dnssec::Secret secret_text(std::string_view text) {
  return dnssec::Secret(wire::Bytes(text.begin(), text.end()));
}

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
  auto secret = wire::from_base64(text_of(words.secret));
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
  if (const auto stem = stem_of_pair(path)) {
    const auto public_half = contents(stem->string() + ".key");
    const auto private_half = contents(stem->string() + ".private");
    if (!public_half || !private_half)
      return refuse(why_unreadable(stem->string() + (public_half ? ".private" : ".key")));
    auto key = dnssec::tsig_key_from_pair(text_of(*public_half), text_of(*private_half));
    if (!key) return refuse(key.error());
    finding.errors =
        log_line(stem->string() + ".private: Use of K* file pairs for HMAC is deprecated\n");
    finding.key = std::move(*key);
  } else {
    const auto text = std::filesystem::is_regular_file(path) ? contents(path) : std::nullopt;
    if (!text) return refuse(why_unreadable(path));
    auto words = dnssec::tsig_key_text_from_clause(text_of(*text));
    if (!words) return refuse(words.error());
    const KeyWords key{words->algorithm, words->name, secret_text(words->secret)};
    dnssec::wipe(octets_of(words->secret));
    if (key.algorithm.empty() || key.secret.octets().empty()) {
      finding.errors = "cdig: key must have algorithm and secret\n";
      finding.fatal = true;
      return finding;
    }
    return key_from_words(key);
  }
  judge_length(finding);
  return finding;
}

const KeyFinding& Keys::find(const Lookup& lookup, Output& output) {
  for (const Known& known : known_)
    if (known.file == lookup.key_file && known.words == lookup.key) return known.finding;
  KeyFinding finding;
  if (!lookup.key_file.empty()) {
    finding = key_from_file(lookup.key_file);
  } else if (lookup.key) {
    finding = key_from_words(*lookup.key);
  }
  if (finding.fatal) {
    // An object of JSON has one sentence, whichever stream dig says it on.
    const bool on_stderr = lookup.display.json && finding.output.empty();
    output.put(failure_text(on_stderr ? finding.errors : finding.output, lookup.display));
  } else {
    output.comment(finding.output, lookup.display);
  }
  std::fputs(finding.errors.c_str(), stderr);
  return known_.emplace_back(Known{lookup.key_file, lookup.key, std::move(finding)}).finding;
}

}  // namespace cairn::cdig
