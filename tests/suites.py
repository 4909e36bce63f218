#!/usr/bin/env python3
"""Runs every suite of cairn and ends on 'N passed, M failed'. Called by ./test, after it has built:

  build-asan   everything, under AddressSanitizer and UndefinedBehaviorSanitizer
  build-tsan   what crosses threads, under ThreadSanitizer
  build        the release build: the long simulation, and the daemon in the lab

Arguments are parts of test names; with them only those tests run. `--programs BUILD SUITE` prints what
ninja must build for one suite, and runs nothing.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCTEST = re.compile(r"test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
SANITIZERS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def introspect(build, what):
    listing = subprocess.run(["meson", "introspect", f"--{what}", str(ROOT / build)], capture_output=True, text=True, check=True)
    return json.loads(listing.stdout)


def suites_of(test):
    return {name.split(":")[-1] for name in test["suite"]}


def meson_tests(build, suite=None):
    """(name, command, environment, seconds) of each test that a build folder knows, of one suite if named, else of
    all that need neither long nor the lab."""
    for test in introspect(build, "tests"):
        suites = suites_of(test)
        if suite is None and {"lab", "long"} & suites or suite is not None and suite not in suites:
            continue
        yield f"{build}/{test['name']}", test["cmd"], test["env"], test["timeout"]


def all_tests():
    """First those that run beside each other, then those in the lab, which measure what they do to each other."""
    alone = list(meson_tests("build", "lab"))
    beside = [test for build, suite in [("build", "long"), ("build-asan", None), ("build-tsan", "threads")]
              for test in meson_tests(build, suite)]
    return beside, alone


def programs(build, suite):
    """What ninja must build for a suite: every program that meson knows its tests to need."""
    built = {}
    for target in introspect(build, "targets"):
        built[target["id"]] = [str(Path(name).relative_to(ROOT / build)) for name in target["filename"]]
    needed = {target for test in introspect(build, "tests") if suite in suites_of(test) for target in test["depends"]}
    return sorted(name for target in needed for name in built[target])


def counts(output, status):
    """Passed and failed, as the runner counted; a runner that counts nothing is one test."""
    found = DOCTEST.findall(output) or PLAIN.findall(output)
    if not found:
        return (1, 0) if status == 0 else (0, 1)
    passed = sum(int(p) for p, _ in found)
    failed = sum(int(f) for _, f in found)
    if status != 0 and failed == 0:
        failed = 1
    return passed, failed


def run(name, command, environment, seconds):
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=ROOT, env=os.environ | SANITIZERS | environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds or None)
        output, status = done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        output, status = (late.stdout or b"").decode(errors="replace") + f"\nnot finished after {seconds} s", 1
    passed, failed = counts(output, status)
    lines = [f"{'ok  ' if failed == 0 else 'FAIL'} {name}: {passed} passed, {failed} failed ({time.monotonic() - started:.1f} s)"]
    if failed:
        lines += ["    " + line for line in output.splitlines() if not line.startswith("ok ")][-80:]
    print("\n".join(lines), flush=True)
    return passed, failed


def main():
    wanted = sys.argv[1:]
    if wanted[:1] == ["--programs"]:
        print(" ".join(programs(wanted[1], wanted[2])))
        return 0
    chosen = [[test for test in tests if not wanted or any(part in test[0] for part in wanted)] for tests in all_tests()]
    found = []
    for tests, at_a_time in zip(chosen, (os.cpu_count(), 1)):
        with concurrent.futures.ThreadPoolExecutor(at_a_time) as pool:
            found += pool.map(lambda test: run(*test), tests)
    passed, failed = map(sum, zip((0, 0), *found))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
