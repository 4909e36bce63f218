#include "server/privileges.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "server/start_error.hpp"

namespace cairn::server {

std::size_t raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void forbid_core_files() {
  constexpr rlimit none{};
  ::setrlimit(RLIMIT_CORE, &none);
}

void check_user(const std::string& user) {
  if (::geteuid() != 0 || user.empty() || ::getpwnam(user.c_str())) return;
  throw StartError{ExitCode::File, "`user`: there is no user \"" + user +
                                       "\" to become after the sockets are bound; make it with "
                                       "`useradd --system " +
                                       user + "`, name another, or say `user = \"\"` to stay root"};
}

void drop_privileges(const std::string& user, const std::filesystem::path& control) {
  if (::geteuid() == 0 && !user.empty()) {
    const passwd* entry = ::getpwnam(user.c_str());
    if (!entry) check_user(user);
    if (!control.empty() && ::chown(control.c_str(), entry->pw_uid, entry->pw_gid) != 0)
      throw StartError{ExitCode::File, "`control`: cannot give " + control.string() + " to user " +
                                           user + ": " + std::strerror(errno)};
    if (::initgroups(user.c_str(), entry->pw_gid) != 0 || ::setgid(entry->pw_gid) != 0 ||
        ::setuid(entry->pw_uid) != 0)
      throw StartError{ExitCode::File,
                       "`user`: cannot become " + user + ": " + std::strerror(errno)};
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

}  // namespace cairn::server
