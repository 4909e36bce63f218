// What the RDATA of each type consists of: one table, RR type -> kinds of fields. Decompression,
// compression, canonical form, text out and text in all read it: a new type is one line of
// rdata_layout.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wire/reader.hpp"
#include "wire/types.hpp"
#include "wire/writer.hpp"

namespace cairn::wire {

/// How a field stands on the wire and in text.
enum class Field : std::uint8_t {
  // Numbers.
  U8,             // decimal
  U16,            // decimal
  U32,            // decimal
  U48,            // decimal
  Ttl,            // 32 bits, seconds, or with units in text (SOA timers)
  Time,           // 32 bits, YYYYMMDDHHmmSS (RFC 4034 section 3.2)
  Algorithm,      // 8 bits, decimal; in text also a mnemonic (RFC 4034 appendix A.1)
  AlgorithmName,  // the same, written as a mnemonic (CERT)
  Digest,         // 8 bits, decimal; in text also a mnemonic (DS)
  Certificate,    // 16 bits, a mnemonic where there is one (RFC 4398 section 2.1)
  KeyFlags,       // 16 bits, decimal; in text also mnemonics (RFC 2535 section 7.1)
  KeyProtocol,    // 8 bits, decimal; in text also a mnemonic
  Scheme,         // 8 bits, a mnemonic where there is one (DSYNC)
  TypeCode,       // 16 bits, a mnemonic or TYPE300 (RRSIG's type covered)
  OldTypeCode,    // 16 bits, a mnemonic or 300 (SIG, older than RFC 3597)
  ErrorCode,      // 16 bits, the mnemonic of an error of TSIG or TKEY (RFC 8945 section 3)
  // Addresses.
  IPv4,      // 4 octets
  IPv6,      // 16 octets
  Locator,   // 8 octets as 4 hexadecimal numbers, by colons (RFC 6742 section 2.1)
  Eui48,     // 6 octets in hex, by hyphens (RFC 7043)
  Eui64,     // 8 octets
  Nsap,      // the rest, in hex behind 0x (RFC 1706)
  Atm,       // the rest: format, then address (ATMA)
  A6Suffix,  // prefix length, then the octets of the address that it leaves (RFC 2874)
  Gateway,   // kind and algorithm, then an address or a name (RFC 4025 section 2)
  Relay,     // kind and discovery bit, then an address or a name (RFC 8777 section 4)
  Services,  // the rest: protocol and bitmap of ports (WKS)
  Prefixes,  // the rest: RFC 3123; may be empty
  Location,  // the rest: RFC 1876
  // Names.
  CompressedName,  // RFC 1035's own types: compressed when written
  Name,            // never compressed when written, accepted compressed (RFC 3597 section 4)
  CasedName,       // as Name, and its case counts in the canonical form (RFC 6840 section 5.1)
  OptionalName,    // to the end, if anything is left; never compressed (A6)
  Names,           // to the end, as many as there are; never compressed (HIP)
  // Strings.
  String,          // <character-string>
  OptionalString,  // <character-string>, if anything is left (ISDN)
  Strings,         // one or more <character-string>, to the end
  Tag,             // length octet, then letters, unquoted (CAA)
  Text,            // the rest, as one quoted string (CAA, URI)
  // Octets.
  Salt,            // length octet, then octets in hex; "-" when empty (RFC 5155 section 3.3)
  HashedName,      // length octet, then octets in base32hex (RFC 5155 section 3.3)
  HostIdentity,    // lengths, algorithm, tag in hex, key in base64 (RFC 8005 section 5)
  Hex,             // the rest, in hex; not empty
  Base64,          // the rest, in base64; not empty
  OptionalBase64,  // as Base64, and may be empty (RFC 2535 section 3.1.2)
  DashedBase64,    // as OptionalBase64, "-" when empty (DOA)
  SizedBase64,     // 16-bit length, then octets in base64 behind their number (TSIG, TKEY)
  SpacedBase64,    // the same, with a space behind a lone 0, as dig does it
  // Lists.
  TypeBitmap,     // the rest: RFC 4034 section 4.1.2
  NxtTypeBitmap,  // the rest: one bit for each of the types 1 to 127 (RFC 2535 section 5.2)
  SvcParams,      // the rest: RFC 9460 section 2.2
};

struct Layout {
  RRType type;
  std::string_view mnemonic;
  std::span<const Field> fields;  // empty: opaque, or without data of its own (NULL, ANY, AXFR)
  /// What no field can tell alone, of RDATA whose fields fit; nullptr: nothing more.
  bool (*is_sound)(std::span<const std::uint8_t> rdata) = nullptr;
};

/// nullptr for a type that cairn does not know: its RDATA is opaque (RFC 3597).
const Layout* layout_of(RRType type);
const Layout* layout_of(std::string_view mnemonic);  // in any case

/// How many octets the field at the head of uncompressed `rest` takes; nullopt if none stands there
/// whole.
std::optional<std::size_t> field_size(Field field, std::span<const std::uint8_t> rest);

/// Reads `octets` octets of RDATA, names decompressed. nullopt (and reader.failed()) if they do not
/// fit the layout exactly. An empty RDATA is let through for class ANY and NONE by the caller (RFC
/// 2136), not here.
std::optional<Bytes> read_rdata(Reader& reader, RRType type, std::size_t octets);

/// Whether uncompressed `rdata` fits the layout of `type` exactly. Always true for unknown types.
bool is_well_formed(RRType type, std::span<const std::uint8_t> rdata);

/// Writes well-formed RDATA, with its names compressed where the type allows it; without the length
/// in front.
void write_rdata(Writer& writer, RRType type, std::span<const std::uint8_t> rdata);

/// Canonical form: names in lower case for the types of RFC 4034 section 6.2 as corrected by RFC
/// 6840 section 5.1.
Bytes canonical_rdata(RRType type, std::span<const std::uint8_t> rdata);

}  // namespace cairn::wire
