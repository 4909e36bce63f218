#include "server/system_calls.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::server {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0;
#endif

constexpr int allowed[] = {
    // Datagrams and streams.
    SYS_socket,
    SYS_bind,
    SYS_connect,
    SYS_listen,
    SYS_accept4,
    SYS_shutdown,
    SYS_getsockname,
    SYS_getpeername,
    SYS_getsockopt,
    SYS_setsockopt,
    SYS_sendto,
    SYS_recvfrom,
    SYS_sendmsg,
    SYS_recvmsg,
    SYS_sendmmsg,
    SYS_recvmmsg,
    // The loop.
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_ppoll,
    SYS_eventfd2,
    SYS_pipe2,
    SYS_timerfd_create,
    SYS_timerfd_settime,
    SYS_read,
    SYS_readv,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_fcntl,
    SYS_ioctl,
    SYS_dup,
    SYS_dup3,
    // Configuration and zones at a reload; what is kept below the state folder (SQLite's too).
    SYS_openat,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_getdents64,
    SYS_lseek,
    SYS_readlinkat,
    SYS_getcwd,
    SYS_pread64,
    SYS_pwrite64,
    SYS_fsync,
    SYS_fdatasync,
    SYS_ftruncate,
    SYS_fallocate,
    SYS_unlinkat,
    SYS_renameat,
    SYS_renameat2,
    SYS_mkdirat,
    SYS_fchmod,
    SYS_fchown,
    SYS_flock,
    SYS_umask,
    // Memory and threads.
    SYS_munmap,
    SYS_mremap,
    SYS_brk,
    SYS_madvise,
    SYS_futex,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_getrandom,
    SYS_memfd_create,
    SYS_exit,
    SYS_exit_group,
    // Signals.
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_tgkill,
    SYS_restart_syscall,
    // What time it is, and who one is.
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_getpid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrusage,
    SYS_getrlimit,
    SYS_prlimit64,
    SYS_sysinfo,
    SYS_uname,
#if defined(__x86_64__)
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_unlink,
    SYS_rename,
    SYS_mkdir,
    SYS_poll,
    SYS_epoll_wait,
    SYS_pipe,
    SYS_time,
#endif
};

/// What newer libraries try once, to do without where there is none. io_uring is among them: what
/// is queued with it goes past every filter.
constexpr int absent[] = {
    SYS_io_uring_setup, SYS_close_range, SYS_openat2, SYS_epoll_pwait2,
    SYS_clone3,  // its flags lie in memory, where no filter sees them; clone() is taken then
};

/// Numbers above these were given out after the list was made: a newer C library tries such calls,
/// and does without when there are none.
constexpr std::uint32_t newest_known = 448;

class Program {
 public:
  Program() {
    load(offsetof(seccomp_data, arch));
    unless_equal(architecture, SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    if_at_least(0x40000000U, SECCOMP_RET_KILL_PROCESS);  // the calls of x32
#endif
    if_at_least(newest_known + 1, SECCOMP_RET_ERRNO | ENOSYS);
    for (const int call : allowed) if_equal(call, SECCOMP_RET_ALLOW);
    for (const int call : absent) if_equal(call, SECCOMP_RET_ERRNO | ENOSYS);
    // Threads are no other processes.
    with_argument(SYS_clone, 0, CLONE_THREAD, true);
    // No memory from which code could run.
    with_argument(SYS_mmap, 2, PROT_EXEC, false);
    with_argument(SYS_mprotect, 2, PROT_EXEC, false);
    end(SECCOMP_RET_KILL_PROCESS);
  }

  bool install() {
    const sock_fprog program{static_cast<unsigned short>(steps_.size()), steps_.data()};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);  // else only root may
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
  }

 private:
  void step(unsigned code, std::uint32_t value, std::uint8_t if_true = 0,
            std::uint8_t if_false = 0) {
    steps_.push_back({static_cast<std::uint16_t>(code), if_true, if_false, value});
  }
  void load(std::size_t offset) {
    step(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  }
  void end(std::uint32_t verdict) {
    step(BPF_RET | BPF_K, verdict);
  }
  void if_equal(int call, std::uint32_t verdict) {
    step(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1);
    end(verdict);
  }
  void unless_equal(std::uint32_t value, std::uint32_t verdict) {
    step(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    end(verdict);
  }
  void if_at_least(std::uint32_t value, std::uint32_t verdict) {
    step(BPF_JMP | BPF_JGE | BPF_K, value, 0, 1);
    end(verdict);
  }
  /// Allowed if that bit of an argument is (or is not) set; else the end.
  void with_argument(int call, unsigned argument, std::uint32_t bit, bool set) {
    step(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 4);
    load(offsetof(seccomp_data, args) + 8 * argument);  // the lower half: both are little-endian
    step(BPF_JMP | BPF_JSET | BPF_K, bit, set ? 0 : 1, set ? 1 : 0);
    end(SECCOMP_RET_ALLOW);
    end(SECCOMP_RET_KILL_PROCESS);
  }

  std::vector<sock_filter> steps_;
};

}  // namespace

bool forbid_other_system_calls() {
  return architecture != 0 && Program().install();
}

}  // namespace cairn::server
