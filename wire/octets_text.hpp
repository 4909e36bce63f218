// Octets as text: hex, base64 and base32hex (RFC 4648), and the quotes and escapes of a
// <character-string> (RFC 1035 section 5.1). Reading is strict: what is accepted here is written
// back as the same octets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/types.hpp"

namespace cairn::wire {

/// In upper case, as dig prints it.
std::string to_hex(std::span<const std::uint8_t> octets);
std::optional<Bytes> from_hex(std::string_view text);

/// With padding.
std::string to_base64(std::span<const std::uint8_t> octets);
std::optional<Bytes> from_base64(std::string_view text);

/// Without padding, in upper case (RFC 5155 section 3.3).
std::string to_base32hex(std::span<const std::uint8_t> octets);
std::optional<Bytes> from_base32hex(std::string_view text);

/// Printable ASCII as it is, `"` and `\` behind a backslash, all else as `\DDD`.
std::string escape(std::span<const std::uint8_t> octets);
/// The octets that a text with `\X` and `\DDD` stands for; nullopt for a broken escape.
std::optional<Bytes> unescape(std::string_view text);

/// Well-formed UTF-8 (RFC 3629 section 4).
bool is_utf8(std::span<const std::uint8_t> octets);

}  // namespace cairn::wire
