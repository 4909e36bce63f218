"""Servers of ours that stand before true ones and err: each asks the true server and changes what it
said, as the zone's `errs` wants it, before the reply goes out.

One process, one loop. The true server is asked over TCP, so that its reply is whole.
"""

import contextlib
import multiprocessing
import selectors
import socket
import struct

import message
from asking import wire_name

CNAME, SOA, DNAME, DS, RRSIG, NSEC, DNSKEY, NSEC3 = 5, 6, 39, 43, 46, 47, 48, 50
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5


class Turn:
    """One question and the true server's reply, which `errs` changes in place."""

    def __init__(self, octets, zone):
        self.octets, self.zone = octets, zone
        self.reply = tell(zone.home, octets)
        self.name, self.type, _ = self.reply.question
        self.name = self.name.lower()
        self.silent = False

    def full(self, owner):
        if owner.endswith("."):
            return owner
        return self.zone.name if owner == "@" else f"{owner}.{self.zone.name}"

    def ask(self, owner, kind, at=None):
        """What the true server (or another) says to another question, with DO."""
        opt = b"\0" + struct.pack("!2HIH", 41, 4096, 0x8000, 0)
        question = wire_name(self.full(owner)) + struct.pack("!2H", kind, 1)
        return tell(at or self.zone.home, struct.pack("!6H", 1, 0, 1, 0, 0, 1) + question + opt)

    def strip(self, *types, covered=(), answer=True, authority=True):
        """Drops records of these types with their signatures, and signatures over `covered`."""
        gone = set(covered) | set(types)
        chosen = [self.reply.answer] * answer + [self.reply.authority] * authority
        for section in chosen:
            section[:] = [r for r in section if r.type not in types and not (r.type == RRSIG and about(r) in gone)]

    def say(self, rcode, answer=(), authority=(), authoritative=True):
        """Another reply altogether."""
        self.reply.answer[:], self.reply.authority[:] = answer, authority
        self.reply.additional[:] = [r for r in self.reply.additional if r.type == message.OPT]
        self.reply.flags = self.reply.flags & 0xFBF0 | rcode | 0x0400 * authoritative

    def proofs(self, owner, kind=1, types=(SOA, NSEC, NSEC3), at=None):
        """The authority section that denies another question, or parts of it."""
        found = self.ask(owner, kind, at).authority
        return [r for r in found if about(r) in types]


def about(record):
    """The type of a record, or that which a signature covers."""
    return struct.unpack("!H", record.rdata[:2])[0] if record.type == RRSIG else record.type


def tell(address, octets):
    with socket.create_connection((address, 53), timeout=3) as tcp:
        tcp.sendall(struct.pack("!H", len(octets)) + octets)
        stream = tcp.makefile("rb")
        return message.parse(stream.read(struct.unpack("!H", stream.read(2))[0]))


def encode(octets, reply):
    """A reply to `octets`, whose id and question it repeats as they came."""
    at = 12
    while octets[at]:
        at += 1 + octets[at]
    counts = [len(section) for section in (reply.answer, reply.authority, reply.additional)]
    out = octets[:2] + struct.pack("!5H", reply.flags, 1, *counts) + octets[12 : at + 5]
    for section in (reply.answer, reply.authority, reply.additional):
        for r in section:
            owner = b"\0" if r.type == message.OPT else wire_name(r.owner)
            out += owner + struct.pack("!2HIH", r.type, r.rrclass, r.ttl, len(r.rdata)) + r.rdata
    return out, out[: at + 5]


class Servers:
    def __init__(self, zones):
        self.selector = selectors.DefaultSelector()
        for zone in zones:
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind((zone.address, 53))
            listener = socket.create_server((zone.address, 53), backlog=64)
            self.watch(udp, self.datagram, zone)
            self.watch(listener, self.accept, zone)

    def watch(self, readable, what, zone):
        self.selector.register(readable, selectors.EVENT_READ, lambda: what(readable, zone))

    def serve(self):
        while True:
            for key, _ in self.selector.select():
                with contextlib.suppress(OSError, struct.error, IndexError):
                    key.data()

    def answer(self, octets, zone):
        """The whole reply and its head, or None."""
        turn = Turn(octets, zone)
        zone.errs(turn)
        return None if turn.silent else encode(octets, turn.reply)

    def datagram(self, udp, zone):
        octets, client = udp.recvfrom(4096)
        made = self.answer(octets, zone)
        if made:
            whole, head = made
            if len(whole) > 1232:  # truncated: nothing but the question (RFC 2181 section 9)
                flags = struct.unpack("!H", head[2:4])[0] | 0x0200
                whole = head[:2] + struct.pack("!5H", flags, 1, 0, 0, 0) + head[12:]
            udp.sendto(whole, client)

    def accept(self, listener, zone):
        tcp, _ = listener.accept()
        tcp.settimeout(2)
        self.watch(tcp, self.stream, zone)

    def stream(self, tcp, zone):
        try:
            head = tcp.recv(2, socket.MSG_WAITALL)
            octets = tcp.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
            made = self.answer(octets, zone)
            if made:
                tcp.sendall(struct.pack("!H", len(made[0])) + made[0])
        except (OSError, struct.error):
            self.selector.unregister(tcp)
            tcp.close()


def start(zones):
    """A process that serves these zones, each at its own address."""
    process = multiprocessing.get_context("fork").Process(target=lambda: Servers(zones).serve(), daemon=True)
    process.start()
    return process
