#include "wire/reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "wire/message.hpp"

using namespace cairn::wire;
using namespace std::string_literals;

namespace {

Bytes octets_of(const std::string& text) {
  return {text.begin(), text.end()};
}

struct NameRead {
  std::string text;  // "" for a failure
  std::size_t at;    // where reading goes on
};

NameRead read_name(const std::string& message, std::size_t at) {
  const Bytes octets = octets_of(message);
  Reader reader(octets, at);
  const Name name = reader.name();
  return {reader.failed() ? "" : name.to_text(), reader.at()};
}

void put_u16(Bytes& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value & 0xff));
}

}  // namespace

TEST_CASE("numbers are read in network order") {
  const Bytes octets = octets_of("\1\2\3\4\5\6\7"s);
  Reader reader(octets);
  CHECK(reader.u8() == 1);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.left() == 0);
  CHECK_FALSE(reader.failed());
}

TEST_CASE("after the first failure every read gives nothing and nothing moves") {
  const Bytes octets = octets_of("\1\2\3"s);
  Reader reader(octets);
  CHECK(reader.u8() == 1);
  CHECK(reader.u32() == 0);
  CHECK(reader.failed());
  CHECK(reader.u8() == 0);
  CHECK(reader.u16() == 0);
  CHECK(reader.bytes(1).empty());
  CHECK(reader.name() == Name());
  CHECK(reader.at() == 1);
  CHECK(Reader(octets, 4).failed());
  CHECK_FALSE(Reader(octets, 3).failed());
}

TEST_CASE("reading stops at a limit and goes on when it is taken away") {
  const Bytes octets = octets_of("\1\2\3\4"s);
  Reader reader(octets);
  const std::size_t end = reader.limit_to(2);
  CHECK(reader.left() == 2);
  CHECK(reader.bytes(2).size() == 2);
  CHECK(reader.left() == 0);
  reader.restore_end(end);
  CHECK(reader.u16() == 0x0304);
  reader.limit_to(1);
  CHECK(reader.failed());
}

TEST_CASE("names are read with and without pointers") {
  //                           0    4        12    15        19
  const std::string message = "\3www\7example\3com\0\4mail\xc0\4\xc0\x11"s;
  CHECK(read_name(message, 0).text == "www.example.com.");
  CHECK(read_name(message, 0).at == 17);
  CHECK(read_name(message, 16).text == ".");
  CHECK(read_name(message, 17).text == "mail.example.com.");
  CHECK(read_name(message, 17).at == 24);
  CHECK(read_name(message, 24).text == "mail.example.com.");
  CHECK(read_name(message, 24).at == 26);
}

TEST_CASE("a broken name is refused") {
  struct Row {
    const char* what;
    std::string message;
    std::size_t at;
  };
  const Row rows[] = {
      {"a pointer to itself", "\xc0\0"s, 0},
      {"a pointer forwards", "\xc0\2\0"s, 0},
      {"a pointer to the labels that it ends", "\0\1a\xc0\1"s, 1},
      {"a pointer into the labels that it ends", "\0\2\1a\xc0\2"s, 1},
      {"two pointers to each other", "\xc0\2\xc0\0"s, 2},
      {"half a pointer", "\0\xc0"s, 1},
      {"no end", "\1a"s, 0},
      {"a label beyond the end", "\5abc"s, 0},
      {"nothing", ""s, 0},
      {"a label of the kind 01", "\x41" + std::string(65, 'a') + "\0"s, 0},
      {"a label of the kind 10", "\x81" + std::string(200, 'a') + "\0"s, 0},
      {"labels behind a pointer that run into the pointer's own", "\1a\1b\xc0\0"s, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(read_name(row.message, row.at).text.empty());
  }
}

TEST_CASE("a name that ends beyond the limit of its RDATA is refused") {
  const Bytes octets = octets_of("\3com\0"s);
  Reader reader(octets);
  reader.limit_to(4);
  reader.name();
  CHECK(reader.failed());
}

TEST_CASE("a name has at most 255 octets, pointers or not") {
  std::string labels;  // 252 octets
  for (int i = 0; i < 4; ++i) labels += "\x3e"s + std::string(62, 'a');
  const auto with_front = [&](const std::string& front) {
    return read_name(labels + "\0"s + front + "\xc0\0"s, labels.size() + 1);
  };
  CHECK_FALSE(with_front("\1b"s).text.empty());  // 255 octets
  CHECK(with_front("\2bb"s).text.empty());       // 256
  CHECK(with_front("\1b\1b"s).text.empty());     // 257
  CHECK_FALSE(read_name(labels + "\1b\0"s, 0).text.empty());
  CHECK(read_name(labels + "\2bb\0"s, 0).text.empty());
}

TEST_CASE("a name follows at most 127 pointers") {
  Bytes octets{0};
  for (std::size_t i = 0; i < 128; ++i) put_u16(octets, 0xc000 | (i ? 2 * i - 1 : 0));
  Reader allowed(octets, octets.size() - 4);  // the 127th
  CHECK(allowed.name().is_root());
  CHECK_FALSE(allowed.failed());
  Reader refused(octets, octets.size() - 2);
  refused.name();
  CHECK(refused.failed());
}

TEST_CASE("parsing is linear in the message, also for the worst compression") {
  // 64 kB of names, each of which is the longest way that a pointer may lead: 127 pointers, a label
  // of one octet before most of them. Steps, not seconds: labels and pointers looked at.
  Bytes octets{0};
  std::size_t last = 0;  // where the chain so far begins
  for (int i = 0; i < 126; ++i) {
    const std::size_t at = octets.size();
    octets.push_back(1);
    octets.push_back('a');
    put_u16(octets, 0xc000 | last);
    last = at;
  }
  const std::size_t chain = octets.size();
  while (octets.size() + 2 <= max_message_octets) put_u16(octets, 0xc000 | last);

  Reader reader(octets, chain);
  std::size_t names = 0;
  while (reader.left() >= 2 && !reader.failed()) {
    CHECK_MESSAGE(reader.name().label_count() == 126, "the chain is followed to its end");
    ++names;
  }
  CHECK_FALSE(reader.failed());
  CHECK(names > 32000);
  // 127 labels with the root's, 127 pointers: what one name can cost at most.
  CHECK(reader.steps() <= names * 254);
  CHECK(reader.steps() >= names * 250);

  // A name takes two octets at least, so the worst message costs 127 steps an octet, and a message
  // twice as long at most twice as much.
  CHECK(reader.steps() <= 127 * octets.size());
}
