"""The zones that are as they should be: signed by every algorithm and every program, delegated in every way.

Below net (signed with NSEC), org (NSEC3) and com (NSEC3 with opt-out), as in the real Internet; the top-level
domain plain is not signed.
"""

import base64

import records
from editing import of_another_key, renumbered, wrong_digest
from signing import DAY, Signing
from tree import zone

zone(".", Signing("bind", 8), text="")
zone("net", Signing("bind", 13), text="")
zone("org", Signing("ldns", 8, "nsec3", salt="c0ffee"), text="")
zone("com", Signing("knot", 13, "opt-out"), text="")
zone("plain", None, text="www A 192.0.2.20\n*.wild A 192.0.2.21\n")

# Algorithms.
zone("algorithm5.net", Signing("bind", 5))
zone("algorithm7.net", Signing("ldns", 7, "nsec3"))
zone("algorithm8.net", Signing("bind", 8, bits=1024))
zone("algorithm10.net", Signing("knot", 10, "nsec3"))
zone("algorithm13.net", Signing("bind", 13))
zone("algorithm14.net", Signing("ldns", 14))
zone("algorithm15.net", Signing("knot", 15))
zone("algorithm16.net", Signing("bind", 16, "nsec3"))


def as_algorithm(number):
    """The algorithm has a number that nobody knows, in keys and signatures."""

    def change(edited):
        edited.set_word(2, number, None, "DNSKEY")
        edited.set_word(1, number, None, "RRSIG")
        edited.entry = records.entry_keys(edited.records)

    return change


def private_algorithm(edited):
    """One of somebody's own, whose keys and signatures begin with its name (RFC 4034 appendix A.1.1)."""
    as_algorithm(253)(edited)
    for kind, number in (("DNSKEY", 3), ("RRSIG", 8)):
        edited.set_word(number, lambda old: base64.b64encode(b"\3own\0" + base64.b64decode(old)).decode(), None, kind)
    edited.entry = records.entry_keys(edited.records)


zone("algorithm200.net", after=as_algorithm(200))
zone("private-algorithm.net", after=private_algorithm)
zone("ecc-gost.net", after=as_algorithm(12))

# A key of another algorithm stands beside, and signs nothing (RFC 6840 section 5.11).
zone("two-algorithms.net", Signing("ldns", 13, more_keys=("257 3 15 " + "A" * 43 + "=", "256 3 8 AwEAAb" + "c" * 162)))

# DS records.
zone("sha1.net", digests=(1,))
zone("sha384.net", digests=(4,))
zone("three-digests.net", digests=(1, 2, 4))
zone("gost-digest.net", ds=renumbered(3, 2))
zone("unknown-digest.net", ds=renumbered(99, 2))
zone("unknown-and-known-digest.net", ds=lambda found: renumbered(99, 2)(found) + found)
zone("ds-of-unknown-algorithm.net", ds=renumbered(200))
zone("ds-of-two-algorithms.net", ds=lambda found: renumbered(200)(found) + found)
zone("standby-ds.net", ds=lambda found: of_another_key(found) + found)
zone("bad-and-good-digest.net", ds=lambda found: wrong_digest(found) + found)
zone("seven-ds.net", ds=lambda found: [found[0].word(3, f"{n:02x}" * 32) for n in range(6)] + found)
zone("sha1-and-bad-sha256.net", digests=(1, 2), ds=lambda found: found[:1] + wrong_digest(found[1:]))
zone("bad-digest.net", ds=wrong_digest)
zone("ds-of-another-key.net", ds=of_another_key)
LOST = records.Record("ds-without-keys.net.", 300, "DS", ("1", "13", "2", "cd" * 32))
zone("ds-without-keys.net", None, ds=lambda _: [LOST])

# Denial: the same zone with each chain, signed by each program.
DENIAL = """\
deep.down.below.here A 192.0.2.30
*.star TXT "only text"
m A 192.0.2.31
zz A 192.0.2.32
*.all.ent2 A 192.0.2.33
0 A 192.0.2.34
open NS ns.open
ns.open A 45.53.99.1
shut NS ns.shut
ns.shut A 45.53.99.2
shut DS 1 13 2 abababababababababababababababababababababababababababababababab
"""
for _parent, _by, _salted in (("net", "bind", (0, "")), ("org", "ldns", (5, "abcdef")), ("com", "knot", (1, "ab"))):
    zone(f"nsec.{_parent}", Signing(_by, 13), extra=DENIAL)
    zone(f"nsec3.{_parent}", Signing(_by, 13, "nsec3", *_salted), extra=DENIAL)
    zone(f"opt-out.{_parent}", Signing(_by, 13, "opt-out"), extra=DENIAL)
zone("star.net", text="@ A 192.0.2.40\n* A 192.0.2.41\nhere A 192.0.2.42\n")
zone("star.org", Signing("ldns", 13, "nsec3"), text="@ A 192.0.2.40\n* A 192.0.2.41\nhere A 192.0.2.42\n")
zone("only-apex.net", text="@ A 192.0.2.43\n")
zone("only-apex.org", Signing("ldns", 13, "nsec3"), text="@ A 192.0.2.43\n")

