// What stops the start: one sentence with place and remedy, and the exit code that scripts see.
// The only exception of the daemon, for the operator's mistakes before anything is served.
#pragma once

#include <cstdint>
#include <string>

namespace cairn::server {

enum class ExitCode : std::uint8_t {
  Ok = 0,
  Configuration = 1,  // or usage
  CannotBind = 2,
  File = 3,  // or permission
  Internal = 70,
};

struct StartError {
  ExitCode code = ExitCode::Internal;
  std::string message;
};

}  // namespace cairn::server
