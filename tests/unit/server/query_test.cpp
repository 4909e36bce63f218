#include "server/query.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

using wire::Bytes;
using wire::Rcode;

TEST_CASE("a query is read with its flags, its question in the client's case and its EDNS") {
  wire::Edns edns;
  edns.udp_size = 4096;
  edns.dnssec_ok = true;
  auto message = Asking{.name = "wWw.Example.", .type = wire::RRType::AAAA, .edns = edns}.message();
  message.header.checking_disabled = true;
  const auto query = read_query(wire::build(message));
  REQUIRE(query);
  CHECK(query->id == 0xcafe);
  CHECK(query->recursion_desired);
  CHECK(query->checking_disabled);
  CHECK(query->question.name.to_text() == "wWw.Example.");
  CHECK(query->question.type == wire::RRType::AAAA);
  CHECK(query->edns);
  CHECK(query->dnssec_ok);
  CHECK(query->udp_size == 4096);
  CHECK(query->complaint == Rcode::NOERROR);
}

TEST_CASE("what is no query is never replied to") {
  Bytes reply = Asking{}.octets();
  reply[2] |= 0x80;  // QR
  CHECK_FALSE(read_query(reply));
  CHECK_FALSE(read_query(Bytes{}));
  CHECK_FALSE(read_query(Bytes(11, 0)));
}

TEST_CASE("each kind of bad query gets the complaint that the field gives it") {
  struct Row {
    const char* what;
    Rcode complaint;
    void (*change)(Bytes& octets);
  };
  // Octets of "www.example. IN A": 12 of header, 13 of name, then type and class.
  constexpr std::size_t type_at = 25, class_at = 27;
  const auto with = [](auto change) { return change; };
  const Row rows[] = {
      {"a header alone, without question", Rcode::FORMERR, with([](Bytes& octets) {
         octets.resize(12);
         octets[5] = 0;
       })},
      {"two questions", Rcode::FORMERR, with([](Bytes& octets) { octets[5] = 2; })},
      {"a question that is cut", Rcode::FORMERR, with([](Bytes& octets) { octets.pop_back(); })},
      {"octets after the end", Rcode::FORMERR, with([](Bytes& octets) { octets.push_back(0); })},
      {"an answer section", Rcode::FORMERR, with([](Bytes& octets) { octets[7] = 1; })},
      {"an authority section", Rcode::FORMERR, with([](Bytes& octets) { octets[9] = 1; })},
      {"an additional record that is not there", Rcode::FORMERR,
       with([](Bytes& octets) { octets[11] = 1; })},
      {"opcode STATUS", Rcode::NOTIMP, with([](Bytes& octets) { octets[2] = 2 << 3; })},
      {"opcode NOTIFY", Rcode::NOTIMP, with([](Bytes& octets) { octets[2] = 4 << 3; })},
      {"opcode UPDATE", Rcode::NOTIMP, with([](Bytes& octets) { octets[2] = 5 << 3; })},
      {"class HS", Rcode::REFUSED, with([](Bytes& octets) { octets[class_at + 1] = 4; })},
      {"class NONE", Rcode::REFUSED, with([](Bytes& octets) { octets[class_at + 1] = 254; })},
      {"class 0", Rcode::REFUSED, with([](Bytes& octets) { octets[class_at + 1] = 0; })},
      {"type 0", Rcode::FORMERR, with([](Bytes& octets) { octets[type_at + 1] = 0; })},
      {"type NXNAME", Rcode::FORMERR, with([](Bytes& octets) { octets[type_at + 1] = 128; })},
      {"type 65535", Rcode::NOERROR, with([](Bytes& octets) {
         octets[type_at] = 255;
         octets[type_at + 1] = 255;
       })},
      {"opcode 15", Rcode::NOTIMP, with([](Bytes& octets) { octets[2] = 15 << 3; })},
      {"TC, AA, RA, Z and an rcode in a query", Rcode::NOERROR, with([](Bytes& octets) {
         octets[2] = 7;
         octets[3] = 0xcf;
       })},
      {"class ANY", Rcode::REFUSED, with([](Bytes& octets) { octets[class_at + 1] = 255; })},
      {"type AXFR", Rcode::REFUSED, with([](Bytes& octets) { octets[type_at + 1] = 252; })},
      {"type IXFR", Rcode::REFUSED, with([](Bytes& octets) { octets[type_at + 1] = 251; })},
      {"type MAILB", Rcode::NOTIMP, with([](Bytes& octets) { octets[type_at + 1] = 253; })},
      {"type TSIG", Rcode::FORMERR, with([](Bytes& octets) { octets[type_at + 1] = 250; })},
      {"type OPT", Rcode::FORMERR, with([](Bytes& octets) { octets[type_at + 1] = 41; })},
      {"type ANY", Rcode::NOERROR, with([](Bytes& octets) { octets[type_at + 1] = 255; })},
      {"a name that points to itself", Rcode::FORMERR, with([](Bytes& octets) {
         octets[12] = 0xc0;
         octets[13] = 12;
       })},
      {"a name that points into the header", Rcode::FORMERR, with([](Bytes& octets) {
         octets.erase(octets.begin() + 14, octets.begin() + 25);  // two octets of name are left
         octets[12] = 0xc0;
         octets[13] = 4;  // where the count of questions begins: the root
       })},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Bytes octets = Asking{}.octets();
    row.change(octets);
    const auto query = read_query(octets);
    REQUIRE(query);
    CHECK(wire::to_text(query->complaint) == wire::to_text(row.complaint));
  }
}

