"""Where cdig is meant to differ from dig, and how: a case's name, the reason, and one line that dig
says and cdig does not, and one the other way round (regular expressions). Nothing else may differ
without standing here or in open.txt."""

import re

DIFFERENCES = {}


def check(name, theirs, ours):
    """What of the agreed difference is not as agreed."""
    _, dig_says, cdig_says = DIFFERENCES[name]
    texts = [outcome.output + outcome.complaint for outcome in (theirs, ours)]
    lines = []
    for words, where, where_not in ((dig_says, 0, 1), (cdig_says, 1, 0)):
        if words and not re.search(words, texts[where], re.M):
            lines.append(f"{('dig', 'cdig')[where]} does not say: {words}")
        if words and re.search(words, texts[where_not], re.M):
            lines.append(f"{('dig', 'cdig')[where_not]} says as well: {words}")
    return lines
