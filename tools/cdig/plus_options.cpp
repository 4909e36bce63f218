#include "tools/cdig/plus_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "tools/cdig/edns_words.hpp"
#include "tools/cdig/name_words.hpp"
#include "tools/cdig/number.hpp"

namespace cairn::cdig {

namespace {

using Value = PlusOption::Value;
using Denial = PlusOption::Denial;

char folded(char c) {
  return static_cast<char>(wire::fold(static_cast<std::uint8_t>(c)));
}

bool same_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return folded(x) == folded(y); });
}

void show_all(Setting& s) {
  Display& display = s.lookup.display;
  display.comments = display.question = display.answer = display.authority = display.additional =
      display.stats = s.on;
  s.globals.show_command = s.on;
  if (s.before_names) s.globals.comments_wanted = s.globals.question_wanted = s.on;
}

void show_short(Setting& s) {
  Display& display = s.lookup.display;
  s.globals.short_form = s.on;
  if (!s.on) return;
  display.answer = true;
  display.comments = display.question = display.authority = display.additional = display.stats =
      false;
  display.rr_comments = false;
  s.globals.show_command = false;
}

void walk_from_the_root(Setting& s) {
  s.lookup.trace = s.on;
  if (!s.on) return;
  Display& display = s.lookup.display;
  display.identify = display.authority = display.with_type = true;
  display.comments = display.stats = display.additional = display.question = false;
  display.rr_comments = false;
  s.lookup.form.recursion_desired = true;
  s.lookup.form.dnssec_ok = true;
  s.lookup.form.cookie = true;
  s.lookup.form.edns_version = s.lookup.form.edns_version.value_or(0);
}

void search_name_servers(Setting& s) {
  s.lookup.name_server_search = s.on;
  if (!s.on) return;
  Display& display = s.lookup.display;
  s.lookup.type = wire::RRType::NS;
  s.lookup.type_given = true;
  display.identify = display.with_type = true;
  display.comments = display.stats = display.additional = display.authority = display.question =
      false;
  display.rr_comments = false;
  s.lookup.form.recursion_desired = true;
  s.globals.short_form = true;
}

void choose_edns(Setting& s) {
  std::optional<std::uint8_t>& version = s.lookup.form.edns_version;
  if (!s.on) {
    version.reset();
  } else if (!s.value) {
    version = 0;
  } else if (const auto number = s.number("edns", 255)) {
    version = static_cast<std::uint8_t>(*number);
  }
}

// What needs an OPT record to be said in brings it along.
void bring_edns(Setting& s) {
  if (s.on && !s.lookup.form.edns_version) s.lookup.form.edns_version = 0;
}

void choose_buffer_size(Setting& s) {
  std::uint16_t& size = s.lookup.form.udp_size;
  size = QueryForm{}.udp_size;
  bool& given = s.lookup.form.udp_size_given;
  given = true;
  if (s.value) {
    const auto number = s.number("buffer size", 65535);
    // dig keeps it in 16 bits with a sign: what is negative there is the default, -1 is none.
    if (number && *number <= INT16_MAX) size = static_cast<std::uint16_t>(*number);
    given = number != 65535U;
  }
  bring_edns(s);
}

void choose_edns_flags(Setting& s) {
  std::uint16_t& flags = s.lookup.form.edns_flags;
  flags = 0;
  constexpr std::uint32_t unnamed = 0x3fff;  // without DO and CO, which have options of their own
  if (s.on && s.value)
    if (const auto number = s.number("ednsflags", 0xffff, true))
      flags = static_cast<std::uint16_t>(*number & unnamed);
  if (!s.lookup.form.edns_version) s.lookup.form.edns_version = 0;
}

void choose_edns_option(Setting& s) {
  if (!s.on) {
    s.lookup.form.options.clear();
    return;
  }
  if (!s.value) return s.fail("ednsopt no code point specified", 10);
  EdnsWord word = edns_option_in(*s.value);
  if (auto* option = std::get_if<wire::EdnsOption>(&word)) {
    constexpr std::size_t most_options = 100;
    if (s.lookup.form.options.size() == most_options) return s.fail("too many ednsopts");
    // They share one record, and a message of 65,535 octets with the name, the other options,
    // padding and a signature; what does not fit would leave the record out of the query.
    constexpr std::size_t most_octets = UINT16_MAX - 2048;
    std::size_t octets = 4 + option->data.size();
    for (const wire::EdnsOption& other : s.lookup.form.options) octets += 4 + other.data.size();
    if (octets > most_octets) return s.fail("dns_message_buildopt: ran out of space");
    s.lookup.form.options.push_back(std::move(*option));
    return;
  }
  const WordError& wrong = std::get<WordError>(word);
  s.said.out += wrong.out;
  s.fail(wrong.fatal, wrong.exit_code);
}

