#include "resolver/flights.hpp"

#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

using namespace std::chrono_literals;

struct Silence : Network {
  bool send(ExchangeId, Transport, const wire::Endpoint&, std::span<const std::uint8_t>) override {
    return true;
  }
  void close(ExchangeId) override {}
};

TEST_CASE("whoever joins an exchange is not cut short by the time of the one who began it") {
  Silence network;
  SeededRandom random;
  const Settings settings;
  const Ask question = ask("www.example.com.", wire::RRType::A, "example.com.");
  Flights flights(network, {1, 2});
  Flight& flight =
      flights.start(Exchange(question, {}, settings, at(5s)), flights.key_of(question), at(4900ms));
  flights.board(flight, 1, at(5s), at(4900ms));
  flights.send(flight, std::get<Exchange::Send>(flight.exchange.start(random, at(4900ms))));
  CHECK(flights.next_deadline() == at(5s));
  flights.board(flight, 2, at(9s), at(4950ms));
  CHECK(flights.due(at(5s)) == nullptr);
  const auto timeout = at(4900ms) + timeout_for({});
  CHECK(flights.next_deadline() == timeout);
  CHECK(flights.due(timeout) == &flight);
}

}  // namespace
}  // namespace cairn::resolver
