#!/usr/bin/env python3
"""cdig beside dig: the same words to both, the same octets out.

Inside the lab, with its witness:
  tests/lab/lab run --unbound -- tests/e2e/dig/suite.py CDIG [--self] [--topic T]... [--report FILE] [WORDS...]

Each case of cases/ runs with dig and with cdig against the same servers; standard output, standard
error and the exit code must be equal each, but for what masks.py hides. deliberate.py lists where
cdig is meant to differ, and how. open.txt lists cases that are known to differ still; one of them
that begins to pass fails the test, so that the list stays true. `--self` compares dig with dig, which
shows that a difference is cdig's and not the suite's. WORDS choose the cases that contain them.
"""

import argparse
import concurrent.futures
import difflib
import json
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "lab"))

import cases as tables
import deliberate
import environment
import masks
from stage import ADDRESSES, Stage

THREADS = 8
MANY = 300
PATIENCE = 25  # seconds for one program
DIG = "/usr/bin/dig"


@dataclass(frozen=True)
class Outcome:
    status: int
    output: str
    complaint: str

    def masked(self, around):
        parts = [masks.hide(text, around.any_server) for text in (self.output, self.complaint)]
        if around.any_order:
            parts = ["\n".join(sorted(text.splitlines())) for text in parts]
        return Outcome(self.status, *parts)


