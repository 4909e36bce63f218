// Zone transfers, whole (RFC 5936) and incremental (RFC 1995): many messages to one question, shown
// record by record while they come, so that a zone of any size passes through.
#pragma once

#include <cstdint>
#include <optional>

#include "dnssec/tsig.hpp"
#include "tools/cdig/connection.hpp"
#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

/// Finds the end of a transfer in its records, as dig does: a whole zone ends with its second SOA.
/// An incremental one with the second SOA of the new serial behind the first, unless it turns out
/// to be a whole zone, or to be over with its first record, because nothing is newer.
class TransferEnd {
 public:
  enum class State : std::uint8_t { Open, Reached, NoSoa };

  explicit TransferEnd(std::optional<std::uint32_t> old_serial) : old_serial_(old_serial) {}

  State take(const wire::Record& record);
  /// Up to the end: what comes behind it does not count.
  std::size_t records() const { return records_; }

 private:
  std::optional<std::uint32_t> old_serial_;  // unset: the whole zone was asked for
  std::uint32_t new_serial_ = 0;
  std::size_t records_ = 0;
  std::size_t new_soas_ = 0;  // behind the first
  bool incremental_ = false;
};

bool is_transfer(const wire::Question& question);

/// Judges the signature of one reply: nullopt when there is nothing wrong with it, otherwise the
/// line that says what is.
std::optional<std::string> complaint(dnssec::TsigExchange& exchange,
                                     std::span<const std::uint8_t> octets);

/// Receives and shows what comes over `connection` for `query`, which was sent. nullopt: it ended,
/// well or not, and all was said.
std::optional<NoArrival> receive_transfer(Connection& connection, const Lookup& lookup,
                                          const wire::Message& query,
                                          dnssec::TsigExchange* exchange, Delivery delivery,
                                          std::chrono::milliseconds patience, Output& output);

}  // namespace cairn::cdig
