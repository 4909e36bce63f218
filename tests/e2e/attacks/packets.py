"""DNS messages as authoritative servers write them, honest ones and others.

The encoder knows no rules: any id, any question, any records in any section, so that a hostile server
can say whatever it likes. What it does know is compression (RFC 1035 section 4.1.4), because a
referral to 1,500 names must fit into a message.
"""

import functools
import socket
import struct
from typing import NamedTuple

from asking import type_number, wire_name

A, NS, CNAME, SOA, TXT, AAAA, DNAME, OPT, DS, ANY = 1, 2, 5, 6, 16, 28, 39, 41, 43, 255
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, REFUSED, YXDOMAIN = 0, 1, 2, 3, 5, 6


class RR(NamedTuple):
    """A record. `data` is a name in text form, or octets."""

    owner: str
    type: int
    data: str | bytes
    ttl: int = 300

    def wire(self):
        return wire(self.data) if isinstance(self.data, str) else self.data


wire = functools.lru_cache(1 << 16)(lambda name: wire_name(name or "."))


def a(owner, address, ttl=300):
    return RR(owner, A, socket.inet_aton(address), ttl)


def aaaa(owner, address, ttl=300):
    return RR(owner, AAAA, socket.inet_pton(socket.AF_INET6, address), ttl)


def ns(owner, target, ttl=300):
    return RR(owner, NS, target, ttl)


def cname(owner, target, ttl=300):
    return RR(owner, CNAME, target, ttl)


def dname(owner, target, ttl=300):
    return RR(owner, DNAME, target, ttl)


def txt(owner, octets, ttl=300):
    parts = [octets[at : at + 255] for at in range(0, len(octets), 255)]
    return RR(owner, TXT, b"".join(bytes([len(part)]) + part for part in parts), ttl)


def soa(owner, minimum=60, ttl=300):
    numbers = struct.pack("!5I", 1, 7200, 3600, 1209600, minimum)
    return RR(owner, SOA, wire("ns." + owner) + wire("hostmaster." + owner) + numbers, ttl)


def below(name, zone):
    return zone == "" or name == zone or name.endswith("." + zone)


def encode(number, flags, question, sections, edns=None):
    """`question` is octets (a name, type and class, or nothing); `sections` three lists of RR; `edns`
    our UDP size, if there is to be an OPT."""
    answer, authority, additional = (list(section) for section in sections)
    opt = 1 if edns is not None else 0
    counts = (len(answer), len(authority), len(additional) + opt)
    out = bytearray(struct.pack("!6H", number, flags, 1 if question else 0, *counts))
    places = {}
    if question:
        remember(places, text_of(question[:-4]), 12)
    out += question
    for record in (*answer, *authority, *additional):
        put_name(out, places, record.owner)
        out += struct.pack("!2HIH", record.type, 1, record.ttl, 0)
        start = len(out)
        if isinstance(record.data, str):
            if record.type == DNAME:
                out += wire(record.data)
            else:
                put_name(out, places, record.data)
        else:
            out += record.data
        struct.pack_into("!H", out, start - 2, len(out) - start)
    if opt:
        out += b"\0" + struct.pack("!2HIH", OPT, edns, 0, 0)
    return bytes(out)


def remember(places, name, at):
    while name and at < 0x4000:
        places.setdefault(name, at)
        label, _, name = name.partition(".")
        at += len(label) + 1


def put_name(out, places, name):
    name = name.rstrip(".").lower()
    while name:
        if name in places:
            out += struct.pack("!H", 0xC000 | places[name])
            return
        if len(out) < 0x4000:
            places[name] = len(out)
        label, _, name = name.partition(".")
        out += bytes([len(label)]) + label.encode("latin-1")
    out += b"\0"


def text_of(octets):
    """A name without compression in lower case, without its last dot; "" is the root."""
    labels, at = [], 0
    while octets[at]:
        labels.append(octets[at + 1 : at + 1 + octets[at]].decode("latin-1"))
        at += 1 + octets[at]
    return ".".join(labels).lower()


class Asked:
    """A question that came in at one of the servers."""

    __slots__ = ("octets", "id", "flags", "question", "name", "type", "edns", "flags_edns", "cookie",
                 "address", "client", "stream", "world", "zone")  # fmt: skip

    def __init__(self, octets, address, client, stream, world):
        self.octets, self.address, self.client = octets, address, client
        self.stream, self.world, self.zone = stream, world, None
        self.id, self.flags, questions, _, _, more = struct.unpack_from("!6H", octets)
        at = 12
        while octets[at]:
            at += 1 + octets[at]
        self.question = octets[12 : at + 5]
        self.name = text_of(self.question)
        self.type = struct.unpack_from("!H", octets, at + 1)[0]
        self.edns, self.flags_edns, self.cookie = None, 0, False
        if more and octets[at + 5 : at + 8] == b"\0\0\x29":
            self.edns, extended, length = struct.unpack_from("!HIH", octets, at + 8)
            self.flags_edns = extended & 0xFFFF
            self.cookie = b"\0\x0a\0" in octets[at + 16 : at + 16 + length]

    def case(self):
        """The name as it was written."""
        return self.question[:-4]

    def knob(self, name, default=None):
        return self.world.knobs.get((self.zone.apex, name), default)

    def under(self):
        """The labels of the name that stand above the zone's apex."""
        apex = self.zone.apex
        return self.name[: -len(apex) - 1].split(".") if self.name != apex else []

    def reply(self, answer=(), authority=(), additional=(), rcode=0, **other):
        """Octets. `other`: id, question, aa, tc, flags."""
        flags = 0x8000 | self.flags & 0x0110 | rcode
        flags |= 0x0400 * other.get("aa", True) | 0x0200 * other.get("tc", False)
        flags = other.get("flags", flags)
        question = other.get("question", self.question)
        sections = (answer, authority, additional)
        edns = 1232 if self.edns is not None else None
        return encode(other.get("id", self.id), flags, question, sections, edns)

    def referral(self, cut, targets, glue=(), ttl=300):
        return self.reply((), [ns(cut, target, ttl) for target in targets], glue, aa=False)

    def nothing(self, rcode=NXDOMAIN, ttl=60):
        return self.reply((), [soa(self.zone.apex, ttl, ttl)], rcode=rcode)

    def limit(self):
        return min(max(512, self.edns or 512), 1232)


def question_octets(name, kind="A", rrclass=1):
    return wire(name) + struct.pack("!2H", type_number(kind), rrclass)
