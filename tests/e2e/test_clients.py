"""Clients that we did not write: c-ares, dig of BIND, and kdig of Knot where it is installed."""

import re
import shutil
import subprocess
import unittest

from daemon import BUILD, Daemon

ARES = BUILD / "tests" / "e2e" / "ares_client"

# name: (canonical name, addresses); a word alone is how c-ares calls the failure.
NAMES = {
    "amazon.com": ("amazon.com", "205.251.242.103 52.94.236.248"),
    "www.amazon.com": (
        "www.amazon.com",
        "205.251.242.101 205.251.242.102 205.251.242.103 205.251.242.104 "
        "2600:9000:5300:80::1 2600:9000:5300:80::2",
    ),
    "smile.amazon.com": (
        "www.amazon.com",
        "205.251.242.101 205.251.242.102 205.251.242.103 205.251.242.104 "
        "2600:9000:5300:80::1 2600:9000:5300:80::2",
    ),
    "mail2.amazon.com": ("mail2.amazon.com", "205.251.243.11 2600:9000:5300:81::11"),
    "ns1.amazon.com": ("ns1.amazon.com", "205.251.192.27 2600:9000:5300:1b00::1"),
    "www.network.com": ("www.network.com", "212.212.71.4"),
    "ftp.network.com": ("www.network.com", "212.212.71.4"),
    "dns1.network.com": ("dns1.network.com", "212.212.212.1"),
    "c8.aliases.com": ("end.aliases.com", "185.199.108.100"),
    "www.half-dead.com": ("www.half-dead.com", "185.199.108.152"),
    "www.half-lame.com": ("www.half-lame.com", "185.199.108.150"),
    "www.half-glue.com": ("www.half-glue.com", "185.199.108.142"),
    "mixed.short-lived.com": ("mixed.short-lived.com", "185.199.108.114 185.199.108.115"),
    "svc.record-types.net": ("svc.record-types.net", "185.199.108.190"),
    "www.signed.record-types.net": ("www.signed.record-types.net", "151.101.1.211"),
    "www.lab.example": ("www.lab.example", "192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1"),
    "shop.lab.example": ("www.lab.example", "192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1"),
    "any.dev.lab.example": ("any.dev.lab.example", "192.0.2.80"),
    "missing.amazon.com": "Domain name not found",
    "nosuchtld": "Domain name not found",
    "text-only.network.com": "DNS server returned answer with no data",
}


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def run_client(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return done.stdout

    def test_c_ares_understands_every_answer(self):
        output = self.run_client(ARES, str(self.daemon.port), *NAMES)
        said = dict(line.split(" ", 1) for line in output.splitlines())
        self.assertEqual(set(said), set(NAMES))
        for name, expected in NAMES.items():
            with self.subTest(name=name):
                if isinstance(expected, str):
                    self.assertEqual(said[name], expected)
                    continue
                word, canonical, *addresses = said[name].split()
                self.assertEqual((word, canonical.lower()), ("ok", expected[0]))
                self.assertEqual(sorted(addresses), sorted(expected[1].split()))

    def test_dig_finds_the_cookie_of_every_answer_good(self):
        for name in ("www.lab.example", "www.amazon.com", "localhost", "missing.lab.example"):
            with self.subTest(name=name):
                dig = ("dig", "@127.0.0.1", "-p", str(self.daemon.port), name)
                self.assertRegex(self.run_client(*dig), r"COOKIE: [0-9a-f]{48} \(good\)")

    def understood(self, program, *more):
        """Questions as a person asks them: the status, and the answer's addresses."""
        cases = [
            (("www.amazon.com",), "NOERROR", 4),
            (("www.amazon.com", "AAAA"), "NOERROR", 2),
            (("www.amazon.com", "+tcp"), "NOERROR", 4),
            (("assets.amazon.com",), "NOERROR", None),
            (("big-20k.hosting.net", "TXT"), "NOERROR", None),
            (("no-mail.hosting.net", "MX"), "NOERROR", 1),
            (("missing.amazon.com",), "NXDOMAIN", 0),
            (("text-only.network.com",), "NOERROR", 0),
            (("www.all-lame.com",), "SERVFAIL", 0),
            (("-x", "212.212.212.1"), "NOERROR", 1),
        ]
        for arguments, status, answers in cases:
            with self.subTest(asked=arguments):
                output = self.run_client(
                    program, "@127.0.0.1", "-p", str(self.daemon.port), *more, *arguments
                )
                self.assertRegex(output, f"status: {status}[;,]")
                self.assertNotRegex(output, "(?i)warning|malformed|mismatch|unexpected")
                if answers is not None:
                    self.assertEqual(int(re.search(r"ANSWER: (\d+)", output)[1]), answers)

    def test_dig_understands_every_answer(self):
        self.understood("dig", "+tries=1", "+time=8")

    @unittest.skipUnless(shutil.which("kdig"), "kdig is not installed (knot-dnsutils)")
    def test_kdig_understands_every_answer(self):
        self.understood("kdig", "+retry=0", "+time=8")

    def test_dig_keeps_a_connection_open_over_questions(self):
        output = self.run_client(
            "dig", "@127.0.0.1", "-p", str(self.daemon.port), "+tcp", "+keepopen", "+short",
            "www.network.com", "mail.network.com",
        )  # fmt: skip
        self.assertEqual(output.split(), ["212.212.71.4", "212.212.71.5"])
