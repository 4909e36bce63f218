// Jobs that wait for other jobs.
#include <algorithm>
#include <optional>
#include <utility>

#include "resolver/engine_state.hpp"
#include "resolver/limits.hpp"

namespace cairn::resolver {

using wire::Instant;

Job& Engine::State::start(const wire::Question& question, std::shared_ptr<Budget> budget,
                          unsigned depth, JobKind kind) {
  Job& job = jobs.emplace(question, std::move(budget), depth, kind);
  table_of(kind)[question] = job.id;
  if (job.goes_on) ++going_on;
  ready.push_back(job.id);
  return job;
}

Job* Engine::State::running_job(const wire::Question& question, JobKind kind) {
  const ByQuestion& table = table_of(kind);
  const auto at = table.find(question);
  return at == table.end() ? nullptr : find(at->second);
}

std::unique_ptr<Job> Engine::State::remove(Job& job) {
  for (const FlightId id : job.flights)
    if (Flight* flight = flights.find(id)) flights.leave(*flight, job.id);
  ByQuestion& table = table_of(job.kind);
  const auto at = table.find(job.iteration.question());
  if (at != table.end() && at->second == job.id) table.erase(at);
  if (job.goes_on) --going_on;
  hold(job, 0);
  return jobs.take(job);
}

void Engine::State::hold(Job& job, std::size_t octets) {
  held_octets += octets - job.held_octets;
  job.held_octets = octets;
}

Engine::State::Waiting Engine::State::wait_for(Job& parent, const Need& need, Instant now) {
  if (parent.depth + 1 > limits::depth || parent.budget->expired(now) ||
      parent.budget->children >= limits::children_per_query)
    return Waiting::TooMuch;
  const std::size_t held = parent.iteration.held_octets();
  if (held > limits::small_reply && held_octets + held > limits::held_octets) return Waiting::Full;
  const JobKind kind =
      need.unchecked && known.settings.validation.on ? JobKind::Unchecked : JobKind::Ordinary;
  Job* child = running_job(need.question, kind);
  if (child) {
    // Each job waits for at most one other: a circle would come back along this chain (TsuNAME
    // 2021).
    for (const Job* job = child; job; job = find(job->waits_for))
      if (job->id == parent.id) return Waiting::Circular;
    ++statistics.joined;
  } else {
    if (jobs.size() >= limits::jobs) return Waiting::TooMuch;
    child = &start(need.question, parent.budget, parent.depth + 1, kind);
  }
  ++parent.budget->children;
  parent.need = need;
  parent.waits_for = child->id;
  child->parents.push_back(parent.id);
  hold(parent, held);
  return Waiting::Begun;
}

void Engine::State::finish(Job& job, Answer answer, Instant now) {
  if (answer.out_of_budget && !answer.of_the_moment && answer.error && job.depth == 0)
    answer.error->text += "; spent: " + to_text(*job.budget);
  tell_conclusion(job, answer, now);
  // A question fails for everybody; a budget ends only for the query that owns it.
  // Where an answer is still known, the next who asks may find out.
  if (answer.rcode == wire::Rcode::SERVFAIL && answer.error && !answer.remembered &&
      !answer.of_the_moment && job.kind != JobKind::Refresh &&
      (!answer.out_of_budget || job.depth == 0))
    known.cache.put_failure(job.iteration.question(), {*answer.error, answer.bogus},
                            limits::failure_lifetime, now, job.kind == JobKind::Unchecked);

  const std::unique_ptr<Job> ended = remove(job);
  // Whose time lasts longest comes first: if the question has to be asked once more, it is on
  // that account. From the other end, each of thousands would pay for its own last moment.
  std::stable_sort(ended->parents.begin(), ended->parents.end(),
                   [this](JobId a, JobId b) { return time_of(a) > time_of(b); });
  for (const JobId id : ended->parents)
    if (Job* parent = find(id)) resume(*parent, *ended, answer, now);
  // Joined to somebody else's child, whose budget ended: these have one of their own.
  if (may_succeed_for_others(answer) && ended->depth > 0 && !ended->queries.empty())
    return start_again(*ended, now);
  if (translate(*ended, answer, now)) return;
  if (answer.rcode == wire::Rcode::SERVFAIL && !answer.bogus)
    if (auto instead = expired(*ended, answer.error ? answer.error->text : "", now))
      return tell_expired(*ended, *instead, now);
  tell(*ended, std::move(answer));
}

void Engine::State::resume(Job& parent, const Job& child, const Answer& answer, Instant now) {
  parent.waits_for = no_job;
  hold(parent, 0);
  const Need need = *std::exchange(parent.need, std::nullopt);
  add_steps_of(child, parent.trace, now);
  // Joined to a child that somebody else paid for, and could not: once more on the own account.
  if (may_succeed_for_others(answer) && parent.budget != child.budget &&
      wait_for(parent, need, now) == Waiting::Begun)
    return;
  parent.iteration.absorb(need, answer, known, *parent.budget, parent.trace, now);
  ready.push_back(parent.id);
}

bool Engine::State::may_succeed_for_others(const Answer& answer) {
  return answer.out_of_budget && !answer.of_the_moment;
}

void Engine::State::abandon(Job* job) {
  while (job && job->queries.empty() && job->parents.empty() && !job->goes_on) {
    const std::unique_ptr<Job> ended = remove(*job);
    job = find(ended->waits_for);
    if (job) std::erase(job->parents, ended->id);
  }
}

Instant Engine::State::time_of(JobId id) {
  const Job* job = find(id);
  return job ? job->budget->deadline : Instant{};
}

void Engine::State::tell_of_waiting(Job& job, Instant now) {
  unsigned depth = 0;
  for (const Job* child = find(job.waits_for); child; child = find(child->waits_for))
    add_steps_of(*child, job.trace, now, depth++);
}

}  // namespace cairn::resolver
