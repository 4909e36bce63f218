#include "tools/cdig/idn.hpp"

#include <idn2.h>

#include <algorithm>
#include <clocale>
#include <memory>

#include "wire/name.hpp"

namespace cairn::cdig {

namespace {

// The library's own memory.
struct Freed {
  void operator()(char* text) const { idn2_free(text); }
};
using Text = std::unique_ptr<char, Freed>;

// The library reads and writes the text of the user's locale, once the program has taken it on.
// That costs time, and therefore waits for the first name.
void speak_as_the_user() {
  [[maybe_unused]] static const char* const locale = std::setlocale(LC_CTYPE, "");
}

}  // namespace

std::string to_unicode(const std::string& name) {
  speak_as_the_user();
  char* found = nullptr;
  const int outcome = idn2_to_unicode_8zlz(name.c_str(), &found, IDN2_NONTRANSITIONAL);
  const Text text(found);
  if (outcome != IDN2_OK) return name;
  // What has no way back is no IDN (RFC 5891 section 5.4): it may hold a terminal's controls.
  const auto back = from_unicode(text.get());
  const bool returns =
      back && std::ranges::equal(*back, name, [](char a, char b) {
        return wire::fold(static_cast<std::uint8_t>(a)) == wire::fold(static_cast<std::uint8_t>(b));
      });
  return returns ? text.get() : name;
}

wire::Result<std::string> from_unicode(const std::string& name) {
  speak_as_the_user();
  char* found = nullptr;
  int outcome = idn2_to_ascii_lz(name.c_str(), &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (outcome == IDN2_DISALLOWED)  // IDNA2003 had room for symbols
    outcome = idn2_to_ascii_lz(name.c_str(), &found, IDN2_NFC_INPUT | IDN2_TRANSITIONAL);
  const Text text(found);
  if (outcome != IDN2_OK) return wire::Error{idn2_strerror(outcome)};
  return std::string(text.get());
}

}  // namespace cairn::cdig
