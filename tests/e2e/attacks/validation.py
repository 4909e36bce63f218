"""Attacks on DNSSEC: signatures and proofs that are stripped, replayed, or somebody else's."""

from clients import ask, rcode
from packets import A, CNAME, DS, NXDOMAIN, RR, a
from rows import at_least, at_most, one_of, poisoned, row
from signed import DNSKEY, NSEC, NSEC3, RRSIG, TOP, about, authentic, authentic_reply, signed_zone
from signing import DAY, Signing
from world import zone

EVIL = "192.0.2.66"
NOT_THERE = 17  # a type that no name has


def secure(reply):
    return bool(reply and reply.flags & 0x20 and reply.rcode == "NOERROR" and reply.addresses())


def dnssec_ask(name, kind="A", **how):
    """With AD set, which asks for AD (RFC 6840 section 5.7)."""
    return ask(name, kind, udp_size=1232, flags=0x0120, **how)


# Downgrades.
def parent(asked):
    """sec itself, whose answers about some children are changed on their way."""
    said = authentic_reply(asked)
    label = asked.under()[-1] if asked.under() else ""
    if label == "forged8":  # no DS and no proof
        said.strip(DS, NSEC)
    if label == "forged9":  # an algorithm that nobody knows, with the signature of the true set
        said.answer = [unknown_algorithm(r) for r in said.answer]
        said.authority = [unknown_algorithm(r) for r in said.authority]
    if label == "forged12" and (asked.type == DS or said.authority):  # the child's own proof
        said.strip(DS)
        child = authentic_reply(asked, "forged12.sec", NOT_THERE, "forged12.sec")
        proof = [r for r in child.authority if about(r) == NSEC]
        soa = [r for r in authentic_reply(asked, "none.sec").authority if about(r) != NSEC]
        said.authority += proof + soa * (asked.type == DS)
    return said.sent(asked)


def unknown_algorithm(record):
    return record._replace(data=record.data[:2] + b"\xc8" + record.data[3:]) if record.type == DS else record


signed_zone(TOP, "bank A 192.0.2.150\nshop A 192.0.2.151\nzebra A 192.0.2.152\n", answer=parent)

TEXT = "www A 192.0.2.10\n*.wild A 192.0.2.11\nhere.wild A 192.0.2.12\n"


def tampered(change):
    """An answer that `change` (asked, Said) has had in hands."""

    def answer(asked):
        said = authentic_reply(asked)
        change(asked, said)
        return said.sent(asked)

    return answer


def forged_address(asked, said):
    said.answer = [r._replace(data=a("", EVIL).data) if r.type == A else r for r in said.answer]


def unproved(asked, said):
    if asked.type == A and asked.under():
        said.answer, said.rcode = [], NXDOMAIN
        said.authority = [r for r in authentic_reply(asked, asked.zone.apex, NOT_THERE).authority if about(r) != NSEC]


def denied_by_another(asked, said):
    if asked.type == A and asked.under():
        said.answer, said.authority = [], authentic_reply(asked, asked.zone.apex, NOT_THERE).authority


def leads_away(asked, said):
    if asked.type == A and asked.under():
        said.answer = [RR(asked.name, CNAME, "www.hijack.net")]


def replays_wildcard(asked, said):
    if asked.name.startswith("here.wild") and asked.type == A:
        other = authentic_reply(asked, "any.wild." + asked.zone.apex)
        said.answer = [r._replace(owner=asked.name) for r in other.answer]
        said.authority = other.authority


def by_the_sibling(asked, said):
    """A set that the sibling's key has signed, and says so."""
    if asked.type == A and asked.under():
        other = authentic_reply(asked, "www.safe1.sec", A, "safe1.sec")
        said.answer = [r._replace(owner=asked.name) for r in other.answer]


zone("hijack.net", records={"www": EVIL})
FORGED = {
    "forged1": tampered(lambda asked, said: said.answer and about(said.answer[0]) == A and said.strip(RRSIG)),
    "forged2": tampered(lambda asked, said: said.strip(RRSIG, NSEC, DNSKEY)),
    "forged3": tampered(forged_address),
    "forged4": authentic,  # has expired
    "forged5": tampered(by_the_sibling),
    "forged6": tampered(unproved),
    "forged7": tampered(denied_by_another),
    "forged8": tampered(lambda asked, said: said.strip(RRSIG, NSEC, DNSKEY)),
    "forged9": tampered(forged_address),
    "forged10": tampered(leads_away),
    "forged11": tampered(replays_wildcard),
    "forged12": tampered(lambda asked, said: said.strip(RRSIG, NSEC, DNSKEY)),
}
for _name, _answer in FORGED.items():
    _how = Signing(begin=-9 * DAY, end=-2 * DAY) if _name == "forged4" else Signing()
    signed_zone(f"{_name}.sec", TEXT, _how, _answer)
