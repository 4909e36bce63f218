// The expected texts are dig 9.18's own output for the same messages, with the program asked by
// hand and the answer kept here.
#include <doctest/doctest.h>

#include "tools/cdig/print.hpp"
#include "tools/cdig/query.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::cdig;

namespace {

wire::Record record(std::string_view line) {
  auto parsed = wire::record_from_text(line);
  REQUIRE_MESSAGE(parsed, parsed.error());
  return *parsed;
}

wire::Message query_for(const char* name, wire::RRType type) {
  QueryForm form;
  form.recursion_desired = false;
  return make_query({*wire::Name::from_text(name), type, wire::RRClass::IN}, form, 63676,
                    {1, 2, 3, 4, 5, 6, 7, 8});
}

wire::Message reply_to(const wire::Message& query) {
  wire::Message reply;
  reply.header.id = query.header.id;
  reply.header.response = true;
  reply.questions = query.questions;
  return reply;
}

}  // namespace

TEST_CASE("a whole reply is laid out as dig lays it out") {
  const wire::Message query = query_for("mx.t.example.", wire::RRType::MX);
  wire::Message reply = reply_to(query);
  reply.header.authoritative = true;
  reply.answer = {record("mx.t.example. 3600 IN MX 10 mail.t.example."),
                  record("mx.t.example. 3600 IN MX 20 mail2.other.example.")};
  reply.authority = {record("t.example. 3600 IN NS ns1.t.example."),
                     record("t.example. 3600 IN NS ns2.other.example.")};
  reply.additional = {record("mail.t.example. 3600 IN A 192.0.2.25"),
                      record("ns1.t.example. 3600 IN A 127.0.0.1"),
                      record("ns1.t.example. 3600 IN AAAA ::1")};
  wire::Edns& edns = reply.edns.emplace();
  edns.options = {{wire::OptionCode::NSID, {0x6e, 0x73, 0x64, 0x31}},
                  {wire::OptionCode::Cookie,
                   {1,    2,    3,    4,    5,    6,    7,    8,    1,    0,    0,    0,
                    0x6b, 0x01, 0x6a, 0xf0, 0xca, 0xea, 0x3a, 0xc3, 0xe7, 0x10, 0x02, 0xbf}}};
  CHECK(message_text(wire::as_loose(reply), &query, Display{}) ==
        ";; Got answer:\n"
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 63676\n"
        ";; flags: qr aa; QUERY: 1, ANSWER: 2, AUTHORITY: 2, ADDITIONAL: 4\n"
        "\n"
        ";; OPT PSEUDOSECTION:\n"
        "; EDNS: version: 0, flags:; udp: 1232\n"
        "; NSID: 6e 73 64 31 (\"nsd1\")\n"
        "; COOKIE: 0102030405060708010000006b016af0caea3ac3e71002bf (good)\n"
        ";; QUESTION SECTION:\n"
        ";mx.t.example.\t\t\tIN\tMX\n"
        "\n"
        ";; ANSWER SECTION:\n"
        "mx.t.example.\t\t3600\tIN\tMX\t10 mail.t.example.\n"
        "mx.t.example.\t\t3600\tIN\tMX\t20 mail2.other.example.\n"
        "\n"
        ";; AUTHORITY SECTION:\n"
        "t.example.\t\t3600\tIN\tNS\tns1.t.example.\n"
        "t.example.\t\t3600\tIN\tNS\tns2.other.example.\n"
        "\n"
        ";; ADDITIONAL SECTION:\n"
        "mail.t.example.\t\t3600\tIN\tA\t192.0.2.25\n"
        "ns1.t.example.\t\t3600\tIN\tA\t127.0.0.1\n"
        "ns1.t.example.\t\t3600\tIN\tAAAA\t::1\n"
        "\n");
}

