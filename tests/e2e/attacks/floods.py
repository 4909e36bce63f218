"""Too much of something: random names, dead names, large answers, connections, descriptors."""

import contextlib
import random
import socket
import struct
import time

import client
import message
from clients import SERVER, Load, ask, names, run
from packets import A, NOERROR, RR, a, txt
from rows import at_least, at_most, row, share, within
from world import honest, zone


def overwhelmed(asked):
    """A server that answers a hundred questions a second, as one under attack."""
    world = asked.world.knobs
    now = time.monotonic()
    world["free"] = max(now, world.get("free", 0)) + 0.01
    if not asked.under():
        return honest(asked)
    return asked.nothing() if world["free"] < now + 0.5 else None


TORTURED = zone("tortured.com", overwhelmed, addresses=2)


def cached_names():
    ask("cached.good.com")
    while True:
        yield ("cached.good.com", "A")


@row(25, "water torture")
def water_torture(bench):
    """2014: 2,000 random names a second below a zone whose servers can do a hundred."""
    cached = Load(cached_names(), rate=100)
    fresh = Load(names("fresh{}.good.com"), rate=50)
    chance = random.Random(4711)
    flood = Load(((f"r{chance.getrandbits(40):x}.tortured.com", "A") for _ in range(10**6)),
                 rate=2000, source="127.0.0.9")  # fmt: skip
    started = time.monotonic()
    run(cached, fresh, flood, seconds=6, patience=1)
    seconds = min(6, time.monotonic() - started)
    yield share("% of cached names answered", 99.9, cached.share())
    yield within("ms, cached names, p99", 10, cached.percentile(99))
    yield share("% of new names answered", 99, fresh.share())
    yield within("questions a second at the victim", 200, bench.world.count(TORTURED) / seconds)


DEAD = [zone(f"grave{n}.com", lambda asked: None, addresses=2) for n in range(4)]


@row(39, "10,000 dead questions")
def dead_questions(bench):
    """CVE-2026-42534: slow questions take every slot, from many addresses."""
    cached = Load(cached_names(), rate=100)
    fresh = Load(names("fresh{}.good.com"), rate=50)
    dead = [Load(((f"d{n}.grave{n % 4}.com", "A") for n in range(k * 250, k * 250 + 250)), rate=50,
                 source=f"127.3.{k}.1") for k in range(40)]  # fmt: skip
    before = bench.resolver.memory_mb()
    run(cached, fresh, *dead, seconds=5, patience=2)
    yield share("% of cached names answered", 99.9, cached.share())
    yield share("% of new names answered", 99, fresh.share())
    yield within("ms, cached and new, p99", 50, max(cached.percentile(99), fresh.percentile(99)))
    yield at_most("MB that memory has grown", 100, round(bench.resolver.memory_mb() - before, 1))


HOT = zone("hot.com", records={"*": "192.0.2.50"})
LITTER = zone("litter.com", records={"*": [txt("", b"x" * 900, 86400)]})


@row(38, "cache flush", cache=16)
def cache_flush(bench):
    """CacheFlush 2024, CVE-2023-2828: 30,000 large one-time answers, with a cache of 16 MB."""
    before = bench.resolver.memory_mb()
    hot = [(f"h{n}.hot.com", "A") for n in range(50)]
    for _ in range(3):
        run(Load(hot, rate=1000), patience=2)
    popular = (hot[n % 50] for n in range(10**6))
    run(Load(names("n{}.litter.com", "TXT", 30000), rate=2500), Load(popular, rate=100),
        seconds=14, patience=2)  # fmt: skip
    flushed = bench.world.count(LITTER)
    bench.world.forget()
    run(Load(hot, rate=500), patience=3)
    yield at_least("of 50 popular names still known", 45, 50 - bench.world.count(HOT))
    grown = bench.resolver.memory_mb() - before
    yield within("MB that memory has grown", 18.5, round(grown, 1))
    yield share("one-time names that came through", 20000, flushed)


