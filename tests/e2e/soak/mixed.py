"""Ten minutes of everything at once: names that are known and new ones, names that do not exist, dead
servers, large answers, streams, broken datagrams, clients that vanish, reloads, flushes. What is
looked for is what sanitizers say, and memory that grows."""

import contextlib
import itertools
import random
import socket
import statistics
import struct
import threading
import time

import client
import message
from clients import SERVER
from dnsperf import Dnsperf
from packets import a, cname, txt
from rows import at_least, at_most
from world import zone

SECONDS = 600
SIZES = {"cache": 8, "limit": 256}
WARM_UP = 60  # seconds, in which the cache fills
MOST_SLOPE = 1.0  # MB a minute
MOST_MEMORY = 1024  # MB: sanitizers need several times what the daemon does
FARMS = [zone(f"farm{n}.net", addresses=2, records={"*": "192.0.2.90"}) for n in range(100)]
zone("short.net", addresses=2, records={"*": [a("", "192.0.2.92", ttl=1)]})
zone("big.org", records={"*": [txt("", b"y" * 3000, 5)]})
zone("alias.org", records={"*": [cname("", "c7.good.com", ttl=5)]})
OURS = ["serial.lab.example TXT", "nx.lab.example A", "localhost A", "4.3.2.10.in-addr.arpa PTR"]
GRAVES = [zone(f"grave{n}.org", lambda asked: None) for n in range(4)]


def ordinary(chance):
    """Names as clients ask for them; most that are new are forgotten when their turn comes again."""
    for n in range(40_000):
        kind = chance.random()
        if kind < 0.4:
            yield f"c{int(chance.paretovariate(0.5)) % 5000}.good.com A"
        elif kind < 0.7:
            yield f"x{n}.farm{n % 100}.net {chance.choice(['A', 'AAAA'])}"
        elif kind < 0.8:
            yield f"no{n}.good.org A"
        elif kind < 0.85:
            yield f"s{n % 500}.short.net A"
        elif kind < 0.9:
            yield f"b{n % 500}.big.org TXT"
        elif kind < 0.95:
            yield f"a{n % 500}.alias.org A"
        else:
            yield chance.choice(OURS)


def run(daemon, world, folder, seconds):
    chance = random.Random(4711)
    lines = list(ordinary(chance))
    graves = [f"d{n}.grave{n % 4}.org A" for n in range(100_000)]
    loads = [
        Dnsperf(folder, "udp", lines, seconds, "-q", "100", "-c", "4", "-e"),
        Dnsperf(folder, "tcp", lines, seconds, "-m", "tcp", "-q", "50", "-c", "8", "-Q", "500"),
        Dnsperf(folder, "dead", graves, seconds, "-q", "2000", "-Q", "100"),
    ]
    until = time.monotonic() + seconds
    others = [threading.Thread(target=work, args=(until, *more)) for work, *more in
              ((break_datagrams, chance), (vanish, chance), (operate, daemon))]  # fmt: skip
    for each in others:
        each.start()
    for each in (*loads, *others):
        each.wait() if isinstance(each, Dnsperf) else each.join()
    time.sleep(6)  # what still waits is answered, and idle streams end
    udp, tcp, dead = loads
    slope, first, last = growth(daemon.samples, min(WARM_UP, seconds / 2), seconds)
    yield at_least("questions a second", 100, (udp.sent + tcp.sent + dead.sent) / seconds)
    yield at_least("% answered over UDP", 99, 100 * udp.answered / max(1, udp.sent))
    yield at_least("% answered over TCP", 90, 100 * tcp.answered / max(1, tcp.sent))
    yield at_least("% of dead names answered with SERVFAIL", 99, dead.share("SERVFAIL"))
    yield at_most("% of others answered with SERVFAIL", 1, udp.share("SERVFAIL"))
    yield at_least("reloads, flushes, questions of the operator", seconds / 4, daemon.told)
    yield at_most("of which failed", 0, daemon.failed)
    yield at_most("MB after the first minute", MOST_MEMORY, first)
    yield at_most("MB at the end", MOST_MEMORY, last)
    yield at_most("MB a minute by which memory grows", MOST_SLOPE, slope)


def growth(samples, start, end):
    """(MB a minute, MB in the beginning, MB at the end) of what was sampled between."""
    between = [(at, size) for at, size in samples if start <= at <= end]
    slope = statistics.linear_regression(*zip(*between)).slope
    tenth = max(1, len(between) // 10)
    sizes = [size for _, size in between]
    return slope * 60, statistics.mean(sizes[:tenth]), statistics.mean(sizes[-tenth:])


def break_datagrams(until, chance):
    """Questions with a few octets changed, cut or added; and noise."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(SERVER)
        udp.setblocking(False)
        for n in itertools.count():
            octets = bytearray(message.question(f"m{n % 999}.good.com", "A", n & 0xFFFF, 1232))
            for _ in range(chance.randrange(1, 6)):
                octets[chance.randrange(2, len(octets))] = chance.randrange(256)
            if n % 5 == 0:
                del octets[chance.randrange(len(octets)) :]
            if n % 7 == 0:
                octets += chance.randbytes(chance.randrange(1, 1400))
            with contextlib.suppress(OSError):
                udp.send(octets)
            with contextlib.suppress(OSError):
                udp.recv(65535)
            if time.monotonic() > until:
                return
            time.sleep(0.005)


def vanish(until, chance):
    """Clients that ask and are gone: closed ports, streams that are cut anywhere, and those that
    never read."""
    held = []
    for n in itertools.count():
        question = message.question(f"v{n}.farm{n % 100}.net", "A", n & 0xFFFF)
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(question, SERVER)
        with contextlib.suppress(OSError):
            tcp = socket.create_connection(SERVER, timeout=5)
            octets = client.frame(question) * chance.randrange(1, 20)
            tcp.send(octets[: chance.randrange(len(octets) + 1)])
            if n % 3 == 0:  # with a reset
                tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if n % 5 == 0:
                held.append(tcp)
                tcp = held.pop(0) if len(held) > 10 else None
            if tcp:
                tcp.close()
        if time.monotonic() > until:
            return
        time.sleep(0.02)


def operate(until, daemon):
    """An operator who does nothing but change zones, flush, and look."""
    words = itertools.cycle([
        ("reload",), ("flush", "good.com"), ("stats",), ("explain", "c1.good.com"), ("reload",),
        ("status",), ("flush", "."), ("explain", "x.grave1.org"),
    ])  # fmt: skip
    daemon.told = daemon.failed = 0
    while time.monotonic() < until:
        daemon.write_zone()
        daemon.told += 1
        daemon.failed += not daemon.ctl(*next(words))
        time.sleep(1.0)
