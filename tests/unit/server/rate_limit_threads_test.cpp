#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "server/rate_limit.hpp"

namespace cairn::server {
namespace {

TEST_CASE("all workers together give a network its answers, not one more and not one less") {
  RateLimit limit({1, 2});
  const auto address = wire::IpAddress::from_text("203.0.113.5").value();
  limit.take(address, RateLimit::all, 1000, wire::Instant{std::chrono::seconds{1000}});
  std::atomic<int> answers{1};
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker)
    workers.emplace_back([&] {
      for (int round = 0; round < 1000; ++round)
        answers +=
            limit.take(address, RateLimit::all, 1000, wire::Instant{std::chrono::seconds{1000}}) ==
            RateLimit::Verdict::Answer;
    });
  for (std::thread& worker : workers) worker.join();
  CHECK(answers == 1000);
}

}  // namespace
}  // namespace cairn::server
