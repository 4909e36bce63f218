"""The servers that the benchmark compares: how each is configured and started. One thread, caches
far larger than what is asked, no logs, no DNSSEC (the zones are not signed), IPv4 only."""

import os
import shutil
from dataclasses import dataclass

PORT = 5300
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Peer:
    name: str
    package: str  # of Debian; "" for our own
    program: str
    arguments: tuple[str, ...]  # @DIR@ is its folder
    files: dict[str, str]  # @HINTS@ is the root hints, @PORT@ the port

    def missing(self):
        return self.package and not find(self.program)


def find(program):
    return shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


CAIRN = """\
listen = ["127.0.0.1:@PORT@"]
workers = 1
user = ""
control = ""
state-dir = "@DIR@"
memory-limit = "3 GiB"
[resolver]
root-hints = "@HINTS@"
ipv6 = false
deny-upstream = []
[cache]
size = "2 GiB"
snapshot = false
[dnssec]
validation = false
[log]
level = "error"
"""

UNBOUND = """\
server:
  interface: 127.0.0.1@@PORT@
  access-control: 127.0.0.0/8 allow
  num-threads: 1
  so-rcvbuf: 4m
  so-sndbuf: 4m
  outgoing-range: 8192
  num-queries-per-thread: 4096
  msg-cache-size: 1g
  rrset-cache-size: 2g
  infra-cache-numhosts: 200000
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  root-hints: "@HINTS@"
  username: ""
  chroot: ""
  directory: "@DIR@"
  pidfile: ""
  use-syslog: no
  verbosity: 0
remote-control:
  control-enable: no
"""

KRESD = """\
net.ipv6 = false
net.listen('127.0.0.1', @PORT@, { kind = 'dns' })
modules = { 'hints > iterate' }
modules.unload('ta_update')
modules.unload('ta_signal_query')
modules.unload('detect_time_skew')
option('ALLOW_LOCAL', true)
hints.root_file('@HINTS@')
trust_anchors.remove('.')
cache.size = 2 * GB
log_level('crit')
"""

PDNS = """\
local-address=127.0.0.1
local-port=@PORT@
query-local-address=0.0.0.0
threads=1
pdns-distributes-queries=no
reuseport=yes
max-mthreads=4096
max-cache-entries=6000000
max-packetcache-entries=2000000
hint-file=@HINTS@
dont-query=
allow-from=127.0.0.0/8
dnssec=off
security-poll-suffix=
socket-dir=@DIR@
quiet=yes
loglevel=0
disable-syslog=yes
daemon=no
"""


def all_peers(build):
    """{name: Peer}; the echo loop is no resolver, but what the kernel alone costs."""
    bench = build / "tests" / "bench"
    cairnd = str(build / "server" / "cairnd")
    peers = [
        Peer("cairn", "", cairnd, ("-c", "@DIR@/cairn.toml"), {"cairn.toml": CAIRN}),
        Peer("unbound", "unbound", "unbound", ("-d", "-c", "@DIR@/conf"), {"conf": UNBOUND}),
        Peer("kresd", "knot-resolver", "kresd", ("-n", "-q", "-c", "@DIR@/conf", "@DIR@"),
             {"conf": KRESD}),
        Peer("pdns", "pdns-recursor", "pdns_recursor", ("--config-dir=@DIR@",),
             {"recursor.conf": PDNS}),
        Peer("echo", "", str(bench / "echo"), (str(PORT),), {}),
    ]  # fmt: skip
    return {peer.name: peer for peer in peers}


def prepare(peer, folder, hints):
    """Writes the configuration into `folder`; returns the command. The program of a package is
    copied: a distribution's AppArmor profile hangs on its path and would forbid our folder."""
    program = peer.program
    if peer.package:
        program = str(folder / os.path.basename(find(program)))
        shutil.copy(find(peer.program), program)
    words = {"@DIR@": str(folder), "@HINTS@": str(hints), "@PORT@": str(PORT)}

    def filled(text):
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    for name, text in peer.files.items():
        (folder / name).write_text(filled(text))
    return [program, *(filled(argument) for argument in peer.arguments)]
