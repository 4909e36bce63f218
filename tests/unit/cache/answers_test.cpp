#include <map>

#include "tests/unit/cache/answer_builder.hpp"
namespace cairn::cache::test {

TEST_CASE("a finished answer goes out in the case of whoever asks, otherwise as it was put") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);

  const Answer shouted("WWW.exAMPLE."_name, {{192, 0, 2, 1}}, 300);
  CHECK(ask(cache, shouted.key(), start) == shouted.message);
  CHECK(ask(cache, answer.key(), start) == answer.message);
}

TEST_CASE("a finished answer belongs to its name, type, DO and CD") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);
  AnswerKey key = answer.key();
  key.dnssec_ok = true;
  CHECK(ask(cache, key, start).empty());
  key = answer.key();
  key.checking_disabled = true;
  CHECK(ask(cache, key, start).empty());
  key = answer.key();
  key.type = wire::RRType::AAAA;
  CHECK(ask(cache, key, start).empty());
  const wire::Name other = "ww.example."_name;
  key = answer.key();
  key.name = other.wire();
  CHECK(ask(cache, key, start).empty());
}

TEST_CASE("each TTL of a finished answer counts down, and the least one ends it") {
  Cache cache({.key = sip_key});
  Answer answer("www.example."_name, {{192, 0, 2, 1}, {192, 0, 2, 2}}, 300);
  answer.set_ttl(1, 3);
  ReadyAnswer ready = answer.ready();
  ready.rotation_count = 0;
  ready.lifetime = 1h;  // longer than it may be
  cache.put_answer(answer.key(), ready, start);
  struct {
    Duration after;
    std::uint32_t first, second;
  } const rows[] = {
      {0ns, 300, 3}, {999ms, 300, 3}, {1s, 299, 2}, {2s, 298, 1}, {2999999999ns, 298, 1}};
  for (const auto& row : rows) {
    const wire::Bytes message = ask(cache, answer.key(), start + row.after);
    CHECK(answer.ttl(message, 0) == row.first);
    CHECK(answer.ttl(message, 1) == row.second);
  }
  CHECK(ask(cache, answer.key(), start + 3s).empty());
}

TEST_CASE("an answer with a lifetime below its TTLs ends with its lifetime") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}}, 300);
  ReadyAnswer ready = answer.ready();
  ready.lifetime = 1500ms;
  cache.put_answer(answer.key(), ready, start);
  CHECK(answer.ttl(ask(cache, answer.key(), start + 1400ms), 0) == 299);
  CHECK(ask(cache, answer.key(), start + 1500ms).empty());
  ready.lifetime = 0ns;
  const Answer other("other.example."_name, {{192, 0, 2, 1}}, 300);
  ready.message = other.message;
  cache.put_answer(other.key(), ready, start);
  CHECK(ask(cache, other.key(), start).empty());
}

TEST_CASE("addresses take turns, in cyclic order, each first exactly as often") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}, {192, 0, 2, 2}, {192, 0, 2, 3}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);
  const std::vector<int> orders[] = {{1, 2, 3}, {2, 3, 1}, {3, 1, 2}, {1, 2, 3}, {2, 3, 1}};
  for (const std::vector<int>& order : orders) {
    const wire::Bytes message = ask(cache, answer.key(), start + 1s);
    CHECK(answer.last_octets(message) == order);
    for (std::size_t i = 0; i < 3; ++i) CHECK(answer.ttl(message, i) == 299);
  }
}

TEST_CASE("a refreshed answer goes on with the turn of the old one") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}, {192, 0, 2, 2}, {192, 0, 2, 3}}, 5);
  std::map<int, int> firsts;
  for (int i = 0; i < 30; ++i) {  // one question per lifetime
    const Instant now = start + i * 5s;
    cache.put_answer(answer.key(), answer.ready(), now);
    ++firsts[answer.last_octets(ask(cache, answer.key(), now)).front()];
  }
  CHECK(firsts == std::map<int, int>{{1, 10}, {2, 10}, {3, 10}});
}

TEST_CASE("an answer that does not fit is not written, and takes no turn") {
  Cache cache({.key = sip_key});
  const Answer answer("www.example."_name, {{192, 0, 2, 1}, {192, 0, 2, 2}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);
  wire::Bytes small(answer.message.size() - 1, 0xee);
  CHECK(cache.write_answer(answer.key(), start, small).octets == 0);
  CHECK(small == wire::Bytes(small.size(), 0xee));
  wire::Bytes exact(answer.message.size());
  CHECK(cache.write_answer(answer.key(), start, exact).octets == exact.size());
  CHECK(answer.last_octets(exact) == std::vector<int>{1, 2});
}

TEST_CASE("a popular answer is wanted again in the last tenth of its life, once") {
  Cache cache({.key = sip_key});
  wire::Bytes out(1232);
  const auto wanted = [&](const Answer& answer, Instant now) {
    return cache.write_answer(answer.key(), now, out).wanted_after;
  };
  const Answer answer("www.example."_name, {{192, 0, 2, 1}}, 300);
  cache.put_answer(answer.key(), answer.ready(), start);
  for (int i = 0; i < 10; ++i) CHECK(wanted(answer, start + 270s) == 0s);
  CHECK(wanted(answer, start + 271s) == 29s);
  CHECK(wanted(answer, start + 271s) == 0s);
  cache.put_answer(answer.key(), answer.ready(), start + 280s);
  for (int i = 0; i < 4; ++i) CHECK(wanted(answer, start + 580s - 10s) == 0s);  // too few until now
  CHECK(wanted(answer, start + 580s - 10s) == 10s);

  const Answer brief("brief.example."_name, {{192, 0, 2, 1}}, 9);
  cache.put_answer(brief.key(), brief.ready(), start);
  for (int i = 0; i < 10; ++i) CHECK(wanted(brief, start + 8900ms) == 0s);
}

TEST_CASE("what is not the answer that its key and offsets promise is not kept") {
  const Answer answer("www.example."_name, {{192, 0, 2, 1}, {192, 0, 2, 2}}, 300);
  const wire::Name other = "xxx.example."_name;
  AnswerKey stranger = answer.key();
  stranger.name = other.wire();
  const auto size = static_cast<std::uint16_t>(answer.message.size());
  const std::uint16_t beyond[] = {static_cast<std::uint16_t>(size - 3)};
  const std::uint16_t in_question[] = {14};
  ReadyAnswer good = answer.ready();
  ReadyAnswer ttl_beyond = good, ttl_in_question = good, run_beyond = good, cut = good;
  ttl_beyond.ttl_offsets = beyond;
  ttl_in_question.ttl_offsets = in_question;
  run_beyond.rotation_count = 3;
  cut.message = cut.message.first(14);
  struct {
    const char* what;
    AnswerKey key;
    ReadyAnswer ready;
    std::size_t entries;
  } const rows[] = {
      {"as it should be", answer.key(), good, 1},
      {"another name", stranger, good, 0},
      {"a TTL beyond the end", answer.key(), ttl_beyond, 0},
      {"a TTL within the question", answer.key(), ttl_in_question, 0},
      {"a run beyond the end", answer.key(), run_beyond, 0},
      {"a message that ends within its question", answer.key(), cut, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Cache cache({.key = sip_key});
    cache.put_answer(row.key, row.ready, start);
    CHECK(cache.statistics().entries == row.entries);
  }
}

}  // namespace cairn::cache::test