def pointers(asked):
    """loop: names that point at themselves. heap: 64 kB of names, each a label before the last."""
    under = asked.under()
    if not under or asked.type != A:
        return honest(asked) if not under else asked.nothing(NOERROR)
    head = struct.pack("!2H", asked.id, 0x8180) + struct.pack("!4H", 1, 1, 0, 0) + asked.question
    if under[0].startswith("loop"):
        at = struct.pack("!H", 0xC000 | len(head))
        return head + at + struct.pack("!2HIH", A, 1, 60, 4) + bytes(4)
    if not asked.stream:
        return asked.reply(tc=True)
    out, last = bytearray(head), 12
    count = 0
    while len(out) < 16000:
        label = struct.pack("!B4s", 4, b"%04x" % count)
        here = len(out)
        out += label + struct.pack("!H", 0xC000 | last) + struct.pack("!2HIH", A, 1, 60, 4) + bytes(4)
        last = 12 if count % 40 == 39 else here
        count += 1
    pointer = struct.pack("!H", 0xC000 | last)
    while len(out) < 65000:
        out += pointer + struct.pack("!2HIH", A, 1, 60, 4) + struct.pack("!I", count)
        count += 1
    struct.pack_into("!H", out, 6, count)
    return bytes(out)


BOMBS = zone("bombs.com", pointers)


def cpu_of(bench, questions, rate):
    before = bench.resolver.cpu_ms()
    load = run(Load(questions, rate=rate), patience=7)
    return (bench.resolver.cpu_ms() - before) / load.sent, load


@row(33, "compression bombs")
def compression(bench):
    """CVE-2024-8508: 64 kB of thousands of names, each with forty pointers; pointers to themselves."""
    ask("warm.bombs.com", "TXT")
    cpu, load = cpu_of(bench, names("heap{}.bombs.com", count=40), 20)
    yield at_most("of 40 without any answer", 0, load.sent - load.answered)
    yield within("ms of CPU for a message of 64 kB", 5, cpu)
    ask("loop.bombs.com")
    good = ask("afterwards.good.com")
    yield at_least("good answers afterwards", 1, int(bool(good and good.addresses())))


def options(count):
    return struct.pack("!2H", 65001, 0) * count


def flooded(asked):
    if not asked.under() or asked.edns is None:
        return honest(asked)
    plain = asked.reply([a(asked.name, "192.0.2.34")])[:-11]
    if not asked.stream:
        return asked.reply(tc=True)
    data = options(15000)
    return plain + b"\0" + struct.pack("!2HIH", 41, 1232, 0, len(data)) + data


OPTIONS = zone("options.com", flooded)


@row(34, "option floods")
def option_floods(bench):
    """CVE-2026-41292: 15,000 EDNS options in a question, and in an answer."""
    question = message.question("cached.good.com", "A", udp_size=1232)
    ask("cached.good.com")
    data = options(15000)
    flood = question[:-2] + struct.pack("!H", len(data)) + data
    before, sent = bench.resolver.cpu_ms(), 200
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        for _ in range(sent):
            udp.sendto(flood, SERVER)
            time.sleep(0.005)
        time.sleep(0.1)
    yield within("ms of CPU for such a question", 0.3, (bench.resolver.cpu_ms() - before) / sent)
    cpu, load = cpu_of(bench, names("o{}.options.com", count=40), 40)
    yield within("ms of CPU for such an answer", 5, cpu)
    yield at_most("of 40 without any answer", 0, load.sent - load.answered)


def crowd(asked):
    if not asked.under() or asked.type not in (A, 2):
        return honest(asked) if not asked.under() else asked.nothing(NOERROR)
    if not asked.stream:
        return asked.reply(tc=True)
    return asked.reply([RR(asked.name, A, struct.pack("!I", 0x0A000000 + n)) for n in range(3900)])


CROWD = zone("crowd.com", crowd)


@row(36, "large record sets")
def large_sets(bench):
    """CVE-2024-1737: 3,900 addresses at each of 100 names."""
    cpu, load = cpu_of(bench, names("c{}.crowd.com", count=100), 50)
    yield at_most("of 100 without any answer", 0, load.sent - load.answered)
    yield within("ms of CPU for such a name", 5, cpu)


