#!/usr/bin/env python3
"""A server that answers wrongly on purpose. The first label of the name says how, further labels are
arguments: `extra.5.odd.` sends five octets too many, `rd.46.00ff.odd.` a record of type 46 whose
RDATA is 00ff, `opt.10.0102.odd.` an EDNS option of code 10. Arguments are decimal where they count
something and hexadecimal where they are octets. The oddities stand in the tables below; what is not
in a table is answered with an ordinary A record.

  odd_server.py ADDRESS...      listens on port 53, UDP and TCP
"""

import socket
import struct
import sys
import threading
import time

A, NS, CNAME, SOA, TXT, AAAA, SIG, OPT, TSIG, IXFR, AXFR = 1, 2, 5, 6, 16, 28, 24, 41, 250, 251, 252
IN, CH = 1, 3
QR, AA, TC, RD, RA, AD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020
ROOT = b"\0"
OTHER_SOURCE = "127.5.3.10"


def wire_name(text):
    """A name in wire form; the text has no escapes."""
    return b"".join(bytes([len(label)]) + label.encode() for label in text.rstrip(".").split(".") if label) + ROOT


def rr(owner, kind, rdata, ttl=300, rrclass=IN):
    return owner + struct.pack("!2HIH", kind, rrclass, ttl, len(rdata)) + rdata


def address(owner, last=1, ttl=300, rrclass=IN):
    return rr(owner, A, bytes([192, 0, 2, last]), ttl, rrclass)


def soa(owner, serial=1):
    return rr(owner, SOA, wire_name("ns.odd") + wire_name("hostmaster.odd") + struct.pack("!5I", serial, 7200, 3600, 86400, 300))


def option(code, octets=b""):
    return struct.pack("!2H", code, len(octets)) + octets


def opt(octets=b"", size=1232, rcode=0, version=0, flags=0, owner=ROOT):
    return owner + struct.pack("!2HBBHH", OPT, size, rcode >> 4, version, flags, len(octets)) + octets


def chain(*octets):
    return b"".join(octets)


class Query:
    """What was asked, as far as an answer needs it."""

    def __init__(self, octets, tcp, peer):
        self.octets, self.tcp, self.peer = octets, tcp, peer
        self.id, self.flags, *self.counts = struct.unpack("!6H", octets[:12])
        labels, at = [], 12
        while self.counts[0] and octets[at]:
            labels.append(octets[at + 1 : at + 1 + octets[at]].decode("latin-1"))
            at += 1 + octets[at]
        self.labels = labels
        self.name = octets[12 : at + 1] if self.counts[0] else ROOT
        self.question = octets[12 : at + 5] if self.counts[0] else b""
        self.type, self.rrclass = struct.unpack("!2H", octets[at + 1 : at + 5]) if self.counts[0] else (0, 0)
        rest = octets[at + 5 :]
        self.edns = rest[:3] == b"\0\0\x29"
        self.version = rest[6] if self.edns else 0
        self.cookie = self.find_cookie(rest)
        self.odd = labels[0].lower() if labels else "root"
        self.arguments = [label.lower() for label in labels[1:-1]]

    @staticmethod
    def find_cookie(rest):
        options = rest[11:] if rest[:3] == b"\0\0\x29" else b""
        while len(options) >= 4:
            code, length = struct.unpack("!2H", options[:4])
            if code == 10:
                return options[4 : 4 + length]
            options = options[4 + length :]
        return b""

    def number(self, at=0, otherwise=0):
        return int(self.arguments[at]) if at < len(self.arguments) else otherwise

    def hex(self, start=0):
        """The octets of all arguments from the given one on."""
        return bytes.fromhex("".join(self.arguments[start:]).replace("-", ""))


def reply(q, answer=(), authority=(), additional=(), *, flags=QR | RD | RA, id=None, question=None, counts=None, tail=b"",
          rcode=0):  # fmt: skip
    """A reply to q; `answer`, `authority` and `additional` are lists of records in wire form."""
    question = [q.question] if question is None else question
    counts = counts or [len(part) for part in (question, answer, authority, additional)]
    header = struct.pack("!6H", q.id if id is None else id, flags | rcode & 15, *counts)
    return header + chain(*question, *answer, *authority, *additional) + tail


