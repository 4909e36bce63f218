"""How each vendor's server is configured and started: NSD, Knot DNS, BIND, and the witness Unbound.

Each configuration is the least that makes an authoritative server of one process with one thread,
in the foreground, without rate limits, remote control and state on disk. The programs are copied
into the lab's folder and started there: Debian's AppArmor profiles hang on the path of named and
unbound and would forbid them to read zone files and write logs anywhere but in /etc and /var.
"""

import ipaddress
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = {"nsd": "nsd", "knot": "knotd", "bind": "named", "unbound": "unbound"}


def program(vendor, folder):
    """The vendor's program, copied into the lab's folder."""
    name = PROGRAMS[vendor]
    copy = folder / "bin" / name
    if not copy.exists():
        found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        if found is None:
            raise FileNotFoundError(f"{name} is not installed")
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(found, copy)
    return str(copy)


def start(server, folder):
    """Starts an authoritative server; its configuration and log are below `folder`."""
    home = folder / "run" / server.name
    home.mkdir(parents=True)
    config = folder / "etc" / f"{server.name}.conf"
    text, arguments = {"nsd": nsd, "knot": knot, "bind": bind}[server.vendor](server, home)
    config.write_text(text)
    return spawn(server.name, [program(server.vendor, folder), *arguments, str(config)], folder)


def start_unbound(folder):
    """Starts the witness, a recursor on 127.0.0.1 port 5301."""
    command = [program("unbound", folder), "-d", "-c", str(HERE / "unbound.conf")]
    return spawn("unbound", command, folder)


def spawn(name, command, folder):
    with open(folder / "log" / f"{name}.log", "ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder / "run",
            start_new_session=True,
        )


def nsd(server, home):
    addresses = "".join(f"  ip-address: {a}\n" for a in server.addresses)
    zones = "".join(
        f'zone:\n  name: "{zone}"\n  zonefile: "{file}"\n' for zone, file in server.zones().items()
    )
    text = f"""\
server:
{addresses}  server-count: 1
  username: ""
  chroot: ""
  zonesdir: ""
  database: ""
  pidfile: ""
  zonelistfile: "{home}/zone.list"
  xfrdfile: ""
  xfrdir: "{home}"
  tcp-count: 250
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
{zones}"""
    return text, ["-d", "-c"]


def knot(server, home):
    addresses = "".join(f"    listen: {a}@53\n" for a in server.addresses)
    zones = "".join(
        f'  - domain: "{zone}"\n    file: "{file}"\n' for zone, file in server.zones().items()
    )
    text = f"""\
server:
    rundir: {home}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
{addresses}
log:
  - target: stderr
    any: notice
database:
    storage: {home}
    journal-db-max-size: 1M
    kasp-db-max-size: 5M
    timer-db-max-size: 1M
template:
  - id: default
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
zone:
{zones}"""
    return text, ["-c"]


def bind(server, home):
    def listen(version):
        return " ".join(
            f"{a};" for a in server.addresses if ipaddress.ip_address(a).version == version
        )

    zones = "".join(
        f'zone "{zone}" {{ type primary; file "{file}"; }};\n'
        for zone, file in server.zones().items()
    )
    # A secondary that never reaches its primary has no data and answers SERVFAIL.
    zones += "".join(
        f'zone "{zone}" {{ type secondary; primaries {{ 193.108.93.1; }}; }};\n'
        for zone in server.never_loaded
    )
    text = f"""\
options {{
  directory "{home}";
  listen-on {{ {listen(4)} }};
  listen-on-v6 {{ {listen(6)} }};
  recursion no;
  dnssec-validation no;
  notify no;
  check-names primary ignore;
  check-integrity no;
  pid-file none;
  session-keyfile none;
  lock-file none;
  interface-interval 0;
  tcp-clients 1000;
}};
controls {{ }};
logging {{
  channel log {{ stderr; severity notice; print-severity yes; }};
  category default {{ log; }};
}};
{zones}"""
    return text, ["-f", "-n", "1", "-c"]
