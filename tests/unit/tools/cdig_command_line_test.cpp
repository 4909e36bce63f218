#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "tools/cdig/command_line.hpp"
#include "tools/cdig/help.hpp"
#include "tools/cdig/plus_options.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

std::variant<CommandLine, UsageError> parse(const std::string& line) {
  std::istringstream stream(line);
  const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
  const std::vector<std::string_view> views(words.begin(), words.end());
  return parse_command_line(views);
}

CommandLine command(const std::string& line) {
  CAPTURE(line);
  auto parsed = parse(line);
  REQUIRE(std::holds_alternative<CommandLine>(parsed));
  return std::get<CommandLine>(std::move(parsed));
}

Lookup lookup(const std::string& line) {
  CommandLine parsed = command(line);
  REQUIRE(parsed.lookups.size() == 1);
  return parsed.lookups.front();
}

}  // namespace

TEST_CASE("words are names, types and classes in any order") {
  struct Case {
    std::string line;
    std::string name;
    wire::RRType type;
    wire::RRClass rrclass;
  };
  const Case cases[] = {
      {"", ".", wire::RRType::NS, wire::RRClass::IN},
      {"www.example", "www.example", wire::RRType::A, wire::RRClass::IN},
      {"www.example mx", "www.example", wire::RRType::MX, wire::RRClass::IN},
      {"mx www.example", "www.example", wire::RRType::MX, wire::RRClass::IN},
      {"ch txt version.bind", "version.bind", wire::RRType::TXT, wire::RRClass::CH},
      {"-t AAAA -q mx -c CH", "mx", wire::RRType::AAAA, wire::RRClass::CH},
      {"-q mx -tAAAA", "mx", wire::RRType::AAAA, wire::RRClass::IN},
      {"TYPE65280 x.example", "x.example", wire::RRType{65280}, wire::RRClass::IN},
      {"-x 192.0.2.1", "1.2.0.192.in-addr.arpa.", wire::RRType::PTR, wire::RRClass::IN},
      {"-x 192.0.2.1 any", "1.2.0.192.in-addr.arpa.", wire::RRType::ANY, wire::RRClass::IN},
      {"-x 192.0.2", "2.0.192.in-addr.arpa.", wire::RRType::PTR, wire::RRClass::IN},
      {"-x 2001:db8::1",
       "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
       wire::RRType::PTR, wire::RRClass::IN},
  };
  for (const Case& each : cases) {
    CAPTURE(each.line);
    const Lookup found = lookup(each.line);
    CHECK(found.name == each.name);
    CHECK(found.type == each.type);
    CHECK(found.rrclass == each.rrclass);
  }
}

TEST_CASE("without options cdig asks as dig does") {
  const Lookup plain = lookup("www.example");
  CHECK(plain.servers.empty());
  CHECK(plain.port == 53);
  CHECK(plain.tries == 3);
  CHECK_FALSE(plain.tcp);
  CHECK(plain.form == QueryForm{});
  CHECK(plain.form.udp_size == 1232);
  CHECK(plain.form.authentic_data);
  CHECK(plain.form.cookie);
  CHECK(plain.display == Display{});
}

TEST_CASE("options before the first name hold for all names, others for theirs") {
  const CommandLine two = command("@192.0.2.1 +noedns a.example +tcp mx b.example +norec -p 5300");
  REQUIRE(two.lookups.size() == 2);
  const Lookup& first = two.lookups[0];
  const Lookup& second = two.lookups[1];
  CHECK(first.servers == std::vector<std::string>{"192.0.2.1"});
  CHECK(second.servers == first.servers);
  CHECK_FALSE(first.form.edns_version);
  CHECK_FALSE(second.form.edns_version);
  CHECK(first.tcp);
  CHECK_FALSE(second.tcp);
  CHECK(first.type == wire::RRType::MX);
  CHECK(second.type == wire::RRType::A);
  CHECK(first.form.recursion_desired);
  CHECK_FALSE(second.form.recursion_desired);
  CHECK(first.port == 5300);  // of the whole run
  CHECK(second.port == 5300);
}

