"""Signed zones as text: the records of a file that a signer wrote, one a line, to be read, edited and
written again; and the little arithmetic of DNSSEC that needs no key: key tags and DS digests."""

import base64
import calendar
import hashlib
import os
import re
import socket
import struct
import time
from dataclasses import dataclass, replace

from asking import type_number, wire_name

DIGESTS = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}


@dataclass(frozen=True)
class Record:
    """`words` is the RDATA in text form; what may be written in parts (keys, signatures) is one word."""

    owner: str
    ttl: int
    type: str
    words: tuple

    def __str__(self):
        return f"{self.owner} {self.ttl} IN {self.type} {' '.join(self.words)}"

    @property
    def covered(self):
        return self.words[0] if self.type == "RRSIG" else None

    def word(self, number, text):
        """The same record with another word of its RDATA."""
        words = list(self.words)
        words[number] = str(text)
        return replace(self, words=tuple(words))


# How many words stand before the base64 of a record.
BEFORE = {"DNSKEY": 3, "RRSIG": 8, "CDNSKEY": 3, "DS": 3, "CDS": 3}


def parse(text):
    """The records of a zone file with full owner names and no records over several lines."""
    found = []
    for line in text.splitlines():
        line = re.sub(r"\s*;\{.*$", "", line)
        if not line.strip() or line.startswith((";", "$")):
            continue
        owner, ttl, *rest = line.split()
        if rest[0] == "IN":
            del rest[0]
        kind, *words = rest
        if before := BEFORE.get(kind):
            words[before:] = ["".join(words[before:])]
        found.append(Record(owner.lower(), int(ttl), kind, tuple(words)))
    return found


def write(records):
    """The text of a zone file; servers want the SOA first."""
    ordered = sorted(records, key=lambda record: record.type != "SOA")
    return "".join(f"{record}\n" for record in ordered)


def key_rdata(record):
    flags, protocol, algorithm, key = record.words
    return struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) + base64.b64decode(key)


def key_tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet << 8 if n % 2 == 0 else octet for n, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xFFFF


def key_of_tag(words, size, tag):
    """RDATA, in words, of a key of chance with this tag; the first words are given. It lies on no curve, or hardly."""
    head = struct.pack("!HBB", *map(int, words))
    while True:
        octets = head + os.urandom(size - 2)
        filling = (tag - key_tag(octets)) % 65535
        made = octets + filling.to_bytes(2, "big")
        if key_tag(made) == tag:
            return *words, base64.b64encode(made[4:]).decode()


def digest(record, number):
    """The digest of a DNSKEY in a DS (RFC 4034 section 5.1.4)."""
    owner = wire_name(record.owner.lower())
    return DIGESTS[number](owner + key_rdata(record)).hexdigest()


def ds(record, number=2):
    """The DS record of a DNSKEY."""
    words = (str(key_tag(key_rdata(record))), record.words[2], str(number), digest(record, number))
    return Record(record.owner, 300, "DS", words)


def entry_keys(records):
    """The keys of a zone that a DS may point to: those with the SEP flag (RFC 4034 section 2.1.1)."""
    return [record for record in records if record.type == "DNSKEY" and int(record.words[0]) & 1]


def wire_data(record):
    """Canonical RDATA (RFC 4034 section 6.2)."""
    words = record.words
    if record.type == "A":
        return socket.inet_aton(words[0])
    if record.type in ("NS", "CNAME", "DNAME"):
        return wire_name(words[0].lower())
    if record.type == "SOA":
        return wire_name(words[0].lower()) + wire_name(words[1].lower()) + struct.pack("!5I", *map(int, words[2:]))
    if record.type == "TXT":
        return b"".join(bytes([len(word) - 2]) + word[1:-1].encode() for word in words)
    if record.type == "DNSKEY":
        return key_rdata(record)
    if record.type == "DS":
        return struct.pack("!HBB", *map(int, words[:3])) + bytes.fromhex(words[3])
    if record.type == "RRSIG":
        begin, end = (calendar.timegm(time.strptime(words[n], "%Y%m%d%H%M%S")) for n in (5, 4))
        algorithm, labels, ttl = map(int, words[1:4])
        head = struct.pack("!HBBIIIH", type_number(words[0]), algorithm, labels, ttl, end, begin, int(words[6]))
        return head + wire_name(words[7].lower()) + base64.b64decode(words[8])
    if record.type == "NSEC":
        return wire_name(words[0].lower()) + bitmap(words[1:])
    if record.type in ("NSEC3", "NSEC3PARAM"):
        salt = b"" if words[3] == "-" else bytes.fromhex(words[3])
        head = struct.pack("!BBHB", *map(int, words[:3]), len(salt)) + salt
        if record.type == "NSEC3PARAM":
            return head
        following = base64.b32hexdecode(words[4].upper())
        return head + bytes([len(following)]) + following + bitmap(words[5:])
    raise ValueError(f"no wire form of {record.type}")


def bitmap(types):
    """RFC 4034 section 4.1.2."""
    numbers, out = sorted(type_number(name) for name in types), b""
    for window in sorted({number >> 8 for number in numbers}):
        bits = bytearray(32)
        for number in numbers:
            if number >> 8 == window:
                bits[(number & 255) >> 3] |= 0x80 >> (number & 7)
        kept = bytes(bits).rstrip(b"\0")
        out += bytes([window, len(kept)]) + kept
    return out
