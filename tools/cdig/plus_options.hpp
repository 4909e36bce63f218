// The "+keyword" options, one table. dig tells them apart by their first letters, and the table
// knows how many each needs: those count in lower case, what follows may be cut short anywhere and
// be written in any case. What an option does with its value is the function beside its name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tools/cdig/command_line.hpp"

namespace cairn::cdig {

/// One "+keyword" as it meets a lookup.
struct Setting {
  Lookup& lookup;
  Globals& globals;
  Said& said;
  bool before_names;       // counts for all lookups
  bool from_file = false;  // of -f or ~/.digrc, where dig knows no +tcp
  bool on = true;          // false behind "no"
  std::optional<std::string_view> value = std::nullopt;  // behind "="; never empty
  std::optional<UsageError> error = std::nullopt;
  bool refused = false;            // such a value is as good as no such option
  bool asks_dns64_prefix = false;  // +dns64prefix is a lookup of its own

  void fail(std::string fatal, int exit_code = 1);
  /// The value as a number, or nullopt and an error.
  std::optional<std::uint32_t> number(std::string_view what, std::uint32_t most,
                                      bool any_base = false, int exit_code = 10);
};

struct PlusOption {
  enum class Value : std::uint8_t { Free, Needed, NeededUnlessDenied };
  enum class Denial : std::uint8_t { Possible, Never, WithoutValue };
  std::string_view name;
  std::size_t shortest;   // so many letters are enough
  std::string_view form;  // of its value, for the help
  std::string_view help;
  void (*apply)(Setting&);
  Value value = Value::Free;
  Denial denial = Denial::Possible;
  std::size_t shortest_denied = 0;  // behind "no", where that is not the same
};

std::span<const PlusOption> plus_options();

/// The option that a name, perhaps cut short, stands for, with or without the "no" before it.
const PlusOption* plus_option(std::string_view name, bool denied);

/// `word` without its plus. false: dig knows no such option; `word` then ends where dig stopped to
/// read.
bool apply_plus_option(std::string_view& word, Setting& setting);

}  // namespace cairn::cdig