TEST_CASE("options of the whole run count wherever they stand") {
  const CommandLine two = command("a.example +short -p 5300 b.example +domain=c.example -b ::1#99");
  for (const Lookup& each : two.lookups) {
    CHECK(each.display.short_form);
    CHECK(each.port == 5300);
    CHECK(each.search);
    CHECK(each.domain == "c.example");
    CHECK(each.source == wire::Endpoint::from_text("[::1]:99", 53));
    CHECK(each.family == Family::V6);
  }
  CHECK_FALSE(two.defaults.globals.show_command);
  CHECK(two.greeting);  // for failures: it was not yet switched off when the first name came
  CHECK_FALSE(command("+nocmd a.example").greeting);
}

// What dig 9.18 does, tried with every beginning of every keyword.
TEST_CASE("keywords may be cut where dig takes them to be clear") {
  struct Case {
    std::string_view word;
    std::string_view meant;  // empty: dig refuses the word
  };
  const Case cases[] = {
      {"a", ""},
      {"aa", "aaflag"},
      {"ad", "adflag"},
      {"add", "additional"},
      {"co", "coflag"},
      {"com", "comments"},
      {"coo", "cookie"},
      {"cr", "crypto"},
      {"d", ""},
      {"dns", ""},
      {"dnss", "dnssec"},
      {"dns6", "dns64prefix"},
      {"do", "do"},
      {"dom=x", "domain"},
      {"dom", ""},
      {"edn", ""},
      {"edns", "edns"},
      {"ednsf", "ednsflags"},
      {"exp", ""},
      {"expi", "expire"},
      {"http", ""},
      {"https", "https"},
      {"https=/q", "https"},
      {"https=q", ""},
      {"noht", "https"},
      {"i", "ignore"},
      {"id", ""},
      {"ide", "identify"},
      {"idni", "idnin"},
      {"keep", ""},
      {"keepa", "keepalive"},
      {"map", "map"},
      {"n", ""},
      {"no", ""},
      {"nons", ""},
      {"nonsi", "nsid"},
      {"nss", "nssearch"},
      {"p=8", "padding"},
      {"p", ""},
      {"nopadd", ""},
      {"nopadd=8", "padding"},
      {"rec", "recurse"},
      {"re", ""},
      {"ret=1", "retry"},
      {"noret=1", ""},
      {"show", ""},
      {"shows", "showsearch"},
      {"shor", "short"},
      {"nosplit", "split"},
      {"nosplit=4", ""},
      {"tc", ""},
      {"tcp=1", "tcp"},
      {"tls", "tls"},
      {"tls-", ""},
      {"tls-c", ""},
      {"tls-ca", "tls-ca"},
      {"ttl", "ttlid"},
      {"ttlu", "ttlunits"},
      {"v", "vc"},
      {"y", "yaml"},
      {"z", "zflag"},
      {"tcpq", ""},
      {"TCP", ""},
      {"tCP", ""},
      {"NOtcp", "tcp"},
      {"traCE", "trace"},
      {"questioN", "question"},
      {"=", "nothing"},
      {"=1", ""},
      {"bufs", "bufsize"},
      {"nobufs", ""},
      {"qid", ""},
      {"noqid", "qid"},
      {"whynot", ""},
      {"wh", ""},
      {"jso", ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.word);
    const auto parsed = parse("x.example +" + std::string(each.word));
    CHECK(std::holds_alternative<CommandLine>(parsed) == !each.meant.empty());
    const std::string_view name = each.word.substr(0, each.word.find('='));
    const bool denied = name.size() > 2 && (name.starts_with("no") || name.starts_with("NO"));
    const PlusOption* option = plus_option(name.substr(denied ? 2 : 0), denied);
    if (!each.meant.empty() && !name.empty()) {
      REQUIRE(option != nullptr);
      CHECK(option->name == each.meant);
    }
  }
}

TEST_CASE("an abbreviation means one option") {
  CHECK_FALSE(lookup("x.example +norec").form.recursion_desired);
  CHECK(lookup("x.example +time=2").timeout_s == 2);
  CHECK(lookup("x.example +cd").form.checking_disabled);
  CHECK_FALSE(lookup("x.example +noad").form.authentic_data);
  CHECK(lookup("x.example +do").form.dnssec_ok);
  CHECK(lookup("x.example +co").form.compact_ok);
  CHECK(lookup("x.example +i").ignore_truncation);
  CHECK(lookup("x.example +v").tcp);
  CHECK_FALSE(lookup("x.example +nottl").display.ttl);
  CHECK(lookup("x.example +retry=4").tries == 5);
  CHECK(lookup("x.example +retry=4000").tries == 255);
  CHECK(lookup("x.example +tries=0").tries == 1);
}

