"""Resolvers as weapons against those whose address is forged: how much comes back for how little."""

import socket
import struct
import time

import message
from clients import Load, ask, rcode, run
from packets import RR, a, txt
from resolvers import LAN, PORT
from rows import at_least, at_most, one_of, row
from world import Later, honest, zone

FORGED = "45.90.1.1"  # one of those who may ask, from outside of this host
STRANGER = "45.66.1.1"
THERE = (LAN, PORT)
LARGE = zone("large.com", records={
    "all": [a("all.large.com", "192.0.2.1"), txt("all.large.com", b"t" * 2000),
            *(RR("all.large.com", 28, b"\x20\x01" + bytes(13) + bytes([n])) for n in range(60))],
    "text": [txt("text.large.com", b"t" * 3000)], "small": "192.0.2.2",
})  # fmt: skip


@row(26, "ANY and TXT reflection", quick=True)
def any_reflection(bench):
    """A small question with a forged source and EDNS 4096, a large answer."""
    ask("all.large.com", "TXT", source=FORGED, server=THERE, udp_size=1232)
    reply = ask("all.large.com", "TYPE255", source=FORGED, server=THERE, udp_size=4096)
    asked = len(message.question("all.large.com", "TYPE255", udp_size=4096))
    yield at_most("ANY, octets for one", 5, reply.octets / asked if reply else 0.0)
    replies = [reply]
    for name, kind in (("all.large.com", "TXT"), ("all.large.com", "AAAA"), ("text.large.com", "TXT")):
        replies.append(ask(name, kind, source=FORGED, server=THERE, udp_size=65535))
    replies = [reply for reply in replies if reply]
    yield at_most("octets over UDP, most", 1232, max((r.octets for r in replies), default=0))
    yield at_least("replies of 4", 4, len(replies))
    real = [r for r in replies if r.rcode == "NOERROR" and (r.answer or r.truncated)]
    yield at_least("with records or TC", 1, len(real))


def held_back(asked):
    """All answers of a second and a half are let go at its end."""
    if not asked.under() or asked.type != 16:
        return honest(asked)
    wait = 1.5 - time.monotonic() % 1.5
    return Later(wait, asked.reply([txt(asked.name, b"b" * 900)]))


BOMB = zone("bomb.com", held_back, addresses=4)


@row(27, "DNSBomb")
def dns_bomb(bench):
    """CVE-2024-33655: answers that were held back reach one address in one pulse."""
    octets = (message.question(f"n{n}.bomb.com", "TXT", udp_size=4096) for n in range(2000))
    load = run(Load(octets, rate=400, source=FORGED, server=THERE), patience=4)
    arrivals, most, first, window = load.arrivals, 0, 0, 0
    for when, size in arrivals:
        window += size
        while when - arrivals[first][0] > 0.01:
            window -= arrivals[first][1]
            first += 1
        most = max(most, window)
    yield at_most("kB in 10 ms to one address", 60, most / 1000)


@row(28, "open resolver", quick=True)
def open_resolver(bench):
    """RFC 5358: a stranger asks, also for what is known already."""
    ask("text.large.com", "TXT", udp_size=1232)
    ask("small.large.com")
    leaked, most = 0, 0.0
    for name, kind, size in (("small.large.com", "A", None), ("text.large.com", "TXT", 4096),
                             ("all.large.com", "TYPE255", 4096), (".", "NS", 4096),
                             ("fresh.large.com", "A", 1232)):  # fmt: skip
        octets = len(message.question(name, kind, udp_size=size))
        reply = ask(name, kind, source=STRANGER, server=THERE, udp_size=size, patience=2)
        if reply:
            leaked += bool(reply.answer or reply.authority)
            most = max(most, reply.octets / octets)
    yield at_most("leaked of 5", 0, leaked)
    yield at_most("octets for one", 1.1, most)
    reply = ask("small.large.com", source=FORGED, server=THERE)
    yield one_of("one of ours", ("NOERROR",), rcode(reply))


@row(29, "reflection loops", quick=True)
def loops(bench):
    """Messages with QR=1 are answers, and not answered."""
    ask("small.large.com")
    got = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.02)
        for flags in (0x8000, 0x8180, 0x8182, 0x8580, 0xFFFF):
            for name in ("small.large.com", "new.large.com"):
                octets = bytearray(message.question(name, "A", 77))
                struct.pack_into("!H", octets, 2, flags)
                for part in (octets, octets[:12], octets[:20]):
                    udp.sendto(part, ("127.0.0.1", PORT))
                    try:
                        udp.recv(4096)
                        got += 1
                    except TimeoutError:
                        pass
    yield at_most("answered of 30", 0, got)
    yield at_least("and it lives", 1, int(bool(ask("small.large.com"))))
