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
  explicit ZoneSet(std::vector<std::shared_ptr<const Zone>> zones);
  ~ZoneSet();
  ZoneSet(ZoneSet&&) noexcept;
  ZoneSet& operator=(ZoneSet&&) noexcept;

  /// The zone with the longest apex at or above `name`; nullptr if none of ours. No allocation.
  const Zone* find(const wire::Name& name) const;
  std::span<const std::shared_ptr<const Zone>> zones() const;
  bool empty() const { return zones().empty(); }

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace cairn::zones
