"""The keeper of a lab: process 1 of its namespace. It sets up the network, starts the servers, tells
when all of them answer, and then rests until somebody stops it. With it everything ends."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import internet
import namespace
import vendors
from asking import Question, ask

PATIENCE = 10.0  # seconds for all servers to answer


class Trouble(Exception):
    """Something that the person who called must know; one or more sentences."""


def keep(folder, unbound, tell):
    """Runs the lab. Writes "up" or what is wrong to the descriptor `tell`, once. Ends on a signal,
    or on the end of standard input unless that is /dev/null."""
    pid = os.readlink("/proc/self")  # as seen from outside, for /proc is not ours yet
    (folder / "keeper").write_text(f"{pid} {start_time(pid)}")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with os.fdopen(tell, "w") as report:
            report.write(start(folder, unbound))
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead: the kernel buries
        if os.fstat(0).st_rdev == os.stat("/dev/null").st_rdev:
            signal.pause()
        select.select([0], [], [])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder, unbound):
    """Starts everything and says "up", or what is wrong."""
    try:
        addresses = [a for server in internet.SERVERS for a in server.addresses]
        namespace.furnish(addresses + list(internet.CLOSED), internet.SILENT, folder)
        for server in internet.SERVERS:
            vendors.start(server, folder)
        if unbound:
            vendors.start_unbound(folder)
        wait_until_up(folder)
        if unbound:
            wait_for_unbound(folder)
    except (Trouble, OSError, subprocess.SubprocessError) as trouble:
        return f"{trouble}"
    return "up"


def start_time(pid):
    """When the process started, in the kernel's ticks: with the pid it names a process for good."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def silent_servers(patience):
    """{server: questions without an authoritative answer within `patience` seconds}."""
    asked = {
        Question(address, 53, zone, "SOA"): server
        for server in internet.SERVERS
        for zone in server.zones()
        for address in server.addresses
    }
    replies = ask(asked, patience, again=0.05)
    missing = {}
    for question, server in asked.items():
        reply = replies.get(question)
        if reply is None or reply.rcode != "NOERROR" or not reply.authoritative:
            missing.setdefault(server, []).append((question, reply))
    return missing


def wait_until_up(folder):
    missing = silent_servers(PATIENCE)
    if not missing:
        return
    lines = [f"Not every server of the lab answered within {PATIENCE:.0f} s."]
    for server, questions in missing.items():
        question, reply = questions[0]
        said = reply.rcode if reply else "no reply"
        what = f"{question.name} SOA at {question.address}: {said}"
        lines.append(f"{server.name}: {len(questions)} questions unanswered, the first is {what}")
        lines += last_lines(folder, server.name)
    raise Trouble("\n".join(lines))


def wait_for_unbound(folder):
    if not ask([Question("127.0.0.1", 5301, ".", "NS")], PATIENCE, again=0.1):
        raise Trouble("\n".join(["Unbound does not answer.", *last_lines(folder, "unbound")]))


def last_lines(folder, name):
    log = (folder / "log" / f"{name}.log").read_text(errors="replace").splitlines()
    return [f"    {line}" for line in log[-5:]]
