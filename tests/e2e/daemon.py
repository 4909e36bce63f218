"""cairnd as a test starts it: in a folder of its own, with the shipped defaults but for the
address, and with an eye on what it leaves behind."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
CAIRND = BUILD / "server" / "cairnd"
CAIRNCTL = BUILD / "tools" / "cairnctl"
CDIG = BUILD / "tools" / "cdig"
START = 15.0  # seconds, on a machine with much else to do
PORTS = iter(range(5310, 5400))  # one for each daemon, so that none waits for another's end


class Daemon:
    """A folder with cairn.toml and the sample zone, and a cairnd that may run on them."""

    def __init__(self, listen="127.0.0.1", port=None, more="", zones=True):
        self.port = port or next(PORTS)
        self.server = ("127.0.0.1", self.port)
        self.folder = Path(tempfile.mkdtemp(prefix="cairn-e2e-"))
        self.control = self.folder / "control.sock"
        self.zone = self.folder / "lab.example.zone"
        shutil.copy(ROOT / "systemd" / "sample.zone", self.zone)
        self.config = self.folder / "cairn.toml"
        self.config.write_text(self.toml(listen, more, zones))
        self.log = self.folder / "log"
        self.process = None

    def toml(self, listen, more="", zones=True):
        lines = [f'listen = ["{listen}:{self.port}"]', 'user = ""', 'state-dir = "state"']
        lines += ['control = "control.sock"', more]
        lines += ["[zones]", '"lab.example" = "lab.example.zone"'] if zones else []
        return "\n".join(lines) + "\n"

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command=(), **how):
        """Starts it and waits until it says READY=1 (sd_notify(3)), as the service manager does."""
        name = str(self.folder / "notify.sock")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(name)
            told.settimeout(0.2)
            self.process = self.spawn(command, env=os.environ | {"NOTIFY_SOCKET": name}, **how)
            self.messages = []
            deadline = time.monotonic() + START
            while not any("READY=1" in message for message in self.messages):
                with contextlib.suppress(TimeoutError):
                    self.messages.append(told.recv(4096).decode())
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise RuntimeError("cairnd did not start: " + self.log.read_text())
        return self

    def spawn(self, command, **how):
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [*command, str(CAIRND), "-c", str(self.config)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how,
            )  # fmt: skip

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def terminate(self, patience):
        """Its exit code after SIGTERM, and how long that took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience), time.monotonic() - started

    def ctl(self, *arguments):
        """What cairnctl prints."""
        command = [CAIRNCTL, "--socket", self.control, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        if done.returncode != 0:
            raise RuntimeError(f"cairnctl {arguments}: {done.stderr}{done.stdout}")
        return done.stdout

    def ask_control(self, verb, **more):
        """The control socket's own reply, an object of JSON."""
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(20)
            stream.connect(str(self.control))
            stream.sendall(json.dumps({"do": verb, **more}).encode() + b"\n")
            return json.loads(stream.makefile().readline())

    def stats(self):
        return self.ask_control("stats")

    def memory_octets(self):
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def run_to_end(arguments, **how):
    """cairnd that is meant to end by itself: exit code and what it said on stderr."""
    command = [str(CAIRND), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, **how)
    return done.returncode, done.stderr
