// What one client query may cost, all causes together. The query's own job and every child share
// one Budget by pointer; nothing resets it, no retry and no restart: most amplification attacks are
// a counter that some path forgot to inherit.
#pragma once

#include <memory>
#include <string>

#include "dnssec/work.hpp"
#include "resolver/limits.hpp"
#include "wire/types.hpp"

namespace cairn::resolver {

struct Budget {
  unsigned most_sends = limits::sends_per_query;
  unsigned sends = 0;              // questions sent upstream, UDP and TCP, retries included
  unsigned address_lookups = 0;    // of names of servers
  unsigned fruitless_lookups = 0;  // of them, those that found no address
  unsigned children = 0;           // questions that had to be answered first
  std::size_t received_octets = 0;
  dnssec::Work work;  // signatures and hashes
  wire::Instant deadline;

  bool may_send() const {
    return sends < most_sends && received_octets < limits::received_octets_per_query;
  }
  bool may_look_up_address() const {
    return address_lookups < limits::address_lookups_per_query &&
           fruitless_lookups < limits::fruitless_lookups_per_query;
  }
  bool expired(wire::Instant now) const { return now >= deadline; }
};

/// What of it is spent: "64 of 64 questions to servers, 3 of 32 lookups of their addresses".
inline std::string to_text(const Budget& budget) {
  return std::to_string(budget.sends) + " of " + std::to_string(budget.most_sends) +
         " questions to servers, " + std::to_string(budget.address_lookups) + " of " +
         std::to_string(limits::address_lookups_per_query) + " lookups of their addresses" +
         (budget.children < limits::children_per_query
              ? ""
              : ", all " + std::to_string(limits::children_per_query) +
                    " questions that come first");
}

}  // namespace cairn::resolver