void choose_subnet(Setting& s) {
  if (!s.on) {
    s.lookup.form.subnet.reset();
    return;
  }
  EdnsWord word = client_subnet_in(*s.value);
  if (const WordError* wrong = std::get_if<WordError>(&word)) return s.fail(wrong->fatal);
  s.lookup.form.subnet = std::move(std::get<wire::EdnsOption>(word).data);
  bring_edns(s);
}

void choose_cookie(Setting& s) {
  bring_edns(s);
  s.lookup.form.cookie = s.on;
  s.lookup.form.chosen_cookie.clear();
  if (!s.on || !s.value) return;
  const auto octets = hex_octets_in(*s.value);
  constexpr std::size_t longest = 40;  // RFC 7873 section 4
  if (s.value->size() / 2 > longest) return s.fail("COOKIE data too large", 10);
  if (!octets) return s.fail(std::string(bad_hex));
  s.lookup.form.chosen_cookie = *octets;
}

void choose_padding(Setting& s) {
  if (const auto number = s.number("padding", 512))
    s.lookup.form.padding = static_cast<std::uint16_t>(*number);
  if (!s.lookup.form.edns_version) s.lookup.form.edns_version = 0;
}

void choose_opcode(Setting& s) {
  static constexpr std::array<std::string_view, 16> names{
      "QUERY",      "IQUERY",     "STATUS",     "RESERVED3", "NOTIFY",     "UPDATE",
      "RESERVED6",  "RESERVED7",  "RESERVED8",  "RESERVED9", "RESERVED10", "RESERVED11",
      "RESERVED12", "RESERVED13", "RESERVED14", "RESERVED15"};
  s.lookup.form.opcode = wire::Opcode::Query;
  if (!s.on) return;
  const auto named = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
    return same_without_case(name, *s.value);
  });
  if (named != names.end()) {
    s.lookup.form.opcode = static_cast<wire::Opcode>(named - names.begin());
  } else if (const auto number = s.number("opcode", 15)) {
    s.lookup.form.opcode = static_cast<wire::Opcode>(*number);
  }
}

void choose_id(Setting& s) {
  s.lookup.form.id.reset();
  if (!s.on) return;
  if (const auto number = s.number("qid", 65535))
    s.lookup.form.id = static_cast<std::uint16_t>(*number);
}

void choose_split(Setting& s) {
  std::optional<unsigned>& width = s.lookup.display.split_width;
  if (!s.on) {
    width = 0;
  } else if (!s.value) {
    width.reset();
  } else {
    const auto number = s.number("split", 1023);
    const unsigned rounded = (number.value_or(0) + 3) / 4 * 4;
    if (!number || rounded != *number) {
      const std::string text = ";; Warning, split must be a multiple of 4; adjusting to " +
                               std::to_string(rounded) + "\n";
      (s.error ? s.error->said.err : s.said.err) += text;
    }
    width = rounded;
  }
}

void choose_tcp(Setting& s) {
  if (s.from_file) return;
  s.lookup.tcp = s.on;
  s.lookup.transport_given = true;
}

void choose_tries(Setting& s) {
  if (const auto number = s.number("tries", UINT32_MAX))
    s.lookup.tries = std::clamp<std::uint32_t>(*number, 1, 255);
}

void choose_retries(Setting& s) {
  if (const auto number = s.number("retries", UINT32_MAX))
    s.lookup.tries = std::min<std::uint32_t>(*number, 254) + 1;
}

void choose_domain(Setting& s) {
  const auto name = name_in(*s.value);
  if (!name)
    return s.fail("'" + std::string(*s.value) + "' is not in legal name syntax (" + name.error() +
                  ")");
  s.globals.domain = std::string(*s.value);
  s.globals.search = true;
}

