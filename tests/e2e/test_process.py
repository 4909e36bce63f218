"""The programs as files, and the daemon as a process: what makes an attacker's work harder."""

import subprocess
import unittest
from pathlib import Path

from daemon import CAIRNCTL, CAIRND, CDIG, Daemon

PROGRAMS = [CAIRND, CAIRNCTL, CDIG]


def elf(program, *what):
    """What readelf says of it."""
    done = subprocess.run(["readelf", "-W", *what, program], capture_output=True, text=True, check=True)
    return done.stdout


def segment(program, name):
    """The flags of a segment: "R E"."""
    for line in elf(program, "--program-headers").splitlines():
        words = line.split()
        if words[:1] == [name]:
            return " ".join(words[6:-1])
    return None


class Process(unittest.TestCase):
    def test_programs_are_loaded_at_a_random_address(self):
        for program in PROGRAMS:
            self.assertIn("DYN", elf(program, "--file-header"), program)
            self.assertRegex(elf(program, "--dynamic"), r"FLAGS_1.*\bPIE\b")

    def test_what_the_loader_has_written_is_read_only_from_the_start(self):
        for program in PROGRAMS:
            self.assertEqual(segment(program, "GNU_RELRO"), "R", program)
            self.assertRegex(elf(program, "--dynamic"), r"FLAGS_1.*\bNOW\b")

    def test_no_memory_is_written_and_executed(self):
        for program in PROGRAMS:
            self.assertEqual(segment(program, "GNU_STACK"), "RW", program)
            self.assertNotRegex(elf(program, "--program-headers"), r"LOAD .* RWE ")
            self.assertNotIn("TEXTREL", elf(program, "--dynamic"))

    def test_code_is_in_pages_of_its_own(self):
        for program in PROGRAMS:
            loaded = [line.split() for line in elf(program, "--program-headers").splitlines()
                      if line.split()[:1] == ["LOAD"]]  # fmt: skip
            self.assertEqual([" ".join(words[6:-1]) for words in loaded], ["R", "R E", "R", "RW"], program)

    def test_overflows_of_buffers_are_noticed(self):
        for program in PROGRAMS:
            symbols = elf(program, "--dyn-syms")
            self.assertIn("__stack_chk_fail", symbols, program)  # -fstack-protector-strong
            self.assertIn("_chk@GLIBC", symbols.replace("__stack_chk_fail@GLIBC", ""), program)  # fortified
            self.assertIn("__glibcxx_assert_fail", elf(program, "--syms") + symbols, program)

    def test_functions_begin_where_indirect_jumps_may_end(self):
        if "X86-64" not in elf(CAIRND, "--file-header"):
            self.skipTest("of x86-64 alone")
        # -fcf-protection=full. The file as a whole is not marked: Debian's start files are not.
        for program in PROGRAMS:
            self.assertGreater(Path(program).read_bytes().count(b"\xf3\x0f\x1e\xfa"), 1000, program)

    def test_the_daemon_writes_no_core_and_has_few_system_calls_left(self):
        with Daemon() as daemon:
            of_process = Path(f"/proc/{daemon.process.pid}")
            limits = (of_process / "limits").read_text()
            self.assertRegex(limits, r"Max core file size +0 +0 ")
            for task in (of_process / "task").iterdir():
                status = (task / "status").read_text()
                self.assertRegex(status, r"NoNewPrivs:\t1\n", task)
                self.assertRegex(status, r"Seccomp:\t2\n", task)
