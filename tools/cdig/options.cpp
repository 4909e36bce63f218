#include "tools/cdig/options.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "wire/address.hpp"

namespace cairn::cdig {

namespace {

// One "+keyword" as it meets a lookup.
struct Setting {
  CommandLine& command;
  Lookup& lookup;
  bool on;                                // false behind "no"
  std::optional<std::string_view> value;  // behind "="
  std::optional<UsageError> error = std::nullopt;
};

template <class Number>
void read_number(Setting& setting, std::string_view what, Number least, Number most,
                 Number& target) {
  const std::string_view text = setting.value.value_or("");
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = text.substr(hex ? 2 : 0);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
  std::string wrong;
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
    wrong = "not a valid number";
  } else if (error != std::errc{} || number > most) {
    wrong = "out of range";
  }
  if (!wrong.empty()) {
    setting.error = UsageError{"invalid " + std::string(what) + " '" + std::string(text) +
                               "': " + wrong + "\ncdig: Couldn't parse " + std::string(what)};
    setting.error->exit_code = 10;
    return;
  }
  target = std::max(least, static_cast<Number>(number));
}

void show_all(Setting& s) {
  Display& display = s.lookup.display;
  display.comments = display.question = display.answer = display.authority = display.additional =
      display.stats = s.on;
  s.command.show_command = s.on;
}

void show_short(Setting& s) {
  Display& display = s.lookup.display;
  s.command.short_form = s.on;
  if (!s.on) return;
  display.answer = true;
  display.comments = display.question = display.authority = display.additional = display.stats =
      false;
  s.command.show_command = false;
}

void walk_from_the_root(Setting& s) {
  s.lookup.trace = s.on;
  if (!s.on) return;
  Display& display = s.lookup.display;
  display.identify = display.authority = display.with_type = true;
  display.comments = display.stats = display.additional = display.question = false;
  s.lookup.form.recursion_desired = true;
  s.lookup.form.dnssec_ok = true;
  s.lookup.form.cookie = true;
}

void choose_edns(Setting& s) {
  if (!s.on) {
    s.lookup.form.edns_version.reset();
    return;
  }
  std::uint8_t version = 0;
  if (s.value) read_number<std::uint8_t>(s, "edns", 0, 255, version);
  s.lookup.form.edns_version = version;
}

// What needs an OPT record to be said in brings it along.
void bring_edns(Setting& s) {
  if (s.on && !s.lookup.form.edns_version) s.lookup.form.edns_version = 0;
}

void choose_cookie(Setting& s) {
  s.lookup.form.cookie = s.on;
  s.lookup.form.chosen_cookie.clear();
  bring_edns(s);
  if (!s.on || !s.value) return;
  const std::string_view text = *s.value;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    std::uint8_t octet = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, octet, 16);
    if (error != std::errc{} || end != text.data() + at + 2) break;
    s.lookup.form.chosen_cookie.push_back(octet);
  }
  if (s.lookup.form.chosen_cookie.size() * 2 != text.size() || text.empty())
    s.error = UsageError{"cdig: '" + std::string(text) + "' is no cookie: hex digits are expected"};
}

void choose_tcp(Setting& s) {
  s.lookup.tcp = s.on;
  s.lookup.transport_given = true;
}

struct PlusOption {
  std::string_view name;
  std::string_view value;  // how the help shows it: "", "=###", "[=###]"
  bool deniable;           // has a "no" form
  std::string_view help;
  void (*apply)(Setting&);
};