def open_streams(count, source, octets):
    streams = []
    for _ in range(count):
        with contextlib.suppress(OSError):
            tcp = socket.socket()
            tcp.settimeout(1)
            tcp.bind((source, 0))
            tcp.connect(SERVER)
            tcp.sendall(octets)
            streams.append(tcp)
    return streams


def held(streams):
    """How many of them the server still has."""
    alive = 0
    for tcp in streams:
        tcp.setblocking(False)
        try:
            alive += tcp.recv(1) != b""
        except BlockingIOError:
            alive += 1
        except OSError:
            pass
    return alive


@row(40, "TCP, idle and half messages")
def slow_streams(bench):
    """300 connections of one client that say nothing, half a question, or an octet now and then."""
    ask("cached.good.com")
    half = client.frame(message.question("cached.good.com", "A"))[:9]
    streams = open_streams(100, "127.0.0.9", b"") + open_streams(200, "127.0.0.9", half)
    answers = 0
    started = time.monotonic()
    for n in range(20):
        with contextlib.suppress(OSError, ConnectionError):
            answers += stream_answers(f"127.0.1.{n}")
    took = (time.monotonic() - started) * 1000
    yield at_least("of 20 other clients answered", 20, answers)
    yield within("ms for all of them", 2000, took)
    yield at_most("connections of one address held", 32, held(streams))
    time.sleep(13)
    yield at_most("held after 13 s", 0, held(streams))
    for tcp in streams:
        tcp.close()


def stream_answers(source):
    with client.Stream(SERVER, source) as stream:
        stream.tcp.settimeout(3)
        stream.send(client.frame(message.question("cached.good.com", "A")))
        octets = stream.receive()
        return bool(octets and message.parse(octets).answer)


BIG = zone("big.com", records={"*": [txt("", b"y" * 20000)]})


@row(40, "TCP, who never reads")
def never_read(bench):
    """CVE-2024-0760: one client asks for 20 kB 2,000 times on each of 8 connections, and does not read."""
    client.ask_tcp(SERVER, "one.big.com", "TXT")
    before = bench.resolver.memory_mb()
    question = client.frame(message.question("one.big.com", "TXT"))
    streams = open_streams(8, "127.0.0.9", b"")
    for tcp in streams:
        tcp.setblocking(False)
        with contextlib.suppress(OSError):
            for _ in range(2000):
                tcp.send(question)
    time.sleep(1)
    answers = 0
    for n in range(20):
        with contextlib.suppress(OSError, ConnectionError):
            answers += stream_answers(f"127.0.1.{n}")
    yield at_least("of 20 other clients answered", 20, answers)
    yield within("MB that memory has grown", 16, round(bench.resolver.memory_mb() - before, 1))
    for tcp in streams:
        tcp.close()


@row(43, "out of descriptors", files=256)
def descriptors(bench):
    """No socket left for questions upstream: 256 descriptors, 3,000 questions to dead servers."""
    cached = Load(cached_names(), rate=100)
    dead = [Load(((f"d{n}.grave{n % 4}.com", "A") for n in range(k * 300, k * 300 + 300)), rate=150,
                 source=f"127.3.{k}.1") for k in range(10)]  # fmt: skip
    before = bench.resolver.cpu_ms()
    run(cached, *dead, seconds=4, patience=6)
    yield share("% of cached names answered", 100, cached.share())
    yield within("ms of CPU in 10 s", 2500, bench.resolver.cpu_ms() - before)
    silent = sum(load.sent - load.answered for load in dead)
    yield within("of 3000 met with silence", 30, silent)
    started = time.monotonic()
    while time.monotonic() - started < 10:
        reply = ask(f"again{time.monotonic_ns()}.good.com", patience=1)
        if reply and reply.addresses():
            break
    yield within("ms until new names are answered", 1000, (time.monotonic() - started) * 1000)
