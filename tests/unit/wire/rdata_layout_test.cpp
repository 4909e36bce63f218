#include "wire/rdata_layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/wire/random_rdata.hpp"
#include "tests/unit/wire/rdata_samples.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn::wire;

namespace {

Bytes hex(std::string_view text) {
  std::string digits{text};
  std::erase(digits, ' ');
  const auto octets = from_hex(digits);
  REQUIRE_MESSAGE(octets, text);
  return *octets;
}

Bytes rdata(RRType type, std::string_view text) {
  const auto octets = rdata_from_text(type, text);
  REQUIRE_MESSAGE(octets, text);
  return *octets;
}

/// What stands on the wire when `rdata` is written behind the name "example.".
Bytes written_behind_example(RRType type, const Bytes& rdata) {
  Bytes buffer(70000);
  Writer writer{buffer};
  writer.bytes(Bytes(12));  // as a message's header, so that no name stands at offset 0
  writer.name("example."_name);
  const std::size_t start = writer.size();
  write_rdata(writer, type, rdata);
  CHECK_FALSE(writer.overflowed());
  const auto written = writer.written().subspan(start);
  return {written.begin(), written.end()};
}

}  // namespace

TEST_CASE("every type with a layout is in the samples, and knows its own mnemonic") {
  for (const RRType type : structured_types()) {
    CAPTURE(to_text(type));
    CHECK(std::ranges::any_of(rdata_samples, [type](const RdataSample& sample) {
      return rrtype_from_text(sample.type) == type;
    }));
    CHECK(layout_of(layout_of(type)->mnemonic) == layout_of(type));
  }
}

TEST_CASE("RDATA is read in exactly its own octets, wherever it stands") {
  for (const RdataSample& sample : rdata_samples) {
    CAPTURE(sample.type);
    CAPTURE(sample.wire);
    const RRType type = *rrtype_from_text(sample.type);
    const Bytes wire = hex(sample.wire);
    REQUIRE(is_well_formed(type, wire));
    Bytes message(3, 0xEE);
    message.insert(message.end(), wire.begin(), wire.end());
    message.insert(message.end(), 3, 0xEE);
    Reader reader{message, 3};
    CHECK(read_rdata(reader, type, wire.size()) == wire);
    CHECK(reader.at() == 3 + wire.size());
    CHECK(reader.left() == 3);
  }
}

TEST_CASE("RDATA cut short or run on is refused, or read as what it then says") {
  for (const RdataSample& sample : rdata_samples) {
    CAPTURE(sample.type);
    CAPTURE(sample.wire);
    const RRType type = *rrtype_from_text(sample.type);
    Bytes wire = hex(sample.wire);
    wire.insert(wire.end(), 4, 0xFF);
    for (std::size_t octets = 0; octets <= wire.size(); ++octets) {
      Reader reader{wire};
      const auto read = read_rdata(reader, type, octets);
      REQUIRE(read.has_value() != reader.failed());
      REQUIRE(read.has_value() == is_well_formed(type, std::span{wire}.first(octets)));
      if (read) REQUIRE(std::ranges::equal(*read, std::span{wire}.first(octets)));
    }
    Reader reader{wire};
    REQUIRE_FALSE(read_rdata(reader, type, wire.size() + 1));
    REQUIRE(reader.failed());
  }
}