TEST_CASE("without comments the sections follow each other bare") {
  const wire::Message query = query_for("mail.t.example.", wire::RRType::A);
  wire::Message reply = reply_to(query);
  reply.answer = {record("mail.t.example. 3600 IN A 192.0.2.25")};
  reply.authority = {record("t.example. 3600 IN NS ns1.t.example.")};
  Display display;
  display.comments = false;
  CHECK(message_text(wire::as_loose(reply), &query, display) ==
        ";mail.t.example.\t\t\tIN\tA\n"
        "mail.t.example.\t\t3600\tIN\tA\t192.0.2.25\n"
        "t.example.\t\t3600\tIN\tNS\tns1.t.example.\n");
}

TEST_CASE("a record's columns move with what is shown of it") {
  struct Case {
    std::string what;
    Display display;
    std::string question;
    std::string line;
  };
  const auto with = [](auto change) {
    Display display;
    display.comments = false;
    change(display);
    return display;
  };
  const Case cases[] = {
      {"everything", with([](Display&) {}), ";mail.t.example.\t\t\tIN\tA\n",
       "mail.t.example.\t\t3600\tIN\tA\t192.0.2.25\n"},
      {"+noclass", with([](Display& d) { d.rrclass = false; }), ";mail.t.example.\t\tIN\tA\n",
       "mail.t.example.\t\t3600\tA\t192.0.2.25\n"},
      {"+nottlid", with([](Display& d) { d.ttl = false; }), ";mail.t.example.\t\tIN\tA\n",
       "mail.t.example.\t\tIN\tA\t192.0.2.25\n"},
      {"+noclass +nottlid", with([](Display& d) { d.ttl = d.rrclass = false; }),
       ";mail.t.example.\t\tIN A\n", "mail.t.example.\t\tA\t192.0.2.25\n"},
      {"+ttlunits", with([](Display& d) { d.ttl_units = true; }), ";mail.t.example.\t\t\tIN\tA\n",
       "mail.t.example.\t\t1h\tIN\tA\t192.0.2.25\n"},
      {"+unknownformat", with([](Display& d) { d.unknown_format = true; }),
       ";mail.t.example.\t\t\tCLASS1\tTYPE1\n",
       "mail.t.example.\t\t3600\tCLASS1\tTYPE1\t\\# 4 C0000219\n"},
  };
  const wire::Message query = query_for("mail.t.example.", wire::RRType::A);
  wire::Message reply = reply_to(query);
  reply.answer = {record("mail.t.example. 3600 IN A 192.0.2.25")};
  for (const Case& each : cases) {
    CAPTURE(each.what);
    CHECK(message_text(wire::as_loose(reply), &query, each.display) == each.question + each.line);
  }
}

TEST_CASE("a name that is longer than its column is followed by one space") {
  CHECK(record_text(record("averyveryverylongnamethatgoesbeyondcolumns.andmore.t.example. 3600 IN "
                           "A 192.0.2.5"),
                    Display{}) ==
        "averyveryverylongnamethatgoesbeyondcolumns.andmore.t.example. 3600 IN A\t192.0.2.5\n");
  CHECK(record_text(record(". 86400 IN NS a."), Display{}) == ".\t\t\t86400\tIN\tNS\ta.\n");
}

TEST_CASE("a printed record reads back as the same record") {
  for (const std::string line :
       {". 86400 IN NS a.", "a.example. 0 IN A 192.0.2.1",
        "exactly.twenty.three.ab. 604800 IN MX 10 mail.example.",
        "exactly.twenty.four.abc. 604800 IN MX 10 mail.example.",
        "a.name.of.thirty-one.octets.ab. 1 IN TXT \"two words\" \"\\\"quoted\\\"\"",
        "averyveryverylongnamethatgoesbeyondcolumns.andmore.t.example. 2147483647 IN AAAA ::1",
        "esc\\.aped.sp\\032ace.example. 300 IN CAA 0 issue \"ca.example\""}) {
    CAPTURE(line);
    const wire::Record original = record(line);
    std::string printed = record_text(original, Display{});
    printed.pop_back();  // the end of the line
    CHECK(record(printed) == original);
  }
}

