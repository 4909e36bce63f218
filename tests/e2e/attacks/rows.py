"""What a row of the table is: a function that attacks and yields figures, each with its limit."""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    what: str
    value: float | str
    limit: float | tuple  # at most (or at least) this; or one of these words
    least: bool = False
    timing: bool = False  # moves with what else the machine does
    poison: bool = False  # over its limit, somebody was believed who is not to be

    def holds(self):
        if isinstance(self.limit, tuple):
            return self.value in self.limit
        return self.value >= self.limit if self.least else self.value <= self.limit

    def clearly_better(self, other):
        """By more than a fifth and by more than two. Of what moves with the machine nobody can say."""
        if self.timing or isinstance(self.value, str):
            return False
        gain = self.value - other.value if self.least else other.value - self.value
        return gain > 2 and gain > other.value / 5

    def bound(self):
        if isinstance(self.limit, tuple):
            return "/".join(self.limit)
        return f"{'>=' if self.least else '<='} {shown(self.limit)}"


def shown(value):
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
    return value if isinstance(value, str) else str(int(value) if math.isfinite(value) else value)


def at_most(what, limit, value):
    return Figure(what, value, limit)


def at_least(what, limit, value):
    return Figure(what, value, limit, least=True)


def one_of(what, limit, value):
    return Figure(what, value, limit)


def poisoned(what, value, limit=0):
    """At most so much that an attacker was believed: what a detector is judged by."""
    return Figure(what, value, limit, poison=True)


def within(what, limit, value):
    """At most so many milliseconds, or another figure that moves with the machine."""
    return Figure(what, value, limit, timing=True)


def share(what, limit, value):
    """At least this percentage, on a machine that keeps up."""
    return Figure(what, value, limit, least=True, timing=True)


@dataclass(frozen=True)
class Row:
    number: int  # of the attack
    name: str
    attack: object
    quick: bool = False  # deterministic and short: part of the test
    believed: bool = False  # a poisoning, which the believer must fall for
    how: dict = field(default_factory=dict)  # the resolver is started


ROWS = {}


def row(number, name, quick=False, believed=False, **how):
    def declare(attack):
        ROWS[name] = Row(number, name, attack, quick, believed, how)
        return attack

    return declare
