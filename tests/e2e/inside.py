#!/usr/bin/env python3
"""cairnd in the miniature Internet, from outside: what clients, operators and attackers see of it.

Runs inside the lab (tests/lab/lab run --unbound -- tests/e2e/inside.py BUILD [PART...]), BUILD being
the folder with the programs; parts of test names choose some. Each test is a sentence.
"""

import os
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent


class Lines(unittest.TestResult):
    """One line for each test, with its time; the reasons of failures at the end."""

    def __init__(self):
        super().__init__()
        self.passed = 0

    def startTest(self, test):
        super().startTest(test)
        self.started, self.wrong = time.monotonic(), len(self.failures) + len(self.errors)

    def stopTest(self, test):
        super().stopTest(test)
        failed = len(self.failures) + len(self.errors) > self.wrong
        skipped = self.skipped and self.skipped[-1][0] is test
        self.passed += not failed and not skipped
        how = "FAIL" if failed else "skip" if skipped else "ok  "
        print(f"{how} {sentence(test)} ({time.monotonic() - self.started:.1f} s)", flush=True)


def sentence(test):
    return test._testMethodName.removeprefix("test_").replace("_", " ")


def chosen(suite, parts):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, parts)
        elif not parts or any(part in sentence(test) or part in test.id() for part in parts):
            yield test


def main():
    if "CAIRN_LAB" not in os.environ:
        sys.exit("These tests run inside the lab: tests/lab/lab run --unbound -- " + sys.argv[0])
    suite = unittest.defaultTestLoader.discover(str(HERE), pattern="test_*.py")
    result = Lines()
    unittest.TestSuite(chosen(suite, sys.argv[2:])).run(result)
    for test, reason in result.failures + result.errors:
        print(f"\n{test}\n{reason}")
    failed = len({test.id() for test, _ in result.failures + result.errors})
    print(f"{result.passed} passed, {failed} failed")
    return 1 if failed or not result.passed else 0


sys.exit(main())