TEST_CASE("TTLs in units leave out the units that are zero") {
  struct Case {
    std::string seconds;
    std::string text;
  };
  Display display;
  display.ttl_units = true;
  for (const Case& each : {Case{"0", "0s"}, Case{"59", "59s"}, Case{"3600", "1h"},
                           Case{"5400", "1h30m"}, Case{"694861", "1w1d1h1m1s"}}) {
    CAPTURE(each.seconds);
    const std::string line =
        record_text(record("x.example. " + each.seconds + " IN A 192.0.2.1"), display);
    CHECK(line == "x.example.\t\t" + each.text + (each.text.size() < 8 ? "\tIN\tA\t" : " IN\tA\t") +
                      "192.0.2.1\n");
  }
}

TEST_CASE("flags and warnings stand in the header") {
  const wire::Message query = query_for("printer.local.", wire::RRType::A);
  wire::Message reply = reply_to(query);
  reply.header.truncated = reply.header.recursion_desired = true;
  reply.header.authentic_data = reply.header.checking_disabled = reply.header.reserved = true;
  reply.header.rcode = wire::Rcode::FORMERR;
  Display display;
  display.question = false;
  CHECK(message_text(wire::as_loose(reply), &query, display) ==
        ";; Got answer:\n"
        ";; WARNING: .local is reserved for Multicast DNS\n"
        ";; You are currently testing what happens when an mDNS query is leaked to DNS\n"
        ";; ->>HEADER<<- opcode: QUERY, status: FORMERR, id: 63676\n"
        ";; flags: qr tc rd ad cd; MBZ: 0x4; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"
        ";; WARNING: recursion requested but not available\n"
        "\n"
        ";; WARNING: EDNS query returned status FORMERR - retry with '+noedns'\n"
        "\n");
}

TEST_CASE("the options of EDNS are named") {
  struct Case {
    std::string what;
    wire::EdnsOption option;
    std::string line;
  };
  const auto option = [](unsigned code, wire::Bytes data) {
    return wire::EdnsOption{static_cast<wire::OptionCode>(code), std::move(data)};
  };
  const Case cases[] = {
      {"an extended error without text", option(15, {0, 22}),
       "; EDE: 22 (No Reachable Authority)\n"},
      {"an extended error with text", option(15, {0, 22, 'h', 'e', 'l', 'l', 'o', '\n', '"'}),
       "; EDE: 22 (No Reachable Authority): (hello.\")\n"},
      {"an extended error without a name", option(15, {0, 99}), "; EDE: 99\n"},
      {"an extended error that is cut off", option(15, {0}), "; EDE: 00 (\".\")\n"},
      {"a client's subnet", option(8, {0, 1, 24, 0, 192, 0, 2}),
       "; CLIENT-SUBNET: 192.0.2.0/24/0\n"},
      {"an empty name server id", option(3, {}), "; NSID:\n"},
      {"an empty padding", option(12, {}), "; PAD:\n"},
      {"one that nobody knows", option(65001, {0xab, 0xcd, 0x41}),
       "; OPT=65001: ab cd 41 (\"..A\")\n"},
      {"another's cookie", option(10, {8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0}),
       "; COOKIE: 08070605040302010000000000000000 (bad)\n"},
      {"our own cookie alone", option(10, {1, 2, 3, 4, 5, 6, 7, 8}),
       "; COOKIE: 0102030405060708 (echoed)\n"},
  };
  const wire::Message query = query_for("x.example.", wire::RRType::A);
  Display display;
  display.question = false;
  for (const Case& each : cases) {
    CAPTURE(each.what);
    wire::Message reply = reply_to(query);
    reply.edns.emplace().options = {each.option};
    const std::string text = message_text(wire::as_loose(reply), &query, display);
    const std::string above = "; EDNS: version: 0, flags:; udp: 1232\n";
    const std::size_t at = text.find(above);
    REQUIRE(at != std::string::npos);
    CHECK(text.substr(at + above.size()) == each.line);
  }
}

