#include "resolver/budget.hpp"

#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

TEST_CASE("a budget ends by packets, by octets and by time") {
  Budget budget;
  budget.deadline = at(limits::query_time);
  CHECK(budget.may_send());
  budget.sends = limits::sends_per_query - 1;
  CHECK(budget.may_send());
  budget.sends = limits::sends_per_query;
  CHECK_FALSE(budget.may_send());
  budget.sends = 0;
  budget.received_octets = limits::received_octets_per_query;
  CHECK_FALSE(budget.may_send());
  CHECK_FALSE(budget.expired(at(limits::query_time) - wire::Duration{1}));
  CHECK(budget.expired(at(limits::query_time)));
}

}  // namespace
}  // namespace cairn::resolver
