"""DNS messages for the tests (RFC 1035 section 4), written apart from the code that they examine.

A question goes out as octets; a reply comes in as values that can be compared: names in text form
as they came, and RDATA without compression, whose names are also kept without case.
"""

import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "lab"))

from asking import RCODES, type_number, wire_name  # noqa: E402  (the lab's own words)

# Where the names stand in RDATA: numbers are octets to skip, "n" a name, "s" a character-string.
LAYOUTS = {
    2: ("n",), 5: ("n",), 6: ("n", "n"), 12: ("n",), 15: (2, "n"), 17: ("n", "n"),
    18: (2, "n"), 33: (6, "n"), 35: (4, "s", "s", "s", "n"), 39: ("n",),
}  # fmt: skip
CNAME, SOA, OPT, DNAME = 5, 6, 41, 39


@dataclass(frozen=True)
class Record:
    owner: str
    type: int
    rrclass: int
    ttl: int
    rdata: bytes  # without compression
    names: tuple[str, ...] = ()  # in the RDATA, as they came

    def key(self):
        """What makes two records the same, whatever their TTL and the case of their names."""
        return (self.owner.lower(), self.type, self.rdata)


@dataclass
class Reply:
    id: int
    flags: int
    question: tuple
    answer: list = field(default_factory=list)
    authority: list = field(default_factory=list)
    additional: list = field(default_factory=list)
    octets: int = 0

    @property
    def rcode(self):
        extended = self.opt.ttl >> 24 << 4 if self.opt else 0
        number = self.flags & 15 | extended
        return RCODES.get(number, str(number))

    @property
    def truncated(self):
        return bool(self.flags & 0x0200)

    @property
    def authoritative(self):
        return bool(self.flags & 0x0400)

    @property
    def recursion_available(self):
        return bool(self.flags & 0x0080)

    @property
    def opt(self):
        return next((record for record in self.additional if record.type == OPT), None)

    def addresses(self):
        return [record.rdata for record in self.answer if record.type in (1, 28)]


def question(name, kind, number=0, udp_size=None, flags=0x0100, rrclass=1):
    """A question as it goes over the wire, with RD, and with EDNS where a size is given."""
    header = struct.pack("!6H", number, flags, 1, 0, 0, 1 if udp_size else 0)
    body = wire_name(name) + struct.pack("!2H", type_number(kind), rrclass)
    opt = b"\0" + struct.pack("!2HIH", OPT, udp_size, 0, 0) if udp_size else b""
    return header + body + opt


def parse(octets):
    number, flags, *counts = struct.unpack("!6H", octets[:12])
    at, asked = 12, None
    for _ in range(counts[0]):
        name, at = read_name(octets, at)
        asked = (name, *struct.unpack("!2H", octets[at : at + 4]))
        at += 4
    reply = Reply(number, flags, asked, octets=len(octets))
    for section, count in zip((reply.answer, reply.authority, reply.additional), counts[1:]):
        for _ in range(count):
            record, at = read_record(octets, at)
            section.append(record)
    if at != len(octets):
        raise ValueError(f"{len(octets) - at} octets behind the last record")
    return reply


def read_record(octets, at):
    owner, at = read_name(octets, at)
    kind, rrclass, ttl, length = struct.unpack("!2HIH", octets[at : at + 10])
    at += 10
    end = at + length
    if end > len(octets):
        raise ValueError("a record is longer than its message")
    rdata, names = b"", []
    for part in LAYOUTS.get(kind, ()):
        if part == "n":
            name, at = read_name(octets, at)
            names.append(name)
            rdata += wire_name(name.lower())
            continue
        size = octets[at] + 1 if part == "s" else part
        rdata += octets[at : at + size]
        at += size
    return Record(owner, kind, rrclass, ttl, rdata + octets[at:end], tuple(names)), end


def read_name(octets, at):
    """A name in text form, and where it ends. Compression pointers go backwards only."""
    labels, end, least = [], None, at
    while octets[at]:
        if octets[at] >= 0xC0:
            end = at + 2 if end is None else end
            at = (octets[at] & 0x3F) << 8 | octets[at + 1]
            if at >= least:
                raise ValueError("a compression pointer does not go backwards")
            least = at
            continue
        labels.append(label_text(octets[at + 1 : at + 1 + octets[at]]))
        at += 1 + octets[at]
    return ".".join(labels) + ".", at + 1 if end is None else end


def label_text(label):
    return "".join(
        f"\\{chr(o)}" if chr(o) in '.\\"' else chr(o) if 33 <= o < 127 else f"\\{o:03}"
        for o in label
    )
