// The question as cdig sends it, and whether what comes back is a reply to it. Values only: random
// octets come in as arguments, so that tests choose them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wire/loose_message.hpp"

namespace cairn::cdig {

/// Everything about a query besides its question and its id. The defaults are dig 9.18's.
struct QueryForm {
  wire::Opcode opcode = wire::Opcode::Query;
  bool authoritative = false;        // +aaflag
  bool truncated = false;            // +tcflag
  bool recursion_desired = true;     // +recurse
  bool recursion_available = false;  // +raflag
  bool reserved = false;             // +zflag
  bool authentic_data = true;        // +adflag: RFC 6840 section 5.7
  bool checking_disabled = false;    // +cdflag
  bool without_question = false;     // +header-only
  std::optional<std::uint8_t> edns_version = 0;
  std::uint16_t udp_size = 1232;
  bool udp_size_given = false;   // dig then sends EDNS whatever else was said
  std::uint16_t edns_flags = 0;  // +ednsflags: those beside DO
  bool dnssec_ok = false;
  bool name_server_id = false;               // RFC 5001
  bool cookie = true;                        // RFC 7873
  wire::Bytes chosen_cookie;                 // +cookie=hex; empty: a random one
  std::optional<std::uint16_t> id;           // +qid; unset: a random one
  std::optional<wire::Bytes> subnet;         // +subnet: the data of the option (RFC 7871)
  std::vector<wire::EdnsOption> options;     // +ednsopt
  bool expire = false;                       // RFC 7314
  bool keepalive = false;                    // RFC 7828
  std::uint16_t padding = 0;                 // block size; 0: none (RFC 7830)
  bool compact_ok = false;                   // +coflag (RFC 9824)
  std::optional<std::uint32_t> ixfr_serial;  // of `ixfr=N` (RFC 1995)

  bool operator==(const QueryForm&) const = default;
};

/// CO among the flags of EDNS (RFC 9824 section 5.1).
inline constexpr std::uint16_t compact_ok_flag = 0x4000;

using ClientCookie = std::array<std::uint8_t, 8>;

wire::Message make_query(const wire::Question& question, const QueryForm& form, std::uint16_t id,
                         const ClientCookie& random_cookie);

/// Which id or question keeps `reply` from being the answer to `query`, in dig's words.
std::optional<std::string> mismatch(const wire::Message& query, const wire::Message& reply);

enum class Medium : std::uint8_t { Datagram, Stream };

/// Whether a message that breaks a rule is shown as far as it can be read (+besteffort).
enum class Reading : std::uint8_t { BestEffort, Strict };

/// A reply; an error in dig's words when it cannot be shown.
wire::Result<wire::LooseMessage> read_reply(std::span<const std::uint8_t> octets, Reading reading);

/// What dig makes of octets that came for `query`, in its words.
struct Judgement {
  bool ours = false;
  std::vector<std::string> notes;
};

/// A datagram that does not match may be forged: the wait for the true one goes on. Whatever comes
/// over a stream is from the server, so there is nothing more to wait for. What cannot be read, but
/// has our id, is ours.
Judgement judge(const wire::Message& query, std::span<const std::uint8_t> octets, Medium medium,
                Reading reading = Reading::BestEffort);

}  // namespace cairn::cdig
