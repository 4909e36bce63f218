#!/usr/bin/python3
"""cdig beside dig: the same words to both, the same octets out, but for what must differ.

Inside the lab, with its witness:
  tests/lab/lab run --unbound -- tests/e2e/cdig_like_dig.py build/tools/cdig
"""

import concurrent.futures
import difflib
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))

import questions

WITNESS = ["@127.0.0.1", "-p", "5301"]
ROOT = ["@198.41.0.4", "+norecurse"]

# Each with what it is about; all are asked of the root, which always says the same.
WAYS = {
    "the plain form": "example.com",
    "the short form": ". NS +short",
    "a referral's sections": "com. NS",
    "only an answer": ". SOA +noall +answer",
    "only comments": ". SOA +noall +comments",
    "only the question": ". SOA +noall +question",
    "only statistics besides an answer": ". SOA +noall +answer +stats",
    "no comments": "com. NS +nocomments",
    "no statistics": "com. NS +nostats",
    "no first lines": "com. NS +nocmd",
    "TCP": "com. NS +tcp",
    "no EDNS": "com. NS +noedns",
    "the DO bit": "com. NS +dnssec",
    "a name server identifier": ". SOA +nsid",
    "a small buffer, and TCP behind it": ". NS +bufsize=512",
    "a truncated reply kept": ". NS +bufsize=512 +ignore",
    "an EDNS version that does not exist": ". SOA +edns=7",
    "that version insisted on": ". SOA +edns=7 +noednsnegotiation",
    "the query shown": ". SOA +qr",
    "flags in the query": ". SOA +aaflag +tcflag +raflag +zflag +cdflag +noadflag +qr",
    "no cookie": ". SOA +nocookie +qr",
    "TTLs in units": "com. NS +ttlunits",
    "no TTLs": "com. NS +nottlid",
    "no classes": "com. NS +noclass",
    "neither": "com. NS +nottlid +noclass",
    "the form of unknown types": "com. NS +unknownformat",
    "who answered": ". SOA +short +identify",
    "a reverse name": "-x 192.0.2.1",
    "a reverse name of IPv6": "-x 2001:db8::1",
    "two names": ". SOA example.org NS",
    "another class": "-c CH -t TXT version.server",
    "a type too much": ". SOA NS",
    "a type that does not exist": "-t bogus .",
    "nobody there": "@127.0.0.9 -p 5399 . +tries=2 +time=1",
    "nobody there over TCP": "@127.0.0.9 -p 5399 . +tries=1 +time=1 +tcp",
}


def run(program, words):
    done = subprocess.run([program, *words], capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode("latin-1") + done.stderr.decode("latin-1")


def alike(text, any_order):
    """Without ids, times, cookies, the program's name; TTLs, which count down, as their width. Who
    rotates records gives them in any order."""
    for pattern, instead in [
        (r"; <<>> (DiG|cdig) \S+ <<>>", "; <<>> NAME <<>>"),
        (r"\bid: \d+", "id: ID"),
        (r"COOKIE: [0-9a-f]+", "COOKIE: HEX"),
        (r"Query time: \d+", "Query time: T"),
        (r"WHEN: .*", "WHEN: W"),
        (r" in \d+ ms", " in T ms"),
    ]:
        text = re.sub(pattern, instead, text)
    text = re.sub(r"(\s)(\d+)(\s+IN\s)", lambda m: m[1] + "T" * len(m[2]) + m[3], text)
    lines = text.splitlines()
    return sorted(lines) if any_order else lines


def difference(cdig, words, any_order):
    theirs, ours = run("dig", words), run(cdig, words)
    if theirs[0] != ours[0]:
        return [f"dig ends with {theirs[0]}, cdig with {ours[0]}"]
    pair = [alike(each[1], any_order) for each in (theirs, ours)]
    return list(difflib.unified_diff(*pair, "dig", "cdig", lineterm="", n=0))


def main():
    cdig = sys.argv[1]
    cases = {
        f"cdig prints {name} {kind} as dig does": (WITNESS + ["-q", name, "-t", kind], True)
        for name, kind, _, witness in questions.load()
        # The witness takes its time over failures, and says nothing; and cdig prints the types that
        # wire/rdata_layout.cpp knows.
        if witness != "SERVFAIL" and kind not in ("CERT", "LOC")
    }
    for what, line in WAYS.items():
        words = line.split()
        cases[f"cdig does {what} as dig does"] = (
            words if words[0].startswith("@") else ROOT + words,
            False,
        )
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = {case: pool.submit(difference, cdig, *how) for case, how in cases.items()}
        for case, future in found.items():
            lines = future.result()
            passed += not lines
            if lines:
                print(f"FAILED: {case}", *("    " + line for line in lines), sep="\n")
    print(f"{passed} passed, {len(cases) - passed} failed")
    return passed != len(cases)


sys.exit(main())
