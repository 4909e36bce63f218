"""Servers that are dead, lame, slow or busy: what a resolver asks of them, and how often."""

import message
from clients import PATIENCE, Load, ask, names, rcode, run
from packets import REFUSED, a
from rows import at_most, one_of, row, within
from world import CLOSE, ZONES, Drip, Later, honest, zone

SILENT = [zone(f"dead{n}.com", lambda asked: None, addresses=2) for n in range(4)]
LAME = zone("lame.com", lambda asked: asked.reply(rcode=REFUSED, aa=False), addresses=2)


def ms(reply):
    return reply.ms if reply else PATIENCE * 1000


def dead_or_lame(bench, zone_):
    """Cold, the same name 50 times in five seconds, 20 other names."""
    world = bench.world
    reply = ask(f"www.{zone_.apex}")
    yield at_most("packets, cold", 8, world.count(zone_))
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
    yield within("ms, cold", 5100, ms(reply))
    world.forget()
    load = run(Load(((f"www.{zone_.apex}", "A") for _ in range(50)), rate=12), patience=6)
    yield at_most("packets, 50 times the same", 1, world.count(zone_))
    yield at_most("not answered in 6 s", 0, load.sent - load.answered)
    world.forget()
    run(Load(names("other{}." + zone_.apex, count=20), rate=5), patience=6)
    yield at_most("packets for 20 other names", 80, world.count(zone_))


@row(22, "lame delegation", quick=True)
def lame(bench):
    """Servers that refuse to answer for the zone."""
    yield from dead_or_lame(bench, LAME)


@row(22, "lame delegation, the parent")
def lame_parent(bench):
    """Fifty names below a lame zone: the parent has said already who serves it."""
    ask("www.lame.com")
    bench.world.forget()
    run(Load(names("p{}.lame.com", count=50), rate=100), patience=6)
    yield at_most("packets at the parent", 5, bench.world.count(ZONES["com"]))


@row(22, "dead delegation")
def dead(bench):
    """Servers that do not answer."""
    yield from dead_or_lame(bench, SILENT[0])


def truncated(asked):
    if not asked.under():
        return honest(asked)
    if not asked.stream or asked.zone.apex == "tc-ever.com":
        return asked.reply(tc=True)
    if asked.zone.apex == "tc-close.com":
        return CLOSE
    if asked.zone.apex == "tc-drip.com":
        return Drip(asked.reply([a(asked.name, "192.0.2.1")]), every=1.0)
    return None


TC_EVER = zone("tc-ever.com", truncated)
TC_REFUSED = zone("tc-refused.com", truncated, tcp=False)
TC_CLOSE = zone("tc-close.com", truncated)
TC_SILENT = zone("tc-silent.com", truncated)
TC_DRIP = zone("tc-drip.com", truncated)


def truncation(bench, zone_, patience):
    reply = ask(f"www.{zone_.apex}")
    yield at_most("packets", 6, bench.world.count(zone_))
    yield at_most("connections", 2, bench.world.connections(zone_))
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
    yield within("ms", patience, ms(reply))


@row(24, "TC over TCP too", quick=True)
def tc_for_ever(bench):
    """Truncated over UDP, and over TCP again."""
    yield from truncation(bench, TC_EVER, 1000)


@row(24, "TC, TCP refused", quick=True)
def tc_refused(bench):
    """Truncated over UDP, nobody listens on TCP."""
    yield from truncation(bench, TC_REFUSED, 1000)


@row(24, "TC, TCP closed at once", quick=True)
def tc_closed(bench):
    """CVE-2023-46317: truncated over UDP, over TCP the connection is closed without an answer."""
    yield from truncation(bench, TC_CLOSE, 1000)


@row(24, "TC, TCP silent", quick=True)
def tc_silent(bench):
    """Truncated over UDP, silence on TCP."""
    yield from truncation(bench, TC_SILENT, 5100)


@row(24, "TC, TCP drips")
def tc_drips(bench):
    """60 questions whose answers come as an octet a second, while others ask for good names."""
    ask("warm.good.com")
    slow = Load(names("w{}.tc-drip.com", count=60))
    good = Load(names("g{}.good.com", count=400), rate=80)
    run(slow, good)
    yield at_most("drips not SERVFAIL", 0, 60 - slow.rcodes[2])
    yield within("ms, drips, most", 5200, slow.percentile(100))
    yield at_most("good names not answered", 0, good.sent - good.good)
    yield within("ms, good names, most", 50, good.percentile(100))


def no_time_to_live(asked):
    if asked.under():
        return Later(0.5, asked.reply([a(asked.name, "192.0.2.44", ttl=0)]))
    return honest(asked)


TTL0 = zone("ttl0.com", no_time_to_live)


@row(44, "TTL 0", quick=True)
def ttl_zero(bench):
    """A popular name with TTL 0 and a slow server: 250 questions a second for four seconds."""
    ask("www.ttl0.com")
    bench.world.forget()
    load = run(Load((("www.ttl0.com", "A") for _ in range(1000)), rate=250))
    # Half a second for each makes 8; one more where the machine draws out the four seconds.
    yield at_most("packets", 9, bench.world.count(TTL0))
    yield at_most("of 1000 not answered", 0, load.sent - load.good)


def slow(asked):
    if asked.under():
        return Later(0.5, asked.reply([a(asked.name, "192.0.2.45")]))
    return honest(asked)


SLOW = zone("slow.com", slow)
RUSH = 2000  # a second: all before the answer, and no more at once than a socket's buffer takes


@row(3, "birthday, 500 equal questions", quick=True)
def birthday(bench):
    """2002: many equal questions in flight multiply the odds of a forger."""
    ask("warm.slow.com")
    bench.world.forget()
    load = run(Load((("www.slow.com", "A") for _ in range(500)), rate=RUSH))
    yield at_most("packets", 1, bench.world.count(SLOW))
    yield at_most("of 500 not answered", 0, load.sent - load.good)


@row(3, "birthday, mixed flags", quick=True)
def rebirthday(bench):
    """RebirthDay, 2025: the same, split by case, DO, CD and EDNS."""
    ask("warm.slow.com")
    bench.world.forget()
    questions = []
    for n in range(500):
        name = "".join(c.upper() if n >> (k % 9) & 1 else c for k, c in enumerate("www.slow.com"))
        octets = bytearray(message.question(name, "A", udp_size=(None, 512, 1232, 4096)[n % 4]))
        octets[3] |= 0x10 * (n // 4 % 2)  # CD
        if n % 4:
            octets[-4] |= 0x80 * (n // 8 % 2)  # DO
        questions.append(bytes(octets))
    load = run(Load(questions, rate=RUSH))
    yield at_most("packets", 2, bench.world.count(SLOW))
    yield at_most("of 500 not answered", 0, load.sent - load.good)
