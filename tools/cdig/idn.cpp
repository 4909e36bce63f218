#include "tools/cdig/idn.hpp"

#include <idn2.h>

#include <memory>

namespace cairn::cdig {

namespace {

// The library's own memory.
struct Freed {
  void operator()(char* text) const { idn2_free(text); }
};
using Text = std::unique_ptr<char, Freed>;

}  // namespace

std::string to_unicode(const std::string& name) {
  char* found = nullptr;
  const int outcome = idn2_to_unicode_8zlz(name.c_str(), &found, IDN2_NONTRANSITIONAL);
  const Text text(found);
  return outcome == IDN2_OK ? text.get() : name;
}

wire::Result<std::string> from_unicode(const std::string& name) {
  char* found = nullptr;
  const int outcome = idn2_to_ascii_lz(name.c_str(), &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const Text text(found);
  if (outcome != IDN2_OK) return wire::Error{idn2_strerror(outcome)};
  return std::string(text.get());
}

}  // namespace cairn::cdig