TEST_CASE("noall hides everything that is not asked for again") {
  const Display shown = lookup("a.example +noall +answer").display;
  CHECK(shown.answer);
  CHECK_FALSE(
      (shown.comments || shown.question || shown.authority || shown.additional || shown.stats));
}

TEST_CASE("what is said in an OPT record brings EDNS back") {
  for (const std::string line : {"+noedns +dnssec x.example", "+noedns +bufsize=512 x.example",
                                 "+noedns +nsid x.example", "+noedns +cookie x.example"}) {
    CAPTURE(line);
    CHECK(lookup(line).form.edns_version == 0);
  }
  CHECK(lookup("+edns=1 x.example").form.edns_version == 1);
  CHECK(lookup("+ednsflags=0x10 x.example").form.edns_flags == 16);
  CHECK(lookup("+cookie=0aff x.example").form.chosen_cookie == wire::Bytes{0x0a, 0xff});
}

TEST_CASE("a trace asks for signatures and shows referrals with their senders") {
  const Lookup traced = lookup("+trace x.example");
  CHECK(traced.trace);
  CHECK(traced.form.dnssec_ok);
  CHECK(traced.display.authority);
  CHECK(traced.display.identify);
  CHECK_FALSE((traced.display.comments || traced.display.question || traced.display.additional ||
               traced.display.stats));
}

TEST_CASE("ANY goes over TCP unless the transport was chosen") {
  CHECK(lookup("x.example any").tcp);
  CHECK_FALSE(lookup("x.example any +notcp").tcp);
}

TEST_CASE("a transfer from a serial is a type with a value") {
  const Lookup transfer = lookup("x.example ixfr=7");
  CHECK(transfer.type == wire::RRType::IXFR);
  CHECK(transfer.form.ixfr_serial == 7);
  CHECK(transfer.tcp);
  CHECK_FALSE(transfer.display.comments);
  CHECK_FALSE(lookup("x.example +notcp -tIXFR=7").tcp);
  CHECK(lookup("+comments x.example axfr").display.comments);
  CHECK_FALSE(lookup("x.example axfr").display.question);
  CHECK(lookup("x.example axfr +notcp").tcp);
  CHECK(command("x.example ixfr").said.err == ";; Warning, ixfr requires a serial number\n");
  CHECK(command("x.example -t ixfr").said.err == ";; Warning, ignoring invalid type ixfr\n");
}

TEST_CASE("single letters may stand together, the last may have a value") {
  const CommandLine one = command("-4up 5300 x.example");
  REQUIRE(one.lookups.size() == 1);
  CHECK(one.lookups[0].family == Family::V4);
  CHECK(one.lookups[0].port == 5300);
  CHECK(command("-uqx.example").lookups[0].name == "x.example");
}

TEST_CASE("behind -t and -c a bare word is always a name") {
  CHECK(command("x.example -ta mx").lookups[1].name == "mx");
  CHECK(command("-cin x.example ch").lookups[1].name == "ch");
  CHECK(command("-q x.example mx").lookups.size() == 1);
}

TEST_CASE("a percent sign begins a comment") {
  CHECK(command("x.example %mx y.example").lookups.size() == 1);
}

TEST_CASE("a type too much or one that does not exist is a warning") {
  CHECK(command("x.example a mx").said.err == ";; Warning, extra type option\n");
  CHECK(lookup("x.example a mx").type == wire::RRType::MX);
  CHECK(command("x.example in ch").said.err == ";; Warning, extra class option\n");
  CHECK(command("-t bogus x.example").said.err == ";; Warning, ignoring invalid type bogus\n");
  CHECK(command("-c bogus x.example").said.err == ";; Warning, ignoring invalid class bogus\n");
  CHECK(command("x.example +dscp=1").said.err == ";; +dscp option is obsolete and has no effect");
  CHECK(command("x.example +").said.out == ";; Invalid option \n");
  CHECK(command("x.example +split=5").said.err ==
        ";; Warning, split must be a multiple of 4; adjusting to 8\n");
  CHECK(lookup("x.example +split=5").display.split_width == 8U);
}

