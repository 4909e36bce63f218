"""Answers that are not from whom they seem: guessed, near misses, too early, too late, too often."""

import collections
import functools
import math
import socket
import struct

from clients import Load, ask, names, run
from packets import A, a, ns, question_octets, wire
from rows import at_least, at_most, poisoned, row, within
from world import GOOD, Later, Send, honest, impostor, zone

EVIL = "203.0.113.66"  # what an attacker wants to be believed
EVIL_DATA = socket.inet_aton(EVIL)


def evil_answer(asked):
    """The server of the attacker: every name is at EVIL."""
    return asked.reply([a(asked.name, EVIL, 3600)] if asked.type == A else [])


IMPOSTOR = impostor(evil_answer)
SERVER = IMPOSTOR.addresses[0]


def evil(name):
    """Whether this name has come into the attacker's hands; None where it has no address at all."""
    reply = ask(name, patience=8)
    if reply is None or not reply.addresses():
        return None
    return EVIL_DATA in reply.addresses()


def forged(asked, **wrong):
    """What Kaminsky sent: the name, and with it the servers of the whole zone."""
    apex = asked.zone.apex
    return asked.reply([a(asked.name, EVIL, 3600)], [ns(apex, f"ns1.{apex}", 86400)],
                       [a(f"ns1.{apex}", SERVER, 86400)], **wrong)  # fmt: skip


def other_case(octets):
    """The question with the case of its first letter turned."""
    return octets[:1] + bytes([octets[1] ^ 0x20]) + octets[2:]


def near_misses(asked):
    """The forgery that the name asks for, then the truth."""
    under = asked.under()
    if not under or not under[0].startswith("try-"):
        return honest(asked)
    truth = asked.reply([a(asked.name, "192.0.2.10")])
    if asked.stream:  # where nobody forges
        return truth
    way, name = under[0][4:], asked.question[:-4]
    other = question_octets(f"x{asked.name}")
    lies = {
        "id": [forged(asked, id=asked.id ^ bit) for bit in (1, 0x100, 0x8000, 0xFFFF)],
        "address": [Send(forged(asked), source=SERVER)],
        "source-port": [Send(forged(asked), source="stray")],
        "port": [Send(forged(asked), port=asked.client[1] ^ bit) for bit in (1, 2, 0x100)],
        "name": [forged(asked, question=other)],
        "type": [forged(asked, question=name + struct.pack("!2H", 16, 1))],
        "class": [forged(asked, question=name + struct.pack("!2H", asked.type, 3))],
        "no-question": [forged(asked, question=b"")],
        "is-query": [forged(asked, flags=0x0100)],
        "opcode": [forged(asked, flags=0xA400)],
        "case": [forged(asked, question=other_case(asked.question))],
    }  # fmt: skip
    return [*lies.get(way, []), Later(0.2, truth)]


WAYS = ["id", "address", "source-port", "port", "name", "type", "class", "no-question", "is-query",
        "opcode"]  # fmt: skip
NEAR = zone("near.com", near_misses, records={"*": "192.0.2.10"})


def outcome(way, bench):
    """Whether the lie was believed, for the name or for the zone, and whether the truth was for both."""
    found = [evil(f"{word}-{way}.near.com") for word in ("try", "after")]
    if any(found):
        bench.restart()
    return any(found), found == [False, False]


@row(1, "forged replies, near misses", quick=True, believed=True)
def near(bench):
    """Kaminsky, 2008: forgeries that are right in all but one of id, port, source, question."""
    lies, truths = zip(*(outcome(way, bench) for way in WAYS))
    yield poisoned(f"believed of {len(WAYS)}", sum(lies))
    yield at_least(f"true answers of {len(WAYS)}", len(WAYS), sum(truths))


@row(1, "forged replies, case of the name", quick=True, believed=True)
def case(bench):
    """0x20: the forger has the id and the port, but not the case of the name."""
    lie, truth = outcome("case", bench)
    yield poisoned("believed of 1", int(lie))
    yield at_least("true answers of 1", 1, int(truth))


def flood(asked):
    """many-*: 2,000 wrong ids, then the right one. all-*: every id there is, the right one among them."""
    under = asked.under()
    if not under or asked.type != A:
        return honest(asked)
    truth = asked.reply([a(asked.name, "192.0.2.10")])
    if asked.stream:
        return truth
    if under[0].startswith("many"):
        ids = [asked.id ^ n for n in range(1, 2001)] + [asked.id]
    elif under[0].startswith("ever"):
        ids = range(asked.id + 1, asked.id + 65536)
    elif under[0].startswith("all") and not asked.knob(asked.name):
        asked.world.knobs[asked.zone.apex, asked.name] = True  # one open question only
        ids = range(asked.id + 1, asked.id + 65537)
    else:
        return truth
    octets = forged(asked)[2:]

    def lies(part):
        return [Send(struct.pack("!H", each & 0xFFFF) + octets) for each in part]

    parts = [ids[n : n + 100] for n in range(0, len(ids), 100)]
    sent = [Later(n * 0.0008, functools.partial(lies, part)) for n, part in enumerate(parts)]
    return [*sent, Later(len(parts) * 0.0008 + 0.1, truth)]


FLOOD = zone("flood.com", flood, records={"*": "192.0.2.10"})


