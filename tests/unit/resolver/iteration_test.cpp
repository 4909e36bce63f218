#include "resolver/iteration.hpp"

#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

const wire::Question question{"www.example.com."_name, wire::RRType::A, wire::RRClass::IN};

struct Iterating {
  explicit Iterating(bool first) {
    settings.priming = false;
    settings.root_hints.servers = {{*wire::Name::from_text("a.root."), {address("192.0.2.1")}}};
    ForwardZone forward;
    forward.servers = {endpoint("10.0.0.1"), endpoint("10.0.0.2")};
    forward.first = first;
    settings.forwarding = Forwarding({forward});
    budget.deadline = at(5s);
  }
  Next next() { return iteration.next(known, budget, random, trace, at(0s)); }

  cache::Cache cache{cache::CacheOptions{}};
  zones::ZoneSet zones;
  Settings settings;
  Known known{cache, &zones, settings};
  SeededRandom random;
  Budget budget;
  Trace trace;
  Iteration iteration{question};
};

TEST_CASE("when all forwarders of forward-first have too much to do, others are asked") {
  Iterating its(true);
  for (int i = 0; i < 2; ++i) {
    const auto ask = std::get<Ask>(its.next());
    CHECK(ask.recursive);
    its.iteration.pass_over(ask);
  }
  const auto ask = std::get<Ask>(its.next());
  CHECK_FALSE(ask.recursive);
  CHECK(ask.server == endpoint("192.0.2.1"));
}

TEST_CASE("when all forwarders have too much to do, the question fails for the moment") {
  Iterating its(false);
  for (int i = 0; i < 2; ++i) its.iteration.pass_over(std::get<Ask>(its.next()));
  const Answer answer = std::get<Done>(its.next()).answer;
  CHECK(answer.rcode == wire::Rcode::SERVFAIL);
  CHECK(answer.of_the_moment);
  CHECK(answer.error->text.find("unanswered already") != std::string::npos);
}

}  // namespace
}  // namespace cairn::resolver
