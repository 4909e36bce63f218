#include "tools/cdig/command_line.hpp"

#include <algorithm>

#include "tools/cdig/key.hpp"
#include "tools/cdig/number.hpp"
#include "tools/cdig/plus_options.hpp"

namespace cairn::cdig {

namespace {

// Letters that may stand together behind one minus, and letters that want a value, which may be
// the rest of the word.
constexpr std::string_view single_letters = "46dhimnruv";
constexpr std::string_view value_letters = "bcfkpqtxy";

constexpr std::size_t longest_name = 1023;

bool is_among(char letter, std::string_view letters) {
  return letters.find(letter) != std::string_view::npos;
}

bool starts_without_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return wire::fold(static_cast<std::uint8_t>(a)) ==
                  wire::fold(static_cast<std::uint8_t>(b));
         });
}

UsageError invalid_option(const std::string& word) {
  UsageError error;
  error.said.err = "Invalid option: " + word + "\n";
  error.usage = true;
  return error;
}

// The words one by one. `lookup()` is what an option now belongs to: the defaults before the first
// name, afterwards the last name's lookup.
class Parser {
 public:
  Parser(Words words, const Defaults& defaults, Origin origin)
      : words_(words), origin_(origin), defaults_(defaults) {}

  std::variant<CommandLine, UsageError> parse();

 private:
  Lookup& lookup() { return command_.lookups.empty() ? defaults_.lookup : command_.lookups.back(); }
  Globals& globals() { return defaults_.globals; }
  void add_lookup(std::string_view name);
  void read_server(std::string_view name);
  void read_plus(std::string_view word);
  void read_dash(std::string_view word);
  void read_single(char letter);
  void read_value(char letter, std::string_view value);
  void read_bare(std::string_view word);
  bool read_ixfr(std::string_view text);
  void take_type(wire::RRType type);
  void take_class(wire::RRClass rrclass);
  void read_type(std::string_view text);
  void read_class(std::string_view text);
  void read_source(std::string_view text);
  void read_key(std::string_view text);
  void read_reverse(std::string_view text);
  void look_for_dns64_prefix();
  std::optional<std::uint32_t> number(std::string_view text, std::string_view what,
                                      std::uint32_t most);
  void fail(std::string fatal);
  void finish();

  Words words_;
  Origin origin_;
  std::size_t at_ = 0;
  Defaults defaults_;
  CommandLine command_;
  bool types_may_stand_alone_ = true;  // until -t or -c is used
  std::string last_server_ =
      defaults_.lookup.servers.empty() ? "" : defaults_.lookup.servers.back();
  std::optional<UsageError> error_;
};

std::variant<CommandLine, UsageError> Parser::parse() {
  for (const std::string_view word : words_) command_.words += " " + std::string(word);
  for (; at_ < words_.size() && !error_; ++at_) {
    const std::string_view word = words_[at_];
    if (word.starts_with("@")) {
      read_server(word.substr(1));
    } else if (word.starts_with("%")) {
      break;  // the rest is a comment
    } else if (word.starts_with("+")) {
      read_plus(word.substr(1));
    } else if (word.starts_with("-")) {
      read_dash(word);
    } else {
      read_bare(word);
    }
    if (command_.action != CommandLine::Action::LookUp) return std::move(command_);
  }
  if (error_) {
    error_->said = {command_.said.out + error_->said.out, command_.said.err + error_->said.err};
    error_->servers = std::move(command_.servers);
    return std::move(*error_);
  }
  finish();
  return std::move(command_);
}

// Without a name the servers of the root are asked for.
void Parser::finish() {
  if (command_.lookups.empty() && origin_ != Origin::ConfigFile &&
      !(origin_ == Origin::CommandLine && command_.batch_file)) {
    add_lookup(".");
    lookup().type = wire::RRType::NS;
  }
  const Globals& all = globals();
  for (Lookup& each : command_.lookups) {
    each.family = all.family;
    if (all.source && each.family == Family::Any)
      each.family = all.source->address.is_v6() ? Family::V6 : Family::V4;
    const Carrier carrier = each.encryption.carrier;
    const std::uint16_t usual = carrier == Carrier::Tls         ? 853
                                : carrier == Carrier::Https     ? 443
                                : carrier == Carrier::PlainHttp ? 80
                                                                : 53;
    each.port = all.port.value_or(usual);
    if (carrier != Carrier::Plain || each.type == wire::RRType::AXFR) each.tcp = true;
    each.source = all.source;
    each.key = all.key;
    each.key_file = all.key_file;
    each.timeout_s = all.timeout_s;
    each.keep_open = all.keep_open;
    each.search = all.search || all.domain;
    each.show_search = all.show_search;
    each.domain = all.domain;
    each.ndots = all.ndots;
    each.display.short_form = all.short_form;
    each.display.yaml = all.yaml;
  }
  command_.defaults = std::move(defaults_);
}

void Parser::fail(std::string fatal) {
  error_.emplace();
  error_->fatal = std::move(fatal);
}

