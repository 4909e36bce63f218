"""Referrals that make a resolver work for others: each answer of the attacker costs many questions."""

from clients import Load, ask, names, rcode, run
from packets import NOERROR, cname
from rows import at_most, one_of, row, within
from world import honest, zone

FAILURE = ("SERVFAIL", "NXDOMAIN")


def nxns(asked):
    """cut<n>: a referral to n names in the victim's zone."""
    under = asked.under()
    if under and under[-1].startswith("cut"):
        targets = [f"n{k}.nxns-victim.com" for k in range(int(under[-1][3:]))]
        return asked.referral(f"{under[-1]}.nxns.com", targets)
    return honest(asked)


NXNS = zone("nxns.com", nxns)
VICTIM = zone("nxns-victim.com", records={"www": "192.0.2.1"})


def nxns_of(count, world):
    reply = ask(f"x.cut{count}.nxns.com")
    yield at_most("packets at the victim", 5, world.count(VICTIM))
    yield at_most("packets in all", 10, world.count())
    yield one_of("the end", FAILURE, rcode(reply))
    yield within("ms", 1000, reply.ms if reply else 12000)


@row(16, "NXNS, 1500 names", quick=True)
def nxns_1500(bench):
    """NXNSAttack, 2020: one referral to 1,500 names without glue in the victim's zone."""
    yield from nxns_of(1500, bench.world)


@row(16, "NXNS, 90 names", quick=True)
def nxns_90(bench):
    """NXNSAttack, 2020: the same with what fits into a common answer over TCP."""
    yield from nxns_of(90, bench.world)


@row(16, "NXNS, 20 names", quick=True)
def nxns_20(bench):
    """NXNSAttack, 2020: the same in one datagram."""
    yield from nxns_of(20, bench.world)


def two_levels(asked):
    """a: servers in b<k>, each of which has its servers in the victim's zone."""
    under = asked.under()
    cut = under[-1] if under else ""
    if cut == "a":
        return asked.referral("a.nxns2.com", [f"n.b{k}.nxns2.com" for k in range(20)])
    if cut.startswith("b"):
        targets = [f"{cut}n{k}.nxns-victim.com" for k in range(20)]
        return asked.referral(f"{cut}.nxns2.com", targets)
    return honest(asked)


NXNS2 = zone("nxns2.com", two_levels)


@row(16, "NXNS, two levels", quick=True)
def nxns_two_levels(bench):
    """NXNSAttack, 2020: twenty names of servers, for each of which there are twenty more."""
    reply = ask("x.a.nxns2.com")
    yield at_most("packets at the victim", 32, bench.world.count(VICTIM))
    yield at_most("packets in all", 64, bench.world.count())
    yield one_of("the end", FAILURE, rcode(reply))
    yield within("ms", 1000, reply.ms if reply else 12000)


def nrdelegation(asked):
    under = asked.under()
    if under and under[-1].startswith(("cut", "many")):
        count = 90 if under[-1].startswith("cut") else 1500
        targets = [f"{under[-1]}n{k}.nrd-dead.com" for k in range(count)]
        return asked.referral(f"{under[-1]}.nrd.com", targets)
    return honest(asked)


NRD = zone("nrd.com", nrdelegation)
NRD_DEAD = zone("nrd-dead.com", lambda asked: None, addresses=2)


def nrdelegation_of(bench, cut):
    reply = ask(f"x.{cut}0.nrd.com")
    yield at_most("packets for one question", 15, bench.world.count())
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
    yield within("ms", 5100, reply.ms if reply else 12000)
    before = bench.resolver.cpu_ms()
    load = run(Load(names("x." + cut + "{}.nrd.com", count=20), rate=20))
    yield within("ms of CPU for a question", 5, (bench.resolver.cpu_ms() - before) / 20)
    yield at_most("of 20 not answered", 0, load.sent - load.answered)


