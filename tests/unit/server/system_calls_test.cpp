#include "server/system_calls.hpp"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace cairn::server {
namespace {

struct Call {
  const char* what;
  long number;
  std::array<long, 6> arguments;
};

/// How a process ends that makes this call behind the filter: its status as waitpid() tells it.
int end_of(const Call& call) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!forbid_other_system_calls()) ::_exit(77);
    const auto& its = call.arguments;
    const long result = ::syscall(call.number, its[0], its[1], its[2], its[3], its[4], its[5]);
    ::syscall(SYS_exit_group, result == -1 ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

constexpr long executable = PROT_READ | PROT_WRITE | PROT_EXEC;
constexpr long own_memory = MAP_PRIVATE | MAP_ANONYMOUS;

TEST_CASE("a process that makes a system call which is none of the daemon's ends at once") {
  const Call forbidden[] = {
      {"a program is started", SYS_execve, {}},
      {"a program is started from a file", SYS_execveat, {-1}},
      {"a process is made", SYS_clone, {SIGCHLD}},
      {"memory is made executable", SYS_mmap, {0, 4096, executable, own_memory, -1, 0}},
      {"memory becomes executable", SYS_mprotect, {0, 0, PROT_READ | PROT_EXEC}},
      {"another process is traced", SYS_ptrace, {}},
      {"another's memory is read", SYS_process_vm_readv, {1}},
      {"another process is ended", SYS_kill, {0, 0}},
      {"a file system is mounted", SYS_mount, {}},
      {"the root is changed", SYS_chroot, {}},
      {"a namespace is left", SYS_unshare, {}},
      {"a namespace is entered", SYS_setns, {-1}},
      {"the user is changed", SYS_setuid, {0}},
      {"the group is changed", SYS_setgid, {0}},
      {"capabilities are changed", SYS_capset, {}},
      {"a kernel module is loaded", SYS_finit_module, {-1}},
      {"a program of the kernel is loaded", SYS_bpf, {}},
      {"another kernel is loaded", SYS_kexec_load, {}},
      {"the machine is rebooted", SYS_reboot, {}},
      {"the clock is set", SYS_clock_settime, {}},
      {"events of the processor are watched", SYS_perf_event_open, {}},
      {"page faults are served", SYS_userfaultfd, {}},
      {"system calls are queued past the filter", SYS_io_uring_enter, {-1}},
      {"a file is made somebody else's", SYS_fchownat, {-1}},
      {"a key of the kernel is asked for", SYS_keyctl, {}},
  };
  for (const Call& call : forbidden) {
    CAPTURE(call.what);
    const int status = end_of(call);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGSYS);
  }
}

TEST_CASE("what the daemon does goes on behind the filter") {
  const Call harmless[] = {
      {"who am I", SYS_getpid, {}},
      {"memory", SYS_mmap, {0, 4096, PROT_READ | PROT_WRITE, own_memory, -1, 0}},
      {"a socket", SYS_socket, {2, 2, 0}},
  };
  for (const Call& call : harmless) {
    CAPTURE(call.what);
    const int status = end_of(call);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  // Calls that a library only tries, or that are newer than the list: it does without.
  const Call absent[] = {
      {"unheard of", 9999, {}},
      {"a queue of system calls", SYS_io_uring_setup, {8}},
      {"a thread, or a process", SYS_clone3, {}},
      {"descriptors are closed by the hundred", SYS_close_range, {900, 901}},
  };
  for (const Call& call : absent) {
    CAPTURE(call.what);
    const int status = end_of(call);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
  }
}

}  // namespace
}  // namespace cairn::server