// Whoever abbreviates gets the first that fits, as long as no name is written out: so the order
// counts, and is dig's.
constexpr PlusOption plus_options[] = {
    {"aaflag", "", true, "Set AA flag in query",
     [](Setting& s) { s.lookup.form.authoritative = s.on; }},
    {"aaonly", "", true, "Set AA flag in query",
     [](Setting& s) { s.lookup.form.authoritative = s.on; }},
    {"adflag", "", true, "Set AD flag in query (default on)",
     [](Setting& s) { s.lookup.form.authentic_data = s.on; }},
    {"additional", "", true, "Control display of additional section",
     [](Setting& s) { s.lookup.display.additional = s.on; }},
    {"all", "", true, "Set or clear all display flags", show_all},
    {"answer", "", true, "Control display of answer section",
     [](Setting& s) { s.lookup.display.answer = s.on; }},
    {"authority", "", true, "Control display of authority section",
     [](Setting& s) { s.lookup.display.authority = s.on; }},
    {"bufsize", "=###", false, "Set EDNS0 Max UDP packet size",
     [](Setting& s) {
       read_number<std::uint16_t>(s, "buffer size", 0, 65535, s.lookup.form.udp_size);
       bring_edns(s);
     }},
    {"cdflag", "", true, "Set checking disabled flag in query",
     [](Setting& s) { s.lookup.form.checking_disabled = s.on; }},
    {"class", "", true, "Control display of class in records",
     [](Setting& s) { s.lookup.display.rrclass = s.on; }},
    {"cmd", "", true, "Control display of command line - global option",
     [](Setting& s) { s.command.show_command = s.on; }},
    {"comments", "", true, "Control display of packet header and section name comments",
     [](Setting& s) { s.lookup.display.comments = s.on; }},
    {"cookie", "[=hex]", true, "Add a COOKIE option to the request (default on)", choose_cookie},
    {"dnssec", "", true, "Request DNSSEC records",
     [](Setting& s) {
       s.lookup.form.dnssec_ok = s.on;
       bring_edns(s);
     }},
    {"do", "", true, "Request DNSSEC records",
     [](Setting& s) {
       s.lookup.form.dnssec_ok = s.on;
       bring_edns(s);
     }},
    {"edns", "[=###]", true, "Set EDNS version [0]", choose_edns},
    {"ednsflags", "=###", false, "Set undefined EDNS flag bits",
     [](Setting& s) {
       read_number<std::uint16_t>(s, "ednsflags", 0, 0x7fff, s.lookup.form.edns_flags);
       bring_edns(s);
     }},
    {"ednsnegotiation", "", true, "Set EDNS version negotiation",
     [](Setting& s) { s.lookup.negotiate_edns = s.on; }},
    {"fail", "", true, "Don't try next server on SERVFAIL",
     [](Setting& s) { s.lookup.stop_at_servfail = s.on; }},
    {"header-only", "", true, "Send query without a question section",
     [](Setting& s) { s.lookup.form.without_question = s.on; }},
    {"identify", "", true, "ID responders in short answers",
     [](Setting& s) { s.lookup.display.identify = s.on; }},
    {"ignore", "", true, "Don't revert to TCP for TC responses",
     [](Setting& s) { s.lookup.ignore_truncation = s.on; }},
    {"map", "", true, "Draw the zone cuts from the root down to the name",
     [](Setting& s) { s.lookup.map = s.on; }},
    {"nsid", "", true, "Request Name Server ID",
     [](Setting& s) {
       s.lookup.form.name_server_id = s.on;
       bring_edns(s);
     }},
    {"qr", "", true, "Print question before sending",
     [](Setting& s) { s.lookup.show_query = s.on; }},
    {"question", "", true, "Control display of question section",
     [](Setting& s) { s.lookup.display.question = s.on; }},
    {"raflag", "", true, "Set RA flag in query",
     [](Setting& s) { s.lookup.form.recursion_available = s.on; }},
    {"rdflag", "", true, "Recursive mode (+[no]recurse)",
     [](Setting& s) { s.lookup.form.recursion_desired = s.on; }},
    {"recurse", "", true, "Recursive mode (+[no]rdflag)",
     [](Setting& s) { s.lookup.form.recursion_desired = s.on; }},
    {"retry", "=###", false, "Set number of UDP retries [2]",
     [](Setting& s) {
       unsigned retries = 2;
       read_number<unsigned>(s, "retries", 0, 254, retries);
       s.lookup.tries = retries + 1;
     }},
    {"short", "", true, "Display nothing except short form of answers - global option", show_short},
    {"stats", "", true, "Control display of statistics",
     [](Setting& s) { s.lookup.display.stats = s.on; }},
    {"tcp", "", true, "TCP mode (+[no]vc)", choose_tcp},
    {"tcflag", "", true, "Set TC flag in query",
     [](Setting& s) { s.lookup.form.truncated = s.on; }},
    {"timeout", "=###", false, "Set query timeout in seconds [5]",
     [](Setting& s) { read_number<unsigned>(s, "timeout", 1, 3600, s.lookup.timeout_s); }},
    {"trace", "", true, "Trace delegation down from root [implies +dnssec]", walk_from_the_root},
    {"tries", "=###", false, "Set number of UDP attempts [3]",
     [](Setting& s) { read_number<unsigned>(s, "tries", 1, 255, s.lookup.tries); }},
    {"ttlid", "", true, "Control display of ttls in records",
     [](Setting& s) { s.lookup.display.ttl = s.on; }},
    {"ttlunits", "", true, "Display TTLs in human-readable units",
     [](Setting& s) {
       s.lookup.display.ttl = s.on || s.lookup.display.ttl;
       s.lookup.display.ttl_units = s.on;
     }},
    {"unknownformat", "", true, "Print RDATA in RFC 3597 \"unknown\" format",
     [](Setting& s) { s.lookup.display.unknown_format = s.on; }},
    {"vc", "", true, "TCP mode (+[no]tcp)", choose_tcp},
    {"why", "[=socket]", true, "Show the steps behind the answer, as the cairnd here tells them",
     [](Setting& s) {
       s.lookup.why = s.on;
       s.lookup.control_socket = s.value.value_or("");
     }},
    {"zflag", "", true, "Set Z flag in query", [](Setting& s) { s.lookup.form.reserved = s.on; }},
};