@row(1, "2000 wrong ids, then the right one", quick=True, believed=True)
def kaminsky(bench):
    """Kaminsky, 2008: so many guesses on one open socket that the next may be right."""
    bad, true = 0, 0
    for n in range(5):
        reply = ask(f"many{n}.flood.com")
        addresses = reply.addresses() if reply else []
        bad += EVIL_DATA in addresses
        true += addresses == [socket.inet_aton("192.0.2.10")]
        if EVIL_DATA in addresses:
            bench.restart()
    yield poisoned("believed of 5", bad)
    yield at_least("true answers of 5", 5, true)


@row(1, "65,536 ids tried", quick=True, believed=True)
def every_id(bench):
    """Every id there is, for one open question; the right one is the last."""
    reply = ask("all.flood.com")
    addresses = reply.addresses() if reply else []
    yield poisoned("believed of 1", int(EVIL_DATA in addresses))
    yield at_least("true answers of 1", 1, int(addresses == [socket.inet_aton("192.0.2.10")]))
    yield within("ms", 5000, reply.ms if reply else 12000)


@row(1, "65,535 wrong ids, each time")
def every_wrong_id(bench):
    """The same without end: a question that is asked again meets the next flood."""
    load = Load(names("cached.good.com", count=200), rate=40)
    ask("cached.good.com")
    flooded = Load(names("ever{}.flood.com", count=1))
    run(flooded, load)
    yield at_most("of 1 without any answer", 0, 1 - flooded.answered)
    yield within("ms", 5500, flooded.percentile(100))
    yield at_least("% of cached names answered", 100, load.share())
    yield within("ms, cached names, p99", 50, load.percentile(99))


def bits(values):
    """How many bits of chance are in these, by how often two are equal."""
    pairs = sum(n * (n - 1) / 2 for n in collections.Counter(values).values())
    return math.log2(len(values) * (len(values) - 1) / 2 / max(pairs, 1)) if len(values) > 1 else 0.0


@row(1, "ports, ids and case", quick=True)
def chance(bench):
    """How much a forger has to guess: 2,000 questions, counted at the servers."""
    run(Load(names("entropy{}.good.com", count=2000), rate=2000))
    seen = [each for each in bench.world.seen(GOOD) if not each.stream]
    yield at_least("bits of the port", 14.7, bits([each.port for each in seen]))
    yield at_least("bits of the id", 14.7, bits([each.id for each in seen]))
    guarded = [each for each in seen if each.cookie or each.case != each.case.lower()]
    yield at_least("% with 0x20 or a cookie", 90, 100 * len(guarded) / max(1, len(seen)))


def broken(asked):
    """First something that is no answer, then the answer."""
    under = asked.under()
    if not under or asked.type != A:
        return honest(asked)
    truth = asked.reply([a(asked.name, "192.0.2.10")])
    if asked.stream:
        return truth
    number = int("".join(c for c in under[0] if c.isdigit()) or 0)
    head = struct.pack("!H", asked.id)
    junk = [
        truth[:12],
        truth[: len(truth) // 2],
        head + b"\x81\x82" + bytes(8),
        head + b"\x83\x80\0\1\0\0\0\0\0\0" + b"\xc0\x0c\0\1\0\1",
        head + b"\x81\x80\0\1\xff\xff\xff\xff\xff\xff" + asked.question,
        head + b"\x81\x80\0\1\0\1\0\0\0\0" + asked.question + b"\xc0\xff\0\1\0\1\0\0\0\0\0\4abcd",
        head + b"\x81\x81\0\1\0\0\0\0\0\0" + wire("elsewhere.org") + b"\0\1\0\1",
        truth[:2],
        b"",
        head + b"\x81\x80\0\2\0\0\0\0\0\0" + asked.question * 2,
        head + b"\x01\x00\0\1\0\0\0\0\0\0" + asked.question,
        head + b"\x81\x85\0\0\0\0\0\0\0\0",
        truth + bytes(700),
    ]
    return [Send(junk[number % len(junk)]), Later(0.05, truth)]


TUDOOR = zone("tudoor.com", broken, addresses=2)


@row(9, "TuDoor, one by one", quick=True)
def tudoor_one_by_one(bench):
    """TuDoor, 2024: each kind of malformed answer twice, just before the true one."""
    true = [evil(f"t{n}.tudoor.com") is False for n in range(26)]
    yield at_least("true answers of 26", 26, sum(true))


@row(9, "TuDoor, 500 broken answers")
def tudoor(bench):
    """TuDoor, 2024: 500 malformed answers, each just before the true one."""
    load = run(Load(names("t{}.tudoor.com", count=500), rate=100))
    yield at_most("of 500 without an answer", 0, load.sent - load.good)
    yield within("ms, p99", 10000, load.percentile(99))


def late(asked):
    """The truth, then lies with the same id to the same port, soon and late."""
    under = asked.under()
    if not under or not under[0].startswith("late"):
        return honest(asked)
    lie = Send(forged(asked))
    truth = asked.reply([a(asked.name, "192.0.2.10", 1)])
    return [truth, lie, lie, *(Later(after, lie) for after in (0.001, 0.02, 0.2))]


LATE = zone("late.com", late, records={"*": "192.0.2.10"})


@row(10, "late and duplicate answers", quick=True, believed=True)
def duplicates(bench):
    """Lies that come behind the truth, with the same id to the same port."""
    true = [evil(f"late{n}.late.com") is False for n in range(20)]
    yield at_least("true answers of 20", 20, sum(true))
    bad = [evil(f"late{n}.late.com") or evil(f"then{n}.late.com") for n in range(20)]
    yield poisoned("poisoned of 20", sum(map(bool, bad)))
