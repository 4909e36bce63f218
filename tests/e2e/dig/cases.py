"""The tables in cases/: what is asked, in which surroundings, and how it is compared.

A table is a text file; its name is the topic. A line is a tag and the words of a command line:

  daily  @bind www.bind.test +short

`daily` is what people type every day, `rest` everything else. `@bind` and `{bind}` stand for the
address of that server (stage.py), `%u` for a word that no other run has. Lines that begin with a
colon are about the lines below them, until the next `:reset`:

  :base WORDS      stand before the words of each line
  :each X a b c    each line once for each word, which stands where it has $X; several multiply
  :home NAME       $HOME is files/home/NAME, with its .digrc
  :resolv NAME     /etc/resolv.conf is files/resolv/NAME
  :stdin FILE      comes from files/FILE
  :locale NAME     of the environment
  :terminal        standard output is a terminal
  :any-order       lines may come in any order: who answers first is chance
  :any-server      so is who of several servers is asked
  :reset           none of these any more
"""

import itertools
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

import questions

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Surroundings:
    base: str = ""
    each: tuple = ()
    home: str = "empty"
    resolv: str | None = None
    stdin: str | None = None
    locale: str = "C"
    terminal: bool = False
    any_order: bool = False
    any_server: bool = False


@dataclass(frozen=True)
class Case:
    topic: str
    tag: str
    line: str  # with the names of servers; with the topic it names the case
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def name(self):
        marks = [f"home {self.around.home}"] * (self.around.home != "empty")
        marks += [f"resolv {self.around.resolv}"] * bool(self.around.resolv)
        marks += [f"stdin {self.around.stdin}"] * bool(self.around.stdin)
        marks += [f"locale {self.around.locale}"] * (self.around.locale != "C")
        marks += ["terminal"] * self.around.terminal
        return f"{self.topic}: {self.line}" + "".join(f" [{mark}]" for mark in marks)

    def words(self, addresses, unique):
        words = []
        for word in shlex.split(self.line):
            if word[:1] == "@" and word[1:] in addresses:
                word = "@" + addresses[word[1:]]
            for name, address in addresses.items():
                word = word.replace("{" + name + "}", address)
            words.append(word.replace("%u", unique))
        return words


def load(topics=()):
    """All cases in the order of the tables; of some topics if they are named."""
    cases, known = [], set()
    for file in sorted((HERE / "cases").glob("*.cases")):
        if topics and file.stem not in topics:
            continue
        for case in table(file):
            if case.name not in known:  # words that several :each lines share count once
                known.add(case.name)
                cases.append(case)
    if not topics or "lab" in topics:
        cases += lab()
    return cases


def lab():
    """The lab's questions, but for those over whose failure the resolver takes its time."""
    for name, kind, _, ending in questions.load():
        if ending != "SERVFAIL":
            yield Case("lab", "daily", f"@unbound -q {name} -t {kind}", Surroundings(any_order=True))


def table(file):
    around = Surroundings()
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if line.startswith(":"):
            around = changed(around, line[1:], f"{file.name}:{number}")
        elif line.strip() and not line.startswith("#"):
            tag, _, words = line.partition(" ")
            if tag not in ("daily", "rest"):
                raise ValueError(f"{file.name}:{number}: expected daily or rest, not '{tag}'")
            yield from expanded(file.stem, tag, f"{around.base} {words.strip()}".strip(), around)


def changed(around, line, place):
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    match word:
        case "reset":
            return Surroundings()
        case "each":
            name, *values = shlex.split(rest)
            return replace(around, each=(*((n, v) for n, v in around.each if n != name), (name, tuple(values))))
        case "terminal" | "any-order" | "any-server":
            return replace(around, **{word.replace("-", "_"): True})
        case "base" | "home" | "resolv" | "stdin" | "locale":
            return replace(around, **{word: rest})
    raise ValueError(f"{place}: unknown line ':{word}'")


def expanded(topic, tag, line, around):
    used = [(name, values) for name, values in around.each if "$" + name in line]
    for chosen in itertools.product(*(values for _, values in used)):
        text = line
        for (name, _), value in zip(used, chosen):
            text = text.replace("$" + name, value)
        yield Case(topic, tag, text, around)