void Parser::add_lookup(std::string_view name) {
  if (origin_ == Origin::ConfigFile) return;
  if (command_.lookups.empty() && globals().show_command)
    command_.greeting = CommandLine::Greeting{last_server_, globals().short_form};
  command_.lookups.push_back(defaults_.lookup);
  lookup().name = std::string(name.substr(0, longest_name));
}

void Parser::read_server(std::string_view name) {
  last_server_ = std::string(name);
  command_.servers.push_back(last_server_);
  lookup().servers.push_back(last_server_);
}

void Parser::read_plus(std::string_view word) {
  Setting setting{.lookup = lookup(),
                  .globals = globals(),
                  .said = command_.said,
                  .before_names = command_.lookups.empty(),
                  .from_file = origin_ != Origin::CommandLine};
  std::string_view read = word;
  if (!apply_plus_option(read, setting)) {
    error_ = invalid_option("+" + std::string(read));
    return;
  }
  error_ = std::move(setting.error);
  if (setting.asks_dns64_prefix) look_for_dns64_prefix();
}

// RFC 7050 section 3.
void Parser::look_for_dns64_prefix() {
  globals().show_command = false;
  add_lookup("ipv4only.arpa");
  Lookup& prefix = lookup();
  prefix.type = wire::RRType::AAAA;
  prefix.type_given = prefix.class_given = true;
  prefix.dns64_prefix = true;
  Display& display = prefix.display;
  display.comments = display.question = display.answer = display.authority = display.additional =
      display.stats = false;
}

// Single letters may come before the one with a value: "-4up 5300".
void Parser::read_dash(std::string_view word) {
  std::string_view letters = word.substr(1);
  while (!letters.empty() && is_among(letters.front(), single_letters)) {
    read_single(letters.front());
    if (error_ || command_.action != CommandLine::Action::LookUp) return;
    letters.remove_prefix(1);
    if (letters.empty()) return;
  }
  if (letters.empty() || !is_among(letters.front(), value_letters)) {
    error_ = invalid_option("-" + std::string(letters));
    return;
  }
  if (letters.size() > 1) return read_value(letters.front(), letters.substr(1));
  if (at_ + 1 < words_.size()) return read_value(letters.front(), words_[++at_]);
  error_ = invalid_option("-" + std::string(letters));
}

void Parser::read_single(char letter) {
  Family& family = globals().family;
  switch (letter) {
    case '4':
      if (family == Family::V6) return fail("can't find IPv4 networking");
      family = Family::V4;
      return;
    case '6':
      if (family == Family::V4) return fail("can't find IPv6 networking");
      family = Family::V6;
      return;
    case 'h':
      command_.action = CommandLine::Action::Help;
      return;
    case 'v':
      command_.action = CommandLine::Action::Version;
      return;
    case 'u':
      lookup().display.microseconds = true;
      return;
    default:  // d, m, n: of use to dig's authors; i: was once ip6.int; r: was seen beforehand
      return;
  }
}

void Parser::read_value(char letter, std::string_view value) {
  switch (letter) {
    case 'b':
      return read_source(value);
    case 'c':
      return read_class(value);
    case 'f':
      command_.batch_file = std::string(value);
      return;
    case 'k':
      globals().key_file = std::string(value);
      return;
    case 'p':
      if (const auto port = number(value, "port number", 65535))
        globals().port = static_cast<std::uint16_t>(*port);
      return;
    case 'q':
      return add_lookup(value);
    case 't':
      return read_type(value);
    case 'x':
      return read_reverse(value);
    default:
      return read_key(value);
  }
}

std::optional<std::uint32_t> Parser::number(std::string_view text, std::string_view what,
                                            std::uint32_t most) {
  const auto read = number_in(text, most);
  if (const auto* found = std::get_if<std::uint32_t>(&read)) return *found;
  fail("Couldn't parse " + std::string(what));
  error_->said.out = "invalid " + std::string(what) + " '" + std::string(text) +
                     "': " + std::get<std::string>(read) + "\n";
  return std::nullopt;
}

// A word that is a type or a class counts as such; what is neither is a name.
void Parser::read_bare(std::string_view word) {
  if (types_may_stand_alone_) {
    if (read_ixfr(word)) return;
    if (starts_without_case(word, "ixfr") && word.size() == 4) {
      command_.said.err += ";; Warning, ixfr requires a serial number\n";
      return;
    }
    if (const auto type = wire::rrtype_from_text(word)) return take_type(*type);
    if (const auto rrclass = wire::rrclass_from_text(word)) return take_class(*rrclass);
  }
  add_lookup(word);
}

// "ixfr=SERIAL" (RFC 1995), over TCP unless something else was said.
bool Parser::read_ixfr(std::string_view text) {
  constexpr std::string_view start = "ixfr=";
  if (!starts_without_case(text, start)) return false;
  if (const auto serial = number(text.substr(start.size()), "serial number", UINT32_MAX)) {
    take_type(wire::RRType::IXFR);
    lookup().form.ixfr_serial = *serial;
  }
  return true;
}

