#!/usr/bin/python3
"""Zones that BIND, ldns and Knot DNS sign are good for cairn, and what cairn signs is good for them.

Every algorithm, with NSEC and with NSEC3. A signature of each is then damaged: cairn must say so.

Needs no network, and Debian's bind9-utils, ldnsutils and knot-dnsutils:
  tests/e2e/signers.py build/tests/e2e/zone_signatures
"""

import concurrent.futures
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ORIGIN = "example."
# What canonical form is about: names in RDATA, letters in both cases, wildcards, unknown types, a
# cut with glue, an empty non-terminal, strings, sets whose order matters.
ZONE = r"""$ORIGIN example.
$TTL 3600
@ SOA ns1 Hostmaster 1 7200 900 1209600 3600
@ NS NS1
@ MX 20 Mail.Example.
@ MX 10 MAIL2.example.
ns1 A 192.0.2.1
ns1 AAAA 2001:db8::1
mail A 192.0.2.20
mail A 192.0.2.3
mail 300 TXT "b" "a"
mail 300 TXT "B"
*.Wild TXT "any"
deep.empty.non A 192.0.2.4
srv SRV 0 0 53 NS1.Example.
nap NAPTR 100 10 "S" "SIP+D2U" "" _SIP._udp.Example.
alias CNAME Target.Example.
old DNAME New.Example.
caa CAA 0 issue "CA.example"
hinfo HINFO "CPU" "OS"
svc HTTPS 1 Svc.Example. alpn=h2
rp RP Admin.Example. Txt.Example.
loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
odd TYPE65280 \# 4 DEADBEEF
sub NS ns1.sub
ns1.sub A 192.0.2.9
secure NS ns1.sub
secure DS 12345 13 2 0000000000000000000000000000000000000000000000000000000000000000
"""

ALGORITHMS = ["RSASHA1", "NSEC3RSASHA1", "RSASHA256", "RSASHA512", "ECDSAP256SHA256", "ECDSAP384SHA384",
              "ED25519", "ED448"]
NSEC3 = {"NSEC": False, "NSEC3": True}
# RSASHA1 is for zones without NSEC3 (RFC 5155 section 2).
COMBINATIONS = [(algorithm, denial) for algorithm in ALGORITHMS for denial in NSEC3
                if (algorithm, denial) != ("RSASHA1", "NSEC3")]


