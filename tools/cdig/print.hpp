// Messages as dig 9.18 lays them out: comment lines with two semicolons, records in columns by
// tabs. Pure functions from values to text, because scripts read this output and a test must be
// able to compare it octet for octet.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "wire/address.hpp"
#include "wire/loose_message.hpp"

namespace cairn::cdig {

/// What to show, and how.
struct Display {
  bool comments = true;
  bool question = true;
  bool answer = true;
  bool authority = true;
  bool additional = true;
  bool stats = true;
  bool short_form = false;  // the RDATA of the answer alone
  bool identify = false;    // who answered
  bool with_type = false;   // the type in front of short RDATA (+trace)
  bool ttl = true;
  bool rrclass = true;
  bool ttl_units = false;               // "1h30m"
  bool microseconds = false;            // -u
  bool unknown_format = false;          // RFC 3597 for every type
  bool multiline = false;               // +multiline: RDATA over several lines, with comments
  std::optional<unsigned> split_width;  // +split: hex and base64 in words of so many; 0: in one
  bool crypto = true;                   // +nocrypto: "[omitted]" instead of keys and signatures
  std::optional<bool> rr_comments;      // unset: with +multiline
  bool one_soa = false;                 // +onesoa: of a transfer, only the first
  bool expand_aaaa = false;
  bool idn_out = false;
  bool yaml = false;
  bool json = false;
  bool color = false;

  bool operator==(const Display&) const = default;
};

/// What a zone transfer brought.
struct TransferSize {
  std::size_t records = 0;
  std::size_t messages = 0;
};

/// How a message came here, or where a query goes.
struct Delivery {
  wire::Endpoint server;
  std::string server_name;      // as it was asked for
  std::string carrier = "UDP";  // or "TCP", "TLS", "HTTPS", "HTTPS-GET", "HTTP", "HTTP-GET"
  std::size_t octets = 0;
  std::optional<TransferSize> transfer;
  std::chrono::microseconds elapsed{};
  std::string when;  // local time, as `date` prints it
  std::chrono::sys_time<std::chrono::microseconds> arrived{};
  bool unverified = false;      // a signature that should be there was not, or was wrong
  bool unsigned_query = false;  // a key was given that could not be used
};

/// A reply in the form that `display` asks for (text, short, YAML, JSON), with its footer: all that
/// there is to print of it.
std::string reply_text(const wire::LooseMessage& reply, const wire::Message& asked,
                       const Delivery& delivery, const Display& display);

/// The query itself, before it is sent (+qr). `delivery.octets` and `.arrived` are the query's.
std::string query_text(const wire::Message& query, const Delivery& delivery,
                       const Display& display);

/// A sentence that stands where a reply should: ";; no servers could be reached".
std::string trouble_text(const std::string& sentence, const Display& display);

/// The most usual of them: "no servers could be reached".
std::string unreached_text(const Display& display);

/// The same for lines that dig prints as they are in YAML too. Of JSON's object their first is the
/// sentence.
std::string failure_text(const std::string& lines, const Display& display);

/// The lines of a message without a footer. `asked` is nullptr for the query itself; it tells
/// whether the server gave back our cookie (RFC 7873).
std::string message_text(const wire::LooseMessage& message, const wire::Message* asked,
                         const Display& display);

/// The answer's RDATA, a line each.
std::string short_text(const wire::Message& message, const Delivery& delivery,
                       const Display& display);

/// The lines below a message: time, server, size. Empty when they are not wanted.
std::string footer_text(const Delivery& delivery, const Display& display);

/// One record with its columns, and the end of the line.
std::string record_text(const wire::Record& record, const Display& display);

/// "NXDOMAIN", "RESERVED13", "?17"; "QUERY", "RESERVED9".
std::string rcode_text(wire::Rcode rcode);
std::string opcode_text(wire::Opcode opcode);

/// " qr aa rd"
std::string flags_text(const wire::Header& header);

/// "192.0.2.1#53"
std::string server_text(const wire::Endpoint& server);

/// Octets in hex with their printable characters beside them, for a message that cannot be read.
std::string hex_dump(std::span<const std::uint8_t> octets);

}  // namespace cairn::cdig
