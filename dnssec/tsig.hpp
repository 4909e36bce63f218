// Transaction signatures (RFC 8945): a keyed hash over a whole message and the time, in a record at
// its very end, between two who share a secret.
//
// A TsigExchange is the thread of messages that one request begins: the request, its reply, and for
// a transfer many more messages, of which not each has to be signed. Each MAC takes in the one
// before it, so that no message can be left out, repeated or answered for another. Both sides use
// the same object: whoever asks signs first and verifies all that comes; whoever answers verifies
// first and signs all that goes. Time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "dnssec/tsig_key.hpp"
#include "wire/types.hpp"

namespace cairn::dnssec {

/// RCODEs that only the error field of a TSIG carries (RFC 8945 section 3).
enum class TsigError : std::uint16_t {
  None = 0,
  BadSig = 16,
  BadKey = 17,
  BadTime = 18,
  BadTrunc = 22,
};

/// RDATA of a TSIG record (RFC 8945 section 4.2).
struct Tsig {
  wire::Name algorithm;
  std::chrono::sys_seconds time_signed{};  // 48 bits
  std::chrono::duration<std::uint16_t> fudge{300};
  wire::Bytes mac;
  std::uint16_t original_id = 0;
  TsigError error = TsigError::None;  // any other value is kept as it came
  wire::Bytes other;                  // with BADTIME: the time of whoever refuses

  bool operator==(const Tsig&) const = default;
};

std::optional<Tsig> tsig_from_rdata(std::span<const std::uint8_t> rdata);
wire::Bytes to_rdata(const Tsig& tsig);

/// The record that signs a message, and where in it.
struct TsigRecord {
  wire::Name key_name;
  Tsig tsig;
  std::size_t at = 0;  // octets in front of the record: the message that was signed
};

/// What the end of a message says about its signature. A message that cannot be read to its end, a
/// TSIG that is not the last record or not of class ANY with TTL 0 is Malformed (FORMERR: RFC 8945
/// sections 4.2 and 5.2).
struct Signature {
  enum class Form : std::uint8_t { Unsigned, Signed, Malformed };
  Form form = Form::Unsigned;
  TsigRecord record;  // when Signed
};
Signature find_signature(std::span<const std::uint8_t> message);

struct SignedMessage {
  wire::Bytes octets;
  wire::Bytes mac;
};

/// What became of a message's signature.
enum class TsigVerdict : std::uint8_t {
  Good,
  Pending,    // unsigned in the middle of a transfer: the next signature covers it
  Missing,    // unsigned where a signature must be
  Malformed,  // FORMERR
  BadKey,     // another key or algorithm
  BadSig,
  BadTime,   // signed right, at another time than now: a replay, or a wrong clock
  BadTrunc,  // signed right, with less of the MAC than is wanted here
  Refused,   // the other side could not verify ours: error() says why
};

/// What the one who verifies asks for besides a right MAC.
struct TsigPolicy {
  bool truncated_macs = true;  // RFC 8945 section 5.2.2.1 allows for them; a local policy need not
  std::size_t most_unsigned = 99;  // RFC 8945 section 5.3.1: every 100th message is signed
};

class TsigExchange {
 public:
  explicit TsigExchange(TsigKey key, TsigPolicy policy = {});

  /// The message with its TSIG. A reply about a request with a wrong time says so with `error`
  /// BadTime, and is signed (RFC 8945 section 5.2.3).
  SignedMessage sign(std::span<const std::uint8_t> message, std::chrono::sys_seconds now,
                     TsigError error = TsigError::None);

  TsigVerdict verify(std::span<const std::uint8_t> message, std::chrono::sys_seconds now);

  /// Goes on behind a message that did not verify as if it had been the right one: what follows may
  /// verify again, which tells where a transfer was broken. Nothing before that is any better for
  /// it.
  void go_on();

  /// All messages so far are covered by a signature: what must hold at the end of a transfer.
  bool settled() const { return unsigned_messages_ == 0; }
  /// The TSIG of the message that was verified last, if it had one; its error field speaks when it
  /// was Refused.
  const std::optional<Tsig>& last() const { return last_; }
  const TsigKey& key() const { return key_; }

 private:
  void begin_message();
  void add_variables(const Tsig& tsig);
  TsigVerdict verify_signed(std::span<const std::uint8_t> message, const TsigRecord& record,
                            std::chrono::sys_seconds now);

  TsigKey key_;
  TsigPolicy policy_;
  Hmac hmac_;
  wire::Bytes prior_mac_;
  std::optional<Tsig> last_;
  std::chrono::sys_seconds request_time_{};
  std::size_t signatures_ = 0;         // 0: the request is next; 1: the first reply; then the rest
  std::size_t unsigned_messages_ = 0;  // since the last signature; they are in hmac_ already
};

/// The reply to a request whose key or MAC was wrong: with a TSIG that names the error and signs
/// nothing (RFC 8945 section 5.3.2), since a signature would be an oracle.
wire::Bytes refuse(std::span<const std::uint8_t> reply, const TsigRecord& request, TsigError error);

}  // namespace cairn::dnssec