// BIND 9.18 refuses each of them too (`named-rrchecker` with `\# length hex`).
TEST_CASE("RDATA that breaks the form of its type is refused") {
  struct Row {
    RRType type;
    std::string_view wire;
  };
  constexpr Row rows[] = {
      {RRType::A, "C00002"},
      {RRType::A, "C000020100"},
      {RRType::NS, ""},
      {RRType::NS, "0161"},
      {RRType::NS, "016100 00"},
      {RRType::NS, "4161"},
      {RRType::MX, "0001"},
      {RRType::TXT, ""},
      {RRType::TXT, "02 61"},
      {RRType::HINFO, "0161"},
      {RRType::SOA, "00 00 00000001 00000001 00000001 00000001"},
      {RRType::DS, "0001 08 02"},
      {RRType::DNSKEY, "0100 03 08"},
      {RRType::TLSA, "03 01"},
      {RRType::NSEC, "00 0000"},           // a window of no octets
      {RRType::NSEC, "00 00030140"},       // shorter than it says
      {RRType::NSEC, "00 00024000"},       // ends in a zero octet
      {RRType::NSEC, "00 000140 000140"},  // the same window twice
      {RRType::NSEC, "00 010140 000140"},  // windows descend
      {RRType::NSEC, "00 0021 010101010101010101010101010101010101010101010101010101010101010101"},
      {RRType::NSEC3, "01 00 0001 00 00"},  // no next hash
      {RRType::NSEC3, "01 00 0001 02 AA"},
      {RRType::NSEC3PARAM, "01 00 0001 00 00"},
      {RRType::CAA, "00 00 61"},
      {RRType::CAA, "00 02 612D 61"},  // a hyphen in the tag
      {RRType::CAA, "00 05 6973"},
      {RRType::URI, "0001 00"},
      {RRType::SVCB, "0001"},
      {RRType::SVCB, "0001 00 0003 0003 0035"},                   // shorter than it says
      {RRType::SVCB, "0001 00 0003 0002 0035 0001 0003 026832"},  // keys descend
      {RRType::SVCB, "0001 00 0003 0002 0035 0003 0002 0035"},    // a key twice
      {RRType::SVCB, "0001 00 0003 0001 35"},                     // half a port
      {RRType::SVCB, "0001 00 0001 0000"},                        // no protocol id
      {RRType::SVCB, "0001 00 0001 0002 0061"},                   // an empty one
      {RRType::SVCB, "0001 00 0001 0002 0561"},                   // longer than the value
      {RRType::SVCB, "0001 00 0002 0000"},                        // no-default-alpn without alpn
      {RRType::SVCB, "0001 00 0001 0003 026832 0002 0001 00"},
      {RRType::SVCB, "0001 00 0004 0000"},
      {RRType::SVCB, "0001 00 0004 0003 C00002"},
      {RRType::SVCB, "0001 00 0006 0004 C0000201"},
      {RRType::SVCB, "0001 00 0000 0000"},
      {RRType::SVCB, "0001 00 0000 0002 0003"},  // mandatory, but not there
      {RRType::SVCB, "0001 00 0000 0002 0000"},  // mandatory itself
      {RRType::SVCB, "0001 00 0000 0004 00030003 0003 0002 0035"},
      {RRType::SVCB, "0001 00 0000 0004 00030001 0001 0003 026832 0003 0002 0035"},
  };
  for (const Row& row : rows) {
    CAPTURE(to_text(row.type));
    CAPTURE(row.wire);
    const Bytes wire = hex(row.wire);
    CHECK_FALSE(is_well_formed(row.type, wire));
    Reader reader{wire};
    CHECK_FALSE(read_rdata(reader, row.type, wire.size()));
    CHECK(reader.failed());
  }
}

TEST_CASE("a compressed name in RDATA is read whole, and may not run beyond its record") {
  // "example." at 0, then the RDATA of an MX: 10 mail.<pointer to 0>.
  const Bytes message = hex("076578616D706C6500 000A 046D61696C C000 FF");
  Reader reader{message, 9};
  CHECK(read_rdata(reader, RRType::MX, 9) == rdata(RRType::MX, "10 mail.example."));
  CHECK(reader.left() == 1);

  Reader short_reader{message, 9};
  CHECK_FALSE(read_rdata(short_reader, RRType::MX, 8));
  Reader long_reader{message, 9};
  CHECK_FALSE(read_rdata(long_reader, RRType::MX, 10));
}

// Compressed by nobody who follows their RFCs; dig reads them all.
TEST_CASE("names that may not be compressed are read when they are") {
  struct Row {
    RRType type;
    std::string_view wire, text;
  };
  constexpr Row rows[] = {
      {RRType::IPSECKEY, "0A 03 02 C000 01", "10 3 2 example. AQ=="},
      {RRType::AMTRELAY, "0A 83 C000", "10 1 3 example."},
      {RRType::AMTRELAY, "0A 01 C0000201", "10 0 1 192.0.2.1"},
      {RRType::HIP, "01 02 0001 11 22 C000 0161C000", "2 11 Ig== example. a.example."},
      {RRType::A6, "80 C000", "128  example."},
      {RRType::SRV, "0001 0002 0003 C000", "1 2 3 example."},
      {RRType::DNAME, "C000", "example."},
  };
  for (const Row& row : rows) {
    CAPTURE(to_text(row.type));
    const Bytes name = hex("076578616D706C6500"), wire = hex(row.wire);
    Bytes message = name;
    message.insert(message.end(), wire.begin(), wire.end());
    Reader reader{message, name.size()};
    const auto read = read_rdata(reader, row.type, wire.size());
    REQUIRE(read);
    CHECK(rdata_to_text(row.type, *read) == row.text);
    Reader short_reader{message, name.size()};
    CHECK_FALSE(read_rdata(short_reader, row.type, wire.size() - 1));
  }
}

TEST_CASE("an A6 record holds one name, not two") {
  const Bytes wire = hex("80 00 00");
  Reader reader{wire};
  CHECK_FALSE(read_rdata(reader, RRType::A6, wire.size()));
}

