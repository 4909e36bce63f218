#include "zones/rotation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/zones/lab_zone.hpp"

using namespace cairn;
using namespace cairn::wire;
using namespace cairn::zones;
using namespace cairn::zones::tests;

TEST_CASE("rotations have names") {
  CHECK(rotation_from_text("cyclic") == Rotation::Cyclic);
  CHECK(rotation_from_text("fixed") == Rotation::Fixed);
  CHECK_FALSE(rotation_from_text("Cyclic"));
  CHECK_FALSE(rotation_from_text(""));
}

TEST_CASE("cyclic: each answer begins with the next address, whatever else is asked in between") {
  const auto lab = zone("lab.",
                        "www A 192.0.2.1\nwww A 192.0.2.2\nwww A 192.0.2.3\n"
                        "www AAAA 2001:db8::1\nwww AAAA 2001:db8::2\n"
                        "one A 192.0.2.9\n"
                        "mx MX 1 a.\nmx MX 1 b.\n"
                        "alias CNAME www\n");
  const auto first_of = [&](const char* name, RRType type) {
    ZoneAnswer answer;
    lab->answer({*Name::from_text(name), type}, false, answer);
    return answer.answer.back().first;
  };
  std::vector<std::size_t> four, six;
  for (int i = 0; i < 6; ++i) {
    four.push_back(first_of(i % 2 == 0 ? "www.lab." : "alias.lab.", RRType::A));
    six.push_back(first_of("www.lab.", RRType::AAAA));
    CHECK(first_of("one.lab.", RRType::A) == 0);
    CHECK(first_of("mx.lab.", RRType::MX) == 0);
  }
  CHECK(four == std::vector<std::size_t>{0, 1, 2, 0, 1, 2});
  CHECK(six == std::vector<std::size_t>{0, 1, 0, 1, 0, 1});
}

TEST_CASE("a wildcard's addresses take turns among all names that it answers for") {
  const auto lab = zone("lab.", "* A 192.0.2.1\n* A 192.0.2.2\n");
  const auto first_line = [&](const char* name) { return ask(*lab, name, RRType::A)[1]; };
  CHECK(first_line("a.lab.") == "an: a.lab. 300 IN A 192.0.2.1");
  CHECK(first_line("b.lab.") == "an: b.lab. 300 IN A 192.0.2.2");
}

TEST_CASE("fixed: as in the zone file") {
  const auto lab =
      zone("lab.", "www A 192.0.2.3\nwww A 192.0.2.1\n", {.rotation = Rotation::Fixed});
  for (int i = 0; i < 3; ++i)
    CHECK(ask(*lab, "www.lab.", RRType::A)[1] == "an: www.lab. 300 IN A 192.0.2.3");
}

TEST_CASE("over n answers of four workers each of k addresses stands first exactly n/k times") {
  constexpr std::size_t addresses = 5, workers = 4, answers_each = 5000;
  const auto lab = zone("lab.",
                        "www A 192.0.2.1\nwww A 192.0.2.2\nwww A 192.0.2.3\n"
                        "www A 192.0.2.4\nwww A 192.0.2.5\n");
  std::array<std::array<std::size_t, addresses>, workers> firsts{};
  {
    std::vector<std::jthread> threads;
    for (auto& counts : firsts)
      threads.emplace_back([&counts, &lab] {
        ZoneAnswer answer;
        const Question question{"www.lab."_name, RRType::A};
        for (std::size_t i = 0; i < answers_each; ++i) {
          lab->answer(question, false, answer);
          ++counts.at(answer.answer[0].first);
        }
      });
  }
  for (std::size_t address = 0; address < addresses; ++address) {
    std::size_t sum = 0;
    for (const auto& counts : firsts) sum += counts[address];
    CHECK(sum == workers * answers_each / addresses);
  }
}