const PlusOption* find_plus_option(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto exact = std::find_if(std::begin(plus_options), std::end(plus_options),
                                  [&](const PlusOption& option) { return option.name == name; });
  if (exact != std::end(plus_options)) return exact;
  const auto begun =
      std::find_if(std::begin(plus_options), std::end(plus_options),
                   [&](const PlusOption& option) { return option.name.starts_with(name); });
  return begun == std::end(plus_options) ? nullptr : begun;
}

// The words one by one. `lookup()` is what an option now belongs to: the defaults before the first
// name, afterwards the last name's lookup.
class Parser {
 public:
  explicit Parser(std::span<const std::string_view> words) : words_(words) {}

  std::variant<CommandLine, UsageError> parse();

 private:
  Lookup& lookup() { return command_.lookups.empty() ? defaults_ : command_.lookups.back(); }
  void add_lookup(std::string name) {
    command_.lookups.push_back(defaults_);
    lookup().name = std::move(name);
  }
  void read_plus(std::string_view word);
  void read_dash(std::string_view word);
  void read_bare(std::string_view word);
  std::optional<std::string_view> value_of(std::string_view word);
  void set_type(std::string_view text);
  void set_class(std::string_view text);
  void set_port(std::string_view text);
  void reject(std::string_view word) {
    error_ = UsageError{"Invalid option: " + std::string(word), 1, true};
  }

  std::span<const std::string_view> words_;
  std::size_t at_ = 0;
  Lookup defaults_;
  CommandLine command_;
  std::optional<UsageError> error_;
};

std::variant<CommandLine, UsageError> Parser::parse() {
  for (const std::string_view word : words_) command_.words += " " + std::string(word);
  for (; at_ < words_.size() && !error_; ++at_) {
    const std::string_view word = words_[at_];
    if (word.starts_with("@")) {
      lookup().servers.emplace_back(word.substr(1));
    } else if (word.starts_with("+")) {
      read_plus(word);
    } else if (word.starts_with("-") && word.size() > 1) {
      read_dash(word);
    } else {
      read_bare(word);
    }
    if (command_.action != CommandLine::Action::LookUp) return std::move(command_);
  }
  if (error_) return std::move(*error_);
  if (command_.lookups.empty()) {
    add_lookup(".");
    lookup().type = wire::RRType::NS;
  }
  for (Lookup& each : command_.lookups) {
    // These are global wherever they stand.
    each.family = defaults_.family;
    each.display.short_form = command_.short_form;
    if (each.type == wire::RRType::ANY && !each.transport_given) each.tcp = true;  // RFC 8482
  }
  return std::move(command_);
}

void Parser::read_plus(std::string_view word) {
  std::string_view name = word.substr(1);
  std::optional<std::string_view> value;
  if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
    value = name.substr(equals + 1);
    name = name.substr(0, equals);
  }
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return static_cast<char>(wire::fold(static_cast<std::uint8_t>(c)));
  });
  bool on = true;
  const PlusOption* option = nullptr;
  if (folded.starts_with("no")) {
    option = find_plus_option(std::string_view(folded).substr(2));
    on = option == nullptr;
    if (option != nullptr && !option->deniable) return reject(word);
  }
  if (option == nullptr) option = find_plus_option(folded);
  if (option == nullptr || (value && option->value.empty()) ||
      (!value && option->value.starts_with("=")))
    return reject(word);
  Setting setting{command_, lookup(), on, value};
  option->apply(setting);
  error_ = std::move(setting.error);
}

// "-p53" or "-p 53"; nullopt (and an error) when the command line ends instead.
std::optional<std::string_view> Parser::value_of(std::string_view word) {
  if (word.size() > 2) return word.substr(2);
  if (at_ + 1 < words_.size()) return words_[++at_];
  reject(word);
  return std::nullopt;
}

