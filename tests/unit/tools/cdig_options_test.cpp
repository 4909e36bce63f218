#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "tools/cdig/options.hpp"

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
  CHECK(first.port == 53);
  CHECK(second.port == 5300);
}

TEST_CASE("options may be abbreviated, and are read without case") {
  CHECK_FALSE(lookup("x.example +norec").form.recursion_desired);
  CHECK_FALSE(lookup("x.example +NoRecurse").form.recursion_desired);
  CHECK(lookup("x.example +time=2").timeout_s == 2);
  CHECK(lookup("x.example +cd").form.checking_disabled);
  CHECK_FALSE(lookup("x.example +noad").form.authentic_data);
  CHECK(lookup("x.example +do").form.dnssec_ok);
  CHECK(lookup("x.example +vc").tcp);
  CHECK(lookup("x.example +retry=4").tries == 5);
}

TEST_CASE("short form and the command's line are global wherever they stand") {
  const CommandLine two = command("a.example +short b.example");
  CHECK(two.lookups[0].display.short_form);
  CHECK(two.lookups[1].display.short_form);
  CHECK_FALSE(two.show_command);
  CHECK_FALSE(command("a.example +nocmd").show_command);
  CHECK_FALSE(command("a.example +noall +answer").show_command);
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

TEST_CASE("a type too much or one that does not exist is a warning") {
  CHECK(command("x.example a mx").warnings ==
        std::vector<std::string>{";; Warning, extra type option"});
  CHECK(lookup("x.example a mx").type == wire::RRType::MX);
  CHECK(command("x.example in ch").warnings ==
        std::vector<std::string>{";; Warning, extra class option"});
  CHECK(command("-t bogus x.example").warnings ==
        std::vector<std::string>{";; Warning, ignoring invalid type bogus"});
  CHECK(command("-c bogus x.example").warnings ==
        std::vector<std::string>{";; Warning, ignoring invalid class bogus"});
}

TEST_CASE("what cannot be understood ends with dig's exit codes") {
  struct Case {
    std::string line;
    std::string message;
    int exit_code;
    bool usage;
  };
  const Case cases[] = {
      {"+foo x.example", "Invalid option: +foo", 1, true},
      {"+nobufsize x.example", "Invalid option: +nobufsize", 1, true},
      {"+bufsize x.example", "Invalid option: +bufsize", 1, true},
      {"+tcp=1 x.example", "Invalid option: +tcp=1", 1, true},
      {"-Z", "Invalid option: -Z", 1, true},
      {"x.example -p", "Invalid option: -p", 1, true},
      {"-p 99999 x", "invalid port number '99999': out of range\ncdig: Couldn't parse port number",
       1, false},
      {"+time=x x", "invalid timeout 'x': not a valid number\ncdig: Couldn't parse timeout", 10,
       false},
      {"+bufsize=99999 x",
       "invalid buffer size '99999': out of range\n"
       "cdig: Couldn't parse buffer size",
       10, false},
  };
  for (const Case& each : cases) {
    CAPTURE(each.line);
    const auto parsed = parse(each.line);
    REQUIRE(std::holds_alternative<UsageError>(parsed));
    const auto& error = std::get<UsageError>(parsed);
    CHECK(error.message == each.message);
    CHECK(error.exit_code == each.exit_code);
    CHECK(error.usage == each.usage);
  }
}

TEST_CASE("help and version win over everything that follows") {
  CHECK(command("-h +foo").action == CommandLine::Action::Help);
  CHECK(command("x.example -v").action == CommandLine::Action::Version);
  CHECK(help_text().find("+[no]recurse") != std::string::npos);
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
    CHECK(page.find(word) != std::string::npos);
  }
  CHECK(count > 30);
}
