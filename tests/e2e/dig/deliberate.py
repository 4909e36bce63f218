"""Where cdig is meant to differ from dig, why, and in which lines. Nothing else may differ without
standing here or in open.txt: when the named lines are taken away, the rest must be equal, exit codes
included, and each program must have said its lines."""

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


DIFFERENCES = [
    Difference(
        r"^\w+: (@bind )?(.* )?-(h|hv)\b",
        "cdig's help tells in its own words what it can, its own options included",
        EVERYTHING, EVERYTHING,
    ),
    Difference(
        r"^types: .*\b(NXNAME|CLA|IPN)\b",
        "types that were registered after this dig; it ignores the word",
        EVERYTHING, EVERYTHING,
    ),
    Difference(
        r"^streams: @(odd|silent|nobody|nsd|bind|ns1\.bind\.test) .*\+tls\b.*-p 53\b",
        "dig ends without a word and with exit code 0 where no TLS answers; cdig says why on stderr",
        cdig=r"NAME: no TLS with .*",
    ),
    Difference(
        r"^names: @(bind|strict) (xn--bad-|-x-|ab--cd)\S* \+idnout",
        "dig throws a reply away in which a name is no IDN; cdig shows that name as it is",
        EVERYTHING, EVERYTHING, codes=(1, 0),
    ),
    Difference(
        r"^names: @strict bind\.test AXFR \+idnout",
        "the same in a transfer",
        EVERYTHING, EVERYTHING, codes=(1, 0),
    ),
    Difference(
        r"^names: @bind xn--(zckzah|bcher-kva)\.bind\.test .*\+idnout$",
        "dig warns once that a name has no form in the locale; cdig shows the form that it has",
        r";; Warning: cannot represent .*",
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