TEST_CASE("what cannot be understood ends in dig's words and exit codes") {
  struct Case {
    std::string line;
    std::string out;
    std::string err;
    std::string fatal;
    int exit_code = 1;
    bool usage = false;
  };
  const Case cases[] = {
      {"+foo x", "", "Invalid option: +foo\n", "", 1, true},
      {"+nobufsize=1 x", "", "Invalid option: +nobufsize\n", "", 1, true},
      {"+subnet= x", "", "Invalid option: +subnet\n", "", 1, true},
      {"+=1 x", "", "Invalid option: +=1\n", "", 1, true},
      {"-Z", "", "Invalid option: -Z\n", "", 1, true},
      {"-ma", "", "Invalid option: -a\n", "", 1, true},
      {"-", "", "Invalid option: -\n", "", 1, true},
      {"-p 99999 x", "invalid port number '99999': out of range\n", "",
       "Couldn't parse port number"},
      {"-p 0x35 x", "invalid port number '0x35': not a valid number\n", "",
       "Couldn't parse port number"},
      {"-b 1.2.3.4#x", "invalid port number 'x': not a valid number\n", "",
       "Couldn't parse port number"},
      {"-b x", "", "", "invalid address x"},
      {"-y x", "", "", "", 1, true},
      {"ixfr= x", "invalid serial number '': not a valid number\n", "",
       "Couldn't parse serial number"},
      {"+time=x x", "invalid timeout 'x': not a valid number\n", "", "Couldn't parse timeout", 10},
      {"+split=x x", "invalid split 'x': not a valid number\n",
       ";; Warning, split must be a multiple of 4; adjusting to 0\n", "Couldn't parse split", 10},
      {"+opcode=16 x", "invalid opcode '16': out of range\n", "", "Couldn't parse opcode", 10},
      {"+cookie=0 x", "", "", "isc_hex_decodestring: bad hex encoding"},
      {"+ednsopt x", "", "", "ednsopt no code point specified", 10},
      {"+ednsopt=65536 x", "invalid ednsopt '65536': out of range\n", "",
       "bad edns code point: 65536"},
      {"+subnet=1.2 x", "", "", "invalid address '1.2'"},
      {"+subnet=1.2.3.4/ x", "", "", "invalid prefix length in '1.2.3.4/': not a valid number\n"},
      {"+domain=a..b x", "", "", "'a..b' is not in legal name syntax (empty label)"},
      {"x a mx +foo", "", ";; Warning, extra type option\nInvalid option: +foo\n", "", 1, true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.line);
    const auto parsed = parse(each.line);
    REQUIRE(std::holds_alternative<UsageError>(parsed));
    const auto& error = std::get<UsageError>(parsed);
    CHECK(error.said.out == each.out);
    CHECK(error.said.err == each.err);
    CHECK(error.fatal == each.fatal);
    CHECK(error.exit_code == each.exit_code);
    CHECK(error.usage == each.usage);
  }
  const auto late = parse("@a.example x +foo @b.example");
  CHECK(std::get<UsageError>(late).servers == std::vector<std::string>{"a.example"});
}

TEST_CASE("a glance over the words finds what must be known beforehand") {
  const auto glance = [](std::vector<std::string_view> words) { return glance_over(words); };
  CHECK(glance({"x", "-p"}).error->said.err == "Invalid option: -p\n");
  CHECK(glance({"-46"}).error->fatal == "only one of -4 and -6 allowed");
  CHECK(glance({"-4", "x", "-6"}).error->fatal == "only one of -4 and -6 allowed");
  CHECK(glance({"-44u"}).family == Family::V4);
  CHECK_FALSE(glance({"-ur", "x"}).wants_digrc);
  CHECK(glance({"-q", "-r"}).wants_digrc);
  CHECK_FALSE(glance({"-q", "-46"}).error);
}

