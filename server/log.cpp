#include "server/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "server/json.hpp"

namespace cairn::server::log {
namespace {

spdlog::logger& logger() {
  static const auto made = [] {
    auto it = std::make_shared<spdlog::logger>("cairnd",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>());
    it->set_pattern("%v");
    it->flush_on(spdlog::level::trace);
    return it;
  }();
  return *made;
}

std::atomic<Format> format_in_use{Format::Text};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warning:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view word(Level level) {
  switch (level) {
    case Level::Debug:
      return "debug";
    case Level::Info:
      return "info";
    case Level::Warning:
      return "warning";
    case Level::Error:
      return "error";
  }
  return "?";
}

/// The prefix by which the journal knows the priority of a line (sd-daemon(3)).
int syslog_priority(Level level) {
  switch (level) {
    case Level::Debug:
      return 7;
    case Level::Info:
      return 6;
    case Level::Warning:
      return 4;
    case Level::Error:
      return 3;
  }
  return 6;
}

/// Whether stderr is the stream that JOURNAL_STREAM names (systemd.exec(5)).
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (!stream || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::string text_of(std::string_view sentence, std::initializer_list<Field> fields) {
  std::string text(sentence);
  for (const Field& field : fields) {
    const bool plain =
        !field.value.empty() && field.value.find_first_of(" \"=\n\t\r") == std::string::npos;
    text += fmt::format(" {}={}", field.key, plain ? field.value : json::quoted(field.value));
  }
  return text;
}

std::string json_of(Level level, std::string_view sentence, std::initializer_list<Field> fields) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string text =
      fmt::format(R"({{"time":{:.3f},"level":"{}","message":{})",
                  std::chrono::duration<double>(now).count(), word(level), json::quoted(sentence));
  for (const Field& field : fields)
    text += fmt::format(",{}:{}", json::quoted(field.key), json::quoted(field.value));
  return text + "}";
}

}  // namespace

std::optional<Level> level_from_text(std::string_view text) {
  for (const Level level : {Level::Debug, Level::Info, Level::Warning, Level::Error})
    if (text == word(level)) return level;
  return std::nullopt;
}

std::optional<Format> format_from_text(std::string_view text) {
  if (text == "auto") return Format::Auto;
  if (text == "journal") return Format::Journal;
  if (text == "text") return Format::Text;
  if (text == "json") return Format::Json;
  return std::nullopt;
}

void configure(Level least, Format format) {
  if (format == Format::Auto) format = stderr_is_journal() ? Format::Journal : Format::Text;
  format_in_use = format;
  logger().set_level(spdlog_level(least));
}

void write(Level level, std::string_view sentence, std::initializer_list<Field> fields) {
  const auto its = spdlog_level(level);
  if (!logger().should_log(its)) return;
  switch (format_in_use.load()) {
    case Format::Journal:
      logger().log(its, "<{}>{}", syslog_priority(level), text_of(sentence, fields));
      return;
    case Format::Json:
      logger().log(its, "{}", json_of(level, sentence, fields));
      return;
    default:
      logger().log(its, "cairnd: {}: {}", word(level), text_of(sentence, fields));
  }
}

}  // namespace cairn::server::log
