"""The servers that dig and cdig ask, all of them on one loopback interface inside the lab.

  bind      127.5.3.1  fd53::1   named: authoritative, recursive for the lab's Internet, with cookies,
                                 port 53; TLS on 853, HTTPS on 443, plain HTTP on 80
  strict    127.5.3.5            the same named seen as a server without recursion
  cookies   127.5.3.6            a named that answers no question without a server cookie
  nsd       127.5.3.2  fd53::2   NSD
  knot      127.5.3.3  fd53::3   Knot DNS, which signs its zone itself, with NSEC3
  unbound   127.5.3.4            a validating resolver: bind's zones, and the lab's Internet
  odd       127.5.3.9  fd53::9   the odd server (odd_server.py)
  nobody    127.5.3.8            no server: the kernel refuses
  silent    127.5.3.7            a socket that nobody reads; its TCP port takes connections

Everything stands below one folder, in which the programs also run: keys, certificates, signed zones
are made at start and end with the lab. Answers come in a fixed order everywhere.
"""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import namespace
import vendors

HERE = Path(__file__).resolve().parent
ADDRESSES = {
    "bind": "127.5.3.1", "nsd": "127.5.3.2", "knot": "127.5.3.3", "unbound": "127.5.3.4",
    "strict": "127.5.3.5", "cookies": "127.5.3.6", "silent": "127.5.3.7", "nobody": "127.5.3.8",
    "odd": "127.5.3.9",
    "bind6": "fd53::1", "nsd6": "fd53::2", "knot6": "fd53::3", "odd6": "fd53::9", "nobody6": "fd53::8",
}  # fmt: skip
ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # no secret: it stands in the tables too
PLAIN_ZONES = {
    "types.test": "types.zone",
    "bind.test": "common.zone",
    "2.0.192.in-addr.arpa": "2.0.192.in-addr.arpa.zone",
    "8.b.d.0.1.0.0.2.ip6.arpa": "8.b.d.0.1.0.0.2.ip6.arpa.zone",
    "ipv4only.arpa": "ipv4only.arpa.zone",
    "first.search": "search.zone",
    "second.search": "search.zone",
}
# Signed with two kinds of keys each; NSEC in one, NSEC3 in the other.
SIGNED_ZONES = {
    "signed.test": (["ECDSAP256SHA256"], []),
    "rsa.test": (["RSASHA256", "-b", "2048"], ["-3", "aabbccdd", "-H", "2"]),
}


