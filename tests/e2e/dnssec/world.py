"""Brings the signed miniature Internet up, starts resolvers in it, asks all cases, and says who was right."""

import os
import select
import socket
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import cases
import errant
import message
import namespace
import records
import resolvers
import tree
import validating_cdig
import vendors
from asking import Question, ask

import zones  # noqa: F401  (they declare themselves)
import broken  # noqa: F401
import liars  # noqa: F401

PATIENCE = 12.0  # seconds: unbound and knot-resolver take up to 10 to give up


def start(folder):
    """All servers, signed and answering; the root's hints and keys are files in `folder`."""
    for part in ("etc", "log", "run"):
        (folder / part).mkdir()
    namespace.furnish(tree.addresses(), (), folder)
    anchors = tree.build(folder)
    (folder / "hints").write_text(f". 86400 IN NS ns1.\nns1. 86400 IN A {tree.ROOT_SERVER}\n")
    (folder / "root.key").write_text("".join(f"{key}\n" for key in anchors))
    (folder / "root.ds").write_text("".join(f"{records.ds(key)}\n" for key in anchors))
    running = [vendors.start(process, folder) for process in tree.processes(folder)]
    wait_for_servers(folder)
    behind = [zone for zone in tree.SERVED if zone.errs]
    return running, errant.start(behind)


def wait_for_servers(folder):
    asked = {Question(each.home, 53, each.name, "SOA"): each for each in tree.SERVED}
    replies = ask(asked, 20, again=0.1)
    for question, each in asked.items():
        reply = replies.get(question)
        if reply is None or reply.rcode != "NOERROR" or not reply.authoritative:
            log = (folder / "log" / f"{each.process}.log").read_text(errors="replace")
            raise RuntimeError(f"{each.process} does not serve {each.name}: {log[-2000:]}")


def put(case, number, port):
    """The reply to one case; over TCP where it is truncated."""
    octets = case.question(number)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", port))
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            udp.send(octets)
            if select.select([udp], [], [], min(left, 4.0))[0]:
                break
        else:
            return None
        reply = message.parse(udp.recv(65535))
    if not reply.truncated:
        return reply
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as tcp:
        tcp.sendall(struct.pack("!H", len(octets)) + octets)
        stream = tcp.makefile("rb")
        return message.parse(stream.read(struct.unpack("!H", stream.read(2))[0]))


def ask_all(resolver, wanted):
    """[Reply or None], one question after the other, as the cases stand; and how long that took."""
    started = time.monotonic()
    replies = []
    for number, case in enumerate(wanted):
        try:
            if resolver.name == "cdig":
                replies.append(validating_cdig.put(case, resolver.build, resolver.port, resolver.folder / "root.key"))
            else:
                replies.append(put(case, number, resolver.port))
        except (OSError, ValueError, struct.error):
            replies.append(None)
    return replies, time.monotonic() - started


def judge(options, folder):
    wanted = cases.chosen(options.cases)
    names = cases.RESOLVERS if options.resolver == "all" else options.resolver.split(",")
    if "cdig" in names:  # it has no other flags than its own
        wanted = [case for case in wanted if not case.flags]
    started = time.monotonic()
    start(folder)
    print(f"{len(tree.ZONES)} zones signed and served in {time.monotonic() - started:.1f} s", file=sys.stderr)
    running = [resolvers.Resolver(name, folder, options.build.resolve()) for name in names]
    try:
        if options.shell:
            print(f"Everything below {folder}; resolvers:", *(f"{r.name} at port {r.port}" for r in running))
            subprocess.run([os.environ.get("SHELL", "/bin/sh")], cwd=folder)
            return 0
        with ThreadPoolExecutor(len(running)) as pool:
            found = dict(zip(names, pool.map(lambda each: ask_all(each, wanted), running)))
    finally:
        for each in running:
            each.stop()
    for name, (_, seconds) in found.items():
        print(f"{name}: {len(wanted)} cases in {seconds:.1f} s", file=sys.stderr)
    return report(options, wanted, names, {name: replies for name, (replies, _) in found.items()})


def report(options, wanted, names, replies):
    """Prints what is wrong, or the whole table; the exit code."""
    passed, failed, topic = 0, 0, None
    if options.table:
        print("| question | wanted | " + " | ".join(names) + " | why |")
        print("|---" * (3 + len(names)) + "|")
    for number, case in enumerate(wanted):
        cells, wrong, reasons = [], [], [case.why]
        for name in names:
            reply = replies[name][number]
            trouble, explained = case.trouble(name, reply)
            said = case.said(reply)
            cells.append(f"{said}{' !' if trouble else ' *' if explained else ''}")
            if trouble:
                wrong.append(f"{name}: {trouble}")
            if explained:
                reasons.append(f"{name}: {case.differs[name][1]}")
        if options.table:
            if case.topic != topic:
                print(f"| **{case.topic}** |" + " |" * (2 + len(names)))
            flags = "".join(f" {flag}" for flag in case.flags)
            cells = [f"{case.name} {case.type}{flags}", case.wanted(), *cells, "; ".join(filter(None, reasons))]
            print(f"| {' | '.join(cells)} |")
        elif wrong:
            print(f"FAIL [{case.topic}] {case} -- {'; '.join(wrong)}{case.why and f' ({case.why})'}")
        topic = case.topic
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
