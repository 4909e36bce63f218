// One lookup from its servers to its output: who is asked in which order, when again, when over
// TCP, and what is said meanwhile. Everything goes to standard output in dig's words.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tools/cdig/options.hpp"
#include "tools/cdig/servers.hpp"
#include "wire/loose_message.hpp"

namespace cairn::cdig {

/// dig's exit codes (dig(1), RETURN CODES).
inline constexpr int exit_answered = 0;
inline constexpr int exit_usage = 1;
inline constexpr int exit_no_reply = 9;
inline constexpr int exit_internal = 10;

inline constexpr const char* no_reply_text = ";; no servers could be reached\n";

/// Standard output, which begins with a line that repeats the command, as soon as the first reply
/// (or the lack of any) has something to stand above.
class Output {
 public:
  Output(std::string words, bool show_command)
      : words_(std::move(words)), show_command_(show_command) {}

  void put(const std::string& text);
  /// How many addresses "@" stood for; 0: the system's servers are asked.
  void count_servers(std::size_t count) { servers_ = count; }
  /// Once: "; <<>> cdig 0.1.0 <<>> ..."
  void put_banner();

 private:
  std::string words_;
  bool show_command_;
  std::size_t servers_ = 0;
};

struct Reply {
  wire::Message query;
  wire::LooseMessage message;
  Delivery delivery;
};

/// Asks one server after the other until one replies, and comments on what goes wrong. nullopt:
/// nobody did, or what came could not be read; `exit_code` then says which.
struct Attempt {
  std::optional<Reply> reply;
  int exit_code = exit_answered;
};
Attempt ask(const Lookup& lookup, const wire::Question& question, std::span<const Server> servers,
            Output& output);

/// The whole of one lookup; its exit code.
int look_up(const Lookup& lookup, Output& output);

}  // namespace cairn::cdig
