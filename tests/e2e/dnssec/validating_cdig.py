"""`cdig +validate` as if it were a resolver: its verdict on what an unbound says that it asks not to judge."""

import json
import struct
import subprocess

import message
from asking import RCODES

AD, SERVFAIL = 0x0020, 2


def put(case, build, port, anchors):
    """A reply as the others give it: AD if it is secure, SERVFAIL with the reason if it is bogus."""
    command = [build / "tools" / "cdig", "@127.0.0.1", "-p", str(port), f"+validate={anchors}", "+json", "+noidnout",
               "-q", case.name, "-t", case.type]  # fmt: skip
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    told = {line["kind"]: line for line in map(json.loads, done.stdout.splitlines())}
    if "validation" not in told or "reply" not in told:
        return None
    verdict, shown = told["validation"], told["reply"]
    if done.returncode != {"bogus": 11, "indeterminate": 12}.get(verdict["security"], 0):
        raise ValueError(f"exit code {done.returncode} for {verdict['security']}")
    if verdict["security"] == "bogus":
        reason = struct.pack("!3H", 15, 2, verdict["reason"]["code"])
        return message.Reply(0, SERVFAIL, None, additional=[message.Record(".", message.OPT, 1232, 0, reason)])
    flags = shown["RCODE"] | (AD if verdict["security"] == "secure" else 0)
    return message.Reply(0, flags, None, records(shown["answerRRs"]), records(shown["authorityRRs"]))


def records(shown):
    return [message.Record(r["NAME"], r["TYPE"], r["CLASS"], r["TTL"], bytes.fromhex(r["RDATAHEX"])) for r in shown]
