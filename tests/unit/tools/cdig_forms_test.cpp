// The YAML is what dig 9.18.49 wrote for the same messages; JSON and colours are cdig's own.
#include <doctest/doctest.h>

#include "tools/cdig/color.hpp"
#include "tools/cdig/json.hpp"
#include "tools/cdig/yaml.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

wire::LooseMessage reply(const std::vector<std::string>& answer) {
  wire::Message message;
  message.header.id = 57962;
  message.header.response = message.header.authoritative = true;
  message.header.recursion_desired = message.header.recursion_available = true;
  message.questions = {{*wire::Name::from_text("x.example."), wire::RRType::A, wire::RRClass::IN}};
  for (const std::string& line : answer) {
    auto record = wire::record_from_text(line);
    REQUIRE_MESSAGE(record, record.error());
    message.answer.push_back(*record);
  }
  message.edns.emplace();
  return wire::as_loose(message);
}

Delivery delivery() {
  Delivery delivery;
  delivery.server = *wire::Endpoint::from_text("127.0.0.1:5399", 53);
  delivery.server_name = "127.0.0.1";
  delivery.octets = 148;
  delivery.elapsed = std::chrono::microseconds(1234);
  // 2026-11-21 12:55:15.581234 UTC
  delivery.arrived += std::chrono::microseconds(1795265715581234);
  return delivery;
}

}  // namespace

TEST_CASE("a reply in YAML is an item of a list") {
  const wire::LooseMessage message =
      reply({"x.example. 300 IN A 192.0.2.1", "x.example. 300 IN TXT \"a\\\"c's\"",
             "x.example. 300 IN AAAA 2001:db8::"});
  const std::string expected =
      "- type: MESSAGE\n"
      "  message:\n"
      "    type: RECURSIVE_RESPONSE\n"
      "    query_time: !!timestamp 2026-11-21T12:55:15.580Z\n"
      "    response_time: !!timestamp 2026-11-21T12:55:15.581Z\n"
      "    message_size: 148b\n"
      "    socket_family: INET\n"
      "    socket_protocol: UDP\n"
      "    response_address: \"127.0.0.1\"\n"
      "    response_port: 5399\n"
      "    query_address: \"0.0.0.0\"\n"
      "    query_port: 0\n"
      "    response_message_data:\n"
      "      opcode: QUERY\n"
      "      status: NOERROR\n"
      "      id: 57962\n"
      "      flags: qr aa rd ra\n"
      "      QUESTION: 1\n"
      "      ANSWER: 3\n"
      "      AUTHORITY: 0\n"
      "      ADDITIONAL: 1\n"
      "      OPT_PSEUDOSECTION:\n"
      "        EDNS:\n"
      "          version: 0\n"
      "          flags:\n"
      "          udp: 1232\n"
      "      QUESTION_SECTION:\n"
      "        - 'x.example. IN A'\n"
      "      ANSWER_SECTION:\n"
      "        - 'x.example. 300 IN A 192.0.2.1'\n"
      "        - 'x.example. 300 IN TXT \"a\\\"c''s\"'\n"
      "        - 'x.example. 300 IN AAAA 2001:db8::0'\n";
  CHECK(reply_yaml(message, wire::Message{}, delivery(), Display{}) == expected);

  // Options of form have no say, but for the length of words.
  Display display;
  display.multiline = display.unknown_format = display.ttl_units = display.expand_aaaa = true;
  display.ttl = display.rrclass = display.crypto = false;
  CHECK(reply_yaml(message, wire::Message{}, delivery(), display) == expected);
}

