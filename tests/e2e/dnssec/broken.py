"""Zones that were edited after they had been signed, and some that were signed to deceive."""

import base64
import os

import records
from editing import flip, longer
from signing import DAY, Signing
from tree import zone

NSEC3_ZONE = Signing("ldns", 13, "nsec3")


def fault(name, edit, how=True, **more):
    """A zone with one fault; `edit` gets the editing.Edited."""
    return zone(name, how, after=edit, **more)


# What is signed is not what is said.
fault("forged.net", lambda z: z.set_word(8, flip, None, "RRSIG"))
fault("forged-www.net", lambda z: z.set_word(8, flip, "www", "RRSIG", "A"))
fault("changed.net", lambda z: z.set_word(0, "192.0.2.66", "@", "A"))
fault("added.net", lambda z: z.add("www", "A", "192.0.2.66"))


def removed(z):
    z.records.remove(next(record for record in z.find("www", "A") if record.words == ("192.0.2.3",)))


fault("removed.net", removed)
fault("raised-ttl.net", lambda z: z.change(longer(86400), "www", "A"))
fault("lowered-ttl.net", lambda z: z.change(longer(60), "www"))
fault("forged-denial.net", lambda z: z.set_word(8, flip, None, "RRSIG", "NSEC"))
fault("forged-denial.org", lambda z: z.set_word(8, flip, None, "RRSIG", "NSEC3"), NSEC3_ZONE)
fault("forged-soa.net", lambda z: z.set_word(8, flip, "@", "RRSIG", "SOA"))
fault("lying-bitmap.net", lambda z: z.set_word(1, "TXT", "www", "NSEC"))

# Signatures that lack, or say of themselves what is not so.
fault("missing-rrsig.net", lambda z: z.drop("www", "RRSIG", "A"))
fault("missing-key-rrsig.net", lambda z: z.drop("@", "RRSIG", "DNSKEY"))
fault("missing-denial-rrsig.net", lambda z: z.drop(None, "RRSIG", "NSEC"))
fault("missing-soa-rrsig.net", lambda z: z.drop("@", "RRSIG", "SOA"))
fault("unsigned.net", lambda z: z.unsign())


def without(z, flags):
    """Keys with these flags are gone, and the DNSKEY set is truly signed so."""
    z.records = [r for r in z.records if not (r.type == "DNSKEY" and r.words[0] == flags)]
    z.resign("@", "DNSKEY")


fault("missing-zone-key.net", lambda z: without(z, "256"))
fault("missing-keys.net", lambda z: (z.drop("@", "DNSKEY"), z.drop("@", "RRSIG", "DNSKEY")))
fault("signer-parent.net", lambda z: z.resign("www", "A", signer="net."))
fault("signer-sibling.net", lambda z: z.resign("www", "A", signer="algorithm13.net."))
fault("signer-below.net", lambda z: z.resign("@", "A", signer="www.signer-below.net."))
fault("wrong-tag.net", lambda z: z.resign("www", "A", tag=4711))
fault("too-many-labels.net", lambda z: z.resign("www", "A", labels=4))
fault("too-few-labels.net", lambda z: z.resign("www", "A", labels=2))
fault("other-algorithm.net", lambda z: z.set_word(1, 14, "www", "RRSIG", "A"))
fault("backwards.net", lambda z: z.resign("www", "A", begin=DAY, end=-DAY))
fault("expired-set.net", lambda z: z.resign("www", "A", begin=-9 * DAY, end=-2 * DAY))
fault("early-set.net", lambda z: z.resign("www", "A", begin=2 * DAY, end=9 * DAY))
fault("expired-keys.net", lambda z: z.resign("@", "DNSKEY", begin=-9 * DAY, end=-2 * DAY))
fault("by-entry-key.net", lambda z: z.resign("www", "A", entry=True))


def two_signatures(z):
    """A false signature stands beside the true one."""
    (true,) = z.find("www", "RRSIG", "A")
    z.records.append(true.word(8, flip(true.words[8])))


fault("false-beside-true.net", two_signatures)


def expired_beside_fresh(z):
    (fresh,) = z.find("www", "RRSIG", "A")
    z.resign("www", "A", begin=-9 * DAY, end=-2 * DAY)
    z.records.append(fresh)


fault("expired-beside-fresh.net", expired_beside_fresh)


# Keys that are none.
def entry_with(z, number, text):
    """The key signing key says something else of itself; its DS and its signature are true."""
    z.change(lambda r: r.word(number, text) if r.words[0] == "257" else r, "@", "DNSKEY")
    changed = [r for r in z.find("@", "DNSKEY") if r.words[number] == str(text)]
    tag = records.key_tag(records.key_rdata(changed[0]))
    z.resign("@", "DNSKEY", tag=tag)
    z.entry = changed


fault("revoked.net", lambda z: entry_with(z, 0, 257 | 128))
fault("protocol4.net", lambda z: entry_with(z, 1, 4))
fault("not-a-zone-key.net", lambda z: entry_with(z, 0, 1))


def zone_key_with(z, number, text):
    """The same with the key that signs the data."""
    z.change(lambda r: r.word(number, text) if r.words[0] == "256" else r, "@", "DNSKEY")
    (changed,) = (r for r in z.find("@", "DNSKEY") if r.words[number] == str(text) and r.words[0] != "257")
    z.resign("@", "DNSKEY")
    tag = records.key_tag(records.key_rdata(changed))
    z.resign("www", "A", tag=tag)


fault("host-key.net", lambda z: zone_key_with(z, 0, 0))
fault("protocol4-zone-key.net", lambda z: zone_key_with(z, 1, 4))


def revoked_standby(z):
    """Beside the good keys stands a revoked one, which has signed too, as RFC 5011 wants it."""
    standby = random_key(257 | 128)
    z.add("@", "DNSKEY", *standby.split())
    z.resign("@", "DNSKEY")


def random_key(flags, algorithm=13, size=64):
    return f"{flags} 3 {algorithm} {base64.b64encode(os.urandom(size)).decode()}"


fault("revoked-standby.net", revoked_standby)


# Keys whose tags collide: the keys are chance, and two octets of them make the tag fit.
def colliding(z, flags, count):
    (like,) = (r for r in z.find("@", "DNSKEY") if r.words[0] == str(flags))
    tag = records.key_tag(records.key_rdata(like))
    for _ in range(count):
        z.add("@", "DNSKEY", *records.key_of_tag(like.words[:3], 64, tag))
    z.resign("@", "DNSKEY")


fault("colliding-key.net", lambda z: colliding(z, 256, 1))
fault("colliding-entry-key.net", lambda z: colliding(z, 257, 1))


# Denials with true signatures that prove nothing.
def next_outside(z):
    """The last NSEC leads to a name outside the zone."""
    (last,) = (r for r in z.find(None, "NSEC") if r.words[0] == z.zone)
    z.set_word(0, "zzz.net.", last.owner, "NSEC")
    z.resign(last.owner, "NSEC")


fault("next-outside.net", next_outside)


fault("broken-chain.net", lambda z: (z.drop("here.wild", "NSEC"), z.drop("here.wild", "RRSIG", "NSEC")))


def nsec_of_wrong_type(z):
    """At the name stands an NSEC that says that nothing of this type is there, though there is."""
    z.set_word(1, "TXT", "www", "NSEC")
    z.resign("www", "NSEC")
    z.drop("www", "A")
    z.drop("www", "RRSIG", "A")


fault("removed-truly.net", nsec_of_wrong_type)  # who holds the keys may say so