TEST_CASE("pointers do not stand for more than RDATA can hold") {
  Bytes message;
  for (int label = 0; label < 3; ++label) {
    message.push_back(63);
    message.insert(message.end(), 63, 'x');
  }
  message.push_back(0);
  const std::size_t begin = message.size();
  const Bytes head = hex("01 02 0001 11 22");
  message.insert(message.end(), head.begin(), head.end());
  const auto read_with = [&](std::size_t servers) {
    Bytes whole = message;
    for (; servers > 0; --servers) whole.insert(whole.end(), {0xC0, 0x00});
    Reader reader{whole, begin};
    return read_rdata(reader, RRType::HIP, whole.size() - begin);
  };
  REQUIRE(read_with(300));
  CHECK(read_with(300)->size() == head.size() + 300 * 193);
  CHECK_FALSE(read_with(30000));
}

TEST_CASE("in RDATA of unknown types nothing is taken for a pointer") {
  const Bytes message = hex("076578616D706C6500 C000");
  Reader reader{message, 9};
  CHECK(read_rdata(reader, RRType{65280}, 2) == hex("C000"));
  CHECK(written_behind_example(RRType{65280}, hex("076578616D706C6500")) ==
        hex("076578616D706C6500"));
}

TEST_CASE("names are compressed in the types of RFC 1035 and in no other") {
  struct Row {
    RRType type;
    std::string_view text, wire;
  };
  constexpr Row rows[] = {
      {RRType::NS, "a.example.", "0161C00C"},
      {RRType::CNAME, "example.", "C00C"},
      {RRType::PTR, "a.example.", "0161C00C"},
      {RRType::MX, "1 a.example.", "00010161C00C"},
      {RRType::SOA, "a.example. a.example. 1 2 3 4 5",
       "0161C00CC0150000000100000002000000030000000400000005"},
      {RRType::DNAME, "example.", "076578616D706C6500"},
      {RRType::SRV, "1 2 3 example.", "000100020003076578616D706C6500"},
      {RRType::RP, "example. .", "076578616D706C650000"},
      {RRType::NSEC, "example. A", "076578616D706C6500000140"},
      {RRType::SVCB, "1 example.", "0001076578616D706C6500"},
  };
  for (const Row& row : rows) {
    CAPTURE(to_text(row.type));
    CHECK(written_behind_example(row.type, rdata(row.type, row.text)) == hex(row.wire));
  }
}

TEST_CASE("whatever is written is read back the same") {
  RandomRdata random{3597};
  for (const RRType type : structured_types()) {
    CAPTURE(to_text(type));
    for (int round = 0; round < 100; ++round) {
      const Bytes original = random.of(type);
      CAPTURE(to_hex(original));
      REQUIRE(is_well_formed(type, original));
      Bytes buffer(70000);
      Writer writer{buffer};
      writer.bytes(Bytes(12));
      writer.name("example."_name);
      const std::size_t start = writer.size();
      write_rdata(writer, type, original);
      Reader reader{writer.written(), start};
      REQUIRE(read_rdata(reader, type, writer.size() - start) == original);
    }
  }
}

TEST_CASE("canonical form lowers names where RFC 4034 says so, and nowhere else") {
  struct Row {
    RRType type;
    std::string_view text, canonical;
  };
  constexpr Row rows[] = {
      {RRType::NS, "Ns.Example.", "ns.example."},
      {RRType::SOA, "A.Example. B.Example. 1 2 3 4 5", "a.example. b.example. 1 2 3 4 5"},
      {RRType::MX, "10 Mail.Example.", "10 mail.example."},
      {RRType::RP, "A.Example. B.Example.", "a.example. b.example."},
      {RRType::SRV, "1 2 3 A.Example.", "1 2 3 a.example."},
      {RRType::NAPTR, "1 2 \"S\" \"T\" \"R\" A.Example.", "1 2 \"S\" \"T\" \"R\" a.example."},
      {RRType::DNAME, "A.Example.", "a.example."},
      {RRType::RRSIG, "A 8 2 300 20300101000000 20200101000000 1 Example. AwEA",
       "A 8 2 300 20300101000000 20200101000000 1 example. AwEA"},
      // RFC 6840 section 5.1: the next name keeps its case. Types of later RFCs do so anyway
      // (RFC 3597 section 7).
      {RRType::NSEC, "B.Example. A", "B.Example. A"},
      {RRType::SVCB, "1 Svc.Example.", "1 Svc.Example."},
      {RRType::TXT, "\"Text\"", "\"Text\""},
      {RRType::HINFO, "\"CPU\" \"OS\"", "\"CPU\" \"OS\""},
  };
  for (const Row& row : rows) {
    CAPTURE(to_text(row.type));
    const Bytes canonical = canonical_rdata(row.type, rdata(row.type, row.text));
    CHECK(rdata_to_text(row.type, canonical) == row.canonical);
  }
}
