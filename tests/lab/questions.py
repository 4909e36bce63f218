"""The questions of questions.txt, and how each is meant to end.

A line is a name and a type. A comment that begins with an rcode heads a group: all questions below
it end so, until the next such comment.
"""

from pathlib import Path

from asking import RCODES, Question, ask

FILE = Path(__file__).resolve().parent / "questions.txt"


def load():
    """[(name, type, rcode)], in the order of the file."""
    questions, rcode = [], None
    for line in FILE.read_text().splitlines():
        first, _, rest = line.lstrip("# ").partition(" ")
        if line.startswith("#"):
            rcode = first.rstrip(":.,") if first.rstrip(":.,") in RCODES.values() else rcode
        elif line:
            questions.append((first, rest.strip(), rcode))
    return questions


def put(address, port, patience):
    """Asks a recursor all questions at once; [(name, type, intended rcode, reply or None)]."""
    asked = {Question(address, port, name, kind): rcode for name, kind, rcode in load()}
    replies = ask(asked, patience, again=patience)
    return [(q.name, q.type, rcode, replies.get(q)) for q, rcode in asked.items()]
