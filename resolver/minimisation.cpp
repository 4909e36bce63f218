#include "resolver/minimisation.hpp"

#include <algorithm>

#include "resolver/limits.hpp"

namespace cairn::resolver {

void Minimisation::enter_zone(const wire::Name& zone) {
  exposed_ = zone.label_count() + 1;
  at_root_ = zone.is_root();
  silences_ = 0;
}

wire::Question Minimisation::question(const wire::Name& name, wire::RRType type) const {
  if (!on_ || exposed_ >= name.label_count()) return {name, type, wire::RRClass::IN};
  // Below an underscore are attributes of a name, seldom zones (RFC 8552): if there is one, the
  // whole question meets its referral just as well.
  const wire::Name shortened = name.suffix(exposed_);
  if (shortened.first_label()[0] == '_') return {name, type, wire::RRClass::IN};
  // A hides the type that is wanted, and servers know it (RFC 9156 section 2.1).
  return {shortened, wire::RRType::A, wire::RRClass::IN};
}

void Minimisation::expose_more(const wire::Name& name) {
  ++steps_;
  const std::size_t labels = name.label_count();
  const std::size_t hidden = labels - std::min(labels, exposed_);
  if (steps_ >= limits::minimisation_steps) {
    exposed_ = labels;
  } else if (steps_ < limits::minimise_one_label) {
    ++exposed_;
  } else {
    // The labels that are left, evenly over the steps that are left (RFC 9156 section 2.3).
    const std::size_t steps_left = limits::minimisation_steps - steps_;
    exposed_ += std::max<std::size_t>(1, (hidden + steps_left - 1) / steps_left);
  }
}

bool Minimisation::met_silence() {
  return !at_root_ && ++silences_ >= limits::silences_to_short_questions;
}

}  // namespace cairn::resolver
