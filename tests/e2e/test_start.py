"""What stops the start: one clear message with place and remedy, the exit code, and nothing half
started (cairnd(8))."""

import contextlib
import functools
import os
import resource
import socket
import unittest

from daemon import Daemon, run_to_end

CONFIGURATION, CANNOT_BIND, FILE = 1, 2, 3


class Start(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.__exit__)

    def refused(self, code, *told, arguments=None):
        """cairnd ends with `code`, tells all of `told` in one message and leaves nothing behind."""
        arguments = arguments or ["-c", str(self.daemon.config)]
        status, complaint = run_to_end(arguments)
        self.assertEqual(status, code, complaint)
        message = [line for line in complaint.splitlines() if line.startswith("cairnd: ")]
        self.assertEqual(len(message), 1, complaint)
        for word in told:
            self.assertIn(word, complaint)
        self.assertFalse(self.daemon.control.exists(), "a control socket was left behind")
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            with contextlib.closing(socket.socket(socket.AF_INET, kind)) as free:
                with contextlib.suppress(OSError) if self.taken else contextlib.nullcontext():
                    free.bind(self.daemon.server)

    taken = False  # the port, by the test itself

    def write(self, more, zones=False):
        self.daemon.config.write_text(self.daemon.toml("127.0.0.1", more, zones))

    def line_of(self, text):
        lines = self.daemon.config.read_text().splitlines()
        return 1 + next(number for number, line in enumerate(lines) if text in line)

    def place(self, text):
        return f"{self.daemon.config}:{self.line_of(text)}:"

    def test_an_unknown_option_is_named(self):
        self.refused(CONFIGURATION, "--frobnicate", "--help", arguments=["--frobnicate"])

    def test_an_option_without_its_value_is_named(self):
        self.refused(CONFIGURATION, "-c", "--help", arguments=["-c"])

    def test_a_bad_address_is_told_with_its_place_and_an_example(self):
        for address in ("127.0.0.256", "127.0.0.1:99999", "localhost", "[::1", ""):
            with self.subTest(address=address):
                self.daemon.config.write_text(f'control = ""\nlisten = ["{address}"]\n')
                self.refused(CONFIGURATION, self.place("listen"), "`listen`", "127.0.0.1:5300")

    def test_too_few_open_files_are_told_with_a_remedy(self):
        self.write("workers = 2")
        few = functools.partial(resource.setrlimit, resource.RLIMIT_NOFILE, (100, 100))
        status, complaint = run_to_end(["-c", str(self.daemon.config)], preexec_fn=few)
        self.assertEqual(status, FILE, complaint)
        self.assertIn("only 100 files", complaint)
        self.assertIn("LimitNOFILE=", complaint)

    def test_an_address_that_is_not_ours_is_told_with_a_remedy(self):
        self.daemon.config.write_text(self.daemon.toml("203.0.113.77"))
        self.refused(CANNOT_BIND, f"203.0.113.77:{self.daemon.port}", "ip address", "`listen`")

    def test_a_busy_port_is_told_with_a_remedy(self):
        for kind, name in ((socket.SOCK_DGRAM, "UDP"), (socket.SOCK_STREAM, "TCP")):
            with socket.socket(socket.AF_INET, kind) as busy, self.subTest(transport=name):
                busy.bind(self.daemon.server)
                if kind == socket.SOCK_STREAM:
                    busy.listen()
                self.taken = True
                where = f"127.0.0.1:{self.daemon.port} ({name})"
                self.refused(CANNOT_BIND, where, "stop it, or choose another")

    def test_a_second_daemon_does_not_steal_the_port_of_the_first(self):
        self.daemon.start()
        second = Daemon(port=self.daemon.port)
        self.addCleanup(second.__exit__)
        status, complaint = run_to_end(["-c", str(second.config)])
        self.assertEqual(status, CANNOT_BIND)
        self.assertIn("another program listens there already", complaint)
        self.assertFalse(second.control.exists())
        self.assertIn("127.0.0.1", self.daemon.ctl("status"))

    def test_a_missing_configuration_is_told(self):
        missing = str(self.daemon.folder / "not-there.toml")
        self.refused(FILE, missing, "-c", arguments=["-c", missing])

    def test_a_configuration_that_is_a_folder_is_told(self):
        self.refused(FILE, str(self.daemon.folder), arguments=["-c", str(self.daemon.folder)])

    def test_a_missing_zone_file_is_told_with_the_place_that_names_it(self):
        os.unlink(self.daemon.zone)
        self.refused(FILE, str(self.daemon.zone), "lab.example", self.place('"lab.example"'))

    def test_missing_root_hints_are_told(self):
        self.write('[resolver]\nroot-hints = "no-hints"')
        self.refused(FILE, "`resolver.root-hints`", "no-hints")

    def test_a_syntax_error_is_told_with_line_and_column(self):
        self.write('allow = ["127.0.0.0/8"')
        self.refused(CONFIGURATION, f"{self.daemon.config}:")
        self.write("workers = = 2")
        self.refused(CONFIGURATION, self.place("workers = ="))

    def test_a_wrong_type_is_told_with_what_was_found_and_expected(self):
        cases = [
            ('workers = "two"', "`workers`", 'found "two"', "expected a number"),
            ("workers = -1", "`workers`", "found -1", "expected a number"),
            ("[resolver]\nipv6 = 1", "`resolver.ipv6`", "found 1", "expected true or false"),
            ('[cache]\nsize = "lots"', "`cache.size`", '"lots"', "128 MiB"),
            ('[cache]\nmax-ttl = "soon"', "`cache.max-ttl`", '"soon"', "30s"),
            ('[log]\nlevel = "loud"', "`log.level`", '"loud"', '"warning"'),
            ('allow = "10.0.0.1/8"', "`allow`", '"10.0.0.1/8"', "host bits zero"),
            ('resolver = "fast"', "`resolver`", '"fast"', "[resolver]"),
        ]
        for text, *told in cases:
            with self.subTest(text=text):
                self.write(text)
                self.refused(CONFIGURATION, self.place(text.splitlines()[-1]), *told)

    def test_an_unknown_key_is_told_with_the_nearest_known_one(self):
        cases = [
            ("worker = 2", "unknown key `worker`", "did you mean `workers`?"),
            ("[cache]\nmaxttl = 5", "unknown key `cache.maxttl`", "`cache.max-ttl`"),
            ("[resolver]\nqname-minimisation = 1", "did you mean `resolver.qname-minimization`?"),
            ("size = 5", "unknown key `size`", "[cache]"),
            ("[dnsec]\nvalidation = true", "unknown key `dnsec`", "did you mean `dnssec`?"),
        ]
        for text, *told in cases:
            with self.subTest(text=text):
                self.write(text)
                line = text.splitlines()[0 if "dnsec]" in text else -1]
                self.refused(CONFIGURATION, self.place(line), *told)

    def test_a_mistake_in_a_zone_file_is_told_with_line_and_column(self):
        text = self.daemon.zone.read_text()
        self.daemon.zone.write_text(text + "bad IN A 192.0.2.300\n")
        line = len(text.splitlines()) + 1
        self.refused(CONFIGURATION, f"{self.daemon.zone}:{line}:", "192.0.2.300")

    def test_a_zone_without_SOA_is_told(self):
        self.daemon.zone.write_text("$TTL 60\n@ NS ns\nns A 192.0.2.1\n")
        self.refused(CONFIGURATION, str(self.daemon.zone), "SOA")

    def test_an_open_resolver_needs_a_word(self):
        self.write('allow = ["0.0.0.0/0"]')
        self.refused(CONFIGURATION, "`allow`", "i-run-an-open-resolver")

    def test_a_user_that_does_not_exist_is_told(self):
        text = self.daemon.config.read_text().replace('user = ""', 'user = "no-such-user"')
        self.daemon.config.write_text(text)
        status, complaint = run_to_end(["-c", str(self.daemon.config)])
        self.assertIn(status, (CONFIGURATION, FILE), complaint)
        self.assertIn("no-such-user", complaint)

    def test_check_reads_everything_and_starts_nothing(self):
        status, complaint = run_to_end(["--check", "-c", str(self.daemon.config)])
        self.assertEqual((status, complaint), (0, ""))
        self.assertFalse(self.daemon.control.exists())
        self.write("worker = 2")
        self.refused(CONFIGURATION, "workers", arguments=["--check", "-c", str(self.daemon.config)])
