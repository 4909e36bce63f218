// cairnd(8): the command line, and the exit code of whatever stops the start.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "dnssec/crypto.hpp"
#include "server/daemon.hpp"
#include "server/version.hpp"

namespace {

using cairn::server::Config;
using cairn::server::Daemon;
using cairn::server::ExitCode;
using cairn::server::StartError;

int exit_with(ExitCode code, const std::string& message) {
  std::fprintf(stderr, "cairnd: %s\n", message.c_str());
  return static_cast<int>(code);
}

int check(const std::optional<std::filesystem::path>& file) {
  const Config config = cairn::server::read_config_or_default(file);
  cairn::server::load(config);
  for (const std::string& warning : config.warnings)
    std::fprintf(stderr, "cairnd: warning: %s\n", warning.c_str());
  std::puts("ok");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("cairn, a recursive and authoritative DNS server", "cairnd");
  std::string file;
  bool only_check = false;
  app.add_option("-c,--config", file, "configuration; default /etc/cairn/cairn.toml");
  app.add_flag("--check", only_check, "read configuration and zones, say what is wrong, and end");
  app.set_version_flag("--version", std::string("cairnd ") + cairn::server::version);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return exit_with(ExitCode::Configuration, std::string(error.what()) + "; see cairnd --help");
  }

  std::optional<std::filesystem::path> config_file;
  if (!file.empty()) config_file = file;
  try {
    if (only_check) return check(config_file);
    // Its modules are code, which no system call may bring in once the daemon serves.
    cairn::dnssec::ignore_system_configuration();
    Daemon(config_file).run();
    return 0;
  } catch (const StartError& error) {
    return exit_with(error.code, error.message);
  } catch (const std::exception& error) {
    return exit_with(ExitCode::Internal, std::string("internal error: ") + error.what());
  }
}
