#include "resolver/job.hpp"

#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {

using wire::Instant;

void tell_conclusion(Job& job, const Answer& answer, Instant now) {
  Step step;
  step.kind = StepKind::Concluded;
  step.question = job.iteration.question();
  step.at = now;
  step.detail = to_text(answer.rcode);
  if (answer.error) step.detail += ": " + answer.error->text;
  step.sends = job.budget->sends;
  step.address_lookups = job.budget->address_lookups;
  step.received_octets = job.budget->received_octets;
  job.trace.push_back(std::move(step));
}

void add_steps_of(const Job& child, Trace& trace, Instant now, unsigned depth) {
  if (trace.size() + child.trace.size() >= limits::trace_steps) {
    if (!trace.empty() && trace.back().kind == StepKind::Cut) return;
    Step cut;
    cut.kind = StepKind::Cut;
    cut.at = now;
    trace.push_back(std::move(cut));
    return;
  }
  Step step;
  step.kind = StepKind::Waited;
  step.depth = static_cast<std::uint8_t>(depth);
  step.question = child.iteration.question();
  step.at = now;
  trace.push_back(std::move(step));
  for (Step below : child.trace) {
    below.depth = static_cast<std::uint8_t>(below.depth + depth + 1);
    trace.push_back(std::move(below));
  }
}

}  // namespace cairn::resolver
