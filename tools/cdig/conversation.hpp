// One question to a list of servers, until one of them replies: who is asked in which order, when
// again, when over TCP, and what is said meanwhile. The tries are shared by all of them: the first
// that fails is asked again while some are left, then comes the next.
#pragma once

#include <optional>
#include <span>

#include "dnssec/tsig.hpp"
#include "tools/cdig/lookup.hpp"
#include "tools/cdig/transport.hpp"

namespace cairn::cdig {

class Conversation {
 public:
  Conversation(const Lookup& lookup, const wire::Question& question,
               std::span<const Server> servers, Output& output);

  Attempt hold();

 private:
  std::optional<Arrival> send(const Server& server);
  wire::Bytes sign(wire::Bytes octets);
  std::optional<Attempt> conclude(const Arrival& arrival);
  bool asks_again(const wire::LooseMessage& message, const Delivery& delivery);
  bool asks_with_cookie(const wire::LooseMessage& message, const Delivery& delivery);
  void check_cookie(const wire::LooseMessage& message);
  bool is_verified(std::span<const std::uint8_t> octets);
  bool is_ours(std::span<const std::uint8_t> octets);
  void say(const std::string& line);
  void give_up(const std::string& lines);
  Route route_to(const Server& server) const;
  Delivery delivery(const Server& server) const;
  Outcome ask_over_stream(const Server& server, std::span<const std::uint8_t> octets,
                          std::chrono::milliseconds patience);
  void transfer(const Server& server, std::span<const std::uint8_t> octets,
                std::chrono::milliseconds patience);
  void report(const Server& server, const NoArrival& failure);

  const Lookup& lookup_;
  const wire::Question& question_;
  std::span<const Server> servers_;
  Output& output_;
  Display display_;
  QueryForm form_;
  bool tcp_;
  bool moved_to_tcp_ = false;  // because a reply asked for it
  bool new_query_ = true;      // otherwise the same is sent again, with its id
  std::size_t at_ = 0;
  bool unreachable_ = false;  // the last failure was one before anything could be said
  bool hopeless_ = false;     // the last failure will not go away by asking again
  bool transferred_ = false;  // a zone came, and was shown
  bool bad_cookie_seen_ = false;
  wire::Message unsigned_query_;
  wire::Message query_;
  std::optional<dnssec::TsigExchange> signatures_;  // with a key
};

}  // namespace cairn::cdig
