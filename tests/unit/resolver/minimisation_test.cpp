#include "resolver/minimisation.hpp"

#include "resolver/limits.hpp"
#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using wire::RRType;

TEST_CASE("each zone sees one label more than it has, and type A") {
  Minimisation minimisation;
  const wire::Name name = "www.shop.example.com."_name;
  minimisation.enter_zone("."_name);
  CHECK(to_text(minimisation.question(name, RRType::MX)) == "com. IN A");
  minimisation.enter_zone("com."_name);
  CHECK(to_text(minimisation.question(name, RRType::MX)) == "example.com. IN A");
  minimisation.enter_zone("example.com."_name);
  CHECK(to_text(minimisation.question(name, RRType::MX)) == "shop.example.com. IN A");
  minimisation.expose_more(name);
  CHECK(to_text(minimisation.question(name, RRType::MX)) == "www.shop.example.com. IN MX");
}

TEST_CASE("a name of many labels takes a bounded number of steps") {
  std::string text;
  for (int i = 0; i < 120; ++i) text += "a.";
  const wire::Name name = *wire::Name::from_text(text);
  Minimisation minimisation;
  minimisation.enter_zone("."_name);
  unsigned steps = 0;
  while (!(minimisation.question(name, RRType::TXT).name == name)) {
    minimisation.expose_more(name);
    REQUIRE(++steps <= limits::minimisation_steps);
  }
  CHECK(steps > limits::minimise_one_label);
}

TEST_CASE("switched off, the whole question is asked") {
  Minimisation minimisation;
  minimisation.switch_off();
  minimisation.enter_zone("."_name);
  CHECK(to_text(minimisation.question("www.example.com."_name, RRType::MX)) ==
        "www.example.com. IN MX");
}

}  // namespace
}  // namespace cairn::resolver