// A path as RFC 3986 section 3.3 spells one.
bool is_path(std::string_view text) {
  constexpr std::string_view punctuation = "/-._~!$&'()*+,;=:@%";
  return text.starts_with("/") && std::all_of(text.begin(), text.end(), [&](char c) {
           const char letter = folded(c);
           return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
                  punctuation.find(c) != std::string_view::npos;
         });
}

void encrypt(Setting& s, Carrier carrier, bool get) {
  if (s.on && s.value && !is_path(*s.value)) {
    s.said.err +=
        ";; The given HTTP path \"" + std::string(*s.value) + "\" is not a valid absolute path\n";
    s.refused = true;
    return;
  }
  Encryption& encryption = s.lookup.encryption;
  encryption.carrier = s.on ? carrier : Carrier::Plain;
  if (carrier == Carrier::Tls) return;
  encryption.http_get = get;
  encryption.http_path = std::string(s.value.value_or(Encryption{}.http_path));
}

// Whoever says how TLS is to be done wants it.
void imply_tls(Setting& s) {
  if (s.on && s.lookup.encryption.carrier == Carrier::Plain)
    s.lookup.encryption.carrier = Carrier::Tls;
}

void choose_tls_word(Setting& s, std::string Encryption::*word, std::string_view what) {
  if (s.on && !s.value) {
    s.said.err += ";; TLS " + std::string(what) + " is not specified\n";
    s.refused = true;
    return;
  }
  imply_tls(s);
  s.lookup.encryption.*word = s.on ? *s.value : "";
}

void choose_signing_time(Setting& s) {
  constexpr std::uint32_t usual = 1646972129;  // dig's
  s.lookup.signing_time_s.reset();
  if (!s.on) return;
  s.lookup.signing_time_s = usual;
  if (s.value) s.lookup.signing_time_s = s.number("fuzztime", UINT32_MAX);
}

void present_as_yaml(Setting& s) {
  s.globals.yaml = s.on;
  if (!s.on) return;
  s.globals.show_command = false;
  s.lookup.display.stats = false;
}

void without_effect(Setting& s, std::string_view what) {
  s.said.err += ";; +" + std::string(what);
}

template <bool Lookup::*member>
void set(Setting& s) {
  s.lookup.*member = s.on;
}
template <bool QueryForm::*member>
void set(Setting& s) {
  s.lookup.form.*member = s.on;
}
template <bool Display::*member>
void set(Setting& s) {
  s.lookup.display.*member = s.on;
}
template <bool Globals::*member>
void set(Setting& s) {
  s.globals.*member = s.on;
}

constexpr auto denied_never = Denial::Never;

