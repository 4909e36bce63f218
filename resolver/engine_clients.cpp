// Clients that wait for jobs.
#include <algorithm>
#include <optional>
#include <utility>

#include "resolver/engine_state.hpp"
#include "resolver/limits.hpp"
#include "resolver/rebinding.hpp"
#include "resolver/recall.hpp"

namespace cairn::resolver {

using wire::Instant;

void Engine::State::add_query(Job& job, QueryId query, bool as_it_is, Instant now) {
  job.queries.push_back(query);
  queries[query] = {job.id, now, as_it_is};
  if (!known.settings.serve_stale) return;
  if (job.patience_ends <= now) return end_patience(job, now);
  if (job.patience_ends < Instant::max()) return;
  job.patience_ends = now + limits::patience;
  patiences.emplace_back(job.patience_ends, job.id);
}

std::shared_ptr<Budget> Engine::State::new_budget(Instant asked) {
  auto budget = std::make_shared<Budget>();
  budget->deadline = asked + limits::query_time;
  return budget;
}

Job& Engine::State::start_for_client(const wire::Question& question, std::shared_ptr<Budget> budget,
                                     JobKind kind) {
  const Instant deadline = budget->deadline;
  Job& job = start(question, std::move(budget), 0, kind);
  insert_in_time(query_deadlines, deadline, job.id);
  return job;
}

void Engine::State::insert_in_time(Deadlines& deadlines, Instant at, JobId job) {
  const auto later =
      std::upper_bound(deadlines.begin(), deadlines.end(), at,
                       [](Instant time, const auto& entry) { return time < entry.first; });
  deadlines.insert(later, {at, job});
}

void Engine::State::start_again(const Job& ended, Instant now) {
  Instant asked = now;
  for (const QueryId query : ended.queries) asked = std::min(asked, queries[query].asked);
  Job& job = start_for_client(ended.iteration.question(), new_budget(asked), ended.kind);
  take_over(job, ended.queries, ended.patience_ends, now);
}

void Engine::State::take_over(Job& job, const std::vector<QueryId>& waiting, Instant patience_ends,
                              Instant now) {
  job.queries = waiting;
  for (const QueryId query : job.queries) queries[query].job = job.id;
  job.patience_ends = patience_ends;
  if (job.patience_ends > now) insert_in_time(patiences, job.patience_ends, job.id);
}

void Engine::State::tell(Job& job, Answer answer) {
  take_out_private(answer, job.iteration.question(), known);
  for (const QueryId query : job.queries) {
    queries.erase(query);
    if (answer.rcode == wire::Rcode::SERVFAIL) ++statistics.failures;
    if (answer.out_of_budget) ++statistics.out_of_budget;
    const bool last = query == job.queries.back();
    answered.push_back({query, job.iteration.question(), last ? std::move(answer) : answer,
                        last ? std::move(job.trace) : job.trace});
  }
  job.queries.clear();
}

bool Engine::State::translate(Job& ended, const Answer& answer, Instant now) {
  const wire::Question question = ended.iteration.question();
  if (question.type != wire::RRType::AAAA || ended.queries.empty() ||
      ended.iteration.translates() || !known.settings.dns64 ||
      !known.settings.dns64->wants_translation(answer))
    return false;
  const auto others = std::stable_partition(ended.queries.begin(), ended.queries.end(),
                                            [this](QueryId id) { return queries[id].as_it_is; });
  const std::vector<QueryId> waiting(others, ended.queries.end());
  if (waiting.empty()) return false;
  Trace trace = ended.trace;
  ended.queries.erase(others, ended.queries.end());
  tell(ended, answer);

  Instant asked = now;
  for (const QueryId query : waiting) asked = std::min(asked, queries[query].asked);
  // Who joined somebody else's question has a budget of his own.
  const bool own = ended.depth == 0;
  Job& job = start_for_client(question, own ? ended.budget : new_budget(asked));
  by_question.erase(question);  // who needs the AAAA set itself does not join this
  job.iteration = Iteration(question, answer);
  job.trace = std::move(trace);
  take_over(job, waiting, ended.patience_ends, now);
  return true;
}

void Engine::State::tell_expired(Job& job, const Answer& answer, Instant now) {
  statistics.stale += job.queries.size();
  if (const auto translated = translated_expired(job, answer, now)) {
    const auto others = std::stable_partition(job.queries.begin(), job.queries.end(),
                                              [this](QueryId id) { return queries[id].as_it_is; });
    Job theirs(no_job, job.iteration.question(), job.budget, 0, JobKind::Ordinary);
    theirs.queries.assign(others, job.queries.end());
    theirs.trace = job.trace;
    job.queries.erase(others, job.queries.end());
    tell_conclusion(theirs, *translated, now);
    tell(theirs, *translated);
  }
  tell_conclusion(job, answer, now);
  tell(job, answer);
}

std::optional<Answer> Engine::State::translated_expired(Job& job, const Answer& answer,
                                                        Instant now) {
  const wire::Question& question = job.iteration.question();
  const auto& dns64 = known.settings.dns64;
  if (!dns64 || question.type != wire::RRType::AAAA || !dns64->wants_translation(answer))
    return std::nullopt;
  const auto a = expired_answer({question.name, wire::RRType::A, wire::RRClass::IN}, known,
                                answer.error ? answer.error->text : "", job.trace, now);
  return a ? std::optional(dns64->translate(answer, *a)) : std::nullopt;
}

std::optional<Answer> Engine::State::expired(Job& job, const std::string& why, Instant now) {
  if (!known.settings.serve_stale || job.queries.empty()) return std::nullopt;
  return expired_answer(job.iteration.question(), known, why, job.trace, now,
                        job.kind == JobKind::Unchecked);
}

void Engine::State::end_patience(Job& job, Instant now) {
  auto answer = expired(job, "the servers are slow to answer", now);
  if (!answer) return;
  const Trace trace = job.trace;
  tell_expired(job, *answer, now);
  job.trace = trace;
  if (!std::exchange(job.goes_on, true)) ++going_on;
}

}  // namespace cairn::resolver
