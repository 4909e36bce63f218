#include "resolver/minimisation.hpp"

#include <algorithm>

#include "resolver/limits.hpp"

namespace cairn::resolver {

void Minimisation::enter_zone(const wire::Name& zone) {
  exposed_ = zone.label_count() + 1;
}

wire::Question Minimisation::question(const wire::Name& name, wire::RRType type) const {
  if (!on_ || exposed_ >= name.label_count()) return {name, type, wire::RRClass::IN};
  // A hides the type that is wanted, and servers know it (RFC 9156 section 2.1).
  return {name.suffix(exposed_), wire::RRType::A, wire::RRClass::IN};
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

}  // namespace cairn::resolver
