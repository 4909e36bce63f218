#!/usr/bin/python3
"""A record of every type, as BIND, ldns, NSD and Knot DNS read it, and as cairn does.

BIND's text is cairn's, word for word. What ldns and NSD write means the same: cairn reads it and has
its own text again. And whoever takes a record as all_types.txt has it takes cairn's text for it too.

Needs no network, and Debian's bind9-utils, ldnsutils, nsd and knot-dnsutils:
  tests/e2e/all_types.py build/tests/e2e/rdata_words
"""

import concurrent.futures
import subprocess
import sys
import tempfile
from pathlib import Path

RECORDS = Path(__file__).resolve().parent / "all_types.txt"
OWNER = "r.types.test."
ZONE = """$TTL 3600
types.test. SOA ns.types.test. hostmaster.types.test. 1 7200 3600 1209600 900
types.test. NS ns.types.test.
ns.types.test. A 192.0.2.53
"""

# Types that BIND reads and prints, but loads into no zone, each with its reason.
NOT_IN_ZONES_OF_BIND = {
    "MD": "obsolete, MX took its place (RFC 1035 section 3.3.4)",
    "MF": "obsolete, MX took its place (RFC 1035 section 3.3.5)",
}

# What another program writes is not what it read, each with its reason.
DISTORTED = {
    ("ldns", "NSAP-PTR"): "writes the name as a quoted string, but RFC 1348 has a domain name",
    ("ldns", "UINFO"): "writes TYPE0 for type 100",
    ("NSD", "NS"): "keeps no case of names, which means nothing (RFC 4343)",
    ("NSD", "PX"): "keeps no case of names, which means nothing (RFC 4343)",
}

# What another program does not read although its RFC allows it.
UNREAD = {
    ("Knot DNS", "NID"): "wants all leading zeros; RFC 6742 section 2.1.2 lets them be left out",
    ("Knot DNS", "L64"): "wants all leading zeros; RFC 6742 section 2.3.2 lets them be left out",
}


def run(*words, given=""):
    done = subprocess.run(words, input=given.encode("latin-1"), capture_output=True, timeout=60)
    return done.returncode == 0, done.stdout.decode("latin-1")


def with_zone(record, ask):
    """`ask` of a zone that has this record beside what every zone has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zone"
        text = f"{ZONE}{OWNER} IN {record}\n"
        if record.startswith("SOA "):
            text = text.replace(ZONE.splitlines()[1] + "\n", "").replace(OWNER, "types.test.")
        path.write_text(text, encoding="latin-1")
        return ask(str(path))


def data_in(text, kind):
    """The data of the one record of this kind, without a comment behind it."""
    for line in text.splitlines():
        words = line.split(None, 4)
        owners = ("types.test.",) if kind == "SOA" else (OWNER, "r")
        if len(words) == 5 and words[0] in owners and words[3] == kind:
            return words[4].split(" ;{")[0].strip()
    return ""


def bind(record):
    done, text = run("named-rrchecker", "-p", given=f"IN {record}\n")
    return text.rstrip("\n").split("\t", 2)[2] if done else None


def printed_by(*words):
    def ask(record):
        done, text = with_zone(record, lambda path: run(*words, path))
        return data_in(text, record.split()[0]) if done else None

    return ask


bind_in_a_zone = printed_by(
    "named-compilezone", "-q", "-i", "none", "-k", "ignore", "-s", "full", "-o", "-", "types.test")
ldns = printed_by("ldns-read-zone")
nsd = printed_by("nsd-checkzone", "-p", "types.test")


def knot(record):
    done, _ = with_zone(record, lambda path: run("kzonecheck", "-o", "types.test", path))
    return "" if done else None


class Cairn:
    def __init__(self, program):
        self.program = program

    def __call__(self, records):
        _, text = run(self.program, given="".join(record + "\n" for record in records))
        return text.splitlines()


def complaints(cairn, record, ours):
    kind = record.split()[0]
    if ours.startswith("!"):
        return [f"cairn: {ours}"]
    wrong = []
    theirs = bind(record)
    if theirs != ours:
        wrong.append(f"BIND has {theirs!r}, cairn {ours!r}")
    theirs = bind_in_a_zone(record)
    if (theirs is None) != (kind in NOT_IN_ZONES_OF_BIND):
        wrong.append(f"BIND's zones: {theirs!r}")
    elif theirs is not None and theirs != ours:
        wrong.append(f"BIND's zones have {theirs!r}, cairn {ours!r}")
    for name, program in {"ldns": ldns, "NSD": nsd, "Knot DNS": knot}.items():
        first, second = program(record), program(f"{kind} {ours}")
        if first is None:
            continue  # it does not know the type, or this form of it
        if (second is None) != ((name, kind) in UNREAD):
            wrong.append(f"{name} on cairn's {ours!r}: {second!r}")
        if first and (name, kind) not in DISTORTED:
            again = cairn([f"{kind} {first}"])[0]
            if again != ours:
                wrong.append(f"{name} has {first!r}, which is {again!r} to cairn, not {ours!r}")
    return wrong


def main():
    cairn = Cairn(sys.argv[1])
    records = [line for line in RECORDS.read_text().splitlines() if not line.startswith("#")]
    texts = cairn(records)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda pair: complaints(cairn, *pair), zip(records, texts)))
    for record, wrong in zip(records, found):
        if wrong:
            print(f"FAILED: {record}", *("    " + line for line in wrong), sep="\n")
    failed = sum(map(bool, found))
    print(f"{len(records) - failed} passed, {failed} failed")
    return failed > 0 or len(texts) != len(records)


sys.exit(main())