def plain(q, **how):
    return reply(q, [address(q.name)], additional=[opt()] if q.edns else [], **how)


# What a single message may be: one function each, or an entry of MESSAGES; both give octets.


def counts(q):
    return reply(q, [address(q.name)], counts=[q.number(0), q.number(1), q.number(2), q.number(3)])


def rcode(q):
    return reply(q, additional=[opt(rcode=q.number())], rcode=q.number())


def badcookie(q):
    """BADCOOKIE until the client comes with the whole cookie."""
    whole = len(q.cookie) > 8
    cookie = opt(option(10, q.cookie[:8] + b"\x01\0\0\0SUITECOOKIE!"[:16]), rcode=0 if whole else 23)
    return reply(q, [address(q.name)] if whole else [], additional=[cookie], rcode=0 if whole else 23)


def badvers(q):
    """Knows EDNS versions up to the argument."""
    known = q.number()
    if q.version > known:
        return reply(q, additional=[opt(rcode=16, version=known)], rcode=16)
    return reply(q, [address(q.name)], additional=[opt(version=q.version)])


def many(q):
    return reply(q, [address(q.name, n % 256) for n in range(q.number(0, 40))])


def chain_of_aliases(q):
    names = [q.name] + [wire_name(f"alias{n}.odd") for n in range(q.number(0, 5))]
    return reply(q, [rr(a, CNAME, b) for a, b in zip(names, names[1:])] + [address(names[-1])])


def tsig(q, error=0, other=b"", mac=b"\xaa" * 32, original=None):
    rdata = wire_name("hmac-sha256") + struct.pack("!HIHH", 0, 1700000000, 300, len(mac)) + mac
    rdata += struct.pack("!3H", q.id if original is None else original, error, len(other)) + other
    return rr(wire_name("sha256.key"), TSIG, rdata, 0, 255)


def text(*parts):
    return b"".join(bytes([len(part)]) + part for part in parts)


