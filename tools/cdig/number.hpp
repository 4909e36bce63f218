// Numbers on cdig's command line, refused in dig's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::cdig {

/// Decimal; with `any_base` also "0x1f" and "017". The string says what is wrong with the text.
std::variant<std::uint32_t, std::string> number_in(std::string_view text, std::uint32_t most,
                                                   bool any_base = false);

}  // namespace cairn::cdig
