"""Signed zones in the hostile Internet: the top-level domain sec, whose key is the resolvers' only trust anchor,
and what lies below it. They are signed by dnssec-signzone and ldns-signzone when a row needs them.

`authentic` answers as RFC 4035 section 3.1 wants it, from the signed zone; an attacker's answer takes what
`authentic_reply` says and changes it.
"""

from dataclasses import dataclass, field

import packets
import records
import signing
from editing import Edited
from packets import A, CNAME, DS, NOERROR, NS, NXDOMAIN, RR, SOA
from signing import Signing
from world import ZONES, zone

RRSIG, NSEC, DNSKEY, NSEC3 = 46, 47, 48, 50
TOP = "sec"


@dataclass
class Plan:
    """How a zone is signed, and afterwards its records."""

    text: str
    how: Signing
    digests: tuple
    ds: object
    after: object
    topic: str
    sets: dict = field(default_factory=dict)  # (name, type): [RR]
    signatures: dict = field(default_factory=dict)  # (name, type covered): [RR]
    names: list = field(default_factory=list)  # of the NSEC chain, in canonical order
    entry: list = field(default_factory=list)
    edited: Edited | None = None


PLANS = {}


def signed_zone(apex, text="", how=Signing(), answer=None, digests=(2,), ds=None, after=None, topic="", **more):
    """Declares one, below sec or sec itself. `digests` of its DS records, which `ds` changes; `after` edits the
    signed zone (editing.Edited); it is made only for rows of that topic."""
    made = zone(apex, answer or authentic, **more)
    PLANS[apex] = Plan(text, how, digests, ds, after, topic)
    return made


def canonical(name):
    """What orders names (RFC 4034 section 6.1)."""
    return [label.encode("latin-1") for label in reversed(name.split("."))] if name else []


def prepare(folder, topics):
    """Signs what these topics need, the deepest first; returns the trust anchors, DNSKEY records."""
    needed = [apex for apex, plan in PLANS.items() if plan.topic in ("", *topics)]
    for apex in sorted(needed, key=lambda name: -name.count(".")):
        plan, here = PLANS[apex], ZONES[apex]
        lines = [f"$ORIGIN {apex}.", "$TTL 300", "@ SOA ns1 hostmaster 1 7200 3600 1209600 60", plan.text]
        for name, address in zip(here.names, here.addresses):
            lines += [f"@ NS {name}.", f"{name}. A {address}"]
        for child in here.children.values():
            for name, address in zip(child.names, child.addresses):
                lines += [f"{child.apex}. NS {name}.", f"{name}. A {address}"]
            if (below := PLANS.get(child.apex)) and below.entry:
                found = [records.ds(key, number) for key in below.entry for number in below.digests]
                lines += map(str, below.ds(found) if below.ds else found)
        text = "\n".join(lines) + "\n"
        home = folder / "signing" / apex
        plan.edited = Edited(f"{apex}.", signing.sign(f"{apex}.", text, plan.how, home), home)
        if plan.after:
            plan.after(plan.edited)
        plan.entry = plan.edited.entry
        load(plan)
    return PLANS[TOP].entry


def load(plan):
    for record in plan.edited.records:
        made = rr(record)
        if record.type == "RRSIG":
            plan.signatures.setdefault((made.owner, packets.type_number(record.covered)), []).append(made)
        else:
            plan.sets.setdefault((made.owner, made.type), []).append(made)
    plan.names = sorted((owner for owner, kind in plan.sets if kind == NSEC), key=canonical)


def rr(record):
    """packets.RR of a records.Record."""
    kind = packets.type_number(record.type)
    return RR(record.owner.rstrip("."), kind, records.wire_data(record), record.ttl)


@dataclass
class Said:
    """A reply before it is written."""

    rcode: int = NOERROR
    answer: list = field(default_factory=list)
    authority: list = field(default_factory=list)
    additional: list = field(default_factory=list)
    aa: bool = True

    def strip(self, *types):
        """Drops records and signatures about these types."""
        for section in (self.answer, self.authority):
            section[:] = [r for r in section if r.type not in types and about(r) not in types]

    def sent(self, asked):
        return asked.reply(self.answer, self.authority, self.additional, self.rcode, aa=self.aa)


def about(record):
    """The type of a record, or that which a signature covers."""
    return int.from_bytes(record.data[:2], "big") if record.type == RRSIG else record.type


def authentic(asked):
    return authentic_reply(asked).sent(asked)


def authentic_reply(asked, name=None, kind=None, apex=None):
    """What the signed zone says to the question, or to another one."""
    apex = asked.zone.apex if apex is None else apex
    name, kind = asked.name if name is None else name, kind or asked.type
    plan = PLANS[apex]

    def signed(owner, kind, renamed=None):
        found = plan.sets.get((owner, kind), []) + plan.signatures.get((owner, kind), [])
        return [r._replace(owner=renamed) for r in found] if renamed else list(found)

    def denial(of):
        """The NSEC of the name or over it; of an NSEC3 zone, which is small here, all there are."""
        if not plan.names:
            return [r for owner, each in plan.sets if each == NSEC3 for r in signed(owner, NSEC3)]
        before = [owner for owner in plan.names if canonical(owner) <= canonical(of)]
        return signed(before[-1], NSEC)

    def negative(rcode, *denied):
        proofs = [r for of in denied for r in denial(of)]
        return Said(rcode, [], list(dict.fromkeys(signed(apex, SOA) + proofs)))

    above = name
    while above != apex:  # a cut above the name, or at it?
        if (above, NS) in plan.sets and not (above == name and kind == DS):
            proof = signed(above, DS) or denial(above)
            glue = [packets.a(*host) for host in zip(ZONES[above].names, ZONES[above].addresses)]
            return Said(NOERROR, [], plan.sets[above, NS] + proof, glue, aa=False)
        above = above.partition(".")[2]
    here = [each for owner, each in plan.sets if owner == name]
    for each in (kind, CNAME):
        if each in here:
            return Said(NOERROR, signed(name, each))
    if here or any(owner.endswith("." + name) for owner, _ in plan.sets):
        return negative(NOERROR, name)
    encloser = name.partition(".")[2]
    while not any(owner == encloser or owner.endswith("." + encloser) for owner, _ in plan.sets):
        encloser = encloser.partition(".")[2]
    star = f"*.{encloser}"
    if (star, kind) in plan.sets:
        return Said(NOERROR, signed(star, kind, name), denial(name))
    return negative(NXDOMAIN, name, star)
