"""Zones signed by programs that are not ours: dnssec-signzone (BIND), ldns-signzone and kzonesign (Knot DNS).

Each signs with keys that are made on the spot, none of which outlives the test.
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import records

NAMES = {5: "RSASHA1", 7: "NSEC3RSASHA1", 8: "RSASHA256", 10: "RSASHA512", 13: "ECDSAP256SHA256",
         14: "ECDSAP384SHA384", 15: "ED25519", 16: "ED448"}  # fmt: skip
KNOT_NAMES = {7: "rsasha1-nsec3-sha1"}
HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class Signing:
    """How a zone is signed: by which program, algorithm and chain of denial, and from when to when
    (seconds from now)."""

    by: str = "bind"  # or "ldns", "knot"
    algorithm: int = 13
    denial: str = "nsec"  # or "nsec3", "opt-out"
    iterations: int = 0
    salt: str = ""
    begin: int = -HOUR
    end: int = 14 * DAY
    bits: int = 2048
    more_keys: tuple = ()  # DNSKEY records without a private key: RDATA in text form


def run(*command, **how):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}{done.stdout}")
    return done.stdout


def sign(zone, text, how, folder):
    """The records of the signed zone. `zone` ends in a dot, `text` is a zone file."""
    folder.mkdir(parents=True, exist_ok=True)
    text += "".join(f"{zone} 300 IN DNSKEY {key}\n" for key in how.more_keys)
    made = {"bind": _bind, "ldns": _ldns, "knot": _knot}[how.by](zone, text, how, folder)
    return records.parse(made)


def make_key(zone, how, folder, *more):
    """Base name of a new key pair of dnssec-keygen."""
    bits = ["-b", str(how.bits)] if how.algorithm < 13 else []
    return run("dnssec-keygen", "-q", "-K", folder, "-a", NAMES[how.algorithm], *bits, *more, zone).strip()


def _keys(zone, text, how, folder):
    """Two key pairs, new ones unless the folder has some, and the zone file with their DNSKEY records."""
    names = [file.stem for file in folder.glob("K*.key")]
    names = names or [make_key(zone, how, folder, "-f", "KSK"), make_key(zone, how, folder)]
    keys = [(folder / f"{name}.key").read_text().splitlines()[-1] for name in names]
    keys = [key.replace(" IN ", " 300 IN ") for key in keys]
    file = folder / "unsigned.zone"
    file.write_text(text + "\n".join(keys) + "\n")
    return file, [str(folder / name) for name in names]


def _bind(zone, text, how, folder):
    def moment(offset):
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + offset))

    file, keys = _keys(zone, text, how, folder)
    signed = folder / "signed.zone"
    denial = ["-3", how.salt or "-", "-H", str(how.iterations)] if how.denial != "nsec" else []
    denial += ["-A"] if how.denial == "opt-out" else []
    run("dnssec-signzone", "-q", "-P", "-x", "-n", "1", "-O", "full", "-o", zone, "-f", signed, "-K", folder,
        "-s", moment(how.begin), "-e", moment(how.end), *denial, file, *keys, cwd=folder)  # fmt: skip
    return signed.read_text()


def _ldns(zone, text, how, folder):
    file, keys = _keys(zone, text, how, folder)
    signed = folder / "signed.zone"
    denial = ["-n", "-t", str(how.iterations)] if how.denial != "nsec" else []
    denial += ["-s", how.salt] if how.salt else []
    denial += ["-p"] if how.denial == "opt-out" else []
    begin, end = (str(int(time.time()) + offset) for offset in (how.begin, how.end))
    run("ldns-signzone", "-i", begin, "-e", end, "-o", zone, "-f", signed, *denial, file, *keys)
    return signed.read_text()


def _knot(zone, text, how, folder):
    """Knot makes its keys by itself, as its policy says."""
    file, config, out = folder / "unsigned.zone", folder / "knot.conf", folder / "out"
    file.write_text(text)
    out.mkdir()
    name = KNOT_NAMES.get(how.algorithm, NAMES[how.algorithm].lower())
    nsec3 = "on" if how.denial != "nsec" else "off"
    opt_out = "on" if how.denial == "opt-out" else "off"
    config.write_text(f"""\
server:
    rundir: {folder}
log:
  - target: stderr
    any: critical
database:
    storage: {folder}
    journal-db-max-size: 1M
    kasp-db-max-size: 5M
    timer-db-max-size: 1M
policy:
  - id: policy
    algorithm: {name}
    manual: off
    nsec3: {nsec3}
    nsec3-iterations: {how.iterations}
    nsec3-opt-out: {opt_out}
    nsec3-salt-length: {len(how.salt) // 2}
    rrsig-lifetime: {how.end - how.begin}
    rrsig-refresh: 1d
    zone-max-ttl: 1h
    cds-cdnskey-publish: none
zone:
  - domain: {zone}
    file: {file}
    dnssec-signing: on
    dnssec-policy: policy
    semantic-checks: off
    journal-content: none
    zonefile-load: whole
""")
    run("kzonesign", "-c", config, "-o", out, zone)
    return next(Path(out).iterdir()).read_text()
