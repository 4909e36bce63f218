"""Asks many DNS questions at once over UDP, and reads no more of a reply than its header.

That is all that the lab itself needs to know: whether its servers serve their zones, and whether
the witness ends each question as intended. It must not depend on the code that it tests.
"""

import ipaddress
import select
import socket
import struct
import time
from dataclasses import dataclass

RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
RCODES |= {6: "YXDOMAIN"}
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "HINFO": 13, "PTR": 12, "MX": 15, "TXT": 16}
TYPES |= {"RP": 17, "AFSDB": 18, "AAAA": 28, "LOC": 29, "SRV": 33, "NAPTR": 35, "CERT": 37}
TYPES |= {"DNAME": 39, "DS": 43, "SSHFP": 44, "DNSKEY": 48, "TLSA": 52, "OPENPGPKEY": 61}
TYPES |= {"RRSIG": 46, "NSEC": 47, "NSEC3": 50, "NSEC3PARAM": 51, "CDS": 59, "CDNSKEY": 60}
TYPES |= {"SVCB": 64, "HTTPS": 65, "SPF": 99, "ANY": 255, "CAA": 257}


@dataclass(frozen=True)
class Question:
    address: str
    port: int
    name: str
    type: str


@dataclass(frozen=True)
class Reply:
    rcode: str
    authoritative: bool
    answers: int


def ask(questions, patience, again):
    """{question: Reply} of those that were answered within `patience` seconds. Unanswered ones are
    sent again every `again` seconds."""
    numbered = dict(enumerate(questions))
    replies = {}
    sockets = {4: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)}
    sockets[6] = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    deadline = time.monotonic() + patience
    while len(replies) < len(numbered) and time.monotonic() < deadline:
        for number, question in numbered.items():
            if question not in replies:
                udp = sockets[ipaddress.ip_address(question.address).version]
                udp.sendto(message(number, question), (question.address, question.port))
        pause = min(time.monotonic() + again, deadline)
        while len(replies) < len(numbered) and (left := pause - time.monotonic()) > 0:
            for udp in select.select(list(sockets.values()), [], [], left)[0]:
                data = udp.recv(65535)
                number, flags, _, answers = struct.unpack("!4H", data[:8])
                rcode = RCODES.get(flags & 15, str(flags & 15))
                replies[numbered[number]] = Reply(rcode, bool(flags & 0x0400), answers)
    for udp in sockets.values():
        udp.close()
    return replies


def message(number, question):
    """A question as it goes over the wire, with RD (RFC 1035 section 4.1)."""
    header = struct.pack("!6H", number, 0x0100, 1, 0, 0, 0)
    return header + wire_name(question.name) + struct.pack("!2H", type_number(question.type), 1)


def type_number(text):
    return int(text[4:]) if text.startswith("TYPE") else TYPES[text]


def wire_name(text):
    """The labels of a name in text form, with its escapes (RFC 1035 section 5.1)."""
    wire, label, octets = b"", b"", iter(text.rstrip(".") + ".")
    if text == ".":
        return b"\0"
    for octet in octets:
        if octet == "\\":
            octet = next(octets)
            if octet.isdigit():
                octet = chr(int(octet + next(octets) + next(octets)))
            label += octet.encode("latin-1")
        elif octet == ".":
            wire, label = wire + bytes([len(label)]) + label, b""
        else:
            label += octet.encode("latin-1")
    return wire + b"\0"
