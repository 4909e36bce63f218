// All zones that we host: the longest match wins. An immutable value, swapped whole, so that
// readers never wait.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "zones/zone.hpp"

namespace cairn::zones {

class ZoneSet {
 public:
  ZoneSet();
  /// Of two zones with the same apex the last one counts. Names in `others` and all below are not
  /// ours, unless a zone of ours has the longer name again, or the same. `hash_key`: chance is an
  /// argument.
  explicit ZoneSet(std::vector<std::shared_ptr<const Zone>> zones,
                   std::span<const wire::Name> others = {}, const wire::SipKey& hash_key = {});
  ~ZoneSet();
  ZoneSet(ZoneSet&&) noexcept;
  ZoneSet& operator=(ZoneSet&&) noexcept;

  /// The zone with the longest apex at or above `name`; nullptr if none of ours. No allocation.
  const Zone* find(const wire::Name& name) const;
  /// The zone that answers `question`: as above, but the DS of a zone's apex is its parent's to
  /// know (RFC 4035 section 3.1.4.1): another zone of ours, or, below the top level, none.
  const Zone* find(const wire::Question& question) const;
  std::span<const std::shared_ptr<const Zone>> zones() const;
  bool empty() const { return zones().empty(); }

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace cairn::zones