TEST_CASE("words of EDNS become options") {
  struct Case {
    std::string word;
    std::uint16_t code;
    wire::Bytes data;
  };
  const Case cases[] = {
      {"NSID", 3, {}},         {"ecs:00", 8, {0}}, {"65001:00fF", 65001, {0, 255}},
      {"deviceid", 26946, {}}, {"pad:", 12, {}},   {"KEY-TAG:4f66", 14, {0x4f, 0x66}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.word);
    const auto options = lookup("x.example +ednsopt=" + each.word).form.options;
    REQUIRE(options.size() == 1);
    CHECK(static_cast<std::uint16_t>(options[0].code) == each.code);
    CHECK(options[0].data == each.data);
  }
  CHECK(lookup("x.example +ednsopt=3 +noednsopt +ednsopt=5").form.options.size() == 1);
  // RFC 7871 section 6: family, source and scope prefix, address as far as the prefix goes.
  const std::pair<std::string, wire::Bytes> subnets[] = {
      {"0", {0, 1, 0, 0}},
      {"0/0", {0, 1, 0, 0}},
      {"::/0", {0, 2, 0, 0}},
      {"10/8", {0, 1, 8, 0, 10}},
      {"1.2.3.4", {0, 1, 32, 0, 1, 2, 3, 4}},
      {"1.2.3.255/25", {0, 1, 25, 0, 1, 2, 3, 128}},
      {"1.2.3.4/99", {0, 1, 32, 0, 1, 2, 3, 4}},
      {"2001:db8:ffff::/35", {0, 2, 35, 0, 0x20, 0x01, 0x0d, 0xb8, 0xe0}},
  };
  for (const auto& [text, data] : subnets) {
    CAPTURE(text);
    CHECK(lookup("x.example +subnet=" + text).form.subnet == data);
  }
}

TEST_CASE("lines of a file start from the defaults of the command line") {
  const CommandLine first = command("@192.0.2.1 +nssearch -p 5300");
  const std::vector<std::string_view> words{"b.example", "+tcp"};
  const auto parsed = parse_command_line(words, first.defaults, Origin::Batch);
  const auto& line = std::get<CommandLine>(parsed);
  CHECK(line.lookups[0].servers == std::vector<std::string>{"192.0.2.1"});
  CHECK(line.lookups[0].port == 5300);
  CHECK(line.lookups[0].name_server_search);
  CHECK_FALSE(line.lookups[0].tcp);  // dig does not hear it there
  const std::vector<std::string_view> none{"+nocomments", "a.example"};
  const auto config = parse_command_line(none, {}, Origin::ConfigFile);
  CHECK(std::get<CommandLine>(config).lookups.empty());
  CHECK_FALSE(std::get<CommandLine>(config).defaults.lookup.display.comments);
}

TEST_CASE("no two options have the same beginning without a letter to tell them apart") {
  for (const PlusOption& option : plus_options()) {
    CAPTURE(option.name);
    CHECK(option.shortest > 0);
    CHECK(option.shortest <= option.name.size());
    for (const PlusOption& other : plus_options())
      CHECK((&other == &option || other.name != option.name));
  }
}

TEST_CASE("help and version win over everything that follows") {
  CHECK(command("-h +foo").action == CommandLine::Action::Help);
  CHECK(command("x.example -v").action == CommandLine::Action::Version);
  CHECK(help_text().find("+[no]recurse") != std::string::npos);
}

TEST_CASE("every keyword that is understood stands in the manual page") {
  std::ifstream file(CAIRN_SOURCE_DIR "/man/cdig.1");
  std::string page{std::istreambuf_iterator<char>(file), {}};
  page = std::regex_replace(page, std::regex(R"(\\-)"), "-");
  for (const PlusOption& option : plus_options()) {
    CAPTURE(option.name);
    const std::regex entry(R"(\\fB\+(\[no\])?)" + std::string(option.name) + R"(\\fP)");
    CHECK(std::regex_search(page, entry));
  }
}

TEST_CASE("every keyword of the help stands in the manual page") {
  std::ifstream file(CAIRN_SOURCE_DIR "/man/cdig.1");
  std::string page{std::istreambuf_iterator<char>(file), {}};
  page = std::regex_replace(page, std::regex(R"(\\-)"), "-");
  const std::string help = help_text();
  const std::regex keyword(R"( (\+(\[no\])?[a-z-]+))");
  std::size_t count = 0;
  for (auto at = std::sregex_iterator(help.begin(), help.end(), keyword);
       at != std::sregex_iterator(); ++at, ++count) {
    const std::string word = at->str(1);
    CAPTURE(word);
    CHECK(page.find(word.substr(word.find_last_of("+]") + 1)) != std::string::npos);
  }
  CHECK(count > 30);
}
