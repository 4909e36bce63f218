// One question in progress, and everybody who waits for it: the clients that asked it, and the jobs
// of other questions that need its answer first. A job itself waits for at most one other, so that
// a circle is found by following that chain.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "resolver/budget.hpp"
#include "resolver/engine.hpp"
#include "resolver/iteration.hpp"
#include "resolver/slots.hpp"

namespace cairn::resolver {

using JobId = std::uint64_t;
using FlightId = std::uint64_t;  // of an exchange in the air (flights.hpp)
inline constexpr JobId no_job = 0;

/// Jobs of different kinds do not join each other.
enum class JobKind : std::uint8_t {
  Ordinary,
  Refresh,    // asks anew what is known, before it expires
  Unchecked,  // nothing of it is judged
};

struct Job {
  Job(JobId its_id, const wire::Question& question, std::shared_ptr<Budget> its_budget,
      unsigned its_depth, JobKind its_kind)
      : id(its_id),
        iteration(question, its_kind == JobKind::Refresh, its_kind == JobKind::Unchecked),
        budget(std::move(its_budget)),
        depth(its_depth),
        kind(its_kind),
        goes_on(its_kind == JobKind::Refresh) {}

  JobId id;
  Iteration iteration;
  std::shared_ptr<Budget> budget;
  unsigned depth;
  JobKind kind;
  bool goes_on;  // though nobody waits: what it finds is for the cache

  std::vector<QueryId> queries;  // of clients
  wire::Instant patience_ends =
      wire::Instant::max();    // of the first; then what has expired will do
  std::vector<JobId> parents;  // jobs that need this answer

  std::vector<FlightId> flights;  // that it waits for, in the order in which they began
  unsigned attempts = 0;          // to get a usable reply to what it asks now
  wire::Instant late_at = wire::Instant::max();  // the newest of them; then another server is asked
  bool impatient = false;                        // it is late, or one has failed

  std::optional<Need> need;
  JobId waits_for = no_job;
  std::size_t held_octets = 0;  // of a reply that is judged when the need is met

  Trace trace;
};

/// The last step of its trace.
void tell_conclusion(Job& job, const Answer& answer, wire::Instant now);
/// Who waited for the job tells what it has done, one level deeper.
void add_steps_of(const Job& child, Trace& trace, wire::Instant now, unsigned depth = 0);

}  // namespace cairn::resolver
