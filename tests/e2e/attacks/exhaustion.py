"""Zones that are made to cost CPU time: keys whose tags collide, signatures without end, and NSEC3 that wants to
be hashed for every label, many times."""

import base64
import functools
import os
import struct
import time

import records
from clients import Load, ask, names, run
from floods import cached_names, cpu_of
from packets import A, NOERROR, NXDOMAIN, RR, SERVFAIL, a
from rows import at_most, row, within
from signed import PLANS, RRSIG, Said, authentic, authentic_reply, signed_zone
from signing import DAY, Signing

MANY = 60  # keys, signatures and DS records
P384 = 2**384 - 2**128 - 2**96 + 2**32 - 1
B384 = 0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF
TAG = 4711
# Bits of a key's flags that mean nothing (RFC 4034 section 2.1.1): with them a tag is soon reached.
FREE_FLAGS = 0x0C7E


def some_point():
    while True:
        x = int.from_bytes(os.urandom(47), "big")
        square = (x * x * x - 3 * x + B384) % P384
        y = pow(square, (P384 + 1) // 4, P384)
        if y * y % P384 == square:
            return x, y


def true_points():
    """Points on P-384 without end, as in a DNSKEY (RFC 6605 section 4): one after the other, by addition."""
    (x, y), (step_x, step_y) = some_point(), some_point()
    while True:
        slope = (step_y - y) * pow(step_x - x, -1, P384) % P384
        last = x
        x = (slope * slope - x - step_x) % P384
        y = (slope * (last - x) - y) % P384
        yield x.to_bytes(48, "big") + y.to_bytes(48, "big")


def colliding_keys(count):
    """RDATA in text form of P-384 keys whose tag is TAG, though nobody has their private halves."""
    found = []
    for point in true_points():
        flags = (TAG - records.key_tag(struct.pack("!HBB", 0, 3, 14) + point)) & 0xFFFF
        if flags & ~FREE_FLAGS == 0x0100 and records.key_tag(struct.pack("!HBB", flags, 3, 14) + point) == TAG:
            found.append(f"{flags} 3 14 {base64.b64encode(point).decode()}")
            if len(found) == count:
                return found


def malformed_keys(count):
    """The same with points that lie on no curve."""
    return [" ".join(records.key_of_tag(("256", "3", "14"), 96, TAG)) for _ in range(count)]


class Keys:
    """Keys that are made when they are wanted, once, and stand in many zones."""

    def __init__(self, make):
        self.make, self.made = make, None

    def __iter__(self):
        self.made = self.made or self.make(MANY)
        return iter(self.made)


def many_signatures(count, tag=TAG):
    """Answers any name with an address and so many signatures, none of which is true."""

    def answer(asked):
        if not asked.under() or asked.type != A or asked.name.startswith("ns"):
            return authentic(asked)
        apex = asked.zone.apex
        chosen = tag or zone_key_tag(apex)
        now = int(time.time())
        head = struct.pack("!HBBIIIH", A, 14, len(asked.name.split(".")), 300, now + DAY, now - DAY, chosen)
        signer = records.wire_name(apex)
        signatures = [RR(asked.name, RRSIG, head + signer + b"\1" + n.to_bytes(2, "big") + SIGNATURE[3:])
                      for n in range(count)]  # fmt: skip
        return Said(NOERROR, [a(asked.name, "192.0.2.66"), *signatures]).sent(asked)

    return answer


costly_zone = functools.partial(signed_zone, topic="exhaustion")
SIGNATURE = os.urandom(96)


def zone_key_tag(apex):
    return next(records.key_tag(records.key_rdata(r)) for r in PLANS[apex].edited.find(None, "DNSKEY")
                if r.words[0] == "256")  # fmt: skip


def trap(apex, keys, signatures, tag=TAG):
    how = Signing("ldns", 14, more_keys=keys)
    return costly_zone(apex, "www A 192.0.2.10\n* A 192.0.2.11\n", how, many_signatures(signatures, tag))


COLLIDING = Keys(colliding_keys)
TRAPPED = Signing("ldns", 14, more_keys=COLLIDING)
trap("key-trap.sec", COLLIDING, MANY)
trap("sig-jam.sec", (), MANY, tag=None)
trap("lock-cram.sec", COLLIDING, 1)
trap("invalid-keys.sec", Keys(malformed_keys), MANY)


def hash_trap(found):
    """As many DS records as keys, all of one tag; no digest is any key's."""
    return [found[0].word(0, TAG).word(2, 4).word(3, f"{n:02x}" * 48) for n in range(MANY)]


for _n in range(4):
    costly_zone(f"hash-trap{_n}.sec", "www A 192.0.2.10\n", TRAPPED, ds=hash_trap)


@row(30, "KeyTrap", validate=True)
def key_trap(bench):
    """CVE-2023-50387: 60 keys of one tag, 60 signatures, 60 DS records, and no signature is true."""
    ask("cached.good.com")
    for name, what in (("key-trap", "60 keys x 60 signatures"), ("sig-jam", "1 key x 60 signatures"),
                       ("lock-cram", "60 keys x 1 signature")):  # fmt: skip
        ask(f"www.{name}.sec", "TXT")  # the chain is known
        cpu, load = cpu_of(bench, names(f"n{{}}.{name}.sec", count=20), 10)
        yield within(f"ms of CPU, {what}", 15, cpu)
    yield at_most("of 20 not SERVFAIL", 0, load.sent - load.rcodes[2])
    cpu, load = cpu_of(bench, ((f"www.hash-trap{n}.sec", "A") for n in range(4)), 2)
    yield within("ms of CPU, 60 keys x 60 DS", 15, cpu)
    rest, cached = Load(cached_names(), rate=200), Load(cached_names(), rate=200)
    run(rest, seconds=4, patience=2)
    run(cached, Load(names("m{}.key-trap.sec"), rate=25, source="127.0.0.9"), seconds=4, patience=2)
    yield within("ms, cached names meanwhile, p99", 20, cached.percentile(99))
    # What is faster than a millisecond is fast enough for anybody.
    yield within("beside the p99 at rest", 2, cached.percentile(99) / max(1.0, rest.percentile(99)))


@row(31, "keys that are none", validate=True)
def invalid_keys(bench):
    """CVE-2025-8677: 60 malformed keys of one tag, 60 signatures."""
    ask("www.invalid-keys.sec", "TXT")
    cpu, load = cpu_of(bench, names("n{}.invalid-keys.sec", count=20), 10)
    yield within("ms of CPU", 15, cpu)
    yield at_most("of 20 not SERVFAIL", 0, load.sent - load.rcodes[2])


# NSEC3.
DEEP = (50, 150, 500, 2500)


def denies_deep(rcode):
    """NXDOMAIN for names of many labels. What is asked on the way down (RFC 9156) would be denied at little cost, so
    it is said to be an empty non-terminal, or not told."""

    def answer(asked):
        said = authentic_reply(asked)
        if said.rcode == NXDOMAIN and len(asked.under()) < 100:
            said.rcode = rcode
        return said.sent(asked)

    return answer


WAYS = {"deep": denies_deep(NOERROR), "steep": denies_deep(SERVFAIL)}
for _count in DEEP:
    for _way, _answer in WAYS.items():
        costly_zone(f"{_way}{_count}.sec", "", Signing("ldns", 13, "nsec3", _count, "abcdef"), _answer)


def many_salts(edited):
    """Beside the true chain stand NSEC3 with other salts, each truly signed."""
    like = edited.find(None, "NSEC3")[0]
    for n in range(MANY):
        label = base64.b32hexencode(os.urandom(20)).decode().lower()
        following = base64.b32hexencode(os.urandom(20)).decode().lower()
        edited.add(label, "NSEC3", *like.words[:2], 50, f"{n:02x}" * 8, following, *like.words[5:], ttl=60)
        edited.resign(label, "NSEC3")


costly_zone("salts.sec", "", Signing("ldns", 13, "nsec3", 50, "abcdef"), WAYS["steep"], after=many_salts)


def deep_names(zone):
    """Names of some 118 labels, as long as a name may be."""
    room = (255 - len(zone) - 2 - 6) // 2
    return ((f"n{n:04x}." + "a." * room + zone, "A") for n in range(20))


@row(32, "NSEC3 to exhaust", validate=True)
def nsec3_exhaustion(bench):
    """CVE-2023-50868, RFC 9276: a denial for 118 labels, each of which wants so many hashes."""
    for count in DEEP:
        for way in WAYS:
            ask(f"{way}{count}.sec", "SOA")
        both = [cpu_of(bench, deep_names(f"{way}{count}.sec"), 10) for way in WAYS]
        yield within(f"ms of CPU, {count} iterations", 2, max(cpu for cpu, _ in both))
        yield within("ms, the slowest answer", 1000, max(load.percentile(100) for _, load in both))
    ask("salts.sec", "SOA")
    cpu, load = cpu_of(bench, deep_names("salts.sec"), 10)
    yield within("ms of CPU, 60 salts", 5, cpu)
    yield within("ms, the slowest answer", 1000, load.percentile(100))
