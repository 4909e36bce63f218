// One cache under four workers. Built with TSan as well.
#include <atomic>
#include <random>
#include <thread>

#include "tests/unit/cache/answer_builder.hpp"

namespace cairn::cache::test {

namespace {

constexpr int workers = 4;

template <class Work>
void run_workers(const Work& work) {
  std::vector<std::thread> threads;
  for (int worker = 0; worker < workers; ++worker) threads.emplace_back(work, worker);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("four workers give each address the first place exactly as often") {
  Cache cache({.key = sip_key});
  constexpr int turns = 3000;  // of each of the k addresses, per worker
  const Answer answer(
      "www.example."_name,
      {{192, 0, 2, 0}, {192, 0, 2, 1}, {192, 0, 2, 2}, {192, 0, 2, 3}, {192, 0, 2, 4}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);
  std::array<std::atomic<int>, 5> firsts{};
  run_workers([&](int) {
    std::array<std::uint8_t, 512> out;
    for (int i = 0; i < turns * 5; ++i) {
      cache.write_answer(answer.key(), start, out);
      ++firsts[out[answer.first_record + Answer::record_octets - 1]];
    }
  });
  for (const auto& first : firsts) CHECK(first == turns * workers);
}

TEST_CASE("four workers put, look, flush and count without harm") {
  constexpr std::size_t size = 512U << 10;
  Cache cache({.size = size, .key = sip_key});
  const wire::RRset soa = set_of("example. 60 IN SOA ns. host. 1 2 3 4 60");
  const wire::RRset model = set_of("x. 60 IN A 192.0.2.1");
  std::atomic<int> wrong{0};
  run_workers([&](int worker) {
    std::mt19937_64 random(static_cast<std::uint64_t>(worker));
    const std::vector<NameServer> name_servers = servers({"ns1.example.", "ns2.example."});
    Instant now = start;
    for (int i = 0; i < 4000; ++i) {
      now += 1ms;
      const std::string label = "n" + std::to_string(random() % 3000);
      wire::RRset set = model;
      set.owner = wire::Name::from_text(label + ".example.").value();
      const Answer answer(set.owner, {{192, 0, 2, 1}, {192, 0, 2, 2}}, 60);
      cache.put(set, static_cast<Rank>(1 + random() % 4), now);
      cache.put_answer(answer.key(), answer.ready(), now);
      cache.put_nodata(set.owner, wire::RRType::MX, {&soa, 1}, now);
      cache.put_delegation(set.owner, name_servers, {60}, now);
      const auto found = cache.rrset(set.owner, set.type, now);
      if (found && found->rrset.rdata != set.rdata) ++wrong;
      const wire::Bytes message = ask(cache, answer.key(), now);
      if (!message.empty() && message.size() != answer.message.size()) ++wrong;
      const auto delegation = cache.deepest_delegation(set.owner, now);
      if (delegation && delegation->servers != name_servers) ++wrong;
      const auto negative = cache.negative(set.owner, wire::RRType::MX, now);
      if (negative && negative->authority.front().rdata != soa.rdata) ++wrong;
      if (cache.statistics().bytes > size) ++wrong;
      if (i % 1000 == 999) cache.flush(set.owner);
    }
  });
  CHECK(wrong == 0);
}

}  // namespace cairn::cache::test