/// "www.example. IN A" with one OPT of these options.
Bytes with_options(std::span<const std::uint8_t> options, std::uint8_t version = 0) {
  Bytes octets = Asking{}.octets();
  octets[11] = 1;
  const auto size = options.size();
  for (const unsigned octet : {0U, 0U, 41U, 4U, 208U, 0U, unsigned{version}, 0U, 0U,
                               static_cast<unsigned>(size >> 8), static_cast<unsigned>(size & 255)})
    octets.push_back(static_cast<std::uint8_t>(octet));
  octets.insert(octets.end(), options.begin(), options.end());
  return octets;
}

TEST_CASE("an unknown version of EDNS is BADVERS, malformed options are FORMERR") {
  CHECK(read_query(with_options({}, 1))->complaint == Rcode::BADVERS);
  CHECK(read_query(with_options(Bytes{0, 99, 0, 2, 1, 2}))->complaint == Rcode::NOERROR);
  CHECK(read_query(with_options(Bytes{0, 10, 0, 9, 1, 2}))->complaint == Rcode::FORMERR);
  CHECK(read_query(with_options(Bytes{0, 10, 0}))->complaint == Rcode::FORMERR);
}

TEST_CASE("a cookie is read, and one of no possible length is FORMERR") {
  const auto option = [](std::size_t size) {
    Bytes octets{0, 10, 0, static_cast<std::uint8_t>(size)};
    octets.resize(4 + size, 9);
    return octets;
  };
  for (const std::size_t size : {0U, 1U, 7U, 9U, 15U, 41U}) {
    CAPTURE(size);
    CHECK(read_query(with_options(option(size)))->complaint == Rcode::FORMERR);
  }
  for (const std::size_t size : {8U, 16U, 24U, 40U}) {
    CAPTURE(size);
    const auto query = read_query(with_options(option(size)));
    CHECK(query->complaint == Rcode::NOERROR);
    REQUIRE(query->cookie);
    CHECK(query->cookie->server.has_value() == (size == 24));
    CHECK_FALSE(query->next_cookie);
  }
  Bytes two = option(8);
  const Bytes bad = option(3);
  two.insert(two.end(), bad.begin(), bad.end());
  CHECK(read_query(with_options(two))->complaint == Rcode::NOERROR);  // the first counts
}

TEST_CASE("an OPT is seen also where the operation is unknown or the question is missing") {
  Bytes octets = with_options({});
  octets[2] = 2 << 3;  // STATUS
  CHECK(read_query(octets)->edns);
  CHECK(read_query(octets)->complaint == Rcode::NOTIMP);

  Bytes bare = with_options({});
  bare.erase(bare.begin() + 12, bare.begin() + 29);
  bare[5] = 0;
  CHECK(read_query(bare)->edns);
  CHECK_FALSE(read_query(bare)->has_question);
  CHECK(read_query(bare)->complaint == Rcode::FORMERR);
}

TEST_CASE("a second OPT is FORMERR") {
  Bytes octets = with_options({});
  const Bytes opt(octets.end() - 11, octets.end());
  octets.insert(octets.end(), opt.begin(), opt.end());
  octets[11] = 2;
  CHECK(read_query(octets)->complaint == Rcode::FORMERR);
}

TEST_CASE("of a flood of options only the first thirty-two are looked at") {
  Bytes options(4 * limits::edns_options, 0);  // empty options of code 0
  options.push_back(1);                        // malformed, but beyond
  CHECK(read_query(with_options(options))->complaint == Rcode::NOERROR);
  options.erase(options.begin(), options.begin() + 4);
  CHECK(read_query(with_options(options))->complaint == Rcode::FORMERR);
}

TEST_CASE("a client that says it can take less than 512 octets can take 512") {
  wire::Edns edns;
  edns.udp_size = 100;
  CHECK(read_query(Asking{.edns = edns}.octets())->udp_size == 512);
}

}  // namespace
}  // namespace cairn::server::test