TEST_CASE("the options of EDNS in YAML have dig's other spellings") {
  wire::LooseMessage message = reply({});
  const auto option = [](unsigned code, wire::Bytes data) {
    return wire::EdnsOption{static_cast<wire::OptionCode>(code), std::move(data)};
  };
  message.edns->options = {option(15, {0, 3, 't', 'e', 'x', 't'}), option(15, {0, 18}),
                           option(11, {0, 100}), option(12, {0, 0}), option(12, {})};
  message.edns->flags = 0x4003;
  message.edns->dnssec_ok = true;
  const std::string text = reply_yaml(message, wire::Message{}, delivery(), Display{});
  const std::string expected =
      "          version: 0\n"
      "          flags: do co\n"
      "          MBZ: 0x0003\n"
      "          udp: 1232\n"
      "          EDE:\n"
      "            INFO-CODE: 3 (Stale Answer)\n"
      "            EXTRA-TEXT: \"text\"\n"
      "          EDE:\n"
      "            INFO-CODE: 18 (Prohibited)\n"
      "\n"
      "          TCP-KEEPALIVE: 10.0 secs\n"
      "          PAD: 00 00 (\"..\")\n"
      "          PAD:\n";
  CHECK_MESSAGE(text.find(expected) != std::string::npos, text);
}

TEST_CASE("trouble has a form in each language") {
  Display display;
  CHECK(trouble_text("no servers could be reached", display) == ";; no servers could be reached\n");
  display.yaml = true;
  CHECK(trouble_text("no servers could be reached", display) ==
        "- type: DIG_ERROR\n  message: |\n    no servers could be reached\n");
  display.json = true;
  CHECK(trouble_text("no servers could be reached", display) ==
        "{\"kind\":\"error\",\"message\":\"no servers could be reached\"}\n");
}

TEST_CASE("a reply in JSON is one line with the names of RFC 8427") {
  const std::string line = reply_json(reply({"x.example. 300 IN MX 10 mail.example."}), delivery());
  CHECK(line.find('\n') == line.size() - 1);
  for (const std::string field :
       {"\"kind\":\"reply\"", "\"ID\":57962", "\"QR\":1", "\"AA\":1", "\"TC\":0", "\"RCODE\":0",
        "\"RCODEname\":\"NOERROR\"", "\"QDCOUNT\":1", "\"ANCOUNT\":1", "\"ARCOUNT\":1",
        "\"QNAME\":\"x.example.\"", "\"QTYPEname\":\"A\"",
        "\"answerRRs\":[{\"NAME\":\"x.example.\",\"TYPE\":15,\"TYPEname\":\"MX\",\"CLASS\":1,"
        "\"CLASSname\":\"IN\",\"TTL\":300,\"RDLENGTH\":16,\"RDATAHEX\":\"000A046D61696C076578616D"
        "706C6500\",\"rdataMX\":\"10 mail.example.\"}]",
        "\"server\":{\"address\":\"127.0.0.1\",\"port\":5399,\"name\":\"127.0.0.1\"}",
        "\"transport\":\"UDP\"", "\"size\":148", "\"elapsed\":1234"}) {
    CAPTURE(field);
    CAPTURE(line);
    CHECK(line.find(field) != std::string::npos);
  }
  CHECK(line.find("malformed") == std::string::npos);
}

TEST_CASE("octets that are no UTF-8 do not break the JSON") {
  wire::LooseMessage message = reply({});
  message.edns->options = {{wire::OptionCode::ExtendedError, {0, 3, 'a', 0xff, 'b'}}};
  const std::string line = reply_json(message, delivery());
  CHECK(line.find("(a\\ufffd"
                  "b)") != std::string::npos);
}

TEST_CASE("colours change nothing but the look") {
  const std::string text =
      ";; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n"
      ";; WARNING: recursion requested but not available\n\n"
      "x.example.\t\t300\tIN\tMX\t10 mail.example.\nx.example.\t\t300 IN SOA a. b. (\n\t\t\t\t1 "
      ")\n";
  const std::string painted = colored(text);
  std::string bare;
  for (std::size_t at = 0; at < painted.size(); ++at) {
    if (painted[at] == '\x1b') {
      at = painted.find('m', at);
    } else {
      bare += painted[at];
    }
  }
  CHECK(bare == text);
  CHECK(painted.find("\x1b[31mNXDOMAIN\x1b[0m") != std::string::npos);
  CHECK(painted.find("\x1b[36mMX\x1b[0m") != std::string::npos);
}
