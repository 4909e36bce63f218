#include "wire/writer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "wire/reader.hpp"

using namespace cairn::wire;
using namespace std::string_literals;

namespace {

std::string written(const Writer& writer) {
  return {writer.written().begin(), writer.written().end()};
}

std::span<const std::uint8_t> as_octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

TEST_CASE("numbers are written in network order") {
  std::array<std::uint8_t, 7> buffer{};
  Writer writer(buffer);
  writer.u8(1);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  CHECK(written(writer) == "\1\2\3\4\5\6\7");
  writer.put_u16_at(1, 0xabcd);
  CHECK(written(writer) == "\1\xab\xcd\4\5\6\7");
}

TEST_CASE("what does not fit leaves everything as it was, and so does all that follows") {
  std::array<std::uint8_t, 5> buffer{};
  Writer writer(buffer);
  writer.u32(7);
  writer.u16(1);
  CHECK(writer.overflowed());
  CHECK(writer.size() == 4);
  writer.u8(1);
  writer.bytes(as_octets("x"));
  writer.name(Name());
  CHECK(writer.size() == 4);
  writer.rewind(4);
  CHECK_FALSE(writer.overflowed());
  writer.u8(9);
  CHECK(writer.size() == 5);
}

TEST_CASE("octets kept free at the end are not written to") {
  std::array<std::uint8_t, 6> buffer{};
  Writer writer(buffer);
  writer.reserve_end(4);
  writer.u16(1);
  writer.u8(1);
  CHECK(writer.overflowed());
  writer.rewind(2);
  writer.reserve_end(0);
  writer.u32(1);
  CHECK_FALSE(writer.overflowed());
  CHECK(writer.size() == 6);
}

TEST_CASE("names are compressed against the longest suffix that stands") {
  std::array<std::uint8_t, 200> buffer{};
  Writer writer(buffer);
  for (int i = 0; i < 6; ++i) writer.u16(0);
  writer.name("www.example.com."_name);   // at 12: example at 16, com at 24
  writer.name("mail.example.com."_name);  // at 29
  writer.name("www.example.com."_name);
  writer.name("net."_name);
  writer.name("x.mail.example.com."_name);
  writer.name(Name());
  writer.name("com."_name);
  CHECK(written(writer).substr(12) == "\3www\7example\3com\0"s +  //
                                          "\4mail\xc0\x10"s +     //
                                          "\xc0\x0c"s +           //
                                          "\3net\0"s +            //
                                          "\1x\xc0\x1d"s + "\0"s + "\xc0\x18"s);
}

TEST_CASE("a pointer never changes the case of a name") {
  std::array<std::uint8_t, 100> buffer{};
  Writer writer(buffer);
  for (int i = 0; i < 6; ++i) writer.u16(0);
  writer.name("www.example."_name);
  writer.name("WWW.example."_name);
  writer.name("www.EXAMPLE."_name);
  CHECK(written(writer).substr(12) == "\3www\7example\0"s + "\3WWW\xc0\x10"s + "\3www\7EXAMPLE\0"s);
}

TEST_CASE("a name written without compression is no target for others") {
  std::array<std::uint8_t, 100> buffer{};
  Writer writer(buffer);
  writer.name_uncompressed("a.example."_name);
  writer.name_uncompressed("a.example."_name);
  CHECK(writer.size() == 22);
  writer.name("a.example."_name);
  CHECK(writer.size() == 33);
}

TEST_CASE("names taken back are no targets any more") {
  std::array<std::uint8_t, 100> buffer{};
  Writer writer(buffer);
  for (int i = 0; i < 6; ++i) writer.u16(0);
  writer.name("example."_name);
  const std::size_t before = writer.size();
  writer.name("www.example."_name);
  writer.rewind(before);
  // What now stands where "www" stood would spell it again, but is data.
  writer.bytes(as_octets("\3www\xc0\x0c"s));
  writer.name("www.example."_name);
  writer.name("www.example."_name);
  CHECK(written(writer).substr(before) == "\3www\xc0\x0c"s + "\3www\xc0\x0c"s + "\xc0\x1b"s);
}

TEST_CASE("no pointer leads farther than 14 bits can say") {
  std::vector<std::uint8_t> buffer(40000), filling(0x3fff - 12 - 4);
  Writer writer(buffer);
  for (int i = 0; i < 6; ++i) writer.u16(0);
  writer.bytes(filling);
  writer.name("far.away."_name);  // "away" stands at 0x3fff, "far" before it
  CHECK(writer.size() == 0x3ffb + 10);
  writer.name("beyond."_name);
  std::size_t before = writer.size();
  writer.name("far.away."_name);
  CHECK(writer.size() - before == 2);
  before = writer.size();
  writer.name("x.away."_name);
  CHECK(writer.size() - before == 4);
  before = writer.size();
  writer.name("beyond."_name);
  CHECK(writer.size() - before == 8);
}

TEST_CASE("whatever names are written, the same are read") {
  std::mt19937 die(5);
  std::vector<std::uint8_t> buffer(65535);
  for (int round = 0; round < 60; ++round) {
    Writer writer(buffer);
    for (int i = 0; i < 6; ++i) writer.u16(0);
    std::vector<Name> names;
    while (writer.size() < 20000 && names.size() < 1500) {
      Name name = names.empty() || die() % 4 == 0 ? Name() : names[die() % names.size()];
      if (die() % 3 == 0) name = name.suffix(die() % 5);
      for (std::size_t labels = die() % 4; labels > 0; --labels) {
        const std::string label(1 + die() % (die() % 8 ? 3 : 63), "abAB\0\xff"[die() % 6]);
        if (const auto longer = name.with_label(as_octets(label))) name = *longer;
      }
      const std::size_t before = writer.size();
      writer.name(name);
      if (die() % 10 == 0)
        writer.rewind(before);
      else
        names.push_back(name);
    }
    Reader reader(writer.written(), 12);
    for (const Name& name : names) REQUIRE(reader.name().is_identical(name));
    CHECK_FALSE(reader.failed());
    CHECK(reader.left() == 0);
  }
}

TEST_CASE("a message of ordinary size is compressed as well as can be") {
  // Every name that stands within reach is found again while the tree of suffixes has room.
  std::vector<std::uint8_t> buffer(65535);
  Writer writer(buffer);
  for (int i = 0; i < 6; ++i) writer.u16(0);
  std::vector<Name> names;
  for (int i = 0; i < 300; ++i)
    names.push_back(*Name::from_text("host" + std::to_string(i) + ".example.com."));
  for (const Name& name : names) writer.name(name);
  const std::size_t before = writer.size();
  for (const Name& name : names) writer.name(name);
  const std::size_t found = 2 * names.size();
  CHECK(writer.size() - before >= found);
  CHECK(writer.size() - before <= found + 20);  // a crowded corner of the table may lose a few
}
