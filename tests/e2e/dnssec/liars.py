"""Zones that are signed as they should be, behind servers that say something else: signatures and proofs are
stripped, or exchanged for others that are true but prove something else.

`errs` of each gets an errant.Turn: the question, and what the true server said to it.
"""

from dataclasses import replace

from editing import renumbered
from errant import CNAME, DNAME, DNSKEY, DS, NOERROR, NSEC, NSEC3, NXDOMAIN, REFUSED, RRSIG, SERVFAIL, SOA, about
from signing import Signing
from tree import ZONES, zone

A, TXT = 1, 16
NOT_THERE = 17  # RP, a type that no name has
PROOFS = (NSEC, NSEC3)
NSEC3_ZONE = Signing("ldns", 13, "nsec3")
BOTH = (("net", Signing()), ("org", NSEC3_ZONE))


def liar(name, errs, how=True, **more):
    return zone(name, how, errs=errs, **more)


def on(owner, lie, *kinds):
    """Lies about one name (and these types) only."""

    def errs(turn):
        if turn.name == turn.full(owner) and (not kinds or turn.type in kinds):
            lie(turn)

    return errs


# Stripped.
liar("stripped-www.net", on("www", lambda turn: turn.strip(covered=(A,))))
liar("stripped-keys.net", on("@", lambda turn: turn.strip(covered=(DNSKEY,)), DNSKEY))
liar("no-dnssec.net", lambda turn: turn.strip(RRSIG, NSEC, NSEC3, DNSKEY))
liar("only-signatures-stripped.net", lambda turn: turn.strip(RRSIG))
liar("no-proofs.net", lambda turn: turn.strip(NSEC))
liar("no-proofs.org", lambda turn: turn.strip(NSEC3), NSEC3_ZONE)
liar("no-soa.net", lambda turn: turn.strip(SOA, answer=False))
liar("proofs-without-signatures.net", lambda turn: turn.strip(covered=(NSEC,)))
liar("unproved-wildcard.net", on("any.wild", lambda turn: turn.strip(NSEC)))
liar("unproved-wildcard.org", on("any.wild", lambda turn: turn.strip(NSEC3)), NSEC3_ZONE)
liar("keys-servfail.net", on("@", lambda turn: turn.say(SERVFAIL), DNSKEY))
liar("keys-refused.net", on("@", lambda turn: turn.say(REFUSED), DNSKEY))
liar("keys-nodata.net", on("@", lambda turn: turn.say(NOERROR, (), turn.proofs("@", NOT_THERE)), DNSKEY))
liar("unknown-algorithm-no-keys.net", on("@", lambda turn: turn.say(SERVFAIL), DNSKEY), ds=renumbered(200))


def without(turn, owners):
    """Drops the NSEC or NSEC3 of these owners, with their signatures."""
    turn.reply.authority[:] = [
        r for r in turn.reply.authority if not (r.owner.lower() in owners and about(r) in PROOFS)
    ]


def incomplete(denied):
    """An NXDOMAIN without the proofs that the question `denied` would bring, too: its type at the apex is denied
    by the apex' NSEC, which also covers the wildcard, or by the NSEC3 of the closest encloser."""

    def errs(turn):
        if turn.reply.flags & 15 == NXDOMAIN:
            without(turn, [r.owner.lower() for r in turn.proofs(*denied, types=PROOFS)])

    return errs


liar("no-wildcard-denial.net", incomplete(("@", NOT_THERE)))
liar("no-encloser.org", incomplete(("@", NOT_THERE)), NSEC3_ZONE, text="@ A 192.0.2.1\n")


# Exchanged: true signatures that prove something else.
def expands(denied):
    """Answers with the records of the wildcard, with proofs about another name."""

    def lie(turn):
        found = turn.ask("any.wild", A).answer
        turn.say(NOERROR, [replace(r, owner=turn.name) for r in found], turn.proofs(denied, types=PROOFS))

    return lie


def denies(denied, kind=A, rcode=NXDOMAIN):
    """Answers with the denial of something else."""
    return lambda turn: turn.say(rcode, (), turn.proofs(denied, kind))


def denies_the_alias(turn):
    """NODATA for an alias, with the NSEC or NSEC3 of the alias itself, which a name below it brings."""
    turn.say(NOERROR, (), turn.proofs("x.alias"))


def denies_the_wildcard(turn):
    """NXDOMAIN for what a wildcard answers: the name itself is truly denied, the wildcard is not."""
    turn.say(NXDOMAIN, (), turn.proofs("any.www") + turn.proofs("any.here.wild", types=PROOFS))


def denies_below_dname(turn):
    """NXDOMAIN below a DNAME, with its own NSEC and others that are true."""
    turn.say(NXDOMAIN, (), turn.proofs("dname", TXT) + turn.proofs("dnameless", types=PROOFS))


