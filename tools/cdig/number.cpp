#include "tools/cdig/number.hpp"

#include <charconv>

namespace cairn::cdig {

std::variant<std::uint32_t, std::string> number_in(std::string_view text, std::uint32_t most,
                                                   bool any_base) {
  int base = 10;
  if (any_base && (text.starts_with("0x") || text.starts_with("0X"))) {
    base = 16;
    text.remove_prefix(2);
  } else if (any_base && text.size() > 1 && text.front() == '0') {
    base = 8;
  }
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number, base);
  // from_chars takes a minus for signed numbers only.
  if (error == std::errc::invalid_argument || at != end) return "not a valid number";
  if (error != std::errc{} || number > most) return "out of range";
  return static_cast<std::uint32_t>(number);
}

}  // namespace cairn::cdig
