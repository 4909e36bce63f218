"""A signed zone under the knife: what `after` of a zone gets. Records are dropped, changed and added, and
where a case wants a lie with a true signature, a set is signed anew with the zone's own key.

The signature comes from openssl(1), from the key file that dnssec-keygen wrote: ECDSA P-256 alone.
"""

import base64
import struct
import time
from dataclasses import replace

import records
import signing
from asking import type_number, wire_name

DNSSEC_TYPES = ("RRSIG", "DNSKEY", "NSEC", "NSEC3", "NSEC3PARAM", "CDS", "CDNSKEY")
P256 = bytes.fromhex("a00a06082a8648ce3d030107")  # its name, in a key of SEC1 (RFC 5915)


class Edited:
    def __init__(self, zone, found, folder):
        self.zone, self.records, self.folder = zone, found, folder
        self.entry = records.entry_keys(found)  # the keys that the parent's DS records are of

    def name(self, owner):
        if owner is None or owner.endswith("."):
            return owner
        return self.zone if owner == "@" else f"{owner}.{self.zone}".replace("..", ".")

    def matches(self, record, owner=None, kind=None, covered=None):
        return ((owner is None or record.owner == self.name(owner))
                and (kind is None or record.type == kind)
                and (covered is None or record.covered == covered))  # fmt: skip

    def find(self, *what):
        return [record for record in self.records if self.matches(record, *what)]

    def drop(self, *what):
        if not self.find(*what):
            raise LookupError(f"nothing to drop in {self.zone}: {what}")
        self.records = [record for record in self.records if not self.matches(record, *what)]

    def change(self, how, *what):
        """`how`: Record -> Record, for all that match."""
        if not self.find(*what):
            raise LookupError(f"nothing to change in {self.zone}: {what}")
        self.records = [how(r) if self.matches(r, *what) else r for r in self.records]

    def set_word(self, number, text, *what):
        """Another word in the RDATA; a function gets the old one."""
        made = text if callable(text) else lambda _: text
        self.change(lambda record: record.word(number, made(record.words[number])), *what)

    def add(self, owner, kind, *words, ttl=300):
        self.records.append(records.Record(self.name(owner), ttl, kind, tuple(map(str, words))))

    def unsign(self):
        """A zone whose owner has forgotten that it is signed."""
        self.records = [r for r in self.records if r.type not in DNSSEC_TYPES]

    def keys(self):
        """(base name of its files, DNSKEY record) of the keys that signed it."""
        for file in sorted(self.folder.glob("K*.key")):
            words = file.read_text().splitlines()[-1].split()[3:]
            words[3:] = ["".join(words[3:])]
            yield file.with_suffix(""), records.Record(self.zone, 300, "DNSKEY", tuple(words))

    def resign(self, owner, kind, entry=None, **fields):
        """A new RRSIG with a true signature; `fields` are what it says otherwise than it should: labels, ttl,
        begin, end (seconds from now), tag, signer, wildcard (the owner that is
        signed). `entry`: by the key signing key."""
        owner = self.name(owner)
        entry = kind == "DNSKEY" if entry is None else entry
        base, key = next(pair for pair in self.keys() if bool(int(pair[1].words[0]) & 1) == entry)
        members = self.find(owner, kind)
        self.records = [r for r in self.records if not self.matches(r, owner, "RRSIG", kind)]
        now = int(time.time())
        ttl = fields.get("ttl", members[0].ttl)
        labels = fields.get("labels", len(owner.rstrip(".").split(".")) - owner.startswith("*."))
        moments = [now + fields.get("end", signing.DAY), now + fields.get("begin", -signing.HOUR)]
        tag = fields.get("tag", records.key_tag(records.key_rdata(key)))
        signer = fields.get("signer", self.zone)
        octets = struct.pack("!HBBIIIH", type_number(kind), int(key.words[2]), labels, ttl, *moments, tag)
        octets += wire_name(signer)
        start = wire_name(fields.get("wildcard", owner)) + struct.pack("!HHI", type_number(kind), 1, ttl)
        for rdata in sorted({records.wire_data(record) for record in members}):
            octets += start + struct.pack("!H", len(rdata)) + rdata
        signature = base64.b64encode(sign_p256(base, octets)).decode()
        when = [time.strftime("%Y%m%d%H%M%S", time.gmtime(moment)) for moment in moments]
        words = map(str, (kind, key.words[2], labels, ttl, *when, tag, signer, signature))
        self.records.append(records.Record(owner, members[0].ttl, "RRSIG", tuple(words)))


def sign_p256(base, octets):
    """r and s (RFC 6605 section 4) of a key pair of dnssec-keygen."""
    text = base.with_name(base.name + ".private").read_text()
    private = next(line.split()[1] for line in text.splitlines() if line.startswith("PrivateKey:"))
    secret = base64.b64decode(private).rjust(32, b"\0")
    der = b"\x02\x01\x01\x04\x20" + secret + P256
    pem = base.with_name(base.name + ".pem")
    body = base64.b64encode(b"\x30" + bytes([len(der)]) + der).decode()
    pem.write_text(f"-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----\n")
    data = base.with_name(base.name + ".data")
    data.write_bytes(octets)
    out = base.with_name(base.name + ".signature")
    signing.run("openssl", "dgst", "-sha256", "-sign", pem, "-out", out, data)
    found = out.read_bytes()
    numbers, at = [], 2
    for _ in range(2):
        size = found[at + 1]
        numbers.append(int.from_bytes(found[at + 2 : at + 2 + size], "big").to_bytes(32, "big"))
        at += 2 + size
    return b"".join(numbers)


# Faults that many zones share.


def flip(signature):
    """The same signature but for one bit."""
    octets = bytearray(base64.b64decode(signature))
    octets[-1] ^= 1
    return base64.b64encode(octets).decode()


def wrong_digest(found):
    return [record.word(3, "00" * (len(record.words[3]) // 2)) for record in found]


def of_another_key(found):
    return [record.word(0, (int(record.words[0]) + 1) % 65536).word(3, "ab" * 32) for record in found]


def renumbered(number, words=1):
    """The algorithm of DS records (or with words=2 their digest type) is another one."""
    return lambda found: [record.word(words, number) for record in found]


def longer(ttl):
    return lambda record: replace(record, ttl=ttl)
