// QNAME minimisation (RFC 9156): each zone's servers see one label more than the zone has, and type
// A, until the whole name is due. Relaxed: whatever looks like a broken server makes it ask the
// whole question instead.
#pragma once

#include <cstddef>

#include "wire/question.hpp"

namespace cairn::resolver {

class Minimisation {
 public:
  /// The servers of `zone` are asked next, on the way to `name`.
  void enter_zone(const wire::Name& zone);
  /// What they are asked, on the way to the question `name` `type`.
  wire::Question question(const wire::Name& name, wire::RRType type) const;
  /// There is no zone cut at the name that was asked last: some labels more.
  void expose_more(const wire::Name& name);
  /// No reply to a shortened question. True if it is time for the whole one: of those who keep
  /// silent again and again some do so because of the question. The root does not.
  bool met_silence();
  void switch_off() { on_ = false; }

 private:
  bool on_ = true;
  std::size_t exposed_ = 1;  // labels
  unsigned steps_ = 0;       // of the whole resolution
  bool at_root_ = false;
  unsigned silences_ = 0;  // of this zone's servers
};

}  // namespace cairn::resolver