MESSAGES = {
    "a": plain,
    "root": lambda q: reply(q, [rr(ROOT, NS, wire_name("ns.odd"))], additional=[address(wire_name("ns.odd"), 9)]),
    # Records: rd.TYPE.HEX, rdclass.CLASS.TYPE.HEX, in a section of one's choice by secN.
    "rd": lambda q: reply(q, [rr(q.name, q.number(), q.hex(1))]),
    "rdclass": lambda q: reply(q, [rr(q.name, q.number(1), q.hex(2), rrclass=q.number(0))]),
    "rdauth": lambda q: reply(q, authority=[rr(q.name, q.number(), q.hex(1))]),
    "rdadd": lambda q: reply(q, additional=[rr(q.name, q.number(), q.hex(1))]),
    "ttl": lambda q: reply(q, [address(q.name, ttl=q.number())]),
    "owner": lambda q: reply(q, [address(q.hex(), 7)]),
    "many": many,
    "aliases": chain_of_aliases,
    "huge-txt": lambda q: reply(q, [rr(q.name, TXT, text(*[b"x" * 255] * (200 if q.tcp else 3)))]),
    "quotes": lambda q: reply(q, [rr(q.name, TXT, text(b'"', b"\\", b"a;b", b"tab\t", b"\0", b"\xff\xfe", b"", b" "))]),
    "duplicate": lambda q: reply(q, [address(q.name), address(q.name)]),
    "duplicate-ttl": lambda q: reply(q, [address(q.name, ttl=100), address(q.name, ttl=50)]),
    "mixed-ttl": lambda q: reply(q, [address(q.name, 1, 300), address(q.name, 2, 100), address(q.name, 3, 200)]),
    "apart": lambda q: reply(q, [address(q.name, 1), rr(q.name, TXT, text(b"between")), address(q.name, 2)]),
    "apart-names": lambda q: reply(q, [address(q.name, 1), address(wire_name("other.odd"), 5), address(q.name, 2)]),
    "mixed-case": lambda q: reply(q, [address(wire_name("MiXed-Case.odd"), 1), address(wire_name("mixed-case.ODD"), 2)]),
    "mixed-class": lambda q: reply(q, [address(q.name, 1), rr(q.name, A, wire_name("x") + b"\0\1", rrclass=CH), address(q.name, 2)]),
    "class-any": lambda q: reply(q, [rr(q.name, A, b"\xc0\0\2\1", rrclass=255)]),
    "class-none": lambda q: reply(q, [rr(q.name, A, b"", rrclass=254)]),
    "same-in-sections": lambda q: reply(q, [address(q.name)], [address(q.name)], [address(q.name)]),
    "two-soa": lambda q: reply(q, authority=[soa(q.name, 1), soa(q.name, 2)]),
    "two-cname": lambda q: reply(q, [rr(q.name, CNAME, wire_name("one.odd")), rr(q.name, CNAME, wire_name("two.odd"))]),
    "rrsig-apart": lambda q: reply(q, [rr(q.name, 46, struct.pack("!HBBIIIH", t, 8, 2, 300, 1900000000, 1600000000, 7) + ROOT + b"\1\2\3") for t in (1, 16, 1)]),
    # Names and compression.
    "compressed": lambda q: reply(q, [rr(b"\xc0\x0c", CNAME, b"\3www\xc0\x0c"), address(b"\3www\xc0\x0c")]),
    "pointer-loop": lambda q: reply(q, [address(struct.pack("!H", 0xC000 | 12 + len(q.question)))]),
    "pointer-forward": lambda q: reply(q, [address(b"\xc0\xff")]),
    "pointer-header": lambda q: reply(q, [address(b"\xc0\x02")]),
    "label-type": lambda q: reply(q, [address(b"\x41x\0")]),
    "label-reserved": lambda q: reply(q, [address(b"\x80x\0")]),
    "name-too-long": lambda q: reply(q, [address(b"\x3f" + b"n" * 63 + (b"\x3f" + b"m" * 63) * 4 + ROOT)]),
    "name-longest": lambda q: reply(q, [address((b"\x3f" + b"n" * 63) * 3 + b"\x3d" + b"m" * 61 + ROOT)]),
    "name-cut": lambda q: reply(q, [b"\x05abc"], counts=[1, 1, 0, 0]),
    # Header and counts.
    "flags": lambda q: plain(q, flags=int(q.arguments[0], 16)),
    "emptyflags": lambda q: reply(q, flags=int(q.arguments[0], 16)),
    "rcode": rcode,
    "rcode4": lambda q: reply(q, rcode=q.number()),
    "opcode": lambda q: reply(q, [address(q.name)], [soa(q.name)], [address(wire_name("ns.odd"))], flags=QR | q.number() << 11),
    "counts": counts,
    "extra": lambda q: plain(q, tail=bytes(range(256))[: q.number()]),
    "short": lambda q: plain(q)[: q.number()],
    "cut": lambda q: plain(q)[: -q.number()],
    "empty": lambda q: b"",
    "zero": lambda q: bytes(q.number(0, 12)),
    "garbage": lambda q: q.octets[:2] + bytes.fromhex("8180") + b"\xff" * 40,
    "query-back": lambda q: q.octets,
    "header-only": lambda q: reply(q, question=[]),
    "no-question": lambda q: reply(q, [address(q.name)], question=[]),
    "two-questions": lambda q: reply(q, [address(q.name)], question=[q.question, wire_name("second.odd") + b"\0\x10\0\1"]),
    "same-question-twice": lambda q: reply(q, [address(q.name)], question=[q.question] * 2),
    "rdlength-long": lambda q: reply(q, [q.name + struct.pack("!2HIH", A, IN, 300, 400) + b"\1\2\3\4"]),
    "rdlength-short": lambda q: reply(q, [q.name + struct.pack("!2HIH", A, IN, 300, 3) + b"\1\2\3\4"]),
    # EDNS.
    "opt": lambda q: reply(q, [address(q.name)], additional=[opt(option(q.number(), q.hex(1)))]),
    "opts": lambda q: reply(q, [address(q.name)], additional=[opt(q.hex())]),
    "opt-size": lambda q: reply(q, additional=[opt(size=q.number())]),
    "opt-version": lambda q: reply(q, [address(q.name)], additional=[opt(version=q.number())]),
    "opt-flags": lambda q: reply(q, [address(q.name)], additional=[opt(flags=int(q.arguments[0], 16))]),
    "opt-named": lambda q: reply(q, [address(q.name)], additional=[opt(owner=wire_name("not.root"))]),
    "opt-answer": lambda q: reply(q, [opt(), address(q.name)]),
    "opt-authority": lambda q: reply(q, [address(q.name)], [opt()]),
    "opt-cut": lambda q: reply(q, additional=[opt(b"\0\3\0\5ab")]),
    "opt-first": lambda q: reply(q, [address(q.name)], additional=[opt(option(3, b"first")), address(wire_name("ns.odd"))]),
    "two-opts": lambda q: reply(q, [address(q.name)], additional=[opt(option(3, b"one")), opt(option(3, b"two"))]),
    "no-edns": lambda q: reply(q, [address(q.name)]),
    "formerr-edns": lambda q: reply(q, rcode=1) if q.edns else plain(q),
    "notimp-edns": lambda q: reply(q, rcode=4) if q.edns else plain(q),
    "badvers": badvers,
    # Cookies: the client's own half must come back.
    "cookie-good": lambda q: reply(q, [address(q.name)], additional=[opt(option(10, q.cookie[:8] + b"\1" * 16))]),
    "cookie-bad": lambda q: reply(q, [address(q.name)], additional=[opt(option(10, b"\0" * 8 + b"\1" * 16))]),
    "cookie-half": lambda q: reply(q, [address(q.name)], additional=[opt(option(10, q.cookie[:8]))]),
    "cookie-short": lambda q: reply(q, [address(q.name)], additional=[opt(option(10, q.cookie[:4]))]),
    "cookie-twice": lambda q: reply(q, [address(q.name)], additional=[opt(option(10, q.cookie[:8] + b"\1" * 8) * 2)]),
    "badcookie": badcookie,
    "badcookie-always": lambda q: reply(q, additional=[opt(option(10, q.cookie[:8] + b"\2" * 16), rcode=23)], rcode=23),
    "badcookie-none": lambda q: reply(q, additional=[opt(rcode=23)], rcode=23),
    # Signatures of messages.
    "tsig-bogus": lambda q: reply(q, [address(q.name)], additional=[tsig(q)]),
    "tsig-badkey": lambda q: reply(q, additional=[tsig(q, 17, mac=b"")], rcode=9),
    "tsig-badsig": lambda q: reply(q, additional=[tsig(q, 16, mac=b"")], rcode=9),
    "tsig-badtime": lambda q: reply(q, additional=[tsig(q, 18, b"\0\0\x65\x53\xf1\0")], rcode=9),
    "tsig-answer": lambda q: reply(q, [tsig(q), address(q.name)]),
    "tsig-first": lambda q: reply(q, [address(q.name)], additional=[tsig(q), address(wire_name("ns.odd"))]),
    "tsig-twice": lambda q: reply(q, [address(q.name)], additional=[tsig(q), tsig(q)]),
    "tsig-original": lambda q: reply(q, [address(q.name)], additional=[tsig(q, original=1)]),
    "sig0": lambda q: reply(q, [address(q.name)], additional=[rr(ROOT, SIG, bytes.fromhex("0000080000000000") + struct.pack("!2IH", 1900000000, 1600000000, 4711) + wire_name("key.odd") + b"\1\2\3\4", 0, 255)]),
    # Meta and odd types in the answer.
    "type0": lambda q: reply(q, [rr(q.name, 0, b"\1\2")]),
    "any": lambda q: reply(q, [address(q.name), rr(q.name, AAAA, b"\x20\1\x0d\xb8" + b"\0" * 11 + b"\1"), rr(q.name, TXT, text(b"any"))]),
    # Referrals and failures with company.
    "referral": lambda q: reply(q, [], [rr(wire_name("odd"), NS, wire_name("ns.odd"))], [address(wire_name("ns.odd"), 9)], flags=QR),
    "servfail": lambda q: reply(q, rcode=2),
    "refused": lambda q: reply(q, rcode=5),
    "nxdomain": lambda q: reply(q, [], [soa(wire_name("odd"))], rcode=3),
    "nodata": lambda q: reply(q, [], [soa(wire_name("odd"))]),
    "no-ra": lambda q: plain(q, flags=QR | RD),
    "authentic": lambda q: plain(q, flags=QR | RD | RA | AD | AA),
}  # fmt: skip


