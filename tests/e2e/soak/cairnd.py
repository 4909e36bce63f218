"""cairnd as a soak starts it: two workers, a hosted zone, a small cache, and an eye on its memory."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import peers
from world import ROOT

TOML = """\
listen = ["127.0.0.1:@PORT@"]
allow = ["127.0.0.0/8"]
workers = 2
user = ""
control = "@DIR@/control.sock"
state-dir = "@DIR@"
memory-limit = "@limit@ MiB"
[zones]
"lab.example" = "@DIR@/lab.example.zone"
[resolver]
root-hints = "@DIR@/hints"
ipv6 = false
deny-upstream = []
[cache]
size = "@cache@ MiB"
snapshot = false
[dnssec]
validation = false
[log]
level = "warning"
"""
ZONE = """\
@ 60 SOA ns hostmaster {serial} 3600 600 86400 60
@ 60 NS ns
ns 60 A 127.0.0.1
serial 60 TXT "{serial}"
"""
# The quarantine of freed memory is no growth of the daemon's.
ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:quarantine_size_mb=32",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


class Cairnd:
    def __init__(self, folder, build, sizes):
        self.folder, self.build = folder, build
        self.serial, self.samples = 0, []
        words = {"PORT": peers.PORT, "DIR": folder, **sizes}
        text = TOML
        for word, value in words.items():
            text = text.replace(f"@{word}@", str(value))
        (folder / "cairn.toml").write_text(text)
        (folder / "hints").write_text(f". 86400 IN NS a.rootlab.\na.rootlab. 86400 IN A {ROOT}\n")
        self.write_zone()
        with open(folder / "log", "wb") as log:
            command = [str(build / "server" / "cairnd"), "-c", str(folder / "cairn.toml")]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                env=os.environ | ENVIRONMENT,
            )  # fmt: skip
        self.started = time.monotonic()
        while not (folder / "control.sock").exists():
            if self.process.poll() is not None or time.monotonic() - self.started > 15:
                raise RuntimeError("cairnd did not start: " + self.log())
            time.sleep(0.02)
        threading.Thread(target=self.watch, daemon=True).start()

    def write_zone(self):
        self.serial += 1
        zone = self.folder / "lab.example.zone"
        zone.with_suffix(".new").write_text(ZONE.format(serial=self.serial))
        zone.with_suffix(".new").rename(zone)

    def watch(self):
        """Samples of (seconds since the start, MB), one a second."""
        while self.process.poll() is None:
            self.samples.append((time.monotonic() - self.started, self.memory_mb()))
            time.sleep(1)

    def memory_mb(self):
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def ctl(self, *words):
        """Whether cairnctl did it."""
        command = [self.build / "tools" / "cairnctl", "--socket", self.folder / "control.sock", *words]
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def end(self):
        """Ends it as the service manager does, and with it the search for leaks; what was wrong."""
        if self.process.poll() is not None:
            return f"it has ended by itself, with {self.process.returncode}:\n{self.log()[-6000:]}"
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            return "it did not end within 60 s of SIGTERM"
        said = self.log()
        sorry = any(word in said for word in ("Sanitizer", "runtime error"))
        return f"exit code {code}; it said:\n{said[-6000:]}" if code or sorry else ""
