// What real servers and attackers do wrong, as verbs: "drop-first 2", "truncate", "forge wrong-id
// www.example. A 192.0.2.66". A server has a list of them; each one changes the reaction that the
// verbs before it have left, so that they compose. The words are those of the scenario language
// (tests/scenario/README.md), and the simulation uses the same ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/random.hpp"
#include "resolver/step.hpp"
#include "wire/address.hpp"
#include "wire/message.hpp"

namespace cairn::world {

struct Datagram {
  wire::Endpoint from;
  wire::Bytes octets;
};

/// What a server does with one query: the honest reply at first, then what the verbs make of it.
struct Reaction {
  const wire::Message& query;
  resolver::Transport transport;
  wire::Endpoint server;        // that was asked
  wire::Message reply{};        // as it will be sent
  bool silent = false;          // the query is lost, or the server says nothing
  bool refused = false;         // port closed: the asker is told so at once
  bool lost = false;            // the stream, which has served others, ends in place of the reply
  bool garbled = false;         // octets that are no message, in place of the reply
  std::size_t octets_more = 0;  // behind the end of the message
  std::size_t octets_less = 0;  // its end is missing
  unsigned copies = 1;          // of the reply
  wire::Duration delay{};       // beside the way there and back
  wire::Endpoint from{};        // the reply's source
  std::vector<Datagram> forged{};  // by somebody else; arrive before the reply
  bool misbehaved = false;         // a verb has spoiled this exchange
};

class Misbehaviour {
 public:
  /// `[on NAME [TYPE]] verb [arguments]`; TYPE may be `*`, NAME may be `*.name` for all below it,
  /// or
  /// `*` for all.
  static wire::Result<Misbehaviour> from_text(std::string_view line);

  void apply(Reaction& reaction, resolver::Random& random);

 private:
  struct Verb;
  static const Verb* find(std::string_view name);

  std::optional<wire::Name> name_;
  bool below_ = false;
  std::optional<wire::RRType> type_;
  const Verb* verb_ = nullptr;

  // Arguments, as far as the verb has them.
  std::uint64_t number_ = 0;
  wire::Duration duration_{};
  std::vector<wire::Record> records_;
  std::optional<wire::Endpoint> endpoint_;
  std::optional<wire::Name> other_name_;
  wire::Rcode rcode_ = wire::Rcode::NOERROR;
  std::string how_;
  std::uint64_t seen_ = 0;   // queries that this verb has looked at
  std::uint64_t taken_ = 0;  // of them, those that it may have meant
};

/// "300ms", "5s", "10m", "2h".
std::optional<wire::Duration> duration_from_text(std::string_view text);
std::optional<wire::Rcode> rcode_from_text(std::string_view text);
std::vector<std::string> words_of(std::string_view text);

}  // namespace cairn::world