# How replies travel: generators of actions. Octets are sent as a message; RAW octets over TCP as they
# are, without a length; WAIT rests; FROM sends over UDP from another address; CLOSE ends a connection.

RAW, WAIT, FROM, CLOSE = "raw", "wait", "from", "close"


def framed(octets):
    return struct.pack("!H", len(octets)) + octets


def once(names, q):
    """Whether this name was met for the first time."""
    with LOCK:
        known = q.name in names
        names.add(q.name)
        return not known


LOCK, MET = threading.Lock(), set()


def only_udp(octets):
    return lambda q: [octets(q)] if not q.tcp else [plain(q)]


def transfer(*messages):
    """The messages of a transfer, each a list of records; over UDP a truncated reply."""

    def act(q):
        if not q.tcp:
            return [reply(q, flags=QR | TC)]
        return [reply(q, [record if isinstance(record, bytes) else record(q) for record in records], flags=QR | AA) for records in messages]

    return act


def mine(q):
    return soa(q.name, 3)


def old(q):
    return soa(q.name, 1)


def host(last):
    return lambda q: address(wire_name("host") [:-1] + q.name, last)


def with_second(change):
    """A transfer in two messages of which the second is changed."""

    def act(q):
        first, second = reply(q, [mine(q), host(1)(q)], flags=QR | AA), [host(2)(q), mine(q)]
        return [first, *change(q, second)]

    return act