def denies_by_another_span(turn):
    turn.say(NXDOMAIN, (), turn.proofs("zzzz", types=(SOA,)) + turn.proofs("a.b", types=PROOFS)[:2])


for _tld, _how in BOTH:
    liar(f"replayed-wildcard.{_tld}", on("here.wild", expands("zzz.wild"), A), _how)
    liar(f"wildcard-below.{_tld}", on("x.here.wild", expands("x.here.wild"), A), _how)
    liar(f"denied-www.{_tld}", on("www", denies("gone"), A), _how)
    liar(f"nodata-www.{_tld}", on("www", denies("www", TXT, NOERROR), A), _how)
    liar(f"nodata-alias.{_tld}", on("alias", denies_the_alias, A), _how)
    liar(f"denied-between.{_tld}", on("b.ent", denies("b.ent"), A), _how)
    liar(f"denied-star.{_tld}", on("any.wild", denies_the_wildcard, A), _how)
    liar(f"below-dname.{_tld}", on("x.dname", denies_below_dname, A), _how)
    liar(f"other-span.{_tld}", on("gone", denies_by_another_span), _how)
liar("denied-apex.net", on("@", denies("gone"), A))

PLAIN = b"\x03www\x05plain\0"


def leads_elsewhere(turn):
    """The alias that a DNAME implies is another one (RFC 6672 section 5.3.1)."""
    kept = [r for r in turn.reply.answer if about(r) in (DNAME, CNAME)]
    turn.reply.answer[:] = [replace(r, rdata=PLAIN) if r.type == CNAME else r for r in kept]


def unsigned_alias(turn):
    turn.say(NOERROR, [replace(turn.reply.answer[0], type=CNAME, rdata=PLAIN, names=())])


liar("dname-elsewhere.net", on("host.dname", leads_elsewhere))
liar("unsigned-alias.net", on("www", unsigned_alias, A))


# Parent and child: who may deny what.
def hides_ds(proof):
    """Neither the referral to child nor the answer for its DS has a DS; `proof`: Turn -> what is there instead."""

    def errs(turn):
        cut = turn.full("child")
        if turn.name != cut and not turn.name.endswith("." + cut):
            return
        if turn.type == DS and turn.name == cut:
            turn.say(NOERROR, (), proof(turn))
        else:
            turn.strip(DS)
            turn.reply.authority += [r for r in proof(turn) if about(r) != SOA]

    return errs


def child_apex(turn):
    """The NSEC or NSEC3 of the child's apex, in which the bit of DS is clear, beside the parent's SOA."""
    cut = turn.full("child")
    found = turn.proofs(cut, NOT_THERE, types=PROOFS, at=ZONES[cut].home)
    return turn.proofs("www", NOT_THERE, types=(SOA,)) + found


for _tld, _how in BOTH:
    liar(f"hidden-ds.{_tld}", hides_ds(lambda turn: []), _how)
    zone(f"child.hidden-ds.{_tld}")
    liar(f"child-as-parent.{_tld}", hides_ds(child_apex), _how)
    zone(f"child.child-as-parent.{_tld}", Signing("ldns", 13, _how.denial))
    liar(f"other-proof.{_tld}", hides_ds(lambda turn: turn.proofs("open", DS)), _how)
    zone(f"child.other-proof.{_tld}")
    zone(f"open.other-proof.{_tld}", None)
    liar(f"ds-without-rrsig.{_tld}", lambda turn: turn.strip(covered=(DS,)), _how)
    zone(f"child.ds-without-rrsig.{_tld}")


def quiet_referral(turn):
    """The referral says nothing of DS; the server tells when it is asked."""
    if turn.type != DS:
        turn.strip(DS, NSEC)


liar("quiet-referral.net", quiet_referral)
zone("child.quiet-referral.net")
zone("open.quiet-referral.net", None)
liar("unproved-open.net", lambda turn: turn.strip(NSEC))
zone("open.unproved-open.net", None)

# The parent's side of a cut denies what is in the child: its NSEC at the cut has NS and no SOA.
zone("parent-as-child.net")
zone("parent-as-child.org", NSEC3_ZONE)


def denies_from_above(rcode):
    def lie(turn):
        cut, _, above = turn.zone.name.partition(".")
        at = ZONES[above].home
        beside = turn.proofs(f"{cut}0.{above}", types=PROOFS, at=at)  # the span that begins at the cut
        turn.say(rcode, (), turn.proofs(f"0.{above}", types=(SOA,), at=at) + beside)

    return lie


liar("child.parent-as-child.net", on("www", denies_from_above(NXDOMAIN), A))
liar("child.parent-as-child.org", on("www", denies_from_above(NXDOMAIN), A), NSEC3_ZONE)
liar("nodata.parent-as-child.net", on("@", denies_from_above(NOERROR), A))