// In the order of the help. Where two names begin alike, the first whose letters suffice is meant.
constexpr PlusOption table[] = {
    {"aaflag", 2, "", "set the AA flag", set<&QueryForm::authoritative>},
    {"aaonly", 3, "", "the same", set<&QueryForm::authoritative>},
    {"adflag", 2, "", "set the AD flag [on]", set<&QueryForm::authentic_data>},
    {"additional", 3, "", "show the additional section", set<&Display::additional>},
    {"all", 2, "", "show all sections and comments, or nothing", show_all},
    {"answer", 2, "", "show the answer section", set<&Display::answer>},
    {"authority", 2, "", "show the authority section", set<&Display::authority>},
    {"badcookie", 2, "", "ask again with the cookie that a BADCOOKIE reply brings [on]",
     set<&Lookup::retry_bad_cookie>},
    {"besteffort", 2, "", "show what can be read of malformed messages", set<&Lookup::best_effort>},
    {"bufsize", 2, "[=###]", "the UDP size offered by EDNS [1232]", choose_buffer_size, Value::Free,
     denied_never},
    {"cdflag", 2, "", "set the CD flag", set<&QueryForm::checking_disabled>},
    {"class", 2, "", "show the class of records", set<&Display::rrclass>},
    {"cmd", 2, "", "repeat the command in the first line; for all lookups",
     set<&Globals::show_command>},
    {"coflag", 2, "", "set the CO flag of EDNS", set<&QueryForm::compact_ok>},
    {"comments", 3, "", "show headers, EDNS and the titles of sections",
     [](Setting& s) {
       s.lookup.display.comments = s.on;
       if (s.before_names) s.globals.comments_wanted = s.on;
     }},
    {"cookie", 3, "[=hex]", "send a COOKIE option [on]", choose_cookie},
    {"crypto", 2, "", "show keys and signatures", set<&Display::crypto>},
    {"defname", 2, "", "the same as +[no]search", set<&Globals::search>},
    {"dns64prefix", 4, "", "ask for ipv4only.arpa and show the DNS64 prefixes",
     [](Setting& s) { s.asks_dns64_prefix = s.on; }},
    {"dnssec", 4, "", "set the DO flag of EDNS: send DNSSEC records",
     [](Setting& s) {
       s.lookup.form.dnssec_ok = s.on;
       bring_edns(s);
     }},
    {"do", 2, "", "the same",
     [](Setting& s) {
       s.lookup.form.dnssec_ok = s.on;
       bring_edns(s);
     }},
    {"domain", 3, "=###", "search this domain, and only it", choose_domain, Value::Needed,
     denied_never},
    {"dscp", 2, "", "",
     [](Setting& s) { without_effect(s, "dscp option is obsolete and has no effect"); }},
    {"edns", 4, "[=###]", "the version of EDNS [0]", choose_edns},
    {"ednsflags", 5, "[=###]", "EDNS flags that have no name", choose_edns_flags},
    {"ednsnegotiation", 5, "", "ask again with the EDNS version that a BADVERS reply names [on]",
     set<&Lookup::negotiate_edns>},
    {"ednsopt", 5, "=###[:hex]", "send an EDNS option; +noednsopt clears the list",
     choose_edns_option},
    {"expandaaaa", 4, "", "write IPv6 addresses in full", set<&Display::expand_aaaa>},
    {"expire", 4, "", "send an EXPIRE option", set<&QueryForm::expire>},
    {"fail", 2, "", "stop at SERVFAIL, do not ask the next server [on]",
     set<&Lookup::stop_at_servfail>},
    {"fuzztime", 2, "[=###]", "sign as if it were this second since 1970", choose_signing_time},
    {"header-only", 2, "", "send no question", set<&QueryForm::without_question>},
    {"https", 5, "[=path]", "ask over HTTPS [/dns-query]",
     [](Setting& s) { encrypt(s, Carrier::Https, false); }, Value::Free, Denial::Possible, 2},
    {"https-get", 7, "[=path]", "ask over HTTPS with GET",
     [](Setting& s) { encrypt(s, Carrier::Https, true); }},
    {"https-post", 6, "", "", [](Setting& s) { encrypt(s, Carrier::Https, false); }},
    {"http-plain", 10, "[=path]", "ask over HTTP without TLS",
     [](Setting& s) { encrypt(s, Carrier::PlainHttp, false); }, Value::Free, Denial::Possible, 5},
    {"http-plain-get", 12, "[=path]", "ask over HTTP without TLS, with GET",
     [](Setting& s) { encrypt(s, Carrier::PlainHttp, true); }},
    {"http-plain-post", 11, "", "", [](Setting& s) { encrypt(s, Carrier::PlainHttp, false); }},
    {"identify", 3, "", "show who answered, with +short", set<&Display::identify>},
    {"idnin", 4, "", "take names in Unicode [on a terminal]", set<&Lookup::idn_in>},
    {"idnout", 4, "", "show names in Unicode [on a terminal]", set<&Display::idn_out>},
    {"ignore", 1, "", "take truncated replies as they are", set<&Lookup::ignore_truncation>},
    {"keepalive", 5, "", "send a KEEPALIVE option", set<&QueryForm::keepalive>},
    {"keepopen", 5, "", "keep a TCP connection for the next lookup", set<&Globals::keep_open>},
    {"mapped", 2, "", "", [](Setting& s) { without_effect(s, "mapped option is deprecated"); }},
    {"multiline", 2, "", "show records over several lines, with comments",
     set<&Display::multiline>},
    {"ndots", 2, "=###", "names with so many dots are not searched first",
     [](Setting& s) {
       if (const auto number = s.number("ndots", 65535)) s.globals.ndots = *number;
     },
     Value::Needed, denied_never},
    {"nsid", 3, "", "ask for the server's identifier",
     [](Setting& s) {
       s.lookup.form.name_server_id = s.on;
       bring_edns(s);
     }},
    {"nssearch", 3, "", "show the SOA of each server of the zone", search_name_servers},
    {"onesoa", 2, "", "show the SOA of a transfer once", set<&Display::one_soa>},
    {"opcode", 2, "=###", "the opcode, by name or number", choose_opcode,
     Value::NeededUnlessDenied},
    {"padding", 1, "=###", "pad queries to blocks of this size [0]", choose_padding, Value::Needed},
    {"qid", 2, "=###", "the ID of the query", choose_id, Value::NeededUnlessDenied},
    {"qr", 2, "", "show the query", set<&Lookup::show_query>},
    {"question", 2, "", "show the question section",
     [](Setting& s) {
       s.lookup.display.question = s.on;
       if (s.before_names) s.globals.question_wanted = s.on;
     }},
    {"raflag", 2, "", "set the RA flag", set<&QueryForm::recursion_available>},
    {"rdflag", 2, "", "set the RD flag: ask for recursion [on]",
     set<&QueryForm::recursion_desired>},
    {"recurse", 3, "", "the same", set<&QueryForm::recursion_desired>},
    {"retry", 3, "=###", "ask again so many times [2]", choose_retries, Value::Needed,
     denied_never},
    {"rrcomments", 2, "", "show comments behind records",
     [](Setting& s) { s.lookup.display.rr_comments = s.on; }},
    {"search", 2, "", "use the search list of resolv.conf", set<&Globals::search>},
    {"short", 4, "", "show the data of answers alone; for all lookups", show_short},
    {"showbadcookie", 5, "", "show BADCOOKIE replies before asking again",
     set<&Lookup::show_bad_cookie>},
    {"showsearch", 5, "", "search, and show each step",
     [](Setting& s) { s.globals.search = s.globals.show_search = s.on; }},
    {"sigchase", 2, "", "", [](Setting& s) { without_effect(s, "sigchase option is deprecated"); }},
    {"split", 2, "=##", "hex and base64 in pieces of this length [56]", choose_split, Value::Free,
     Denial::WithoutValue},
    {"stats", 2, "", "show time, server and size", set<&Display::stats>},
    {"subnet", 2, "=addr[/bits]", "send a CLIENT-SUBNET option", choose_subnet,
     Value::NeededUnlessDenied},
    {"tcflag", 3, "", "set the TC flag", set<&QueryForm::truncated>},
    {"tcp", 3, "", "ask over TCP", choose_tcp},
    {"timeout", 2, "=###", "seconds to wait for a reply [5]",
     [](Setting& s) {
       if (const auto number = s.number("timeout", 65535))
         s.globals.timeout_s = std::max<std::uint32_t>(*number, 1);
     },
     Value::Needed, denied_never},
    {"tls", 3, "", "ask over TLS", [](Setting& s) { encrypt(s, Carrier::Tls, false); }},
    {"tls-ca", 6, "[=file]", "check the server's certificate",
     [](Setting& s) {
       imply_tls(s);
       s.lookup.encryption.check_certificate = s.on;
       s.lookup.encryption.ca_file = s.on ? s.value.value_or("") : "";
     }},
    {"tls-hostname", 5, "=name", "the name that the certificate must have",
     [](Setting& s) { choose_tls_word(s, &Encryption::host_name, "hostname"); }},
    {"tls-certfile", 6, "=file", "our own certificate",
     [](Setting& s) { choose_tls_word(s, &Encryption::certificate_file, "certificate file"); }},
    {"tls-keyfile", 5, "=file", "its private key",
     [](Setting& s) { choose_tls_word(s, &Encryption::key_file, "private key file"); }},
    {"topdown", 2, "", "", [](Setting& s) { without_effect(s, "topdown option is deprecated"); }},
    {"trace", 3, "", "walk from the root to the answer; implies +dnssec", walk_from_the_root},
    {"tries", 3, "=###", "ask so many times [3]", choose_tries, Value::Needed, denied_never},
    {"trusted-key", 3, "", "",
     [](Setting& s) { without_effect(s, "trusted-key option is deprecated"); }},
    {"ttlid", 3, "", "show the TTL of records", set<&Display::ttl>},
    {"ttlunits", 4, "", "show it in weeks, days, hours, minutes and seconds",
     [](Setting& s) {
       s.lookup.display.ttl = true;
       s.lookup.display.ttl_units = s.on;
     }},
    {"unexpected", 3, "", "",
     [](Setting& s) { without_effect(s, "unexpected option is deprecated"); }},
    {"unknownformat", 3, "", "show data as RFC 3597 does", set<&Display::unknown_format>},
    {"vc", 1, "", "the same as +[no]tcp", choose_tcp},
    {"yaml", 1, "", "show replies as YAML", present_as_yaml},
    {"zflag", 1, "", "set the last unassigned flag", set<&QueryForm::reserved>},
    // From here on they are cdig's own, and are never cut short.
    {"color", 5, "[=always]", "colors, on a terminal",
     [](Setting& s) {
       s.lookup.display.color = s.on && (s.value == "always" || ::isatty(STDOUT_FILENO) == 1);
     }},
    {"json", 4, "", "show each reply as a JSON object in a line",
     [](Setting& s) {
       s.lookup.display.json = s.on;
       if (s.on) s.globals.show_command = false;
     }},
    {"map", 3, "", "draw the zone cuts from the root down to the name", set<&Lookup::map>},
    {"validate", 8, "[=anchors]", "judge the answer, and draw the chain of trust",
     [](Setting& s) {
       s.lookup.validate = s.on;
       s.lookup.anchor_file = s.value.value_or("");
     }},
    {"why", 3, "[=socket]", "show the steps behind the answer, as the cairnd here tells them",
     [](Setting& s) {
       s.lookup.why = s.on;
       s.lookup.control_socket = s.value.value_or("");
     }},
};

}  // namespace

