"""The questions of questions.txt, and how each is meant to end.

A line is a name and a type. A comment that begins with an rcode heads a group: all questions below
it end so, until the next such comment. Where the witness ends them otherwise, the comment says so.
"""

import re
from pathlib import Path

from asking import RCODES, Question, ask

FILE = Path(__file__).resolve().parent / "questions.txt"


def load():
    """[(name, type, how it ends, how it ends with the witness)], in the order of the file."""
    questions, rcode, witness = [], None, None
    for line in FILE.read_text().splitlines():
        first, _, rest = line.partition(" ")
        if heading := re.match(r"# ([A-Z]+)\b", line):
            if heading[1] in RCODES.values():
                rcode = witness = heading[1]
        if line.startswith("#"):
            if exception := re.search(r"The witness says ([A-Z]+)", line):
                witness = exception[1]
        elif line:
            questions.append((first, rest, rcode, witness))
    return questions


def put(address, port, patience):
    """{question: Reply} of a recursor. They go in groups, each of which has `patience` seconds."""
    asked = [Question(address, port, name, kind) for name, kind, _, _ in load()]
    replies = {}
    for start in range(0, len(asked), 25):
        replies |= ask(asked[start : start + 25], patience, again=patience)
    return replies