JOURNEYS = {
    "silent": lambda q: [],
    "silent-once": lambda q: [] if once(MET, q) else [plain(q)],
    "silent-udp": lambda q: [plain(q)] if q.tcp else [],
    "servfail-once": lambda q: [reply(q, rcode=2)] if once(MET, q) else [plain(q)],
    "slow": lambda q: [(WAIT, q.number() / 1000), plain(q)],
    "twice": lambda q: [plain(q), plain(q)],
    # Foreign replies first, or alone.
    "wrong-id": only_udp(lambda q: plain(q, id=q.id ^ 0xFFFF)),
    "wrong-id-tcp": lambda q: [plain(q, id=q.id ^ 0xFFFF)],
    "wrong-id-first": lambda q: [plain(q, id=q.id ^ 1), plain(q)],
    "wrong-id-thrice": lambda q: [plain(q, id=q.id ^ 1), plain(q, id=q.id ^ 2), plain(q, id=q.id ^ 3), plain(q)],
    "wrong-name": lambda q: [reply(q, [address(q.name)], question=[wire_name("another.odd") + q.question[-4:]])],
    "wrong-name-first": lambda q: [reply(q, [], question=[wire_name("another.odd") + q.question[-4:]]), plain(q)],
    "wrong-type": lambda q: [reply(q, [address(q.name)], question=[q.name + struct.pack("!2H", 16, IN)])],
    "wrong-class": lambda q: [reply(q, [address(q.name)], question=[q.name + struct.pack("!2H", q.type, CH)])],
    "wrong-type-first": lambda q: [reply(q, question=[q.name + struct.pack("!2H", 65, IN)]), plain(q)],
    "other-case": lambda q: [reply(q, [address(q.name)], question=[q.question.swapcase()[:-4] + q.question[-4:]])],
    "wrong-source": lambda q: [plain(q)] if q.tcp else [(FROM, OTHER_SOURCE, 53, plain(q))],
    "wrong-source-first": lambda q: [plain(q)] if q.tcp else [(FROM, OTHER_SOURCE, 53, plain(q)), (WAIT, 0.05), plain(q)],
    "wrong-port-first": lambda q: [plain(q)] if q.tcp else [(FROM, "127.5.3.9", 5353, plain(q)), (WAIT, 0.05), plain(q)],
    "not-a-reply": lambda q: [plain(q, flags=RD)],
    "not-a-reply-first": lambda q: [plain(q, flags=RD), plain(q)],
    "garbage-first": lambda q: [b"\0\1\2", plain(q)],
    "empty-first": lambda q: [b"", plain(q)],
    # Truncation, and streams.
    "truncated": only_udp(lambda q: reply(q, flags=QR | TC | RD | RA)),
    "truncated-part": only_udp(lambda q: reply(q, [address(q.name)], flags=QR | TC | RD | RA)),
    "truncated-cut": only_udp(lambda q: plain(q, flags=QR | TC | RD | RA)[:-15]),
    "truncated-both": lambda q: [reply(q, [address(q.name)], flags=QR | TC | RD | RA)],
    "truncated-close": lambda q: [(CLOSE,)] if q.tcp else [reply(q, flags=QR | TC)],
    "truncated-silent": lambda q: [] if q.tcp else [reply(q, flags=QR | TC)],
    "truncated-servfail": lambda q: [reply(q, rcode=2)] if q.tcp else [reply(q, flags=QR | TC)],
    "tcp-close": lambda q: [(CLOSE,)],
    "tcp-close-once": lambda q: [(CLOSE,)] if once(MET, q) else [plain(q)],
    "tcp-half-length": lambda q: [(RAW, b"\0"), (CLOSE,)],
    "tcp-half": lambda q: [(RAW, framed(plain(q))[:-10]), (CLOSE,)],
    "tcp-half-silent": lambda q: [(RAW, framed(plain(q))[:-10])],
    "tcp-length-zero": lambda q: [(RAW, b"\0\0"), (CLOSE,)],
    "tcp-length-zero-first": lambda q: [(RAW, b"\0\0" + framed(plain(q)))],
    "tcp-length-small": lambda q: [(RAW, b"\0\x05" + plain(q)), (CLOSE,)],
    "tcp-length-large": lambda q: [(RAW, b"\xff\xff" + plain(q)), (CLOSE,)],
    "tcp-pieces": lambda q: [action for octet in framed(plain(q)) for action in ((RAW, bytes([octet])), (WAIT, 0.001))],
    "tcp-two": lambda q: [(RAW, framed(plain(q)) * 2)],
    "tcp-trailing": lambda q: [(RAW, framed(plain(q)) + b"more"), (CLOSE,)],
    "tcp-text": lambda q: [(RAW, b"HTTP/1.1 400 Bad Request\r\n\r\n"), (CLOSE,)],
    "tcp-slow": lambda q: [(RAW, framed(plain(q))[:20]), (WAIT, 0.3), (RAW, framed(plain(q))[20:])],
    # Transfers.
    "xfr": transfer([mine, host(1), host(2), mine]),
    "xfr-single": transfer([mine]),
    "xfr-messages": transfer([mine], [host(1)], [host(2), host(3)], [mine]),
    "xfr-empty": transfer([]),
    "xfr-empty-then": transfer([], [mine, host(1), mine]),
    "xfr-no-soa": transfer([host(1), host(2)]),
    "xfr-only-soa": transfer([mine, mine]),
    "xfr-after-end": transfer([mine, host(1), mine, host(2)]),
    "xfr-message-after-end": transfer([mine, host(1), mine], [host(2)]),
    "xfr-other-soa": transfer([mine, host(1), old], [host(2), mine]),
    "xfr-other-owner": transfer([mine, lambda q: soa(wire_name("elsewhere")), host(1), mine]),
    "xfr-refused": lambda q: [reply(q, rcode=5)],
    "xfr-servfail": lambda q: [reply(q, rcode=2)],
    "xfr-notauth": lambda q: [reply(q, rcode=9)],
    "xfr-duplicates": transfer([mine, host(1), host(1), host(2), host(1), mine]),
    "xfr-edns": lambda q: [reply(q, [mine(q), host(1)(q), mine(q)], additional=[opt(option(3, b"transfer"))], flags=QR | AA)],
    "xfr-authority": lambda q: [reply(q, [mine(q), host(1)(q), mine(q)], [rr(q.name, NS, wire_name("ns.odd"))], flags=QR | AA)],
    "xfr-second-refused": with_second(lambda q, records: [reply(q, rcode=5)]),
    "xfr-second-wrong-id": with_second(lambda q, records: [reply(q, records, id=q.id ^ 1)]),
    "xfr-second-wrong-question": with_second(lambda q, records: [reply(q, records, question=[wire_name("other") + q.question[-4:]])]),
    "xfr-second-no-question": with_second(lambda q, records: [reply(q, records, question=[])]),
    "xfr-second-cut": with_second(lambda q, records: [reply(q, records)[:-7]]),
    "xfr-second-extra": with_second(lambda q, records: [reply(q, records, tail=b"extra")]),
    "xfr-second-close": with_second(lambda q, records: [(CLOSE,)]),
    "xfr-second-half": with_second(lambda q, records: [(RAW, framed(reply(q, records))[:-5]), (CLOSE,)]),
    "xfr-second-silent": with_second(lambda q, records: []),
    "xfr-second-query": with_second(lambda q, records: [reply(q, records, flags=0)]),
    "xfr-second-truncated": with_second(lambda q, records: [reply(q, records, flags=QR | TC)]),
    "xfr-second-slow": with_second(lambda q, records: [(WAIT, 0.2), reply(q, records)]),
    "ixfr-current": transfer([old]),
    "ixfr-current-udp": lambda q: [reply(q, [old(q)])],
    "ixfr-difference": transfer([mine, old, host(1), mine, host(2), mine]),
    "ixfr-difference-udp": lambda q: [reply(q, [mine(q), old(q), host(1)(q), mine(q), host(2)(q), mine(q)])],
    "ixfr-two-steps": transfer([mine, old, host(1), lambda q: soa(q.name, 2), host(2), lambda q: soa(q.name, 2)], [host(2), mine, host(3), mine]),
    "ixfr-whole": transfer([mine, host(1), host(2), mine]),
    "ixfr-no-end": transfer([mine, old, host(1), mine, host(2)]),
}  # fmt: skip


