"""Does each server answer what it must, before anything is compared? Two programs that both hear
nothing are equal, and prove nothing."""

import re
import subprocess

from stage import ADDRESSES, ALGORITHMS, SECRET, wait_for

DIG = "/usr/bin/dig"
CLEAN = ["+time=2", "+tries=2"]

# What dig must print at least, once each server is up.
EXPECTED = {
    "@bind www.bind.test": r"flags: qr aa rd ra;.*\n(.*\n)*www\.bind\.test\.\s+3600\s+IN\s+A\s+192\.0\.2\.80",
    "@bind6 www.bind.test +short": r"^192\.0\.2\.80$",
    "@strict www.bind.test": r"recursion requested but not available",
    "@cookies www.bind.test +nobadcookie": r"BADCOOKIE",
    "@cookies www.bind.test +short": r"^192\.0\.2\.80$",
    "@nsd www.nsd.test +short": r"^192\.0\.2\.80$",
    "@nsd6 www.nsd.test +short": r"^192\.0\.2\.80$",
    "@knot www.knot.test +short": r"^192\.0\.2\.80$",
    "@knot6 www.knot.test +short": r"^192\.0\.2\.80$",
    "@knot www.signed.knot.test +dnssec": r"RRSIG\s+A 13",
    "@unbound www.bind.test +short": r"^192\.0\.2\.80$",
    "@unbound www.signed.test +dnssec": r"flags: qr rd ra ad;",
    "@unbound www.amazon.com": r"status: NOERROR",
    "@odd a.odd": r"192\.0\.2\.1",
    "@odd6 a.odd": r"192\.0\.2\.1",
    "@odd a.odd +tcp": r"192\.0\.2\.1",
    "@silent a.odd +time=1 +tries=1": r"timed out",
    "@nobody a.odd +time=1 +tries=1": r"connection refused",
    "@bind rsa.test NSEC3PARAM +short": r"^1 0 2 AABBCCDD$",
    "@bind signed.test AXFR": r"XFR size: \d+ records",
    "@bind keyed.test AXFR": r"Transfer failed",
    "@nsd nsd.test AXFR": r"XFR size: \d+ records",
    "@knot knot.test AXFR": r"XFR size: \d+ records",
    "@bind ixfr.test SOA +short": r"2026112104",
    "@bind ixfr.test IXFR=2026112102": r"2026112103",
    "@bind bind.test +tls": r"\(TLS\)",
    "@bind bind.test +tls +tls-ca=ca.pem +tls-hostname=bind.test": r"\(TLS\)",
    "@bind bind.test +https": r"\(HTTPS\)",
    "@bind bind.test +http-plain": r"\(HTTP\)",
    "@nsd keyed.nsd.test AXFR -k sha256.key": r"XFR size: \d+ records",
    "@knot keyed.knot.test AXFR -k sha256.key": r"XFR size: \d+ records",
} | {f"@bind keyed.test AXFR -k {algorithm}.key": r"XFR size: \d+ records" for algorithm in ALGORITHMS}
EXPECTED |= {f"@bind a.types.test -y hmac-{algorithm}:{algorithm}.key:{SECRET}": r"status: NOERROR" for algorithm in ALGORITHMS}


def ask(stage, line):
    words = [f"@{ADDRESSES[word[1:]]}" if word[1:] in ADDRESSES and word[0] == "@" else word for word in line.split()]
    done = subprocess.run([DIG, "-r", *CLEAN, *words], capture_output=True, text=True, cwd=stage.folder, timeout=60)
    return done.stdout + done.stderr


def complaint(stage, line, pattern):
    said = ask(stage, line)
    return [] if re.search(pattern, said, re.M) else [f"dig {line}: no {pattern} in", *said.splitlines()[:30]]


def check(stage):
    """What is wrong, as lines; and the last step of the environment, the history of ixfr.test."""
    for line in ("@bind www.bind.test", "@nsd www.nsd.test +short", "@knot www.signed.knot.test +dnssec", "@unbound www.bind.test +short",
                 "@odd a.odd"):  # fmt: skip
        if words := wait_for(lambda line=line: complaint(stage, line, EXPECTED[line])):
            return [*words, *stage.log(line.split()[0][1:])]
    stage.change_zone()
    return [words for line, pattern in EXPECTED.items() for words in complaint(stage, line, pattern)] + alive(stage)


def alive(stage):
    return [f"{name} ended" for name, process in stage.processes if process.poll() is not None]