TEST_CASE("the query itself is shown as sent, its cookie without a verdict") {
  wire::Message query = query_for("mail.t.example.", wire::RRType::A);
  query.edns->flags = 1;
  query.edns->dnssec_ok = true;
  CHECK(message_text(wire::as_loose(query), nullptr, Display{}) ==
        ";; Sending:\n"
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 63676\n"
        ";; flags: ad; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1\n"
        "\n"
        ";; OPT PSEUDOSECTION:\n"
        "; EDNS: version: 0, flags: do; MBZ: 0x0001, udp: 1232\n"
        "; COOKIE: 0102030405060708\n"
        ";; QUESTION SECTION:\n"
        ";mail.t.example.\t\t\tIN\tA\n"
        "\n");
}

TEST_CASE("the footer tells time, server and size, or one line of them") {
  const Delivery delivery{*wire::Endpoint::from_text("127.0.0.1:5399", 53),
                          "localhost",
                          "TCP",
                          222,
                          std::nullopt,
                          std::chrono::microseconds(4321),
                          "Sat Nov 21 09:57:04 UTC 2026"};
  Display display;
  CHECK(footer_text(delivery, display) ==
        ";; Query time: 4 msec\n"
        ";; SERVER: 127.0.0.1#5399(localhost) (TCP)\n"
        ";; WHEN: Sat Nov 21 09:57:04 UTC 2026\n"
        ";; MSG SIZE  rcvd: 222\n"
        "\n");
  display.microseconds = true;
  CHECK(footer_text(delivery, display).starts_with(";; Query time: 4321 usec\n"));
  display.stats = display.microseconds = false;
  CHECK(footer_text(delivery, display) == "");
  display.identify = true;
  CHECK(footer_text(delivery, display) ==
        ";; Received 222 bytes from 127.0.0.1#5399(localhost) in 4 ms\n\n");
  display.short_form = true;
  CHECK(footer_text(delivery, display) == "");
}

TEST_CASE("the short form is the answer's data, and on request who gave it") {
  wire::Message reply;
  reply.answer = {record("cn.t.example. 300 IN CNAME a.t.example."),
                  record("a.t.example. 300 IN A 192.0.2.1")};
  reply.authority = {record("t.example. 300 IN NS ns1.t.example.")};
  const Delivery delivery{*wire::Endpoint::from_text("127.0.0.1", 53),
                          "127.0.0.1",
                          "UDP",
                          100,
                          std::nullopt,
                          std::chrono::microseconds(999),
                          ""};
  Display display;
  display.short_form = true;
  CHECK(short_text(reply, delivery, display) == "a.t.example.\n192.0.2.1\n");
  display.identify = true;
  CHECK(short_text(reply, delivery, display) ==
        "a.t.example. from server 127.0.0.1 in 0 ms.\n192.0.2.1 from server 127.0.0.1 in 0 ms.\n");
  display.identify = false;
  display.with_type = true;
  CHECK(short_text(reply, delivery, display) == "CNAME a.t.example.\nA 192.0.2.1\n");
}

TEST_CASE("octets that cannot be read are dumped sixteen a line") {
  const wire::Bytes octets{0x13, 0x6e, 0x80, 0x00, 0x00, 0x01, 0x00, 0x05, 0x00,
                           0x00, 0x00, 0x00, 0xff, 0xff, 'a',  'b',  'q'};
  CHECK(hex_dump(octets) ==
        "17 bytes\n"
        "13 6e 80 00 00 01 00 05 00 00 00 00 ff ff 61 62          .n............ab\n"
        "71                                                       q\n");
}
