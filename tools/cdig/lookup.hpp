// One lookup from its servers to its output: who is asked in which order, when again, when over
// TCP, and what is said meanwhile. Everything goes to standard output in dig's words.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tools/cdig/key.hpp"
#include "tools/cdig/options.hpp"
#include "tools/cdig/output.hpp"
#include "tools/cdig/servers.hpp"
#include "wire/loose_message.hpp"

namespace cairn::cdig {

/// dig's exit codes (dig(1), RETURN CODES).
inline constexpr int exit_answered = 0;
inline constexpr int exit_usage = 1;
inline constexpr int exit_no_reply = 9;
inline constexpr int exit_internal = 10;
/// cdig's own: +validate found the answer bogus.
inline constexpr int exit_bogus = 11;
inline constexpr int exit_indeterminate = 12;

/// What this host has to say about lookups.
struct System {
  std::string program;  // in front of error messages
  ResolvConf conf;
  ServerNames names;
  Keys keys;
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
int look_up(Lookup lookup, System& system, Output& output);

}  // namespace cairn::cdig
