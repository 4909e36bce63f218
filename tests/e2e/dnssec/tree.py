"""The signed miniature Internet: which zones there are, how each is delegated, signed, broken and served.

A zone is declared with `zone(...)` (zones.py, broken.py, liars.py). From that `build` makes files: deepest zones
first, since a parent holds the DS records of its children. A zone whose `after` is set is edited when it has been
signed; one with `errs` stands behind a server of ours that changes what the true one says (errant.py).

Each zone has an address of its own, so that what a resolver thinks of one server says nothing of another
zone. Parent and child never share a process, except where a case wants just that (`beside`).
"""

import ipaddress
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import records
import signing
from editing import Edited
from signing import Signing

ROOT_SERVER = "45.53.0.1"
LEVELS = {0: ("nsd",), 1: ("knot",), 2: ("nsd", "bind", "knot"), 3: ("nsd",), 4: ("knot",)}

# What every zone has unless it says otherwise.
USUAL = """\
@ A 192.0.2.1
@ TXT "apex"
www A 192.0.2.2
www A 192.0.2.3
alias CNAME www
*.wild A 192.0.2.4
here.wild A 192.0.2.5
*.wild-alias CNAME www
a.b.ent A 192.0.2.6
dname DNAME below
host.below A 192.0.2.7
"""


@dataclass
class Zone:
    name: str  # ends in a dot
    signed: Signing | None  # None: not at all
    text: str
    vendor: str
    address: str  # where its parent says that it is
    home: str  # where its true server is; elsewhere only if something of ours stands before it
    digests: tuple = (2,)  # of the DS records at its parent; () is an insecure delegation
    ds: object = None  # [DS] -> [DS]: what the parent says instead
    after: object = None  # edits an editing.Edited, once signed
    errs: object = None  # changes an errant.Turn
    second: "Zone | None" = None  # another server of this zone, with its own faults
    serving: str = ""  # the zone in whose process it is served; "" is a process by level and vendor
    extra: str = ""  # more text for the zone file
    entry: list = field(default_factory=list)  # its keys that DS records are of

    @property
    def level(self):
        return self.name.rstrip(".").count(".") + 1 if self.name != "." else 0

    @property
    def process(self):
        if self.serving:
            return ZONES[self.serving].process
        return f"{self.vendor}-{self.level}" + "-second" * (ZONES[self.name] is not self)


ZONES = {}
SERVED = []  # those, and second servers
_numbers = itertools.count(1)


def address():
    number = next(_numbers)
    return f"45.53.{1 + number // 250}.{1 + number % 250}"


def zone(name, signed=True, text=None, vendor=None, beside="", second=None, **more):
    """Declares a zone. `signed`: True, None or how; `second`: what a second server does otherwise; `beside`: the
    zone whose server it shares."""
    name = name if name.endswith(".") else name + "."
    how = Signing() if signed is True else signed
    home = ROOT_SERVER if name == "." else ZONES[beside].home if beside else address()
    made = Zone(name, how, USUAL if text is None else text, "", home, home, serving=beside, **more)
    # What is broken is served by NSD, which serves any file as it is.
    first = LEVELS[made.level][0]
    rotation = LEVELS[made.level][len(ZONES) % len(LEVELS[made.level])]
    made.vendor = vendor or (first if made.after or made.errs or second else rotation)
    if made.errs:
        made.address = address()
    ZONES[name] = made
    SERVED.append(made)
    if second is not None:
        # The same zone signed with the same keys: the true file, or one with faults of its own.
        home = address()
        made.second = Zone(name, second.pop("signed", how), made.text, first, home, home, **second)
        if made.second.errs:
            made.second.address = address()
        SERVED.append(made.second)
    return made


def parent_of(each):
    labels = each.name.rstrip(".").split(".")
    for cut in range(1, len(labels) + 1):
        above = ".".join(labels[cut:]) + "."
        if above in ZONES:
            return ZONES[above]
    raise LookupError(each.name)


def servers_of(each):
    found = [(f"ns1.{each.name}".replace("..", "."), each.address)]
    if each.second:
        found.append((f"ns2.{each.name}", each.second.address))
    return found


def delegation(child):
    """The text of a delegation in the parent: NS, glue and DS."""
    lines = []
    for name, where in servers_of(child):
        lines += [f"{child.name} 300 IN NS {name}", f"{name} 300 IN A {where}"]
    found = [records.ds(key, number) for key in child.entry for number in child.digests]
    lines += map(str, child.ds(found) if child.ds else found)
    return lines


def unsigned_text(each):
    lines = [f"$ORIGIN {each.name}", "$TTL 300", "@ SOA ns1 hostmaster 1 7200 3600 1209600 60"]
    for name, where in servers_of(each):
        lines += [f"@ NS {name}", f"{name} A {where}"]
    lines += [each.text, each.extra]
    for child in ZONES.values():
        if child.name != "." and parent_of(child) is each:
            lines += delegation(child)
    return "\n".join(lines) + "\n"


def build(folder, workers=3):
    """Writes the zone files; returns the root's keys, which are the trust anchors."""
    by_depth = sorted(ZONES.values(), key=lambda each: -each.level)
    with ThreadPoolExecutor(workers) as pool:
        for _, group in itertools.groupby(by_depth, key=lambda each: each.level):
            list(pool.map(lambda each: _make(each, folder), list(group)))
    return ZONES["."].entry


def _make(each, folder):
    text = unsigned_text(each)
    home = folder / "signing" / (each.name.rstrip(".") or "root")
    if each.signed is None:
        home.mkdir(parents=True)
        true = None
    else:
        true = signing.sign(each.name, text, each.signed, home)
    for server in filter(None, (each, each.second)):
        found = true
        if server is each and found:
            each.entry = records.entry_keys(found)
        if server.signed != each.signed:  # the same keys, other times
            found = signing.sign(each.name, text, server.signed, home)
        if server.after:
            edited = Edited(each.name, list(found), home)
            server.after(edited)
            found = edited.records
            if server is each:
                each.entry = edited.entry
        file = folder / "zones" / server.process / f"{each.name.rstrip('.') or 'root'}.zone"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if found is None else records.write(found))


def addresses():
    """All that servers listen on, the erring ones' too."""
    return sorted({where for each in SERVED for where in (each.address, each.home)}, key=ipaddress.ip_address)


@dataclass(frozen=True)
class Process:
    """A server process as tests/lab/vendors.py wants it."""

    name: str
    addresses: tuple
    files: dict
    never_loaded: tuple = ()

    @property
    def vendor(self):
        return self.name.split("-")[0]

    def zones(self):
        return self.files


def processes(folder):
    found = {}
    for each in SERVED:
        found.setdefault(each.process, []).append(each)
    for name, zones in found.items():
        files = {z.name: folder / "zones" / name / f"{z.name.rstrip('.') or 'root'}.zone" for z in zones}
        yield Process(name, tuple(dict.fromkeys(z.home for z in zones)), files)
