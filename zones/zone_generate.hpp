// $GENERATE, BIND 9's directive for runs of similar records: a range of numbers, and texts in which
// `$` stands for the number. No RFC defines it; what is read here is what BIND 9.18 reads.
//
//   $GENERATE 1-254 host-${0,3,d} A 10.0.0.$     host-001 A 10.0.0.1 ... host-254 A 10.0.0.254
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/result.hpp"

namespace cairn::zones {

/// `first` to `last`, both included, in steps of `step`.
struct GenerateRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t step = 1;

  std::size_t count() const { return std::size_t{last - first} / step + 1; }
  bool operator==(const GenerateRange&) const = default;
};

/// "1-254" or "0-255/16"; numbers below 2^31.
wire::Result<GenerateRange> generate_range_from_text(std::string_view text);

/// `pattern` with `number` in place of every `$`; `${offset,width,base}` adds the offset, fills up
/// with zeros to the width and writes in base d (decimal, the default), o, x, X, or in nibbles for
/// reverse names: n, N. `$$` is a dollar sign, and behind a backslash stands what stands there.
wire::Result<std::string> generate_text(std::string_view pattern, std::uint32_t number);

}  // namespace cairn::zones
