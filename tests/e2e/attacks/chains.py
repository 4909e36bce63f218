"""Aliases and referrals that lead on and on, or back to where they began."""

from clients import ask, rcode
from packets import a, cname, dname
from rows import at_most, one_of, row, within
from world import honest, zone

LINKS = {f"l{n}": [cname(f"l{n}.chain.com", f"l{n + 1}.chain.com")] for n in range(64)}
CHAIN = zone("chain.com", records=LINKS | {"l64": "192.0.2.64"})


@row(20, "CNAME chain of 64", quick=True)
def long_chain(bench):
    """A chain of 64 aliases; the chain ends at the limit, not at its end."""
    reply = ask("l0.chain.com")
    yield at_most("packets at the attacker", 12, bench.world.count(CHAIN))
    yield one_of("the end", ("SERVFAIL",), rcode(reply))


FAR = [zone(f"far{n}.com", records={"www": [cname(f"www.far{n}.com", f"www.far{n + 1}.com")]})
       for n in range(30)]  # fmt: skip


@row(20, "CNAME chain through 30 zones", quick=True)
def far_chain(bench):
    """The same, each link in another zone: a referral for each step."""
    reply = ask("www.far0.com")
    yield at_most("packets", 25, bench.world.count())
    yield one_of("the end", ("SERVFAIL",), rcode(reply))


LOOP = zone("loop.com", records={
    "a": [cname("a.loop.com", "b.loop.com")], "b": [cname("b.loop.com", "c.loop.com")],
    "c": [cname("c.loop.com", "a.loop.com")], "self": [cname("self.loop.com", "self.loop.com")],
})  # fmt: skip


@row(20, "CNAME loop of three", quick=True)
def loop(bench):
    """Three aliases in a circle."""
    reply = ask("a.loop.com")
    yield at_most("packets at the attacker", 3, bench.world.count(LOOP))
    yield one_of("the end", ("SERVFAIL", "NOERROR"), rcode(reply))


@row(20, "CNAME to itself", quick=True)
def self_alias(bench):
    """An alias of itself."""
    reply = ask("self.loop.com")
    yield at_most("packets at the attacker", 1, bench.world.count(LOOP))
    yield one_of("the end", ("SERVFAIL", "NOERROR"), rcode(reply))


def dname_loop(asked):
    """x.dloop.com DNAME y.dloop.com, and back; grow: each step is longer."""
    under = asked.under()
    for old, new in (("x", "y"), ("y", "x"), ("grow", "longer.longer.grow")):
        if under and under[-1] == old:
            cut = f"{old}.dloop.com"
            target = f"{new}.dloop.com"
            records = [dname(cut, target)]
            if asked.name != cut:
                made = asked.name.removesuffix(cut) + target
                if len(made) > 253:
                    return asked.reply(records, rcode=6)
                records.append(cname(asked.name, made))
            return asked.reply(records)
    return honest(asked)


DNAMES = zone("dloop.com", dname_loop)


@row(20, "DNAME loop", quick=True)
def loop_of_dnames(bench):
    """Two DNAMEs that lead to each other."""
    reply = ask("www.x.dloop.com")
    yield at_most("packets at the attacker", 5, bench.world.count(DNAMES))
    yield one_of("the end", ("SERVFAIL", "NOERROR", "YXDOMAIN"), rcode(reply))


@row(20, "DNAME that grows", quick=True)
def growing_dname(bench):
    """A DNAME that makes the name longer until it is too long (RFC 6672 section 2.2)."""
    reply = ask("www.grow.dloop.com")
    yield at_most("packets at the attacker", 13, bench.world.count(DNAMES))
    yield one_of("the end", ("SERVFAIL", "YXDOMAIN"), rcode(reply))


def step_down(asked):
    """Refers on by one label, to itself, as deep as the name goes."""
    under = asked.under()
    if len(under) < 1:
        return honest(asked)
    depth = asked.world.knobs.setdefault("deep", {})
    known = depth.get(asked.client[0], 1)
    take = min(known, len(under))
    depth[asked.client[0]] = known + 1
    cut = ".".join(under[len(under) - take :]) + ".deep.com"
    if take == len(under) and asked.type == 1:
        return asked.reply([a(asked.name, "192.0.2.7")])
    return asked.referral(cut, [f"ns.{cut}"], [a(f"ns.{cut}", asked.address)])


DEEP = zone("deep.com", step_down)


@row(21, "deep referral, 118 labels", quick=True)
def deep_referral(bench):
    """A referral for each of 118 labels, one at a time."""
    reply = ask(".".join("x" * 118) + ".deep.com")
    yield at_most("packets", 64, bench.world.count())
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
    yield within("ms", 5000, reply.ms if reply else 12000)


def self_referral(asked):
    if not asked.under():
        return honest(asked)
    cut = "com" if asked.name.endswith("up.selfref.com") else "selfref.com"
    return asked.referral(cut, ["ns1.selfref.com"], [a("ns1.selfref.com", asked.address)])


SELF = zone("selfref.com", self_referral)


@row(21, "referral to itself", quick=True)
def referral_to_itself(bench):
    """A server that refers to the zone that it was asked for."""
    reply = ask("www.selfref.com")
    yield at_most("packets at the attacker", 4, bench.world.count(SELF))
    yield one_of("the end", ("SERVFAIL",), rcode(reply))


@row(21, "referral upwards", quick=True)
def referral_upwards(bench):
    """A server that refers back to the zone above."""
    reply = ask("www.up.selfref.com")
    yield at_most("packets at the attacker", 4, bench.world.count(SELF))
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
