// The small types that everything else speaks: record types, classes, codes, TTLs and instants.
//
// They are types, not integers, so that a TTL cannot be added to a port and a class cannot stand
// where a type belongs. Mnemonics are the RFCs' own (RFC 1035, RFC 6895 and the IANA DNS
// parameters).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::wire {

using Bytes = std::vector<std::uint8_t>;

/// Resource record types (RFC 6895 section 3.1). Any 16-bit value is a valid RRType; those with a
/// layout of their own stand in rdata_layout.cpp, all others are carried as RFC 3597 says.
enum class RRType : std::uint16_t {
  A = 1,
  NS = 2,
  MD = 3,
  MF = 4,
  CNAME = 5,
  SOA = 6,
  MB = 7,
  MG = 8,
  MR = 9,
  NULL_ = 10,  // NULL is a macro
  WKS = 11,
  PTR = 12,
  HINFO = 13,
  MINFO = 14,
  MX = 15,
  TXT = 16,
  RP = 17,
  AFSDB = 18,
  X25 = 19,
  ISDN = 20,
  RT = 21,
  NSAP = 22,
  NSAP_PTR = 23,
  SIG = 24,
  KEY = 25,
  PX = 26,
  GPOS = 27,
  AAAA = 28,
  LOC = 29,
  NXT = 30,
  EID = 31,
  NIMLOC = 32,
  SRV = 33,
  ATMA = 34,
  NAPTR = 35,
  KX = 36,
  CERT = 37,
  A6 = 38,
  DNAME = 39,
  SINK = 40,
  OPT = 41,
  APL = 42,
  DS = 43,
  SSHFP = 44,
  IPSECKEY = 45,
  RRSIG = 46,
  NSEC = 47,
  DNSKEY = 48,
  DHCID = 49,
  NSEC3 = 50,
  NSEC3PARAM = 51,
  TLSA = 52,
  SMIMEA = 53,
  HIP = 55,
  NINFO = 56,
  RKEY = 57,
  TALINK = 58,
  CDS = 59,
  CDNSKEY = 60,
  OPENPGPKEY = 61,
  CSYNC = 62,
  ZONEMD = 63,
  SVCB = 64,
  HTTPS = 65,
  DSYNC = 66,
  HHIT = 67,
  BRID = 68,
  SPF = 99,
  UINFO = 100,
  UID = 101,
  GID = 102,
  UNSPEC = 103,
  NID = 104,
  L32 = 105,
  L64 = 106,
  LP = 107,
  EUI48 = 108,
  EUI64 = 109,
  TKEY = 249,
  TSIG = 250,
  IXFR = 251,
  AXFR = 252,
  MAILB = 253,
  MAILA = 254,
  ANY = 255,
  URI = 256,
  CAA = 257,
  AVC = 258,
  DOA = 259,
  AMTRELAY = 260,
  RESINFO = 261,
  WALLET = 262,
  TA = 32768,
  DLV = 32769,
};

/// Record classes (RFC 6895 section 3.2). cairn serves IN; the others exist to be refused by name.
enum class RRClass : std::uint16_t { IN = 1, CH = 3, HS = 4, NONE = 254, ANY = 255 };

/// Kinds of question (RFC 6895 section 2.2).
enum class Opcode : std::uint8_t {
  Query = 0,
  IQuery = 1,
  Status = 2,
  Notify = 4,
  Update = 5,
  Dso = 6
};

/// Response codes, with the upper eight bits that EDNS adds (RFC 6891 section 6.1.3).
enum class Rcode : std::uint16_t {
  NOERROR = 0,
  FORMERR = 1,
  SERVFAIL = 2,
  NXDOMAIN = 3,
  NOTIMP = 4,
  REFUSED = 5,
  YXDOMAIN = 6,
  YXRRSET = 7,
  NXRRSET = 8,
  NOTAUTH = 9,
  NOTZONE = 10,
  BADVERS = 16,
  BADCOOKIE = 23,
};

/// "AAAA"; "TYPE65280" for a type without mnemonic (RFC 3597 section 5).
std::string to_text(RRType type);
std::string to_text(RRClass rrclass);
std::string to_text(Opcode opcode);
std::string to_text(Rcode rcode);

/// The reverse of to_text, in any case; nullopt for what is no type or class.
std::optional<RRType> rrtype_from_text(std::string_view text);
std::optional<RRClass> rrclass_from_text(std::string_view text);
/// Seconds, plain ("5400") or with units of w, d, h, m and s ("1h30m"); 32 bits.
std::optional<std::uint32_t> seconds_from_text(std::string_view text);

/// A type that only questions may carry, or that describes a message: never data of a zone
/// (RFC 6895 section 3.1: 128-255 and OPT).
constexpr bool is_meta(RRType type) {
  const auto value = static_cast<std::uint16_t>(type);
  return type == RRType::OPT || (value >= 128 && value <= 255);
}

/// A time to live in seconds, 0 to 2^31-1 (RFC 2181 section 8).
struct Ttl {
  std::uint32_t seconds = 0;

  /// From 32 wire bits: a value with the top bit set counts as 0 (RFC 2181 section 8).
  static constexpr Ttl from_wire(std::uint32_t bits) { return Ttl{bits & 0x80000000U ? 0 : bits}; }
  auto operator<=>(const Ttl&) const = default;
};

/// The clock of the core: it never steps. Nobody below server/ can read it; instants come in.
struct CoreClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CoreClock, duration>;
  static constexpr bool is_steady = true;
};
using Duration = CoreClock::duration;
using Instant = CoreClock::time_point;

constexpr Duration as_duration(Ttl ttl) {
  return std::chrono::seconds{ttl.seconds};
}

}  // namespace cairn::wire
