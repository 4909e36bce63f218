"""Servers that speak of names which are not theirs, and zones that live on after their parents let go."""

import time

from clients import ask
from forgery import EVIL, SERVER, evil
from packets import A, NOERROR, NS, RR, a, below, cname, dname, ns, soa, wire
from rows import at_least, at_most, poisoned, row
from world import honest, impostor, zone

HIJACKER = "ns.hijack.org"  # the attacker's own server, by a name of its own
zone("hijack.org", records={"ns": SERVER})


def shapes(asked):
    """s<n>v<k>: the n-th way to speak of victim<k>.com beside the answer."""
    under = asked.under()
    if not under or not under[-1].startswith("s"):
        return honest(asked)
    number, _, victim = under[-1][1:].partition("v")
    if not number.isdigit() or len(under) > 1:
        return honest(asked)
    victim, mine = f"victim{victim}.com", a(asked.name, "192.0.2.20")
    www, server = a(f"www.{victim}", EVIL, 86400), f"ns1.{victim}"
    glue = a(server, SERVER, 86400)
    mx = RR(asked.name, 15, b"\0\1" + wire(f"mail.{victim}"))
    cut = f"x.{asked.zone.apex}"
    if asked.type != A:
        return asked.nothing(NOERROR)
    ways = [
        lambda: asked.reply([mine, www]),
        lambda: asked.reply([mine], [ns(victim, HIJACKER, 86400)]),
        lambda: asked.reply([mine], [ns(victim, server, 86400)], [glue]),
        lambda: asked.reply([mine], [], [www, glue]),
        lambda: asked.reply([mine], [ns("com", HIJACKER, 86400)], [a(HIJACKER, SERVER, 86400)]),
        lambda: asked.reply([mine], [ns("", HIJACKER, 86400)], [a(HIJACKER, SERVER, 86400)]),
        lambda: asked.reply([cname(asked.name, f"www.{victim}"), www]),
        lambda: asked.reply([cname(asked.name, f"www.{victim}"),
                             cname(f"www.{victim}", "evil.hijack.org"), a("evil.hijack.org", EVIL)]),
        lambda: asked.referral(cut, [server], [glue]),
        lambda: asked.referral(victim, [server], [glue]),
        lambda: asked.reply([], [soa(victim, 3600, 3600)], rcode=3),
        lambda: asked.reply([], [soa("com", 3600, 3600)], rcode=3),
        lambda: asked.reply([dname(victim, "evil.hijack.org", 86400), mine]),
        lambda: asked.reply([mx, mine], [ns(asked.zone.apex, server)], [glue, a(f"mail.{victim}", EVIL)]),
    ]  # fmt: skip
    return ways[int(number)]()


SHAPES = zone("shapes.com", shapes)
for _k in range(28):
    zone(f"victim{_k}.com", records={"www": "192.0.2.10", "mail": "192.0.2.11", "*": "192.0.2.12"})


@row(6, "records out of bailiwick", quick=True, believed=True)
def bailiwick(bench):
    """1997 to 2026: 14 ways to add other people's records, for a victim known before and one not."""
    believed, unreachable = [], []
    for case in range(28):
        shape, victim = case % 14, f"victim{case}.com"
        if case >= 14:
            evil(f"www.{victim}")
        ask(f"s{shape}v{case}.shapes.com", patience=6)
        found = [evil(f"{label}.{victim}") for label in ("www", "mail", "fresh")]
        if any(found):
            believed.append(case)
        elif None in found:
            unreachable.append(case)
        if any(found) or None in found:
            bench.restart()
    yield poisoned("poisoned of 28", len(believed))
    yield at_most("made unreachable of 28", 0, len(unreachable))


def promiscuous(asked):
    """lie<n>: an answer about the zone's own name, with servers of the zone that are the attacker's."""
    under, apex = asked.under(), asked.zone.apex
    if not under or not under[0].startswith("lie") or asked.type != A:
        return honest(asked)
    mine, own = a(asked.name, "192.0.2.10"), f"ns1.{apex}"
    other = [ns(apex, HIJACKER, 86400)]
    within, glue = [ns(apex, f"ns9.{apex}", 86400)], [a(f"ns9.{apex}", SERVER, 86400)]
    ways = [
        lambda: asked.reply([mine], other),
        lambda: asked.reply([mine], within, glue),
        lambda: asked.reply([mine], [ns(apex, own, 86400)], [a(own, SERVER, 86400)]),
        lambda: asked.reply([], [soa(apex), *other]),
        lambda: asked.reply([], [soa(apex), *within], glue, rcode=3),
        lambda: asked.reply([cname(asked.name, f"www.{apex}")], within, glue),
    ]
    return ways[int(under[0][3:])]()