void Parser::take_type(wire::RRType type) {
  using enum wire::RRType;
  Lookup& current = lookup();
  if (current.type_given) command_.said.err += ";; Warning, extra type option\n";
  current.type = type;
  current.type_given = true;
  current.form.ixfr_serial.reset();
  if (type == IXFR || type == AXFR) {
    current.display.comments = globals().comments_wanted;
    current.display.question = globals().question_wanted;
  }
  // RFC 8482 section 4.
  if ((type == ANY || type == IXFR) && !current.transport_given) current.tcp = true;
}

void Parser::take_class(wire::RRClass rrclass) {
  if (lookup().class_given) command_.said.err += ";; Warning, extra class option\n";
  lookup().rrclass = rrclass;
  lookup().class_given = true;
}

void Parser::read_type(std::string_view text) {
  types_may_stand_alone_ = false;
  if (read_ixfr(text)) return;
  const auto type = wire::rrtype_from_text(text);
  if (type && *type != wire::RRType::IXFR) return take_type(*type);
  command_.said.err += ";; Warning, ignoring invalid type " + std::string(text) + "\n";
}

void Parser::read_class(std::string_view text) {
  types_may_stand_alone_ = false;
  if (const auto rrclass = wire::rrclass_from_text(text)) return take_class(*rrclass);
  command_.said.err += ";; Warning, ignoring invalid class " + std::string(text) + "\n";
}

// "address" or "address#port"
void Parser::read_source(std::string_view text) {
  const std::size_t hash = text.find('#');
  std::uint16_t port = 0;
  if (hash != std::string_view::npos) {
    const auto read = number(text.substr(hash + 1), "port number", 65535);
    if (!read) return;
    port = static_cast<std::uint16_t>(*read);
  }
  const auto address = wire::IpAddress::from_text(text.substr(0, hash));
  if (!address) return fail("invalid address " + std::string(text.substr(0, hash)));
  globals().source = wire::Endpoint{*address, port};
}

// "[algorithm:]name:secret"
void Parser::read_key(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty() && parts.size() < 3) {
    const std::size_t colon = parts.size() < 2 ? text.find(':') : std::string_view::npos;
    if (colon != 0) parts.push_back(text.substr(0, colon));
    text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  }
  if (parts.size() < 2) {
    error_.emplace();
    error_->usage = true;
    return;
  }
  KeyWords key;
  if (parts.size() == 3) {
    key.algorithm = std::string(parts[0]);
    parts.erase(parts.begin());
  } else {
    key.algorithm = "hmac-md5";
  }
  key.name = std::string(parts[0]);
  key.secret = secret_text(parts[1]);
  globals().key = std::move(key);
}

void Parser::read_reverse(std::string_view text) {
  std::string name = reverse_name(text);
  if (name.size() > longest_name) {
    error_.emplace();
    error_->said.err = "Invalid IP address " + std::string(text) + "\n";
    return;
  }
  add_lookup(name);
  if (origin_ == Origin::ConfigFile) return;
  if (!lookup().type_given) lookup().type = wire::RRType::PTR;
  if (!lookup().class_given) lookup().rrclass = wire::RRClass::IN;
}

}  // namespace

Glance glance_over(Words words) {
  Glance seen;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!words[at].starts_with("-")) continue;
    std::string_view letters = words[at].substr(1);
    for (; !letters.empty() && is_among(letters.front(), single_letters);
         letters.remove_prefix(1)) {
      const char letter = letters.front();
      if (letter == 'r') seen.wants_digrc = false;
      if (letter != '4' && letter != '6') continue;
      const Family family = letter == '4' ? Family::V4 : Family::V6;
      if (seen.family != Family::Any && seen.family != family) {
        seen.error.emplace().fatal = "only one of -4 and -6 allowed";
        return seen;
      }
      seen.family = family;
    }
    if (letters.size() != 1 || !is_among(letters.front(), value_letters)) continue;
    if (++at < words.size()) continue;
    seen.error = invalid_option("-" + std::string(letters));
    return seen;
  }
  return seen;
}

std::variant<CommandLine, UsageError> parse_command_line(Words words, const Defaults& defaults,
                                                         Origin origin) {
  return Parser(words, defaults, origin).parse();
}

std::string reverse_name(std::string_view address) {
  const auto parsed = wire::IpAddress::from_text(address);
  if (parsed && parsed->is_v6()) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    const auto octets = parsed->octets();
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
      name += {digits[*octet & 15U], '.', digits[*octet >> 4U], '.'};
    }
    return name + "ip6.arpa.";
  }
  std::string name;
  for (std::size_t end = address.size();;) {
    const std::size_t dot = address.substr(0, end).rfind('.');
    const std::size_t begin = dot == std::string_view::npos ? 0 : dot + 1;
    name += std::string(address.substr(begin, end - begin)) + ".";
    if (dot == std::string_view::npos) break;
    end = dot;
  }
  return name + "in-addr.arpa.";
}

}  // namespace cairn::cdig