void Parser::read_dash(std::string_view word) {
  const char letter = word[1];
  if (word.size() == 2) {
    switch (letter) {
      case '4':
        defaults_.family = Family::V4;
        return;
      case '6':
        defaults_.family = Family::V6;
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
      case 'r':  // there is no file of defaults that could be left unread
        return;
      default:
        break;
    }
  }
  if (std::string_view("cpqtx").find(letter) == std::string_view::npos) return reject(word);
  const auto value = value_of(word);
  if (!value) return;
  switch (letter) {
    case 'c':
      return set_class(*value);
    case 'p':
      return set_port(*value);
    case 'q':
      return add_lookup(std::string(*value));
    case 't':
      return set_type(*value);
    default:
      add_lookup(reverse_name(*value));
      if (!lookup().type_given) lookup().type = wire::RRType::PTR;
      if (!lookup().class_given) lookup().rrclass = wire::RRClass::IN;
  }
}

// A word that can be read as a type or a class is one; everything else is a name.
void Parser::read_bare(std::string_view word) {
  Lookup& current = lookup();
  if (const auto type = wire::rrtype_from_text(word)) {
    if (current.type_given) command_.warnings.push_back(";; Warning, extra type option");
    current.type = *type;
    current.type_given = true;
  } else if (const auto rrclass = wire::rrclass_from_text(word)) {
    if (current.class_given) command_.warnings.push_back(";; Warning, extra class option");
    current.rrclass = *rrclass;
    current.class_given = true;
  } else {
    add_lookup(std::string(word));
  }
}

void Parser::set_type(std::string_view text) {
  const auto type = wire::rrtype_from_text(text);
  if (!type) {
    command_.warnings.push_back(";; Warning, ignoring invalid type " + std::string(text));
    return;
  }
  if (lookup().type_given) command_.warnings.push_back(";; Warning, extra type option");
  lookup().type = *type;
  lookup().type_given = true;
}

void Parser::set_class(std::string_view text) {
  const auto rrclass = wire::rrclass_from_text(text);
  if (!rrclass) {
    command_.warnings.push_back(";; Warning, ignoring invalid class " + std::string(text));
    return;
  }
  if (lookup().class_given) command_.warnings.push_back(";; Warning, extra class option");
  lookup().rrclass = *rrclass;
  lookup().class_given = true;
}

void Parser::set_port(std::string_view text) {
  Setting setting{command_, lookup(), true, text};
  read_number<std::uint16_t>(setting, "port number", 0, 65535, lookup().port);
  error_ = std::move(setting.error);
  if (error_) error_->exit_code = 1;
}

}  // namespace

std::variant<CommandLine, UsageError> parse_command_line(std::span<const std::string_view> words) {
  return Parser(words).parse();
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

std::string usage_text() {
  return "Usage:  cdig [@global-server] [domain] [q-type] [q-class] {q-opt}\n"
         "            {global-d-opt} host [@local-server] {local-d-opt}\n"
         "            [ host [@local-server] {local-d-opt} [...]]\n";
}

std::string help_text() {
  std::string text =
      usage_text() +
      "Where:  domain   is in the Domain Name System\n"
      "        q-class  is one of (in,hs,ch,...) [default: in]\n"
      "        q-type   is one of (a,any,mx,ns,soa,txt,...) [default: a]\n"
      "        q-opt    is one of:\n"
      "                 -4                  (use IPv4 query transport only)\n"
      "                 -6                  (use IPv6 query transport only)\n"
      "                 -c class            (specify query class)\n"
      "                 -p port             (specify port number)\n"
      "                 -q name             (specify query name)\n"
      "                 -t type             (specify query type)\n"
      "                 -u                  (display times in usec instead of msec)\n"
      "                 -x address          (shortcut for reverse lookups)\n"
      "        d-opt    is of the form +keyword[=value], where keyword is:\n";
  for (const PlusOption& option : plus_options) {
    std::string form = "+" + std::string(option.deniable ? "[no]" : "") + std::string(option.name) +
                       std::string(option.value);
    form.resize(std::max<std::size_t>(form.size() + 1, 20), ' ');
    text += "                 " + form + "(" + std::string(option.help) + ")\n";
  }
  return text +
         "        global d-opts and servers (before host name) affect all queries.\n"
         "        local d-opts and servers (after host name) affect only that lookup.\n"
         "        -h                           (print help and exit)\n"
         "        -v                           (print version and exit)\n";
}

}  // namespace cairn::cdig
