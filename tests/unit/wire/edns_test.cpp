#include "wire/edns.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cairn::wire;
using namespace std::string_literals;

namespace {

Bytes octets_of(const std::string& text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("options are read in their order, empty ones too") {
  const auto options = parse_options(octets_of("\0\12\0\2ab\0\3\0\0\xff\xfe\0\1x"s));
  REQUIRE(options.has_value());
  REQUIRE(options->size() == 3);
  CHECK((*options)[0] == EdnsOption{OptionCode::Cookie, {'a', 'b'}});
  CHECK((*options)[1] == EdnsOption{OptionCode::NSID, {}});
  CHECK((*options)[2] == EdnsOption{static_cast<OptionCode>(65534), {'x'}});
  CHECK(parse_options({})->empty());
}

TEST_CASE("options whose lengths do not add up are refused") {
  for (const std::string& wrong : {"\0"s, "\0\12"s, "\0\12\0"s, "\0\12\0\1"s, "\0\12\0\0\0"s})
    CHECK_FALSE(parse_options(octets_of(wrong)).has_value());
}

TEST_CASE("of a flood of options only the first are kept, and the rest must still be in form") {
  std::string flood;
  for (int i = 0; i < 15000; ++i) flood += "\0\3\0\0"s;
  CHECK(parse_options(octets_of(flood))->size() == 32);
  CHECK(parse_options(octets_of(flood), 3)->size() == 3);
  CHECK_FALSE(parse_options(octets_of(flood + "\0\3\0\1"s)).has_value());
}

TEST_CASE("the first option of a kind counts") {
  Edns edns;
  edns.options = {{OptionCode::NSID, {1}}, {OptionCode::Cookie, {2}}, {OptionCode::Cookie, {3}}};
  REQUIRE(edns.find(OptionCode::Cookie) != nullptr);
  CHECK(edns.find(OptionCode::Cookie)->data == Bytes{2});
  CHECK(edns.find(OptionCode::Padding) == nullptr);
}

TEST_CASE("an extended error is a code and a text") {
  Edns edns;
  CHECK_FALSE(edns.extended_error().has_value());
  const ExtendedError error{ExtendedErrorCode::NoReachableAuthority, "example.: no answer"};
  edns.add(error);
  // RFC 8914 section 2: OPTION-CODE 15, INFO-CODE in two octets, EXTRA-TEXT.
  REQUIRE(edns.options.size() == 1);
  CHECK(edns.options[0].code == OptionCode::ExtendedError);
  CHECK(edns.options[0].data == octets_of("\0\x16"s + "example.: no answer"));
  CHECK(edns.extended_error() == error);
  edns.options[0].data = {0};
  CHECK_FALSE(edns.extended_error().has_value());
}
