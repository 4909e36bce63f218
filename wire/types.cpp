#include "wire/types.hpp"

#include <algorithm>
#include <charconv>

#include "wire/name.hpp"
#include "wire/rdata_layout.hpp"

namespace cairn::wire {
namespace {

template <class Code>
struct Mnemonic {
  Code code;
  std::string_view text;
};

constexpr Mnemonic<RRClass> classes[] = {{RRClass::IN, "IN"},   {RRClass::CH, "CH"},
                                         {RRClass::HS, "HS"},   {RRClass::NONE, "NONE"},
                                         {RRClass::ANY, "ANY"}, {RRClass{0}, "RESERVED0"}};

constexpr Mnemonic<Opcode> opcodes[] = {{Opcode::Query, "QUERY"},   {Opcode::IQuery, "IQUERY"},
                                        {Opcode::Status, "STATUS"}, {Opcode::Notify, "NOTIFY"},
                                        {Opcode::Update, "UPDATE"}, {Opcode::Dso, "DSO"}};

constexpr Mnemonic<Rcode> rcodes[] = {
    {Rcode::NOERROR, "NOERROR"},    {Rcode::FORMERR, "FORMERR"}, {Rcode::SERVFAIL, "SERVFAIL"},
    {Rcode::NXDOMAIN, "NXDOMAIN"},  {Rcode::NOTIMP, "NOTIMP"},   {Rcode::REFUSED, "REFUSED"},
    {Rcode::YXDOMAIN, "YXDOMAIN"},  {Rcode::YXRRSET, "YXRRSET"}, {Rcode::NXRRSET, "NXRRSET"},
    {Rcode::NOTAUTH, "NOTAUTH"},    {Rcode::NOTZONE, "NOTZONE"}, {Rcode::BADVERS, "BADVERS"},
    {Rcode::BADCOOKIE, "BADCOOKIE"}};

// Read by these names, but written by number, because dig does not know them: RFC 9824, RFC 9774,
// and the key data of BIND's own managed keys.
constexpr Mnemonic<RRType> numbered_types[] = {{RRType{128}, "NXNAME"},
                                               {RRType{263}, "CLA"},
                                               {RRType{264}, "IPN"},
                                               {RRType{65533}, "KEYDATA"}};

/// Longer names of classes (RFC 1035 section 3.2.4).
constexpr Mnemonic<RRClass> class_names[] = {{RRClass::CH, "CHAOS"}, {RRClass::HS, "HESIOD"}};

/// The mnemonic of `code`, or `prefix` and its number where the table has none.
template <class Code, std::size_t count>
std::string mnemonic(const Mnemonic<Code> (&table)[count], Code code, std::string_view prefix) {
  const auto* found = std::ranges::find(table, code, &Mnemonic<Code>::code);
  if (found != std::end(table)) return std::string{found->text};
  return std::string{prefix} + std::to_string(static_cast<unsigned>(code));
}

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return fold(static_cast<std::uint8_t>(x)) == fold(static_cast<std::uint8_t>(y));
  });
}

/// The number in "TYPE65280" or "CLASS32" (RFC 3597 section 5), in any case.
std::optional<std::uint16_t> number_after(std::string_view prefix, std::string_view text) {
  if (text.size() <= prefix.size()) return std::nullopt;
  if (!equal_without_case(text.substr(0, prefix.size()), prefix)) return std::nullopt;
  std::uint16_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + prefix.size(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> seconds_per_unit(char unit) {
  switch (fold(static_cast<std::uint8_t>(unit))) {
    case 'w':
      return 7 * 86400;
    case 'd':
      return 86400;
    case 'h':
      return 3600;
    case 'm':
      return 60;
    case 's':
      return 1;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string to_text(RRType type) {
  if (const Layout* layout = layout_of(type)) return std::string{layout->mnemonic};
  return "TYPE" + std::to_string(static_cast<unsigned>(type));
}

std::string to_text(RRClass rrclass) {
  return mnemonic(classes, rrclass, "CLASS");
}

// The words for what has no name are dig's.
std::string to_text(Opcode opcode) {
  return mnemonic(opcodes, opcode, "RESERVED");
}

std::string to_text(Rcode rcode) {
  return mnemonic(rcodes, rcode, static_cast<unsigned>(rcode) < 16 ? "RESERVED" : "RCODE");
}

std::optional<RRType> rrtype_from_text(std::string_view text) {
  if (const Layout* layout = layout_of(text)) return layout->type;
  if (const auto value = number_after("TYPE", text)) return RRType{*value};
  for (const auto& known : numbered_types) {
    if (equal_without_case(text, known.text)) return known.code;
  }
  return std::nullopt;
}

std::optional<RRClass> rrclass_from_text(std::string_view text) {
  for (const auto& known : classes) {
    if (equal_without_case(text, known.text)) return known.code;
  }
  for (const auto& known : class_names) {
    if (equal_without_case(text, known.text)) return known.code;
  }
  if (const auto value = number_after("CLASS", text)) return RRClass{*value};
  return std::nullopt;
}

std::optional<std::uint32_t> seconds_from_text(std::string_view text) {
  const char* at = text.data();
  const char* end = at + text.size();
  std::uint64_t total = 0;
  do {
    std::uint32_t count = 0;
    const auto [stop, error] = std::from_chars(at, end, count);
    if (error != std::errc{}) return std::nullopt;
    if (stop == end) {
      // A number without unit stands alone.
      if (at != text.data()) return std::nullopt;
      return count;
    }
    const auto unit = seconds_per_unit(*stop);
    if (!unit) return std::nullopt;
    total += std::uint64_t{count} * *unit;
    if (total > 0xFFFFFFFF) return std::nullopt;
    at = stop + 1;
  } while (at != end);
  return static_cast<std::uint32_t>(total);
}

}  // namespace cairn::wire
