"""Questions and the verdicts that the RFCs want, read from cases/*.cases.

    [Topic]
    in nsec.net nsec3.org            names without a dot at their end stand below each of these zones
    www      A         secure                    | why, and which RFC says so
    gone     A         secure NXDOMAIN
    www      TXT +cd   unmarked or bogus 6       | alternatives
      unbound: insecure | why that is right, or at least known

Verdicts: `secure` (AD is set), `insecure` (no AD), `unmarked` (no AD, though it may be secure: nobody asked),
`bogus` (SERVFAIL, with one of these extended errors). Behind it NODATA or NXDOMAIN, else an answer is there.
Then `with TYPE`, `without TYPE`, `ttl N` (at most) and `=ADDRESS` (among those of the answer). Questions have
EDNS, RD and DO; `-do`, `-edns`, `+cd` and `+ad` change that.
"""

import re
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path

import message
from asking import type_number

HERE = Path(__file__).resolve().parent
RESOLVERS = ("cairn", "unbound", "kresd")
ASKERS = (*RESOLVERS, "cdig")  # who may differ


@dataclass(frozen=True)
class Verdict:
    """What was said of a question, or is to be said."""

    security: str
    kind: str = ""  # "", "NODATA", "NXDOMAIN", or another RCODE
    errors: tuple = ()  # extended errors (RFC 8914)

    def __str__(self):
        errors = "/".join(map(str, self.errors))
        return " ".join(filter(None, (self.security, self.kind, errors)))

    def admits(self, said, errors_too):
        security = "insecure" if self.security == "unmarked" else self.security
        if (security, self.kind) != (said.security, said.kind):
            return False
        return not errors_too or not self.errors or bool(set(self.errors) & set(said.errors))


@dataclass
class Case:
    topic: str
    name: str
    type: str
    flags: tuple
    verdicts: list
    checks: list
    why: str
    differs: dict = field(default_factory=dict)  # {resolver: (verdicts, why)}

    def __str__(self):
        flags = "".join(f" {flag}" for flag in self.flags)
        return f"{self.name} {self.type}{flags}: {self.wanted()}"

    def wanted(self):
        return " or ".join(map(str, self.verdicts)) + "".join(f", {' '.join(check)}" for check in self.checks)

    def question(self, number):
        flags = 0x0100 | 0x0010 * ("+cd" in self.flags) | 0x0020 * ("+ad" in self.flags)
        edns = "-edns" not in self.flags
        octets = message.question(self.name, self.type, number, 1232 if edns else None, flags)
        if edns and "-do" not in self.flags:
            octets = octets[:-4] + b"\x80\0" + octets[-2:]
        return octets

    def said(self, reply):
        """The verdict of a reply; None is silence."""
        if reply is None:
            return Verdict("silence")
        errors = tuple(dict.fromkeys(extended_errors(reply)))
        if reply.rcode == "SERVFAIL":
            return Verdict("bogus", "", errors)
        security = "secure" if reply.flags & 0x0020 else "insecure"
        if reply.rcode != "NOERROR":
            return Verdict(security, reply.rcode, errors)
        answered = any(r.type == type_number(self.type) for r in reply.answer)
        return Verdict(security, "" if answered else "NODATA", errors)

    def trouble(self, resolver, reply):
        """What is wrong with a reply, "" if nothing, and whether only a stated difference excuses it."""
        said = self.said(reply)
        wrong = ""
        if not any(verdict.admits(said, resolver == "cairn") for verdict in self.verdicts):
            wrong = f"{said} instead of {' or '.join(map(str, self.verdicts))}"
        for word, what in self.checks:
            if (resolver, word) == ("cdig", "ttl"):
                continue  # it shows what came
            wrong = wrong or failed_check(word, what, reply)
        excuses, _ = self.differs.get(resolver, ((), ""))
        if wrong and any(verdict.admits(said, False) for verdict in excuses):
            return "", True
        return wrong, False


def extended_errors(reply):
    data = reply.opt.rdata if reply.opt else b""
    while len(data) >= 4:
        code, length = struct.unpack("!2H", data[:4])
        if code == 15:
            yield struct.unpack("!H", data[4:6])[0]
        data = data[4 + length :]


def failed_check(word, what, reply):
    if reply.rcode == "SERVFAIL":
        return ""
    everything = reply.answer + reply.authority
    present = any(r.type == type_number(what) for r in everything) if word in ("with", "without") else False
    if word == "with" and not present or word == "without" and present:
        return f"{'no ' if word == 'with' else ''}{what} in the reply"
    if word == "ttl" and (most := max((r.ttl for r in reply.answer), default=0)) > int(what):
        return f"a TTL of {most}"
    if word == "=" and socket.inet_aton(what) not in reply.addresses():
        return f"{what} is not in the answer"
    return ""


def verdicts_of(words, place):
    """([Verdict], [check]) from the words behind a question."""
    found, checks, words = [], [], list(words)
    while words:
        word = words.pop(0)
        if word in ("with", "without", "ttl"):
            checks.append((word, words.pop(0)))
        elif word.startswith("="):
            checks.append(("=", word[1:]))
        elif word == "or":
            continue
        elif word in ("secure", "insecure", "unmarked", "bogus", "silence"):
            found.append(Verdict(word))
        elif re.fullmatch(r"[\d/]+", word):
            found[-1] = Verdict(found[-1].security, found[-1].kind, tuple(map(int, word.split("/"))))
        elif word in ("NODATA", "NXDOMAIN", "YXDOMAIN", "REFUSED", "FORMERR"):
            found[-1] = Verdict(found[-1].security, word, found[-1].errors)
        else:
            raise ValueError(f"{place}: {word} is not known")
    if not found:
        raise ValueError(f"{place}: no verdict")
    return found, checks


def load():
    found = []
    for file in sorted((HERE / "cases").glob("*.cases")):
        topic, zones, last = file.stem, ["."], []
        for number, line in enumerate(file.read_text().splitlines(), 1):
            place = f"{file.name}:{number}"
            line, _, why = (part.strip() for part in line.partition("|"))
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if line.startswith("["):
                topic, zones = line.strip("[]"), ["."]
            elif words[0] == "in":
                zones = words[1:]
            elif words[0].rstrip(":") in ASKERS and words[0].endswith(":"):
                for case in last:
                    case.differs[words[0][:-1]] = (verdicts_of(words[1:], place)[0], why)
            else:
                name, kind, *rest = words
                flags = tuple(word for word in rest if word[0] in "+-")
                verdicts, checks = verdicts_of([word for word in rest if word not in flags], place)
                owners = [name] if name.endswith(".") else [below(name, zone) for zone in zones]
                last = [Case(topic, owner, kind, flags, verdicts, checks, why) for owner in owners]
                found += last
    return found


def below(name, zone):
    zone = zone.rstrip(".") + "."
    return zone if name == "@" else f"{name}.{zone}".replace("..", ".")


def chosen(parts):
    return [c for c in load() if not parts or any(p in str(c) or p.lower() in c.topic.lower() for p in parts)]