const PlusOption* plus_option(std::string_view name, bool denied) {
  for (const PlusOption& option : table)
    if (option.name == name) return &option;
  for (const PlusOption& option : table) {
    std::size_t needed = option.shortest;
    if (denied && option.shortest_denied > 0) needed = option.shortest_denied;
    if (name.size() < needed || name.size() > option.name.size()) continue;
    if (name.substr(0, needed) != option.name.substr(0, needed)) continue;
    if (same_without_case(name, option.name.substr(0, name.size()))) return &option;
  }
  return nullptr;
}

void Setting::fail(std::string fatal, int exit_code) {
  error.emplace();
  error->fatal = std::move(fatal);
  error->exit_code = exit_code;
}

std::optional<std::uint32_t> Setting::number(std::string_view what, std::uint32_t most,
                                             bool any_base, int exit_code) {
  const auto read = number_in(value.value_or(""), most, any_base);
  if (const auto* found = std::get_if<std::uint32_t>(&read)) return *found;
  fail("Couldn't parse " + std::string(what), exit_code);
  error->said.out = "invalid " + std::string(what) + " '" + std::string(value.value_or("")) +
                    "': " + std::get<std::string>(read) + "\n";
  return std::nullopt;
}

std::span<const PlusOption> plus_options() {
  return table;
}

bool apply_plus_option(std::string_view& word, Setting& setting) {
  const std::size_t begin = word.find_first_not_of('=');
  if (begin == std::string_view::npos) {
    setting.said.out += ";; Invalid option " + std::string(word) + "\n";
    return true;
  }
  std::string_view name = word.substr(begin);
  if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
    if (equals + 1 < name.size()) setting.value = name.substr(equals + 1);
    name = name.substr(0, equals);
    word = word.substr(0, begin + equals);
  }
  setting.on = !(name.size() >= 2 && same_without_case(name.substr(0, 2), "no"));
  if (!setting.on) name.remove_prefix(2);
  const PlusOption* option = plus_option(name, !setting.on);
  // One of dig's slips: with a path, three letters of "https" are enough.
  if (option == nullptr && setting.value && name == "htt") option = plus_option("https", false);
  if (option == nullptr) return false;
  const bool needed =
      option->value == Value::Needed || (option->value == Value::NeededUnlessDenied && setting.on);
  if (needed && !setting.value) return false;
  if (!setting.on && (option->denial == Denial::Never ||
                      (option->denial == Denial::WithoutValue && setting.value)))
    return false;
  option->apply(setting);
  return !setting.refused;
}

}  // namespace cairn::cdig
