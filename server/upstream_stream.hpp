// The questions on one stream to a server (RFC 7766, RFC 9210). Several may be open at once, their
// replies come in whatever order, and what belongs together is told by the message's id. When all
// are answered the stream stays for a while, for what has to be asked next: a connection costs a
// round trip, and the server more than that.
//
// Octets in, octets out; the socket is uv_network's affair. A question that is given up without a
// reply ends the stream's use for new ones: it is slow, or silent, or drips.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "resolver/engine.hpp"
#include "wire/types.hpp"

namespace cairn::server {

class UpstreamStream {
 public:
  explicit UpstreamStream(wire::Instant now) : active_(now) {}

  /// Whether it may carry one more: not if its id is that of another question, or too many are
  /// open.
  bool takes(std::span<const std::uint8_t> message) const;
  void ask(resolver::ExchangeId exchange, std::span<const std::uint8_t> message);
  /// The exchange is over, whether it has had its reply or not.
  void leave(resolver::ExchangeId exchange);
  /// No new questions.
  void retire() { retired_ = true; }

  std::span<const std::uint8_t> unsent() const { return outgoing_; }
  void sent(std::size_t octets);

  void receive(std::span<const std::uint8_t> octets);
  struct Reply {
    std::vector<resolver::ExchangeId> to;  // one; all that are open if it is nobody's
    wire::Bytes message;
  };
  /// The next whole one of what was received. What answers no question ends the stream: nothing
  /// that follows can be trusted to be in step.
  std::optional<Reply> next_reply(wire::Instant now);

  std::vector<resolver::ExchangeId> open() const;
  /// Has answered before: if it ends now, the server may have found it idle.
  bool served() const { return served_; }
  /// Nobody waits for it.
  bool idle() const { return open_.empty(); }
  /// Nobody waits for it, and nobody will.
  bool over(wire::Instant now) const;

 private:
  struct Question {
    resolver::ExchangeId exchange;
    std::uint16_t id;
  };
  void heed_keepalive(std::span<const std::uint8_t> message);

  std::vector<Question> open_;
  std::vector<std::uint16_t> given_up_;  // ids whose replies are nobody's any more
  wire::Bytes outgoing_;
  wire::Bytes incoming_;
  wire::Instant active_;
  std::optional<wire::Duration> keep_;  // as the server wishes
  bool served_ = false;
  bool retired_ = false;
  bool out_of_step_ = false;  // something came that answers nothing
};

}  // namespace cairn::server
