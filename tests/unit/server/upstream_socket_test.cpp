#include "server/upstream_socket.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "server/system_random.hpp"
#include "tests/world/seeded_random.hpp"

namespace cairn::server {
namespace {

/// Of evenly filled bins. For many of them it is a normal deviate, so that 6 is passed by chance
/// once in a thousand million.
double deviation(const std::vector<unsigned>& bins, unsigned samples) {
  const double expected = static_cast<double>(samples) / static_cast<double>(bins.size());
  double chi_square = 0;
  for (const unsigned count : bins)
    chi_square += (count - expected) * (count - expected) / expected;
  const auto freedom = static_cast<double>(bins.size() - 1);
  return std::abs(chi_square - freedom) / std::sqrt(2 * freedom);
}

TEST_CASE("ids are as even as chance makes them: each, its steps, and its pairs") {
  constexpr unsigned samples = 1'000'000;
  SystemRandom random;
  std::vector<unsigned> each(65536), steps(65536), pairs(65536);
  std::uint16_t before = 0;
  for (unsigned i = 0; i < samples; ++i) {
    const auto id = static_cast<std::uint16_t>(random.next());
    ++each[id];
    ++steps[static_cast<std::uint16_t>(id - before)];
    ++pairs[(before & 0xffU) << 8 | (id & 0xffU)];
    before = id;
  }
  CHECK(deviation(each, samples) < 6);
  CHECK(deviation(steps, samples) < 6);
  CHECK(deviation(pairs, samples) < 6);
}

TEST_CASE("ports are even, and none is somebody's") {
  constexpr unsigned samples = 1'000'000, first = 1024;
  SystemRandom random;
  std::vector<unsigned> ports(65536 - first);
  for (unsigned i = 0; i < samples; ++i) {
    const std::uint16_t port = random_port(random);
    REQUIRE(port >= first);
    ++ports[port - first];
  }
  CHECK(deviation(ports, samples) < 6);
}

TEST_CASE("the ports of the workers overlap as chance predicts: none has a range of its own") {
  constexpr std::size_t workers = 4;
  constexpr double range = 65536 - 1024;
  constexpr unsigned samples = 20000;
  std::array<SystemRandom, workers> randoms;
  std::array<std::set<std::uint16_t>, workers> ports;
  for (std::size_t worker = 0; worker < workers; ++worker)
    for (unsigned i = 0; i < samples; ++i) ports[worker].insert(random_port(randoms[worker]));
  for (std::size_t a = 0; a < workers; ++a)
    for (std::size_t b = a + 1; b < workers; ++b) {
      unsigned common = 0;
      for (const std::uint16_t port : ports[a]) common += ports[b].contains(port) ? 1 : 0;
      const double expected = static_cast<double>(ports[a].size() * ports[b].size()) / range;
      CHECK(std::abs(common - expected) < 7 * std::sqrt(expected));
    }
}

TEST_CASE(
    "a server is asked from one address of ours each time, and not all servers from the same") {
  world::SeededRandom random(1);
  const auto address = [](const std::string& text) { return *wire::IpAddress::from_text(text); };
  const UpstreamSockets sockets(
      random, {address("198.51.100.1"), address("198.51.100.2"), address("2001:db8::1")});
  std::set<wire::IpAddress> sources;
  for (int host = 1; host < 50; ++host) {
    const auto server = address("192.0.2." + std::to_string(host));
    const auto source = sockets.source_for(server);
    CHECK(source == sockets.source_for(server));
    CHECK_FALSE(source.is_v6());
    sources.insert(source);
  }
  CHECK(sources.size() == 2);
  CHECK(sockets.source_for(address("2001:db8::53")) == address("2001:db8::1"));
  const UpstreamSockets any(random, {});
  CHECK(any.source_for(address("2001:db8::53")) == address("::"));
  CHECK(any.source_for(address("192.0.2.53")) == address("0.0.0.0"));
}

}  // namespace
}  // namespace cairn::server