@row(17, "NRDelegation, 1500 names", quick=True)
def nr_delegation(bench):
    """NRDelegationAttack, 2022: 1,500 names of servers in a zone whose servers do not answer."""
    yield from nrdelegation_of(bench, "many")


@row(17, "NRDelegation, 90 names")
def nr_delegation_90(bench):
    """NRDelegationAttack, 2022: the same with 90."""
    yield from nrdelegation_of(bench, "cut")


RING_A = zone("ring-a.com", names=["ns.ring-b.org"], glue=False)
RING_B = zone("ring-b.org", names=["ns.ring-a.com"], glue=False)


@row(18, "TsuNAME", quick=True)
def tsuname(bench):
    """TsuNAME, 2021: two zones whose servers have names in each other, asked for again and again."""
    world = bench.world
    reply = ask("www.ring-a.com")
    yield at_most("packets, cold", 10, world.count())
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
    yield within("ms", 1000, reply.ms if reply else 12000)
    world.forget()
    run(Load((("www.ring-a.com", "A") for _ in range(50)), rate=200))
    yield at_most("packets, 50 times the same", 5, world.count())


@row(18, "TsuNAME, other names")
def tsuname_other_names(bench):
    """TsuNAME, 2021: fifty names below a zone that is known to go round in circles."""
    ask("www.ring-a.com")
    bench.world.forget()
    run(Load(names("w{}.ring-a.com", count=50), rate=200))
    yield at_most("packets, 50 other names", 20, bench.world.count())


def camp(asked):
    """a to f: three servers each, in the next one."""
    under = asked.under()
    if under and under[-1] in "abcde":
        cut = under[-1]
        after = chr(ord(cut) + 1)
        return asked.referral(f"{cut}.camp.com", [f"{k}.{after}.camp.com" for k in (1, 2, 3)])
    return honest(asked)


CAMP = zone("camp.com", camp)


@row(19, "CAMP, fan-out", quick=True)
def camp_fan_out(bench):
    """CAMP, 2024: three servers for each zone, in a zone that again has three, five deep."""
    reply = ask("www.a.camp.com")
    yield at_most("packets at the attacker", 18, bench.world.count(CAMP))
    yield one_of("the end", FAILURE, rcode(reply))


def deep(digit):
    return ".".join(str(digit) * 11) + ".camp-alias.com"


ALIASES = zone("camp-alias.com", records={
    deep(n).removesuffix(".camp-alias.com"): [cname(deep(n), deep(n + 1))] for n in range(1, 9)
})  # fmt: skip


@row(19, "CAMP, alias x minimisation", quick=True)
def camp_aliases(bench):
    """CAMP, 2024: aliases to names of many labels, each with a walk of its own."""
    reply = ask(deep(1))
    yield at_most("packets", 43, bench.world.count())
    yield one_of("the end", ("NXDOMAIN", "SERVFAIL", "NOERROR"), rcode(reply))


def everything(asked):
    """Aliases to names below cuts, whose servers are names below other cuts, which are aliases."""
    under = asked.under()
    if not under:
        return honest(asked)
    last = under[-1]
    if last.startswith("s"):  # a name of a server: an alias, below a cut
        return asked.reply([cname(asked.name, f"x.a.b.c.d.t{last[1:]}.camp-all.com")])
    if last.startswith("t"):
        targets = [f"{k}.y.s{last[1:]}{k}.camp-all.com" for k in range(1, 10)]
        return asked.referral(f"{last}.camp-all.com", targets)
    return asked.reply([], [], rcode=NOERROR)


CAMP_ALL = zone("camp-all.com", everything)


@row(19, "CAMP, everything at once", quick=True)
def camp_everything(bench):
    """CAMP, 2024: fan-out times aliases times minimisation times referrals, without an end."""
    reply = ask("x.a.b.c.d.t1.camp-all.com")
    yield at_most("packets", 64, bench.world.count())
    yield one_of("the end", FAILURE, rcode(reply))
    yield within("ms", 5100, reply.ms if reply else 12000)