class Runner:
    def __init__(self, stage, cdig):
        (stage.folder / "asked").mkdir()
        for name, program in (("dig", DIG), ("cdig", cdig)):
            (stage.folder / "asked" / name).symlink_to(program)
        self.stage = stage
        self.count = 0
        self.lock = threading.Lock()

    def run(self, program, case):
        """The outcome of the program, which is "dig" or "cdig": by that name it calls itself."""
        with self.lock:
            self.count += 1
            unique = f"u{self.count:06}"
        around = case.around
        command = [program, *case.words(ADDRESSES, unique)]
        if around.resolv:
            file = self.stage.folder / "resolv" / around.resolv
            place = os.path.realpath("/etc/resolv.conf")
            command = ["unshare", "--mount", "sh", "-c", f'mount --bind "{file}" "{place}" && exec "$@"', "sh", *command]
        environ = {
            "HOME": str(self.stage.folder / "home" / around.home),
            "PATH": f"{self.stage.folder / 'asked'}:{os.environ['PATH']}",
            "LC_ALL": around.locale,
            "TZ": "UTC",
        }
        source = open(self.stage.folder / around.stdin, "rb") if around.stdin else subprocess.DEVNULL
        outcome = self.on_terminal(command, environ) if around.terminal else self.piped(command, environ, source)
        return Outcome(*(part.replace(unique, "UNIQUE") if isinstance(part, str) else part for part in outcome))

    def piped(self, command, environ, source):
        process = subprocess.Popen(command, cwd=self.stage.folder, env=environ, stdin=source, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
        try:
            output, complaint = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, complaint = process.communicate()
            complaint += b"\nnot finished in time"
        return process.returncode, output.decode("latin-1"), complaint.decode("latin-1")

    def on_terminal(self, command, environ):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command, cwd=self.stage.folder, env=environ, stdin=subprocess.DEVNULL, stdout=theirs,
                                   stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
        os.close(theirs)
        output = b""
        until = time.monotonic() + PATIENCE
        while True:
            if not select.select([ours], [], [], max(until - time.monotonic(), 0))[0]:
                os.killpg(process.pid, signal.SIGKILL)
                output += b"\nnot finished in time"
                break
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            output += more
        os.close(ours)
        complaint = process.communicate(timeout=PATIENCE)[1]
        return process.returncode, output.decode("latin-1"), complaint.decode("latin-1")


def difference(case, theirs, ours, agreed):
    """Lines that say how the outcomes differ, but for what is agreed; none where they do not."""
    theirs, ours = (outcome.masked(case.around) for outcome in (theirs, ours))
    lines = []
    if agreed:
        theirs, ours, lines = deliberate.settle(agreed, theirs, ours)
    if theirs.status != ours.status:
        lines.append(f"exit code: dig {theirs.status}, cdig {ours.status}")
    for what in ("output", "complaint"):
        pair = [getattr(outcome, what) for outcome in (theirs, ours)]
        if pair[0] != pair[1]:
            lines += [readable(line) for line in difflib.unified_diff(
                *(text.split("\n") for text in pair), f"dig's {what}", f"cdig's {what}", lineterm="", n=1)]  # fmt: skip
    return lines


def readable(line):
    return "".join(c if c == "\t" or " " <= c <= "~" else f"\\x{ord(c):02x}" for c in line)


class Comparison:
    """Runs all cases twice where that is needed: first all at once; then, alone on the machine, those
    that differed, for the load of the others may have changed what was said when."""

    def __init__(self, runner, ours):
        self.runner, self.ours = runner, ours

    def all(self, cases):
        found = {}
        cases = random.Random(3).sample(cases, len(cases))  # those that wait among those that compute
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            for case, lines in zip(cases, pool.map(self.once, cases)):
                found[case] = lines
        again = [case for case, lines in found.items() if lines]
        if len(again) > MANY:  # it is not the load
            return found
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for case, lines in zip(again, pool.map(self.once, again)):
                found[case] = lines
        return found

    def once(self, case):
        theirs = self.runner.run("dig", case)
        ours = self.runner.run(self.ours, case)
        agreed = None if self.ours == "dig" else deliberate.find(case.name)
        lines = agreed.unsaid(theirs.masked(case.around), ours.masked(case.around)) if agreed else []
        if agreed and agreed.likewise:
            theirs = self.runner.run("dig", replace(case, line=re.sub(*agreed.likewise, case.line)))
            # The line that repeats the words of the command.
            ours = replace(ours, output=re.sub(*agreed.likewise, ours.output))
        return lines + difference(case, theirs, ours, agreed)


def open_cases():
    lines = (HERE / "open.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def share(cases, equal):
    chosen = [case in equal for case in cases]
    return f"{sum(chosen)} of {len(chosen)} ({100 * sum(chosen) / max(len(chosen), 1):.1f} %)"


def report(found, still_open, file):
    equal = {case for case, lines in found.items() if not lines}
    wrong, differing = 0, []
    for case, lines in sorted(found.items(), key=lambda one: (one[0].tag, one[0].topic)):
        expected = case.name in still_open
        if lines:
            differing.append({"topic": case.topic, "tag": case.tag, "name": case.name, "lines": lines})
        if lines and not expected:
            print(f"FAILED: [{case.tag}] {case.name}", *("    " + line for line in lines), sep="\n")
        if expected and not lines:
            print(f"FAILED: {case.name}\n    passes, and stands in open.txt")
        wrong += bool(lines) != expected
    if file:
        file.write_text(json.dumps(differing, indent=1))
    print(f"daily: {share([case for case in found if case.tag == 'daily'], equal)}")
    print(f"all:   {share(found, equal)}; open: {sum(case.name in still_open and bool(lines) for case, lines in found.items())}")
    for topic in sorted({case.topic for case in found}):
        print(f"  {topic:14} {share([case for case in found if case.topic == topic], equal)}")
    print(f"{len(found) - wrong} passed, {wrong} failed")
    return wrong


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cdig", type=Path)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--self", action="store_true")
    parser.add_argument("--topic", action="append", default=[])
    parser.add_argument("--report", type=Path)
    parser.add_argument("--show", action="store_true", help="print what dig says, compare nothing")
    return parser.parse_intermixed_args()


def main():
    given = options()
    cdig = given.cdig.resolve()
    if "CAIRN_LAB" not in os.environ:
        sys.exit("This runs inside the lab: tests/lab/lab run --unbound -- " + sys.argv[0])
    stage = Stage(Path(os.environ["CAIRN_LAB"]) / "dig")
    chosen = [case for case in tables.load(given.topic) if all(word in case.name for word in given.words)]
    started = time.monotonic()
    try:
        stage.build()
        complaints = environment.check(stage)
        if complaints:
            print("The environment is wrong, nothing was compared:", *complaints, sep="\n  ")
            return 1
        runner = Runner(stage, cdig)
        if given.show:
            for case in chosen:
                outcome = runner.run("dig", case)
                print(f"### {case.name}\n{outcome.output}--- {outcome.status}\n{outcome.complaint}")
            return 0
        found = Comparison(runner, "dig" if given.self else "cdig").all(chosen)
        complaints = environment.alive(stage)
    finally:
        stage.end()
    whole = not given.topic and not given.words
    wrong = report(found, set() if given.self else open_cases(), given.report)
    if complaints:
        print("A server did not live to the end:", *complaints, sep="\n  ")
    if whole and len(found) < 400:
        print("Fewer than 400 cases ran.")
        wrong += 1
    print(f"{time.monotonic() - started:.0f} s")
    return wrong > 0 or bool(complaints)


sys.exit(main())
