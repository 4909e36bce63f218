"""The dead Internet: for two minutes no authoritative server anywhere answers, under 5,000 questions
a second: for names in the cache, for names that have expired, for names that nobody has asked for."""

import itertools
import time
from pathlib import Path

from clients import Load, ask, run as ask_all
from dnsperf import Dnsperf
from packets import a
from rows import at_least, at_most
from world import zone

SECONDS = 120
SIZES = {"cache": 64, "limit": 256}
AFTERWARDS = 10  # seconds for which the clients go on
FARMS = [zone(f"farm{n}.net", addresses=2, records={"*": "192.0.2.90"}) for n in range(100)]
zone("short.net", addresses=2, records={"*": [a("", "192.0.2.92", ttl=1)]})
KNOWN = 1000  # names of each kind


def run(daemon, world, folder, seconds):
    for pattern in ("w.farm{}.net", "c{}.good.com", "s{}.short.net"):
        learn([pattern.format(n) for n in range(100 if "farm" in pattern else KNOWN)])
    time.sleep(2)
    before, lost = daemon.memory_mb(), lost_datagrams()
    world.lose(1.0)

    def load(name, names, rate, *options):
        lines = (f"{each} A" for each in names)
        options = ("-Q", str(rate), "-q", "20000", *options)
        return Dnsperf(folder, name, lines, seconds + AFTERWARDS, *options)

    def new(prefix):
        return (f"{prefix}-{n}.farm{n % 100}.net" for n in range(1000 * (seconds + AFTERWARDS)))

    # Of two networks: one may have no more than a quarter of all slots.
    fresh = [load(f"fresh{k}", new(f"x{k}"), 1000, "-a", f"127.0.{k}.1") for k in (1, 2)]
    cached = load("cached", (f"c{n}.good.com" for n in range(KNOWN)), 1500)
    expired = load("expired", (f"s{n}.short.net" for n in range(KNOWN)), 1500)
    time.sleep(seconds)
    dead_for = time.monotonic()
    world.lose(0.0)
    took = until_all_are_back()
    late = max(0.0, AFTERWARDS - (time.monotonic() - dead_for))
    time.sleep(late)
    loads = [each.wait() for each in (cached, expired, *fresh)]
    loads = [each for each in loads if each.ended]
    if not loads:
        raise RuntimeError("no dnsperf has ended: nothing was counted")
    most = max(size for _, size in daemon.samples)
    asked = sum(each.sent for each in loads)
    yield at_least("of 4 loads that can be counted", 3, len(loads))
    yield at_least("questions a second of each", 1000, asked / (seconds + AFTERWARDS) / len(loads))
    yield at_least("% of cached names' answers are good", 100, cached.good())
    yield at_least("% of expired names' answers are good", 100, expired.good())
    silent = sum(each.sent - each.answered for each in loads)
    lost = lost_datagrams() - lost
    yield at_most("datagrams that the kernel had no room for", asked, lost)
    yield at_most("questions met with silence beside them", 0, max(0, silent - lost))
    yield at_most("MB of memory at most", SIZES["limit"], most)
    yield at_most("MB that memory has grown", 100, most - before)
    yield at_most("s until every zone is back", 5, took)


def lost_datagrams():
    """Those that did not fit into a socket's buffer, of the daemon and of clients: on a machine with
    too much to do, or that gives no large buffers. The servers' own do not count."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    names, values = (line for line in lines if line[0] == "Udp:")
    sockets = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    of_servers = sum(int(each[-1]) for each in sockets if each[1].endswith(":0035"))
    return int(values[names.index("RcvbufErrors")]) - of_servers


def learn(names):
    """Asks until each has been answered: a cold start has few questions under way to one zone."""
    for _ in range(20):
        loads = [Load([(name, "A")]) for name in names]
        for at in range(0, len(loads), 100):
            ask_all(*loads[at : at + 100])
        names = [name for name, load in zip(names, loads) if not load.good]
        if not names:
            return
        time.sleep(0.5)
    raise RuntimeError(f"could not be learned: {names}")


def until_all_are_back():
    """Seconds until each zone has answered a name that is new, and one of the expired names has its
    own TTL again."""
    back = time.monotonic()
    waiting, numbers = {*range(100)}, itertools.count()
    while waiting or not fresh_again(next(numbers)):
        zones, round_ = sorted(waiting), next(numbers)
        names = ((f"b{round_}.farm{n}.net", "A") for n in zones)
        loads = [Load([name], source="127.0.3.1") for name in names]
        if loads:
            ask_all(*loads, patience=0.5)
        waiting = {n for n, load in zip(zones, loads) if not load.good}
        if time.monotonic() - back > 60:
            break
    return time.monotonic() - back


def fresh_again(number):
    reply = ask(f"s{number % KNOWN}.short.net", patience=0.5, source="127.0.3.1")
    return bool(reply and reply.answer and reply.answer[0].ttl <= 1)