class Stage:
    """Builds the folder, starts the servers, and says what answers wrongly."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.processes = []

    def build(self):
        shutil.copytree(HERE / "files", self.folder)
        shutil.copytree(HERE / "zones", self.folder / "zones")
        for part in ("etc", "run", "log", "bin", "home/empty"):
            (self.folder / part).mkdir(parents=True)
        for address in ADDRESSES.values():  # named listens only where an interface has the address
            run("ip", "address", "add", namespace.host(address), "dev", "lo", *["nodad"] * (":" in address))
        run("mount", "--bind", self.folder / "resolv" / "usual", Path("/etc/resolv.conf").resolve())
        self.make_keys()
        self.make_certificates()
        self.sign_zones()
        self.start_nsd()
        self.start_knot()
        self.start_named()
        self.start_unbound()
        self.spawn("odd", [sys.executable, str(HERE / "odd_server.py"), ADDRESSES["odd"], ADDRESSES["odd6"]])
        self.keep_silent()

    # What is made at start.

    def make_keys(self):
        """Key files in tsig-keygen's form, of every algorithm; and one that no server knows."""
        for algorithm in ALGORITHMS:
            self.write(f"{algorithm}.key", key_clause(f"{algorithm}.key", algorithm, SECRET))
        self.write("wrong-secret.key", key_clause("sha256.key", "sha256", SECRET[::-1].lstrip("=") + "="))
        self.write("stranger.key", key_clause("stranger.key", "sha256", SECRET))
        self.write("broken.key", 'key "broken.key" {\n  algorithm hmac-sha256\n  secret "not base64!";\n};\n')
        self.write("empty.key", "")

    def make_certificates(self):
        """An authority, and bind's certificate by it for its address and the name bind.test."""

        def openssl(*arguments):
            run("openssl", *arguments, within=self.folder)

        subject = ["-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        openssl("req", "-x509", *subject, "-days", "2", "-subj", "/CN=authority.test", "-keyout", "ca.keyfile", "-out", "ca.pem")
        openssl("req", "-x509", *subject, "-days", "2", "-subj", "/CN=other.test", "-keyout", "other.keyfile", "-out", "other.pem")
        for name, alternatives, days in (
            ("server", f"DNS:bind.test,IP:{ADDRESSES['bind']}", "2"),
            ("client", "DNS:client.test", "2"),
        ):
            self.write("extensions", f"subjectAltName={alternatives}\n")
            openssl("req", *subject, "-subj", f"/CN={name}.test", "-keyout", f"{name}.keyfile", "-out", f"{name}.csr")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.keyfile",
                    "-CAcreateserial", "-days", days, "-extfile", "extensions", "-out", f"{name}.pem")  # fmt: skip

    def sign_zones(self):
        keys = self.folder / "keys"
        keys.mkdir()
        for zone, (algorithm, how) in SIGNED_ZONES.items():
            file = self.folder / "zones" / f"{zone}.zone"
            text = (self.folder / "zones" / "common.zone").read_text()
            for kind in ([], ["-f", "KSK"]):
                key = run("dnssec-keygen", "-q", "-K", keys, "-a", *algorithm, *kind, zone).strip()
                text += (keys / f"{key}.key").read_text()
            file.write_text(text)
            run("dnssec-signzone", "-q", "-S", "-K", keys, "-o", zone, *how, "-f", f"{file}.signed", file, within=keys)
        signing = [key for key in keys.glob("Ksigned.test.*.key") if " 257 " in key.read_text()]
        self.write("signed.anchor", "".join(line for line in signing[0].read_text().splitlines(True) if line[0] != ";"))

    # Who is started.

    def start_named(self):
        zones = {zone: self.folder / "zones" / file for zone, file in PLAIN_ZONES.items()}
        zones |= {zone: self.folder / "zones" / f"{zone}.zone.signed" for zone in SIGNED_ZONES}
        shutil.copy(self.folder / "zones" / "common.zone", self.folder / "zones" / "ixfr.test.zone")
        primary = "".join(f'  zone "{zone}" {{ type primary; file "{file}"; }};\n' for zone, file in zones.items())
        shared = "".join(f'  zone "{zone}" {{ in-view "resolver"; }};\n' for zone in [*zones, "ixfr.test"])
        keys = "".join(key_clause(f"{algorithm}.key", algorithm, SECRET) for algorithm in ALGORITHMS)
        listen = "".join(f"  listen-on port 53 {{ {ADDRESSES[one]}; }};\n" for one in ("bind", "strict"))
        for port, how in ((853, "tls local"), (443, "tls local http local"), (80, "tls none http local")):
            listen += f"  listen-on port {port} {how} {{ {ADDRESSES['bind']}; }};\n"
        common = """\
  dnssec-validation no;
  notify no;
  empty-zones-enable no;
  check-names primary ignore;
  check-integrity no;
  pid-file none;
  session-keyfile none;
  lock-file none;
  interface-interval 0;
  minimal-responses no;
  rrset-order { order none; };
  server-id "bind.test server";
  version "named of the suite";
  hostname "bind.host";
  cookie-secret "0123456789abcdef0123456789abcdef";
"""
        # named's own view of that class limits the rate of answers.
        chaos = "".join(f'  zone "{zone}" ch {{ type primary; database "_builtin {zone.replace("id.server", "id").split(".")[0]}"; }};\n'
                        for zone in ("version.bind", "hostname.bind", "authors.bind", "id.server"))  # fmt: skip
        keyed = " ".join(f"key {algorithm}.key;" for algorithm in ALGORITHMS)
        self.write("etc/bind.conf", f"""\
{keys}tls local {{ cert-file "{self.folder}/server.pem"; key-file "{self.folder}/server.keyfile"; }};
http local {{ endpoints {{ "/dns-query"; "/"; }}; }};
options {{
  directory "{self.folder}/run";
{listen}  listen-on-v6 port 53 {{ {ADDRESSES['bind6']}; }};
{common}  allow-transfer {{ any; }};
}};
controls {{ }};
logging {{ channel log {{ stderr; severity notice; }}; category default {{ log; }}; }};
view "chaos" ch {{
  match-clients {{ any; }};
{chaos}}};
view "resolver" {{
  match-destinations {{ !{ADDRESSES['strict']}; any; }};
  recursion yes;
  allow-recursion {{ any; }};
  zone "." {{ type hint; file "/usr/share/dns/root.hints"; }};
  zone "ixfr.test" {{ type primary; file "{self.folder}/zones/ixfr.test.zone"; allow-update {{ any; }}; }};
  zone "never-loaded.test" {{ type secondary; primaries {{ {ADDRESSES['nobody']}; }}; }};
  zone "keyed.test" {{ type primary; file "{self.folder}/zones/common.zone"; allow-transfer {{ {keyed} }}; }};
{primary}}};
view "authority" {{
  match-destinations {{ {ADDRESSES['strict']}; }};
  recursion no;
  minimal-responses yes;
{shared}}};
""")  # fmt: skip
        self.spawn("bind", [vendors.program("bind", self.folder), "-f", "-n", "1", "-c", str(self.folder / "etc/bind.conf")])
        self.write("etc/cookies.conf", f"""\
options {{
  directory "{self.folder}/run";
  listen-on port 53 {{ {ADDRESSES['cookies']}; }};
  listen-on-v6 {{ none; }};
{common}  recursion no;
  require-server-cookie yes;
}};
controls {{ }};
zone "bind.test" {{ type primary; file "{self.folder}/zones/common.zone"; }};
""")  # fmt: skip
        self.spawn("cookies", [vendors.program("bind", self.folder), "-f", "-n", "1", "-c", str(self.folder / "etc/cookies.conf")])

    def start_nsd(self):
        self.write("etc/nsd.conf", f"""\
server:
  ip-address: {ADDRESSES['nsd']}
  ip-address: {ADDRESSES['nsd6']}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: ""
  database: ""
  pidfile: ""
  zonelistfile: "{self.folder}/run/zone.list"
  xfrdfile: ""
  xfrdir: "{self.folder}/run"
  tcp-count: 100
  nsid: "ascii_nsd.test"
  identity: "nsd of the suite"
  version: "nsd"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
key:
  name: "sha256.key"
  algorithm: hmac-sha256
  secret: "{SECRET}"
zone:
  name: "nsd.test"
  zonefile: "{self.folder}/zones/common.zone"
  provide-xfr: 0.0.0.0/0 NOKEY
zone:
  name: "keyed.nsd.test"
  zonefile: "{self.folder}/zones/common.zone"
  provide-xfr: 0.0.0.0/0 sha256.key
zone:
  name: "signed.test"
  zonefile: "{self.folder}/zones/signed.test.zone.signed"
  provide-xfr: 0.0.0.0/0 NOKEY
""")  # fmt: skip
        self.spawn("nsd", [vendors.program("nsd", self.folder), "-d", "-c", str(self.folder / "etc/nsd.conf")])

    def start_knot(self):
        self.write("etc/knot.conf", f"""\
server:
    rundir: {self.folder}/run
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    listen: [{ADDRESSES['knot']}@53, {ADDRESSES['knot6']}@53]
    nsid: knot.test
    identity: "knot of the suite"
    version: knot
log:
  - target: stderr
    any: notice
database:
    storage: {self.folder}/run/knot
    journal-db-max-size: 8M
    kasp-db-max-size: 5M
    timer-db-max-size: 1M
key:
  - id: sha256.key
    algorithm: hmac-sha256
    secret: {SECRET}
acl:
  - id: everybody
    address: [0.0.0.0/0, ::/0]
    action: transfer
  - id: keyed
    key: sha256.key
    action: transfer
policy:
  - id: narrow
    algorithm: ecdsap256sha256
    nsec3: on
    nsec3-iterations: 0
    nsec3-salt-length: 0
    zone-max-ttl: 1d
    rrsig-lifetime: 14d
    rrsig-refresh: 7d
template:
  - id: default
    zonefile-sync: -1
    journal-content: none
    zonefile-load: whole
    semantic-checks: off
zone:
  - domain: knot.test
    file: {self.folder}/zones/common.zone
    acl: everybody
  - domain: signed.knot.test
    file: {self.folder}/zones/common.zone
    acl: everybody
    dnssec-signing: on
    dnssec-policy: narrow
  - domain: keyed.knot.test
    file: {self.folder}/zones/common.zone
    acl: keyed
""")  # fmt: skip
        (self.folder / "run/knot").mkdir()
        self.spawn("knot", [vendors.program("knot", self.folder), "-c", str(self.folder / "etc/knot.conf")])

    def start_unbound(self):
        stubs = "".join(
            f'stub-zone:\n  name: "{zone}"\n  stub-addr: {ADDRESSES["bind"]}\n' for zone in [*PLAIN_ZONES, *SIGNED_ZONES]
        )
        local = "".join(f"  local-zone: {zone} nodefault\n" for zone in PLAIN_ZONES if zone.endswith("arpa") or zone == "types.test")
        insecure = "".join(f'  domain-insecure: "{zone}"\n' for zone in PLAIN_ZONES)
        text = (vendors.HERE / "unbound.conf").read_text().replace("127.0.0.1@5301", f"{ADDRESSES['unbound']}@53")
        text = "\n".join(line for line in text.splitlines() if "127.0.0.53" not in line)
        text = text.replace('module-config: "iterator"', f"""module-config: "validator iterator"
  trust-anchor-file: "{self.folder}/signed.anchor"
  rrset-roundrobin: no
  serve-original-ttl: yes
  do-not-query-localhost: no
  local-zone: test. nodefault
  access-control: 127.0.0.0/8 allow_snoop
{local}{insecure}""") + "\n" + stubs  # fmt: skip
        self.write("etc/unbound.conf", text)
        self.spawn("unbound", [vendors.program("unbound", self.folder), "-d", "-c", str(self.folder / "etc/unbound.conf")])

    def keep_silent(self):
        """A port with nobody behind it, for timeouts; connections are taken and then forgotten."""
        self.silent = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)]
        for one in self.silent:
            one.bind((ADDRESSES["silent"], 53))
        self.silent[1].listen(64)

    def change_zone(self):
        """Gives ixfr.test a history of three changes, and with it something to say in an IXFR."""
        changes = ("add one.ixfr.test 60 A 192.0.2.1", "add two.ixfr.test 60 TXT \"two words\"", "delete one.ixfr.test A")
        for change in changes:
            subprocess.run(["nsupdate"], input=f"server {ADDRESSES['bind']}\nzone ixfr.test\nupdate {change}\nsend\n",
                           text=True, check=True, timeout=20)  # fmt: skip

    # Small things.

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def spawn(self, name, command):
        process = vendors.spawn(name, command, self.folder)
        self.processes.append((name, process))
        return process

    def log(self, name):
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace").splitlines()[-8:]

    def end(self):
        for _, process in self.processes:
            process.kill()


def key_clause(name, algorithm, secret):
    return f'key "{name}" {{\n\talgorithm hmac-{algorithm};\n\tsecret "{secret}";\n}};\n'


def run(*command, within=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, cwd=within)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


def wait_for(check, patience=15.0):
    """Asks `check` until it says nothing any more; its last words."""
    end = time.monotonic() + patience
    while (words := check()) and time.monotonic() < end:
        time.sleep(0.1)
    return words
