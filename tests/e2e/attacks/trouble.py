"""No attacker, but a bad day: packets are lost, IPv6 leads nowhere, every server is dead for a while."""

import statistics
import time

from clients import Load, ask, run
from packets import A, a
from rows import at_least, at_most, row, share, within
from world import Later, honest, zone

FARMS = [zone(f"farm{n}.net", addresses=2, records={"*": "192.0.2.90"}) for n in range(100)]


@row(0, "30 % loss")
def loss(bench):
    """Of all questions to servers 30 % are lost: 1,000 names in 100 zones."""
    bench.world.lose(0.3)
    load = run(Load((f"n{n // 100}.farm{n % 100}.net", "A") for n in range(1000)), patience=5.5)
    answered = sum(1 for took in load.ms if took <= 5000) - (load.answered - load.good)
    yield at_least("of 1000 answered in 5 s", 1000, answered)
    yield within("ms, median", 1000, load.percentile(50))
    yield within("packets for a name", 3.6, bench.world.count() / 1000)


def both(number):
    """A zone whose servers have addresses of both families; those of IPv6 do not answer."""
    v4, v6 = f"45.2.{number}.1", f"2a45:2:{number:x}::1"
    name = f"hole{number}.net"

    def answer(asked):
        if ":" in asked.address:
            return None
        if asked.type == A and asked.under() and asked.under()[0].startswith("n"):
            return Later(0.02, asked.reply([a(asked.name, "192.0.2.91")]))
        return honest(asked)

    names = [f"ns1.{name}", f"ns1.{name}"]
    return zone(name, answer, addresses=[v4, v6], names=names)


HOLES = [both(n) for n in range(40)]


def median(bench):
    ask("warm.farm0.net")
    load = run(Load(((f"n{n // 40}.hole{n % 40}.net", "A") for n in range(400)), rate=100))
    return load


@row(0, "IPv6 black hole")
def black_hole(bench):
    """Servers have addresses of both families, and whatever goes to IPv6 is lost."""
    bench.restart(ipv6=False)
    alone = median(bench)
    bench.restart(ipv6=True)
    beside = median(bench)
    ratio = statistics.median(beside.ms or [12000]) / statistics.median(alone.ms or [1])
    yield within("median beside IPv4 alone", 1.3, ratio)
    yield within("ms, p99", 450, beside.percentile(99))
    yield at_most("of 400 not answered", 0, beside.sent - beside.good)
    seen = bench.world.seen(*HOLES)
    late = [each for each in seen if ":" in each.address]
    yield within("packets into the hole", 120, len(late))


SHORT = zone("short.net", addresses=2, records={
    f"s{n}": [a(f"s{n}.short.net", "192.0.2.92", ttl=1)] for n in range(200)
})  # fmt: skip


@row(0, "all servers dead for a while")
def all_dead(bench):
    """Every server is silent for 12 s under 1,000 questions a second; then all are back."""
    for n in range(200):
        ask(f"s{n}.short.net")
    run(Load(((f"c{n}.good.com", "A") for n in range(200)), rate=400))
    time.sleep(1.5)
    before = bench.resolver.memory_mb()
    bench.world.lose(1.0)
    cached = Load((f"c{n % 200}.good.com", "A") for n in range(10**6))
    stale = Load((f"s{n % 200}.short.net", "A") for n in range(10**6))
    fresh = Load((f"x{n}.farm{n % 100}.net", "A") for n in range(10**6))
    cached.rate, stale.rate, fresh.rate, fresh.source = 200, 50, 750, "127.0.0.7"
    run(cached, stale, fresh, seconds=12, patience=5)
    grown = bench.resolver.memory_mb() - before
    bench.world.lose(0.0)
    back = time.monotonic()
    names = iter(range(10**6))
    good = 0
    while good < 20 and time.monotonic() - back < 30:
        number = next(names)
        reply = ask(f"b{number}.farm{number % 100}.net", patience=1)
        good = good + 1 if reply and reply.addresses() else 0
    took = (time.monotonic() - back) * 1000
    yield share("% of cached names answered", 99.9, cached.share())
    yield share("% of expired names answered", 99, stale.share())
    yield within("MB that memory has grown", 100, round(grown, 1))
    yield within("ms until 20 names in a row", 5000, took)
