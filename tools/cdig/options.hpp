// What one can ask cdig for: a lookup with all that was said about how, and what counts for the
// whole run. command_line.hpp makes these values out of words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnssec/tsig_key.hpp"
#include "tools/cdig/print.hpp"
#include "tools/cdig/query.hpp"
#include "wire/address.hpp"

namespace cairn::cdig {

enum class Family : std::uint8_t { Any, V4, V6 };

/// What carries the messages. Datagrams give way to streams when a reply is truncated.
enum class Carrier : std::uint8_t { Plain, Tls, Https, PlainHttp };

/// How a stream is encrypted (RFC 7858, RFC 8484).
struct Encryption {
  Carrier carrier = Carrier::Plain;
  std::string http_path = "/dns-query";
  bool http_get = false;
  bool check_certificate = false;          // +tls-ca
  std::string ca_file;                     // empty: the system's
  std::string host_name;                   // +tls-hostname
  std::string certificate_file, key_file;  // ours, for servers that want to know

  bool operator==(const Encryption&) const = default;
};

/// "-y" and "-k": a shared secret (RFC 8945), as text until it is used.
struct KeyWords {
  std::string algorithm = "hmac-sha256";
  std::string name;
  dnssec::Secret secret;  // as base64

  bool operator==(const KeyWords&) const = default;
};

/// One name to look up, with all that was said about how.
struct Lookup {
  std::string name = ".";
  wire::RRType type = wire::RRType::A;
  wire::RRClass rrclass = wire::RRClass::IN;
  bool type_given = false;
  bool class_given = false;
  std::vector<std::string> servers;  // of "@": names or addresses; empty: the system's
  std::uint16_t port = 53;
  Family family = Family::Any;
  bool tcp = false;
  bool transport_given = false;
  bool ignore_truncation = false;
  bool negotiate_edns = true;  // BADVERS: again with the version that the server knows
  bool stop_at_servfail = true;
  bool best_effort = true;  // malformed replies are shown as far as they can be read
  bool show_query = false;
  bool trace = false;
  bool name_server_search = false;       // +nssearch
  std::optional<wire::Endpoint> source;  // -b
  Encryption encryption;
  std::optional<KeyWords> key;                  // -y
  std::string key_file;                         // -k
  std::optional<dnssec::TsigKey> signing_key;   // what became of them (key.hpp)
  bool key_unused = false;                      // nothing
  std::optional<std::uint32_t> signing_time_s;  // +fuzztime: since 1970; unset: now
  bool keep_open = false;                       // +keepopen
  bool search = false;                          // +search: the list of /etc/resolv.conf
  std::optional<std::string> domain;            // +domain: instead of that list
  std::optional<unsigned> ndots;
  bool show_search = false;
  bool retry_bad_cookie = true;  // +badcookie
  bool show_bad_cookie = false;
  bool idn_in = false;
  bool dns64_prefix = false;
  bool why = false;            // the steps behind the answer, from cairnd
  std::string control_socket;  // of that cairnd; empty: the usual one
  bool map = false;            // the delegation path, drawn
  bool validate = false;       // the chain of trust, walked and drawn
  std::string anchor_file;     // where it begins; empty: IANA's keys of the root
  unsigned tries = 3;
  unsigned timeout_s = 0;  // 0: dig's own, 5 s for UDP and 10 s for TCP
  QueryForm form;
  Display display;

  Reading reading() const { return best_effort ? Reading::BestEffort : Reading::Strict; }

  bool operator==(const Lookup&) const = default;
};

/// What counts for all lookups wherever it stands, and stays for the next line of a batch.
struct Globals {
  Family family = Family::Any;
  std::optional<std::uint16_t> port;     // -p
  std::optional<wire::Endpoint> source;  // -b
  std::optional<KeyWords> key;           // -y
  std::string key_file;                  // -k
  unsigned timeout_s = 0;
  bool keep_open = false;
  bool search = false;
  bool show_search = false;
  std::optional<std::string> domain;
  std::optional<unsigned> ndots;
  bool short_form = false;
  bool show_command = true;
  bool yaml = false;
  // A transfer is shown without these unless they were asked for before any name.
  bool comments_wanted = false;
  bool question_wanted = false;
};

}  // namespace cairn::cdig
