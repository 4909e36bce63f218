// Zones whose servers the operator names, in place of those that their parents name: forward zones,
// whose servers resolve for us (RD, RFC 1034 section 4.3.1), and stub zones, whose servers have
// them (no RD; what they delegate is followed as usual).
//
// The longest match wins, against delegations as well. What such a server says is believed inside
// its zone only, and nothing that others say reaches into it: forwarders and iteration share one
// cache, and each would be a way to poison the other's names (MaginotDNS 2023).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wire/address.hpp"
#include "wire/question.hpp"

namespace cairn::resolver {

struct ForwardZone {
  wire::Name zone;
  std::vector<wire::Endpoint> servers;
  bool stub = false;
  bool first = false;   // when all servers fail, the question is resolved as if there were none
  bool listed = false;  // asked in the order of the list, not the fastest first

  bool operator==(const ForwardZone&) const = default;
};

/// All of them: an immutable value, cheap to copy.
class Forwarding {
 public:
  Forwarding() = default;
  /// Of two with the same name the last one counts.
  explicit Forwarding(std::vector<ForwardZone> zones);

  /// The one with the longest name at or above the question's; nullptr if there is none. The DS
  /// set of a zone's apex is its parent's to know (RFC 4035 section 3.1.4.1).
  /// `passed`: this one failed, the next above it.
  std::shared_ptr<const ForwardZone> find(const wire::Question& question,
                                          const ForwardZone* passed = nullptr) const;
  std::span<const std::shared_ptr<const ForwardZone>> zones() const;

 private:
  struct Index;
  std::shared_ptr<const Index> index_;  // null: none
};

}  // namespace cairn::resolver
