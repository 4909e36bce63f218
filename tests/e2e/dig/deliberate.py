"""Where cdig is meant to differ from dig, why, and in which lines. Nothing else may differ without
standing here or in open.txt: when the named lines are taken away, the rest must be equal, exit codes
included, and each program must have said its lines. Where dig knows other words for the same, it is
run with them once more, and all must be equal."""

import re
from dataclasses import dataclass, replace

EVERYTHING = r"(?s).+"


@dataclass(frozen=True)
class Difference:
    cases: str  # regular expression of their names
    reason: str
    dig: str | None = None  # lines that only dig prints
    cdig: str | None = None  # lines that only cdig prints
    codes: tuple = ()  # the exit codes of dig and of cdig, where they differ
    says: tuple = ("", "")  # what each must say somewhere, in a line that differs or not
    likewise: tuple = ()  # (pattern, words instead): dig understands these

    def unsaid(self, theirs, ours):
        """As lines: what was not there of what each must say."""
        return [f"{who} does not say: {pattern}"
                for who, pattern, outcome in (("dig", self.says[0], theirs), ("cdig", self.says[1], ours))
                if not re.search(pattern, f"{outcome.output}\n{outcome.complaint}", re.M)]  # fmt: skip


# The last line of a footer, by the server's port and the carrier.
SERVER = r";; SERVER: .*#%s\(.*\) \(%s\)"

YOUNG = {"NXNAME": "TYPE128", "CLA": "TYPE263", "IPN": "TYPE264"}

