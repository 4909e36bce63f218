"""The resolvers under attack: what their files in resolvers/ need, and how they are watched.

Each is started afresh for each row, on port 5300, with one thread and the defaults of its package, but
for three things: our root, no DNSSEC (unless a row is about it), and servers on any address.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import peers
import records
from clients import ask

HERE = Path(__file__).resolve().parent
LAN = "45.0.0.53"  # where those ask that are not on this host
NEAR = "45.90.0.0/16"  # who may
PORT = peers.PORT
PATIENCE = 20.0  # seconds for a start

# What the words in a file stand for: of a forward zone {0} its name and {1} its server.
YES_NO = {"unbound": ("no", "yes"), "pdns": ("", ", ::"), "bind": ("-4", "-d0")}
FORWARD = {
    "cairn": 'forward = [{{ zone = "{0}", servers = ["{1}"] }}]',
    "unbound": 'forward-zone:\n  name: "{0}"\n  forward-addr: {1}',
    "kresd": "policy.add(policy.suffix(policy.FORWARD('{1}'), {{todname('{0}')}}))",
    "pdns": "forward-zones-recurse={0}={1}",
    "bind": 'zone "{0}" {{ type forward; forward only; forwarders {{ {1}; }}; }};',
}


def known(build):
    """{name: function of (forward, ipv6, cache) to its peers.Peer}."""
    cairnd = str(build / "server" / "cairnd")
    believer = str(HERE / "believer")
    return {
        "cairn": ("", cairnd, ("-c", "@DIR@/cairn.toml"), "cairn.toml"),
        "unbound": ("unbound", "unbound", ("-d", "-c", "@DIR@/unbound.conf"), "unbound.conf"),
        "kresd": ("knot-resolver", "kresd", ("-n", "-q", "-c", "@DIR@/kresd.conf", "@DIR@"),
                  "kresd.conf"),
        "pdns": ("pdns-recursor", "pdns_recursor", ("--config-dir=@DIR@",), "recursor.conf"),
        "bind": ("bind9", "named", ("-f", "-n", "1", "@ipv6@", "-c", "@DIR@/named.conf"),
                 "named.conf"),
        "believer": ("", sys.executable, (believer, str(PORT), "@zone@", "@forwarder@"), None),
    }  # fmt: skip


# DNSSEC, where a row wants it: what stands in the file, and what instead; {0} is a file with DNSKEY records.
VALIDATE = {
    "cairn": ("validation = false", 'validation = true\ntrust-anchor-file = "{0}"'),
    "unbound": ('module-config: "iterator"', 'module-config: "validator iterator"\n  trust-anchor-file: "{0}"'),
    "kresd": ("trust_anchors.remove('.')", "trust_anchors.remove('.')\ntrust_anchors.add_file('{0}', true)"),
    "pdns": ("dnssec=off", "dnssec=validate\nlua-config-file=@DIR@/anchor.lua"),
    "bind": ("dnssec-validation no;", "dnssec-validation yes;"),
}


def peer_of(name, build, forward=None, ipv6=False, cache=128, anchor=None):
    package, program, arguments, file = known(build)[name]
    zone, forwarder = forward or ("", "")
    words = {
        "zone": zone, "forwarder": forwarder,
        "ipv6": YES_NO.get(name, ("false", "true"))[ipv6],
        "forward": FORWARD[name].format(*forward) if forward and name in FORWARD else "",
        "cache": str(cache), "rrsets": str(cache * 2 // 3), "messages": str(cache // 3),
        "entries": str(cache * 3000),  # of some 340 octets
        "LAN": LAN, "NEAR": NEAR,
    }  # fmt: skip

    def filled(text):
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        return text

    files = {file: filled((HERE / "resolvers" / file).read_text())} if file else {}
    if anchor and file:
        files |= validating(name, files[file], anchor, file)
    return peers.Peer(name, package, program, tuple(map(filled, arguments)), files)


def validating(name, text, anchor, file):
    """Its files with validation from the anchor."""
    was, now = VALIDATE[name]
    keys = records.parse(anchor.read_text())
    files = {file: text.replace(was, now.format(anchor))}
    if name == "bind":
        words = [f'{key.owner} static-key {" ".join(key.words[:3])} "{key.words[3]}";' for key in keys]
        files[file] += f"trust-anchors {{ {' '.join(words)} }};\n"
    if name == "pdns":
        added = [f"addTA('{key.owner}', '{' '.join(records.ds(key).words)}')" for key in keys]
        files["anchor.lua"] = "\n".join(["clearTA()", *added, ""])
    return files


class Resolver:
    """One that runs. CPU time, memory and files are the whole process'."""

    def __init__(self, name, folder, build, files=None, validate=False, **how):
        self.name, self.folder = name, folder / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        peer = peer_of(name, build, anchor=folder / "anchor" if validate else None, **how)
        command = peers.prepare(peer, self.folder, folder / "hints")
        if files:
            command = ["prlimit", f"--nofile={files}:{files}", *command]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        self.ready()

    def ready(self):
        """Waits until it answers; it then knows the root and com, and has seen good.com."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            reply = ask("ready.good.com", patience=0.5)
            if reply and reply.rcode == "NOERROR":
                return
            time.sleep(0.02)
        log = (self.folder / "log").read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"{self.name} does not answer: {log[-600:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cpu_ms(self):
        """What all its threads have run, to the nanosecond."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def memory_mb(self):
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