def run(*words, given="", folder=None, fails=False):
    done = subprocess.run([str(word) for word in words], input=given, capture_output=True, text=True, timeout=120,
                          cwd=folder)
    if done.returncode != 0 and not fails:
        raise RuntimeError(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done


def make_keys(folder, algorithm):
    """Two keys by BIND: the names of their files, without ".key", the entry point first."""
    bits = ["-b", "1024"] if "RSA" in algorithm else []
    return [run("dnssec-keygen", "-q", "-a", algorithm, *bits, *kind, ORIGIN, folder=folder).stdout.strip()
            for kind in (["-f", "KSK"], [])]


def bind(folder, keys, nsec3):
    return run("dnssec-signzone", "-q", "-P", "-O", "full", "-o", ORIGIN, *(["-3", "ab12", "-H", "5"] if nsec3 else []),
               "-f", "-", "-k", keys[0], "zone", keys[1], folder=folder).stdout


def ldns(folder, keys, nsec3):
    run("ldns-signzone", "-o", ORIGIN, *(["-n", "-s", "ab12", "-t", "5"] if nsec3 else []),
        "-f", "ldns", "zone", *keys, folder=folder)
    return (folder / "ldns").read_text()


def knot(folder, keys, nsec3):
    """With the same keys, in a key store of its own."""
    (folder / "knot.conf").write_text(f"""
database:
    storage: {folder}/knot
policy:
  - id: ours
    manual: on
    nsec3: {"on" if nsec3 else "off"}
    nsec3-iterations: 5
zone:
  - domain: {ORIGIN}
    storage: {folder}
    file: zone.knot
    dnssec-signing: on
    dnssec-policy: ours
""")
    (folder / "zone.knot").write_text(ZONE)
    (folder / "knot").mkdir(exist_ok=True)
    for key in keys:
        run("keymgr", "-c", "knot.conf", ORIGIN, "import-bind", key + ".key", folder=folder)
    (folder / "out").mkdir(exist_ok=True)
    run("kzonesign", "-c", "knot.conf", "-o", folder / "out", ORIGIN, folder=folder)
    return (folder / "out" / "zone.knot").read_text()


SIGNERS = {"dnssec-signzone": bind, "ldns-signzone": ldns, "kzonesign": knot}


def verifiers(folder, zone, ds):
    """What each other program says of a zone."""
    (folder / "verify").write_text(zone)
    trust = ["-k", "ksk.key"]
    return {
        "dnssec-verify": run("dnssec-verify", "-q", "-o", ORIGIN, "verify", folder=folder, fails=True),
        "ldns-verify-zone": run("ldns-verify-zone", "-V", "1", *trust, "verify", folder=folder, fails=True),
        "kzonecheck": run("kzonecheck", "-d", "on", "-o", ORIGIN, "verify", folder=folder, fails=True),
    }


def damage(zone):
    """The first octet of the last signature of an A set changed."""
    entry = list(re.finditer(r"^.*\sRRSIG\s+A\s.*\sexample\.\s+\(?\s*(\S)", zone, re.M))[-1]
    at = entry.start(1)
    return zone[:at] + ("A" if zone[at] != "A" else "B") + zone[at + 1:]


def test(ours, algorithm, denial):
    """What went wrong, as sentences."""
    wrong, done = [], 0
    now = int(time.time())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "zone.plain").write_text(ZONE)
        keys = make_keys(folder, algorithm)
        (folder / "ksk.key").write_text((folder / (keys[0] + ".key")).read_text())
        public = "".join((folder / (key + ".key")).read_text() for key in keys)
        (folder / "zone").write_text(ZONE + public)
        ds = run("dnssec-dsfromkey", "-a", "SHA-256", "-a", "SHA-384", keys[0] + ".key", folder=folder).stdout
        (folder / "ds").write_text(ds)
        for signer, sign in SIGNERS.items():
            where = f"{algorithm} {denial} {signer}"
            signed = sign(folder, keys, NSEC3[denial])
            said = run(ours, "check", ORIGIN, now, folder / "ds", given=signed, fails=True)
            done += 1
            # 18 sets and a denial for each name.
            if said.returncode != 0 or int(said.stdout.split()[-2]) < 35:
                wrong.append(f"{where}: cairn says {said.stdout}{said.stderr}")
            said = run(ours, "check", ORIGIN, now, folder / "ds", given=damage(signed), fails=True)
            done += 1
            if said.returncode == 0 or said.stdout.count(" is wrong\n") != 1:
                wrong.append(f"{where}: of a damaged signature cairn says {said.stdout}{said.stderr}")
            private = [folder / (key + ".private") for key in keys]
            mine = run(ours, "resign", ORIGIN, now, *private, given=signed, fails=True)
            if mine.returncode != 0:
                wrong.append(f"{where}: cairn does not sign: {mine.stderr}")
                continue
            for verifier, result in verifiers(folder, mine.stdout, ds).items():
                done += 1
                if result.returncode != 0:
                    wrong.append(f"{where}, signed again by cairn: {verifier} says {result.stdout}{result.stderr}")
    return done, wrong


def main():
    ours = Path(sys.argv[1]).resolve()
    done, wrong = 0, []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for count, sentences in pool.map(lambda both: test(ours, *both), COMBINATIONS):
            done += count
            wrong += sentences
    for sentence in wrong:
        print(sentence)
    print(f"{done - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or done < 200 else 0


if __name__ == "__main__":
    sys.exit(main())
