#include "server/waiting.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/world.hpp"

namespace cairn::server::test {
namespace {

TEST_CASE(
    "loopback may have many more questions waiting than a stranger, a stream as many as it likes") {
  Waiting waiting({1, 2});
  resolver::QueryId id = 0;
  const auto wait = [&](const Client& from, std::size_t count) {
    for (; count > 0; --count) waiting.add(++id, {{}, from, at(0), false});
    return waiting.has_room_for(from, false, is_loopback(from.from.address));
  };
  CHECK(wait(client("10.0.0.1"), limits::waiting_per_client - 1));
  CHECK_FALSE(wait(client("10.0.0.1"), 1));
  CHECK(wait(client("::1"), limits::waiting_per_client));
  CHECK_FALSE(wait(client("::1"), limits::waiting_per_near_client - limits::waiting_per_client));
  CHECK(wait(client("10.0.0.2", true), 2 * limits::waiting_per_client));
}

TEST_CASE("one network has no more than a quarter of the slots, however many addresses it has") {
  struct Row {
    const char *begin, *end, *same_network, *beside;
  };
  const Row rows[] = {{"10.1.2.", "", "10.1.2.200", "10.1.3.1"},
                      {"2001:db8:0:1100::", ":1", "2001:db8:0:11ff::7", "2001:db8:0:1200::7"}};
  for (const Row& row : rows) {
    Waiting waiting({1, 2});
    for (std::size_t id = 1; id <= limits::waiting_per_network; ++id) {
      const auto from = client(row.begin + std::to_string(id % 99) + row.end, id % 2 == 0);
      REQUIRE(waiting.has_room_for(from, true));
      waiting.add(id, {{}, from, at(0), false});
    }
    CHECK_FALSE(waiting.has_room_for(client(row.same_network), true));
    CHECK_FALSE(waiting.has_room_for(client(row.same_network, true)));
    CHECK(waiting.has_room_for(client(row.beside)));
    CHECK(waiting.has_room_for(client("127.0.0.1")));
    CHECK(waiting.take(1));
    CHECK(waiting.has_room_for(client(row.same_network)));
  }
}

TEST_CASE("what was taken leaves room, and is taken once") {
  Waiting waiting({1, 2});
  for (resolver::QueryId id = 1; id <= limits::waiting_per_client; ++id)
    waiting.add(id, {{}, client("10.0.0.1"), at(0), false});
  CHECK_FALSE(waiting.has_room_for(client("10.0.0.1")));
  CHECK(waiting.take(7));
  CHECK_FALSE(waiting.take(7));
  CHECK(waiting.has_room_for(client("10.0.0.1")));
  CHECK(waiting.size() == limits::waiting_per_client - 1);
  CHECK(waiting.ids().size() == waiting.size());
}

}  // namespace
}  // namespace cairn::server::test
