// The log: a sentence and its fields. To a terminal as text, to the journal with its priorities, or
// as one JSON object a line.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::server::log {

enum class Level : std::uint8_t { Debug, Info, Warning, Error };
enum class Format : std::uint8_t { Auto, Journal, Text, Json };

std::optional<Level> level_from_text(std::string_view text);
std::optional<Format> format_from_text(std::string_view text);

/// Auto: journal when stderr goes there, else text. May be called again, from any thread.
void configure(Level least, Format format);

struct Field {
  std::string_view key;
  std::string value;
};

/// From any thread.
void write(Level level, std::string_view sentence, std::initializer_list<Field> fields = {});

inline void info(std::string_view sentence, std::initializer_list<Field> fields = {}) {
  write(Level::Info, sentence, fields);
}
inline void warning(std::string_view sentence, std::initializer_list<Field> fields = {}) {
  write(Level::Warning, sentence, fields);
}
inline void error(std::string_view sentence, std::initializer_list<Field> fields = {}) {
  write(Level::Error, sentence, fields);
}

}  // namespace cairn::server::log