DIFFERENCES = [
    Difference(
        r"^\w+: (@bind )?(.* )?-(h|hv)\b",
        "cdig's help tells in its own words what it can, its own options included",
        EVERYTHING, EVERYTHING, says=(r"\AUsage:  NAME ", r"\AUsage:  NAME "),
    ),
    Difference(
        r"^types: .*\b(NXNAME|CLA|IPN)\b",
        "types that were registered after this dig; it ignores the word",
        says=(r"^;; Warning, ignoring invalid type \w+$|^;(NXNAME|CLA|IPN)\.\s", ""),
        likewise=(r"\b(NXNAME|CLA|IPN)\b", lambda found: YOUNG[found[0]]),
    ),
    Difference(
        r"^streams: @(odd|silent|nobody|nsd|bind|ns1\.bind\.test) .*\+tls\b.*-p 53\b",
        "dig ends without a word and with exit code 0 where no TLS answers; cdig says why on stderr",
        cdig=r"NAME: no TLS with .*",
    ),
    Difference(
        r"^names: @(bind|strict) (xn--bad-|-x-|ab--cd)\S* \+idnout",
        "dig throws a reply away in which a name is no IDN; cdig shows that name as it is",
        says=(r"^NAME: .*, use \+noidnout$", ""), likewise=(r"\+idnout", "+noidnout"),
    ),
    Difference(
        r"^names: @strict bind\.test AXFR \+idnout",
        "the same in a transfer",
        EVERYTHING, EVERYTHING, codes=(1, 0),
        says=(r"^NAME: Bad ACE string .*, use \+noidnout$", r"^xn--bad-\.bind\.test\.\s.*\s192\.0\.2\.111$"),
    ),
    Difference(
        r"^names: @bind xn--(zckzah|bcher-kva)\.bind\.test .*\+idnout$",
        "dig warns once that a name has no form in the locale; cdig shows the form that it has",
        r";; Warning: cannot represent .*",
    ),
    Difference(
        r"^streams: @bind .*\+(tls|https) .*\+no(tcp|tls-\w+)$",
        "dig then asks in the clear, over UDP, and calls it TLS; cdig keeps to what was asked for",
        SERVER % ("53", "(TLS|HTTPS)"), SERVER % ("(853|443)", "(TLS|HTTPS)"),
    ),
    Difference(
        r"^streams: @bind www\.bind\.test \+tls \+https$",
        "of two carriers dig takes TLS, cdig what was said last, as of every other option",
        SERVER % ("853", "TLS"), SERVER % ("443", "HTTPS"),
    ),
    Difference(
        r"^edns: .*\+ednsopt=ZONEVERSION",
        "an option that this dig knows by number alone",
        says=(r"^NAME: bad edns code point: ZONEVERSION$", ""), likewise=("ednsopt=ZONEVERSION", "ednsopt=19"),
    ),
    Difference(
        r"^edns: .*\+ednsopt=UL:",
        "another one",
        says=(r"^NAME: bad edns code point: UL$", ""), likewise=("ednsopt=UL:", "ednsopt=2:"),
    ),
    Difference(
        r"^edns: .*\+ednsopt=(?i:report-channel):",
        "the same, with a mistake in its data",
        r"invalid ednsopt .*|NAME: bad edns code point: .*", r"NAME: isc_hex_decodestring: .*",
    ),
    Difference(
        r"^tsig: .*-k (broken\.key|ca\.pem|empty\.key)$",
        "what is wrong with a key file, and where, in a sentence that helps",
        r"Couldn't read key from .*", r"Couldn't read key from .*",
    ),
    Difference(
        r"^tsig: @odd .* tsig-twice\.odd -k",
        "of two signatures neither is at the place that RFC 8945 gives it; dig judges one of them",
        r";; Couldn't verify signature: tsig verify failure",
        r";; Couldn't verify signature: expected a TSIG or SIG\(0\)",
    ),
    Difference(
        r"^walks: @odd \S+ \+trace ",
        "dig looks for the addresses of name servers in this host's resolver, cdig in the referral",
        EVERYTHING, EVERYTHING, codes=(1, 9),
        says=(r"^NAME: couldn't get address for 'ns\.odd': ", r"^;; no servers could be reached$"),
    ),
    Difference(
        r"^batch: .*\+short.*batch/comments|^batch: .*batch/comments \+short",
        "dig takes comments and empty lines behind the first lookup as names; none ask for the root's servers",
        r"[a-m]\.root-servers\.net\.", r"[a-m]\.root-servers\.net\.",
    ),
    Difference(
        r"^batch: .*batch/comments",
        "the same, in full",
        EVERYTHING, EVERYTHING,
        says=(r"^\.\s.*\sNS\s[a-m]\.root-servers\.net\.$", r"^www\.bind\.test\.\s.*\s192\.0\.2\.80$"),
    ),
    Difference(
        r"^batch: .*\[home long\]$",
        "dig takes a line of ~/.digrc in pieces of 4096 octets, and stumbles over where it cut",
        r";; Warning, extra type option",
    ),
    Difference(
        r"^query: @fe80::1%lo ",
        "addresses of one link (RFC 4007) are not supported: the interface is left out",
        r";; UDP setup with fe80::1%1#53.*", r";; UDP setup with fe80::1#53.*",
    ),
    Difference(
        r"^query: @fd53::1%lo ",
        "the system says that it is no name of a host",
        r"NAME: couldn't get address for .*: failure", r"NAME: couldn't get address for .*: not found",
    ),
]  # fmt: skip


def find(name):
    return next((one for one in DIFFERENCES if re.search(one.cases, name)), None)


def settle(agreed, theirs, ours):
    """Both outcomes without what is agreed to differ, and what of it was not there, as lines."""
    wrong, settled = [], []
    for who, pattern, outcome in (("dig", agreed.dig, theirs), ("cdig", agreed.cdig, ours)):
        if pattern:
            mark = re.compile(pattern if pattern is EVERYTHING else f"^(?:{pattern})(\n|\\Z)", re.M)
            output, complaint = mark.sub("", outcome.output), mark.sub("", outcome.complaint)
            if (output, complaint) == (outcome.output, outcome.complaint):
                wrong.append(f"{who} does not say: {pattern}")
            outcome = replace(outcome, output=output, complaint=complaint)
        settled.append(outcome)
    if agreed.codes and (theirs.status, ours.status) == agreed.codes:
        settled = [replace(outcome, status=0) for outcome in settled]
    return *settled, wrong