for _k in range(6):
    zone(f"promise{_k}.com", promiscuous, records={"*": "192.0.2.10"})


@row(7, "promiscuous NS", quick=True, believed=True)
def promiscuous_ns(bench):
    """CVE-2025-11411: servers of the zone ride on an answer and point it elsewhere."""
    believed = unreachable = 0
    for way in range(6):
        evil(f"before.promise{way}.com")
        ask(f"lie{way}.promise{way}.com", patience=6)
        found = [evil(f"after{n}.promise{way}.com") for n in range(3)]
        believed += any(found)
        unreachable += not any(found) and None in found
    yield poisoned("poisoned of 6", believed)
    yield at_most("made unreachable of 6", 0, unreachable)


def ghost(asked):
    """A zone that says of itself, and of the zones below it, that it lives for a day."""
    apex = asked.zone.apex
    own = [ns(apex, f"ns1.{apex}", 86400)], [a(f"ns1.{apex}", asked.address, 86400)]
    for child in asked.zone.children.values():
        if below(asked.name, child.apex):
            return child.referral(asked)
    if asked.type == NS:
        return asked.reply(own[0], [], own[1])
    if asked.type != A:
        return asked.nothing(NOERROR)
    return asked.reply([a(asked.name, EVIL, 1)], *own)


GHOST = zone("ghost.com", ghost, ttl=5)
PHOENIX = zone("phoenix.com", ghost, ttl=5)
DEEPER = "phoenix.com"
for _k in range(10):
    DEEPER = f"d{_k}.{DEEPER}"
    zone(DEEPER, ghost, ttl=86400)
WATCH = 25.0  # seconds


@row(11, "ghost and phoenix domains", believed=True)
def ghosts(bench):
    """Ghost 2012, Phoenix 2023: the parent has let go, and the zone keeps itself alive; the same with
    ten deeper cuts."""
    world = bench.world
    if not (evil_now("www.ghost.com") and evil_now(f"www.{DEEPER}")):
        raise RuntimeError("the zones do not even live before they are revoked")
    world.turn(GHOST, "revoked")
    world.turn(PHOENIX, "revoked")
    revoked, alive, number = time.monotonic(), {"ghost": 0.0, "phoenix": 0.0}, 0
    while (now := time.monotonic() - revoked) < WATCH:
        number += 1
        ask("ghost.com", "NS", patience=2)
        for name, asked in (("ghost", f"w{number}.ghost.com"), ("phoenix", f"w{number}.{DEEPER}")):
            if now - alive[name] < 8 and evil_now(asked):
                alive[name] = now
        if now - max(alive.values()) > 3:
            break
        time.sleep(0.7)
    yield poisoned("seconds that the ghost lived", round(alive["ghost"]), 15)
    yield poisoned("seconds that the phoenix lived", round(alive["phoenix"]), 15)


def evil_now(name):
    reply = ask(name, patience=2)
    return bool(reply and reply.addresses())


def forwarder(asked):
    """The server of a forward zone: what it says of its own names comes with lies about others."""
    victim = "www.maginot-victim.com"
    lies = [ns("com", HIJACKER, 86400), ns("maginot-victim.com", HIJACKER, 86400)]
    glue = [a(HIJACKER, SERVER, 86400), a(victim, EVIL, 86400)]
    if asked.name.startswith("alias"):
        return asked.reply([cname(asked.name, victim), a(victim, EVIL, 86400)], lies, glue, aa=False)
    if asked.name.startswith("refer"):
        return asked.referral("com", [HIJACKER], glue, 86400)
    return asked.reply([a(asked.name, "192.0.2.30"), a(victim, EVIL, 86400)], lies, glue, aa=False)


FORWARDER = impostor(forwarder)
zone("maginot-victim.com", records={"*": "192.0.2.10"})
zone("fwd.com", records={"*": "192.0.2.31"})


@row(8, "MaginotDNS", quick=True, forward=("fwd.com", FORWARDER.addresses[0]), believed=True)
def maginot(bench):
    """MaginotDNS, 2023: what the server of a forward zone says poisons names outside of it."""
    true = 0
    for n in range(5):
        for word in ("plain", "alias", "refer"):
            reply = ask(f"{word}{n}.fwd.com", patience=6)
            true += word != "refer" and bool(reply and reply.rcode == "NOERROR" and reply.answer)
    found = [evil(f"{label}.maginot-victim.com") for label in ("www", "fresh")]
    found.append(evil("fresh.good.com"))
    yield poisoned("poisoned of 3", sum(map(bool, found)))
    yield at_most("made unreachable of 3", 0, found.count(None))
    yield at_least("answers of 10", 10, true)
    yield at_least("packets at the forwarder", 1, bench.world.count(FORWARDER))
