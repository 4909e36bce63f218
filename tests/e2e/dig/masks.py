"""What two runs of one program never have in common, and nothing else: ids, times, cookies, ports that
the kernel chose, and the name and version of the program."""

import re

MASKS = [
    (re.compile(pattern, re.M), instead)
    for pattern, instead in (
        (r"^; <<>> (DiG|cdig) \S+ <<>>", "; <<>> NAME <<>>"),
        (r"^(DiG|cdig) \d\S*$", "NAME VERSION"),  # -v
        (r"^(Usage:  |)c?dig\b", r"\1NAME"),
        (r"\"c?dig -h", "\"NAME -h"),
        (r"\bid: \d+", "id: ID"),
        (r"expected ID \d+, got \d+", "expected ID ID, got ID"),
        (r"(COOKIE: )([0-9a-f]{16})([0-9a-f]*)", lambda m: f"{m[1]}CLIENT{len(m[3])}"),
        (r"Query time: \d+ (m|u)sec", r"Query time: T \1sec"),
        (r"WHEN: .*", "WHEN: W"),
        # What bind has in its cache from the lab's Internet counts down.
        (r"^((?:\S+\.)?(?:com|net|org|edu)\.|\.)(\s+)(\d+)(?=\s+IN\s)", lambda m: m[1] + m[2] + "T" * len(m[3])),
        (r" in \d+ (m|u)s\b", r" in T \1s"),
        (r"(query_time|response_time|expiry_time): !!timestamp .*", r"\1: !!timestamp T"),
        # TSIG: the time, the MAC letter by letter, the id of the query.
        (r"(\bTSIG\s\S+ )\d+( \d+ \d+ (?:\(\s+)?)((?:[A-Za-z0-9+/=]+\s+)*?)(\) |)\d+( [A-Z]+ \d)",
         lambda m: f"{m[1]}T{m[2]}{re.sub('[A-Za-z0-9+/=]', 'M', m[3])}{m[4]}ID{m[5]}"),
        (r"^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3} ", "DATE "),
        # A message in hexadecimal begins with its id; the text beside it is as long as it was.
        (r"(^\d+ bytes\n)[0-9a-f]{2} [0-9a-f]{2}(.{44,45} *)..", r"\1ID ID\2ID"),
        (r"(^\d+ bytes\n)[0-9a-f]{2} [0-9a-f]{2}", r"\1ID ID"),
    )
]
SERVERS = [
    (re.compile(r"( bytes from |from server )\S+"), r"\1SERVER"),
    (re.compile(r"(query_address|response_address): \S+"), r"\1: SERVER"),
]


def hide(text, any_server=False):
    """`any_server`: who of several servers was asked is chance, as it is in +trace."""
    for pattern, instead in MASKS + SERVERS * any_server:
        text = pattern.sub(instead, text)
    return text