def actions(q):
    if q.odd in JOURNEYS:
        return JOURNEYS[q.odd](q)
    return [MESSAGES.get(q.odd, plain)(q)]


def answer_datagram(udp, octets, peer):
    for action in actions(Query(octets, False, peer)):
        if isinstance(action, bytes):
            udp.sendto(action, peer)
        elif action[0] == WAIT:
            time.sleep(action[1])
        elif action[0] == FROM:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                other.bind((action[1], action[2]))
                other.sendto(action[3], peer)


def serve_datagrams(udp):
    while True:
        octets, peer = udp.recvfrom(65535)
        threading.Thread(target=answer_datagram, args=(udp, octets, peer), daemon=True).start()


def read_exactly(stream, size):
    octets = b""
    while len(octets) < size:
        more = stream.recv(size - len(octets))
        if not more:
            raise ConnectionError
        octets += more
    return octets


def answer_stream(stream, peer):
    try:
        while True:
            octets = read_exactly(stream, struct.unpack("!H", read_exactly(stream, 2))[0])
            for action in actions(Query(octets, True, peer)):
                if isinstance(action, bytes):
                    stream.sendall(framed(action))
                elif action[0] == RAW:
                    stream.sendall(action[1])
                elif action[0] == WAIT:
                    time.sleep(action[1])
                elif action[0] == CLOSE:
                    return
    except OSError:
        pass
    finally:
        stream.close()


def serve_streams(tcp):
    while True:
        stream, peer = tcp.accept()
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=answer_stream, args=(stream, peer), daemon=True).start()


def main():
    for where in sys.argv[1:]:
        family = socket.AF_INET6 if ":" in where else socket.AF_INET
        udp, tcp = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_STREAM)
        for one in (udp, tcp):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((where, 53))
        tcp.listen(64)
        for serve, one in ((serve_datagrams, udp), (serve_streams, tcp)):
            threading.Thread(target=serve, args=(one,)).start()


if __name__ == "__main__":
    main()
