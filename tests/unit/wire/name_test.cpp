#include "wire/name.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <random>
#include <string>
#include <vector>

using namespace cairn::wire;

namespace {

std::string octets_of(const Name& name) {
  const auto wire = name.wire();
  return {wire.begin(), wire.end()};
}

std::span<const std::uint8_t> as_octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Labels of any octets, short ones often, letters often.
Name random_name(std::mt19937& die, std::size_t most_labels = 6) {
  Name name;
  for (std::size_t labels = die() % (most_labels + 1); labels > 0; --labels) {
    std::string label(die() % 12 ? 1 + die() % 9 : 1 + die() % 63, 'x');
    for (char& c : label) c = static_cast<char>(die() % 2 ? "aAbBzZ@[`{0-"[die() % 12] : die());
    if (const auto longer = name.with_label(as_octets(label))) name = *longer;
  }
  return name;
}

}  // namespace

TEST_CASE("a name in text becomes labels, each behind its length") {
  struct Row {
    const char* text;
    std::string octets;
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {".", "\0"s},
      {"com", "\3com\0"s},
      {"com.", "\3com\0"s},
      {"www.Example.com.", "\3www\7Example\3com\0"s},
      {"a\\.b.c.", "\3a.b\1c\0"s},
      {"\\000\\255\\032.", "\3\0\xff \0"s},
      {"\\\\.", "\1\\\0"s},
      {"\\097.", "\1a\0"s},
      {"*.example.", "\1*\7example\0"s},
      {"_dns._udp", "\4_dns\4_udp\0"s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto name = Name::from_text(row.text);
    REQUIRE(name.ok());
    CHECK(octets_of(*name) == row.octets);
  }
}

TEST_CASE("what is no name is refused with the reason") {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  CHECK(Name::from_text(longest).ok());
  CHECK(Name::from_text(longest)->size() == 255);
  CHECK(Name::from_text(longest + ".").ok());

  struct Row {
    std::string text;
    const char* reason;
  };
  const Row rows[] = {
      {"", "it is empty"},
      {"..", "it has an empty label"},
      {".com", "it has an empty label"},
      {"a..b", "it has an empty label"},
      {"a\\", "nothing follows the last backslash"},
      {"a\\2", "a backslash and a digit want two more digits"},
      {"a\\25x", "a backslash and a digit want two more digits"},
      {"a\\256", "an escape is at most \\255"},
      {label + "a.", "a label has at most 63 octets"},
      {longest + "a.", "it is longer than 255 octets"},
      {longest + "a", "it is longer than 255 octets"},
      {longest + ".b.", "it is longer than 255 octets"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto name = Name::from_text(row.text);
    REQUIRE_FALSE(name.ok());
    CHECK(name.error().find(row.reason) != std::string::npos);
  }
}

TEST_CASE("in a zone file a name without final dot belongs below the origin") {
  const Name origin = "example.com."_name;
  CHECK(*Name::from_text("www", origin) == "www.example.com."_name);
  CHECK(*Name::from_text("www.", origin) == "www."_name);
  CHECK(*Name::from_text("@", origin) == origin);
  CHECK(*Name::from_text(".", origin) == Name());
  CHECK(Name::from_text("\\@", origin)->to_text() == "\\@.example.com.");
  const std::string label(63, 'a');
  const std::string most = label + "." + label + "." + label + "." + std::string(49, 'a');
  REQUIRE(Name::from_text(most, origin).ok());
  CHECK(Name::from_text(most, origin)->size() == 255);
  CHECK_FALSE(Name::from_text(most + "a", origin).ok());
}

TEST_CASE("text escapes what a zone file would take for something else") {
  // As BIND 9.18 prints these labels.
  using namespace std::string_literals;
  struct Row {
    std::string label;
    const char* text;
  };
  const Row rows[] = {{"a.b"s, "a\\.b."},
                      {"a b"s, "a\\032b."},
                      {"\0\x7f\xff"s, "\\000\\127\\255."},
                      {"$@"s, "\\$\\@."},
                      {"(;)\"\\"s, "\\(\\;\\)\\\"\\\\."},
                      {"-_*/"s, "-_*/."}};
  for (const Row& row : rows) CHECK(Name().with_label(as_octets(row.label))->to_text() == row.text);
  CHECK(Name().to_text() == ".");
}

TEST_CASE("any name survives the way through text") {
  std::mt19937 die(1);
  for (int round = 0; round < 2000; ++round) {
    const Name name = random_name(die, 20);
    const auto back = Name::from_text(name.to_text());
    REQUIRE(back.ok());
    CHECK(back->is_identical(name));
    CHECK(Name::from_wire(name.wire())->is_identical(name));
  }
}

TEST_CASE("wire form is taken only when it is exactly one name") {
  using namespace std::string_literals;
  CHECK(Name::from_wire(as_octets("\3com\0"s)) == "com."_name);
  CHECK(Name::from_wire(as_octets("\0"s)) == Name());
  for (const std::string& wrong :
       {""s, "\3com"s, "\3com\0x"s, "\3co"s, "\xc0\0"s, "\x40"s + std::string(64, 'a') + "\0"s}) {
    CAPTURE(wrong.size());
    CHECK_FALSE(Name::from_wire(as_octets(wrong)).has_value());
  }
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "\1a"s;
  CHECK(Name::from_wire(as_octets(longest + "\0"s))->label_count() == 127);
  CHECK_FALSE(Name::from_wire(as_octets("\1a"s + longest + "\0"s)).has_value());
}

TEST_CASE("case is kept and ignored") {
  const Name mixed = "wWw.ExAmPlE.cOm."_name, lower = "www.example.com."_name;
  CHECK(mixed == lower);
  CHECK_FALSE(mixed.is_identical(lower));
  CHECK(mixed.to_text() == "wWw.ExAmPlE.cOm.");
  CHECK(mixed.lowercase().is_identical(lower));
  const SipKey key{1, 2};
  CHECK(mixed.hash(key) == lower.hash(key));
  CHECK(mixed.hash(key) != lower.hash(SipKey{1, 3}));
  CHECK((mixed <=> lower) == std::weak_ordering::equivalent);
}

TEST_CASE("only the letters of ASCII have case") {
  // Each octet against each, at each place of an eight-octet word.
  for (unsigned place = 1; place <= 9; ++place)
    for (unsigned a = 0; a < 256; ++a)
      for (unsigned b = 0; b < 256; ++b) {
        std::string left(9, 'q'), right(9, 'q');
        left[place - 1] = static_cast<char>(a);
        right[place - 1] = static_cast<char>(b);
        const bool letters = a < 128 && b < 128 && std::isalpha(static_cast<int>(a));
        const bool equal = a == b || (letters && std::tolower(static_cast<int>(a)) ==
                                                     std::tolower(static_cast<int>(b)));
        const bool ours = Name::equal_folded(as_octets(left).data(), as_octets(right).data(), 9);
        if (ours != equal) FAIL("octets " << a << " and " << b << " at " << place);
      }
}

TEST_CASE("equal names hash alike, and others as good as never") {
  std::mt19937 die(2);
  const SipKey key{3, 4};
  for (int round = 0; round < 3000; ++round) {
    const Name name = random_name(die), other = random_name(die);
    CHECK(name.hash(key) == name.lowercase().hash(key));
    CHECK((name == other) == (name.hash(key) == other.hash(key)));
  }
}

TEST_CASE("the hash is SipHash-1-3") {
  // CPython 3.11 hashes bytes with it; PYTHONHASHSEED=0 sets the key to zero. The others are the
  // vectors of Rust's standard library: key 00 01 .. 0f, input 00 01 ..
  CHECK(siphash13({}, as_octets("abcdefghijk")) == 0x14215fc65e2c3bd4U);
  CHECK(siphash13({}, as_octets("abcdefgh12345678")) == 0x76c6e75b028d37a0U);
  const SipKey key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
  CHECK(siphash13(key, {}) == 0xabac0158050fc4dcU);
  using namespace std::string_literals;
  CHECK(siphash13(key, as_octets("\0\1\2\3\4\5\6\7"s)) == 0x369095118d299a8eU);
}

TEST_CASE("parents, suffixes and labels") {
  const Name name = "a.b.c."_name;
  CHECK(name.label_count() == 3);
  CHECK(Name().label_count() == 0);
  CHECK(name.parent() == "b.c."_name);
  CHECK(Name().parent() == Name());
  CHECK(name.suffix(0) == Name());
  CHECK(name.suffix(1) == "c."_name);
  CHECK(name.suffix(3) == name);
  CHECK(name.suffix(9) == name);
  CHECK(name.first_label().size() == 1);
  CHECK(name.first_label()[0] == 'a');
  CHECK(Name().first_label().empty());
  CHECK("*.x."_name.is_wildcard());
  CHECK_FALSE("**.x."_name.is_wildcard());
  CHECK_FALSE("x.*."_name.is_wildcard());
}

TEST_CASE("being within a name is a matter of labels, not of octets") {
  CHECK("www.example."_name.is_within("EXAMPLE."_name));
  CHECK("example."_name.is_within("example."_name));
  CHECK_FALSE("example."_name.is_below("example."_name));
  CHECK("www.example."_name.is_below("example."_name));
  CHECK("example."_name.is_below(Name()));
  CHECK(Name().is_within(Name()));
  CHECK_FALSE("example."_name.is_within("www.example."_name));
  CHECK_FALSE("badexample."_name.is_within("example."_name));
  // The octets of "\3com\0" stand at the end of this name, inside its only label.
  CHECK_FALSE("x\\003com."_name.is_within("com."_name));
}

TEST_CASE("shared labels are counted from the right") {
  CHECK("a.b.c."_name.shared_labels("x.B.C."_name) == 2);
  CHECK("a.b.c."_name.shared_labels("a.b.d."_name) == 0);
  CHECK("a.b.c."_name.shared_labels("b.c."_name) == 2);
  CHECK("a.b.c."_name.shared_labels("a.b.c."_name) == 3);
  CHECK("a."_name.shared_labels(Name()) == 0);
}

TEST_CASE("names stand in canonical order") {
  // RFC 4034 section 6.1, its own example.
  const Name ordered[] = {
      "example."_name,         "a.example."_name,      "yljkjljk.a.example."_name,
      "Z.a.example."_name,     "zABC.a.EXAMPLE."_name, "z.example."_name,
      "\\001.z.example."_name, "*.z.example."_name,    "\\200.z.example."_name};
  for (std::size_t i = 0; i < std::size(ordered); ++i)
    for (std::size_t k = 0; k < std::size(ordered); ++k) {
      CAPTURE(ordered[i].to_text());
      CAPTURE(ordered[k].to_text());
      CHECK(((ordered[i] <=> ordered[k]) < 0) == (i < k));
      CHECK(((ordered[i] <=> ordered[k]) > 0) == (i > k));
    }
  CHECK((Name() <=> "a."_name) < 0);
}

TEST_CASE("the canonical order agrees with equality and turns round") {
  std::mt19937 die(3);
  for (int round = 0; round < 3000; ++round) {
    const Name a = random_name(die, 3), b = random_name(die, 3), c = random_name(die, 3);
    CHECK(((a <=> b) == 0) == (a == b));
    CHECK(((a <=> b) < 0) == ((b <=> a) > 0));
    if ((a <=> b) < 0 && (b <=> c) < 0) CHECK((a <=> c) < 0);
  }
}

TEST_CASE("a DNAME replaces the end of a name") {
  // RFC 6672 section 2.2, table 1.
  struct Row {
    const char *name, *owner, *target, *result;
  };
  const Row rows[] = {
      {"com.", "example.com.", "example.net.", ""},
      {"example.com.", "example.com.", "example.net.", ""},
      {"a.example.com.", "example.com.", "example.net.", "a.example.net."},
      {"a.b.example.com.", "example.com.", "example.net.", "a.b.example.net."},
      {"ab.example.com.", "b.example.com.", "example.net.", ""},
      {"foo.example.com.", "example.com.", "example.net.", "foo.example.net."},
      {"a.x.example.com.", "x.example.com.", "example.net.", "a.example.net."},
      {"a.example.com.", "example.com.", "y.example.net.", "a.y.example.net."},
      {"cyc.example.com.", "example.com.", "example.com.", "cyc.example.com."},
      {"shortloop.x.x.", "x.", ".", "shortloop.x."},
      {"shortloop.x.", "x.", ".", "shortloop."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto result = Name::from_text(row.name)->with_suffix_replaced(
        *Name::from_text(row.owner), *Name::from_text(row.target));
    CHECK((result ? result->to_text() : "") == row.result);
  }
}

TEST_CASE("a DNAME that makes the name too long makes none") {
  const std::string label(63, 'a');
  const Name target =
      *Name::from_text(label + "." + label + "." + label + "." + std::string(59, 'b'));
  REQUIRE(target.size() == 253);
  CHECK("a.x."_name.with_suffix_replaced("x."_name, target)->size() == 255);
  CHECK_FALSE("aa.x."_name.with_suffix_replaced("x."_name, target).has_value());
}

TEST_CASE("a label in front of a name has 1 to 63 octets") {
  const std::string label(64, 'a');
  const auto octets = as_octets(label);
  CHECK("x."_name.with_label(octets.first(63))->label_count() == 2);
  CHECK_FALSE("x."_name.with_label(octets).has_value());
  CHECK_FALSE("x."_name.with_label({}).has_value());
  Name name;
  while (const auto longer = name.with_label(octets.first(1))) name = *longer;
  CHECK(name.label_count() == Name::max_labels);
}

TEST_CASE("a copy of a name stands on its own") {
  Name name = "www.example.com."_name;
  const Name copy = name;
  name = "x."_name;
  CHECK(copy == "www.example.com."_name);
  Name& same = name;
  name = same;
  CHECK(name == "x."_name);
}
