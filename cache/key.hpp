// Under what an entry of the cache is found: what kind of thing it is, the RR type where that
// matters, and the name in wire form and lower case (RFC 4343), as one run of octets. All kinds
// share one table, so the kind is part of the key.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "wire/address.hpp"
#include "wire/name.hpp"
#include "wire/types.hpp"

namespace cairn::cache {

enum class Kind : std::uint8_t {
  RecordSet,
  NoName,  // NXDOMAIN
  NoData,
  DeniesFalsely,  // a zone
  Failure,
  FailureUnchecked,
  Delegation,
  Lame,
  Server,
  // Finished answers: DO and CD change the octets of an answer, so they are part of the kind.
  Answer = 0x10,
  AnswerDnssecOk = 0x11,
  AnswerCheckingDisabled = 0x12,
  AnswerDnssecOkCheckingDisabled = 0x13,
};

class Key {
 public:
  /// `name` is a name in wire form, in any case, of at most 255 octets.
  Key(Kind kind, std::span<const std::uint8_t> name, wire::RRType type = wire::RRType{0});
  /// Of a server.
  explicit Key(const wire::Endpoint& server);
  /// That a server is lame for a zone.
  Key(const wire::Endpoint& server, const wire::Name& lame_for);

  std::span<const std::uint8_t> octets() const { return {octets_.data(), size_}; }
  /// Without kind and type: all that a stranger chooses freely, and what is hashed.
  std::span<const std::uint8_t> about() const { return octets().subspan(tag_octets); }
  /// To be mixed into the hash of about(): where among the things about one name this one stands.
  std::uint64_t place() const;
  /// The name in it, in lower case.
  std::span<const std::uint8_t> name() const { return {octets_.data() + tag_octets, name_size_}; }

  /// Whether `key` (octets() of some Key) is about a name at or below `ancestor` (lower case);
  /// every key is below the root.
  static bool is_within(std::span<const std::uint8_t> key, std::span<const std::uint8_t> ancestor);

 private:
  static constexpr std::size_t tag_octets = 3;  // kind and type
  static constexpr std::size_t max_octets = tag_octets + wire::Name::max_octets + 18;

  void append(const wire::Endpoint& server);

  std::size_t size_ = tag_octets;
  std::size_t name_size_ = 0;
  std::array<std::uint8_t, max_octets> octets_;
};

}  // namespace cairn::cache
