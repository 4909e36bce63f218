// What the daemon may still ask of the kernel once it serves: a list of system calls (seccomp(2)),
// and whoever takes the process over from a packet on finds no other. No new program, no other
// process, no file system, no privileges; memory is never made executable. A call that is not on
// the list ends the process at once: nothing of ours makes it.
//
// The service manager's own filter (SystemCallFilter= of the unit) is wider, since it must let the
// daemon start; this one also holds where there is no service manager.
#pragma once

namespace cairn::server {

/// For all threads, those that exist and those to come, and for ever. False where the kernel has no
/// such filter, or this processor is none of those whose calls are known here.
bool forbid_other_system_calls();

}  // namespace cairn::server