signed_zone("safe1.sec", TEXT)
signed_zone("safe2.sec", TEXT, Signing("bind", 15))
signed_zone("safe3.sec", TEXT, Signing("ldns", 14, "nsec3"))
signed_zone("open1.sec", TEXT, digests=())
zone("open2.sec", records={"www": "192.0.2.10"})


@row(12, "downgrade and stripping", quick=True, believed=True, validate=True)
def downgrade(bench):
    """12 ways to take signatures and proofs away, or to put others in their place."""
    believed = 0
    for name in FORGED:
        reply = dnssec_ask(f"{'here.wild' if name == 'forged11' else 'www'}.{name}.sec")
        believed += bool(reply) and reply.rcode != "SERVFAIL"
    yield poisoned("of 12 forgeries believed", believed)
    good = [dnssec_ask(f"www.safe{n}.sec") for n in (1, 2, 3)]
    yield at_least("of 3 secure names with AD", 3, sum(map(secure, good)))
    open_names = [dnssec_ask(f"www.open{n}.sec") for n in (1, 2)]
    yield at_least("of 2 insecure names without AD", 2,
                   sum(bool(r and r.addresses()) and not secure(r) for r in open_names))  # fmt: skip


# Keys that reach further than their zone.
def signs_for_the_parent(edited):
    """The key of reach.sec signs as if its data came from *.sec, and an NSEC that reaches over its siblings."""
    edited.resign("over", "A", labels=1, wildcard="*.sec.")
    (last,) = (r for r in edited.find(None, "NSEC") if r.words[0] == edited.zone)
    edited.set_word(0, "zzz.sec.", last.owner, "NSEC")
    edited.resign(last.owner, "NSEC")


signed_zone("reach.sec", f"over A {EVIL}\nwww A 192.0.2.10\n", after=signs_for_the_parent)


def child_for_parent(asked):
    """mid.sec answers about kid.mid.sec with what the child proves of itself."""
    said = authentic_reply(asked)
    if asked.under() and asked.under()[-1] == "kid" and (asked.type == DS or said.authority):
        said.strip(DS)
        found = authentic_reply(asked, "kid.mid.sec", NOT_THERE, "kid.mid.sec").authority
        soa = [r for r in authentic_reply(asked, "none.mid.sec").authority if about(r) != NSEC3]
        said.answer = []
        said.authority += [r for r in found if about(r) == NSEC3] + soa * (asked.type == DS)
    return said.sent(asked)


signed_zone("mid.sec", TEXT, Signing("ldns", 13, "nsec3"), child_for_parent)
signed_zone("kid.mid.sec", TEXT, Signing("ldns", 13, "nsec3"),
            tampered(lambda asked, said: said.strip(RRSIG, NSEC3, DNSKEY)))  # fmt: skip


@row(13, "proofs that reach too far", quick=True, believed=True, validate=True)
def reach(bench):
    """2026: a zone signs *.parent, an NSEC goes beyond its zone, a child's NSEC3 denies its own DS."""
    believed = 0
    for _ in range(2):
        reply = dnssec_ask("over.reach.sec")
        believed += bool(reply) and reply.rcode != "SERVFAIL"
        dnssec_ask("zz.reach.sec")
        for name in ("nothing", "tomorrow", "x.y"):  # below sec, where nothing is
            reply = dnssec_ask(f"{name}.sec")
            believed += bool(reply and reply.addresses())
    reply = dnssec_ask("www.kid.mid.sec")
    believed += bool(reply) and reply.rcode != "SERVFAIL"
    victims = [dnssec_ask(f"{name}.sec") for name in ("bank", "shop", "zebra")]
    yield poisoned("believed", believed)
    yield at_most("of 3 siblings made unreachable", 0, 3 - sum(map(secure, victims)))


STORM = signed_zone("storm.sec", TEXT, Signing(begin=-9 * DAY, end=-2 * DAY), addresses=13)


@row(23, "13 bogus servers", quick=True, validate=True)
def bogus_storm(bench):
    """A zone whose signatures have expired at all of its 13 servers: is each asked, again and again?"""
    reply = dnssec_ask("www.storm.sec")
    cold = bench.world.count(STORM)
    for _ in range(50):
        dnssec_ask("www.storm.sec")
    yield at_most("packets for the first question", 4, cold)
    yield at_most("for 50 more", 1, bench.world.count(STORM) - cold)
    yield one_of("the end", ("SERVFAIL",), rcode(reply))