# Canonical order and form (RFC 4034 section 6): odd names, and RDATA with names in capitals.
CANONICAL = """\
yljkjljk.a A 192.0.2.44
Z.a A 192.0.2.44
zABC.a A 192.0.2.44
z A 192.0.2.44
\\001.z A 192.0.2.44
*.z A 192.0.2.45
\\200.z A 192.0.2.44
dot\\.ted A 192.0.2.44
UPPER A 192.0.2.44
mx MX 10 Mail.Example.NET.
mx MX 5 mail.EXAMPLE.net.
srv SRV 1 2 53 Host.Example.NET.
naptr NAPTR 1 2 "U" "E2U+sip" "!^.*$!sip:a@example.net!" .
afsdb AFSDB 1 Afs.Example.NET.
rp RP Some.One.Example.NET. Text.Example.NET.
ptr PTR Upper.Example.NET.
cname CNAME UPPER
hinfo HINFO "PDP-11" "UNIX"
txt TXT "one" "two" ""
txt TXT "One"
caa CAA 0 issue "ca.example.net"
https HTTPS 1 . alpn=h2
unknown TYPE65280 \\# 3 ABCDEF
unknown TYPE65280 \\# 0
""" + "".join(f"many A 192.0.2.{n}\n" for n in range(200, 160, -1))  # fmt: skip
zone("canonical.net", text=CANONICAL)
zone("canonical.org", Signing("ldns", 13, "nsec3"), text=CANONICAL)
zone("canonical.com", Signing("knot", 15), text=CANONICAL)

# Iterations of NSEC3 (RFC 9276).
for _count in (1, 50, 51, 100, 150, 151, 500, 501, 5000):
    zone(f"rounds{_count}.org", Signing("ldns", 13, "nsec3", _count))
zone("rounds5000.com", Signing("knot", 13, "opt-out", 5000))

# Delegations.
zone("open.net", None)
zone("open.org", None)
zone("open.com", None)
zone("two.open.net", None)
zone("two.open.com", None)
zone("island.open.net")  # signed, but its parent is not, and the DS below no signature is worth nothing
zone("no-ds.net", digests=())
zone("no-ds.org", digests=())
zone("no-ds.com", digests=())
zone("below.no-ds.net")
zone("signed.plain")
zone("down.algorithm13.net")
zone("open.algorithm13.net", None)
zone("down.down.algorithm13.net")
zone("open.down.algorithm13.net", None)
zone("far.away.net")  # away.net is an empty non-terminal
zone("far.open-away.net", None)
zone("far.away.org", Signing("ldns", 14, "nsec3"))
zone("same.net", vendor="nsd")
zone("signed.same.net", beside="same.net.")
zone("open.same.net", None, beside="same.net.")
zone("low.signed.com", Signing("knot", 13, "nsec3"))

# Chains.
zone("chains.net", text="""\
www A 192.0.2.50
to-secure CNAME www.algorithm15.net.
to-secure-nsec3 CNAME www.nsec3.org.
to-open CNAME www.open.net.
to-plain CNAME www.plain.
to-bogus CNAME www.forged.net.
to-expired CNAME www.expired.net.
to-nothing CNAME gone.nsec.org.
to-nodata CNAME text.nsec.org.
to-opt-out CNAME gone.opt-out.com.
to-wild CNAME any.wild.nsec3.com.
one CNAME two.nsec-chain.org.
*.many CNAME www.algorithm14.net.
*.many-open CNAME www.open.org.
dname DNAME algorithm16.net.
dname-open DNAME open.net.
dname-bogus DNAME forged.net.
dname-local DNAME local
www.local A 192.0.2.51
""")  # fmt: skip
zone("nsec-chain.org", text="two CNAME three.chain.com.\n")
zone("chain.com", Signing("knot", 14, "nsec3"), text="three CNAME to-secure.chains.net.\n")
zone("from-open.net", None, text="""\
to-secure CNAME www.algorithm13.net.
to-nothing CNAME gone.nsec.net.
to-bogus CNAME www.forged.net.
""")  # fmt: skip

# Signature times.
zone("fresh.net", Signing(begin=-2))
zone("ends-soon.net", Signing("ldns", 13, end=300), text="www 3600 A 192.0.2.60\n")
zone("long.net", vendor="nsd", signed=Signing(begin=-DAY, end=20000 * DAY))
zone("expired.net", Signing(begin=-30 * DAY, end=-2 * DAY))
zone("not-yet.net", Signing(begin=2 * DAY, end=30 * DAY))
zone("just-expired.net", Signing(begin=-14 * DAY, end=-60))
zone("just-not-yet.net", Signing(begin=60, end=14 * DAY))
zone("expired.org", Signing("ldns", 13, "nsec3", begin=-30 * DAY, end=-2 * DAY))
zone("after-2038.net", vendor="nsd", signed=Signing("ldns", 13, begin=-DAY, end=2**31 - 10 * DAY))
zone("beyond-serials.net", vendor="nsd", signed=Signing("ldns", 13, begin=-DAY, end=2**31 + 10 * DAY))

# Two servers, of which one is bad.
STAR = "* A 192.0.2.70\nwww A 192.0.2.71\n"
zone("half-expired.net", text=STAR, second={"signed": Signing(begin=-30 * DAY, end=-2 * DAY)})
zone("half-forged.net", text=STAR, second={"after": lambda z: z.set_word(0, "192.0.2.66", "www", "A")})
zone("half-unsigned.net", text=STAR, second={"after": lambda z: z.unsign()})
zone("half-stripped.org", Signing("ldns", 13, "nsec3"), text=STAR,
     second={"errs": lambda turn: turn.strip(50)})  # fmt: skip
