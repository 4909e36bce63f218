"""How the answer was found: root -> com -> amazon.com, told by the daemon and shown by cdig."""

import subprocess
import unittest

from daemon import CDIG, Daemon


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(more="[resolver]\npriming = false").start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def steps(self, name, kind="A"):
        reply = self.daemon.ask_control("explain", name=name, type=kind)
        self.assertTrue(reply["ok"], reply)
        return reply

    def test_a_fresh_daemon_walks_from_the_root_over_com_to_amazon_com(self):
        with Daemon() as fresh:
            text = fresh.ctl("explain", "www.amazon.com", "A")
            reply = fresh.ask_control("explain", name="www.amazon.com", type="A")
        places = [text.find(f" of {zone} for ") for zone in (".", "com.", "amazon.com.")]
        self.assertIn("NOERROR", text)
        for address in ("205.251.242.101", "205.251.242.104"):
            self.assertIn(address, text)
        self.assertTrue(0 <= places[0] < places[1] < places[2], text)
        self.assertEqual(reply["sends"], 0, "the second time it is known")

    def test_the_walk_names_each_zone_once_and_a_server_of_it(self):
        reply = self.steps("smile.amazon.com")
        asked = [step for step in reply["steps"] if step["kind"] == "asked"]
        zones = list(dict.fromkeys(step["zone"] for step in asked))
        self.assertEqual(zones, [".", "com.", "amazon.com."])
        for step in asked:
            self.assertTrue(step["server"] and step["rtt_ms"] >= 0 and step["packets"] >= 1)
        self.assertEqual(reply["sends"], sum(step["packets"] for step in asked))

    def test_what_was_learnt_of_com_is_not_asked_again(self):
        self.steps("www.amazon.com")
        asked = [s for s in self.steps("www.network.com")["steps"] if s["kind"] == "asked"]
        self.assertEqual([step["zone"] for step in asked], ["com.", "network.com."])

    def cdig(self, *words, daemon=None):
        command = [CDIG, "@127.0.0.1", "-p", str((daemon or self.daemon).port), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_cdig_trace_shows_the_walk_from_the_root(self):
        text = self.cdig("+trace", "www.amazon.com", "A")
        lines = [line.split() for line in text.splitlines() if line and line[0] != ";"]
        owners = list(dict.fromkeys(words[0] for words in lines))
        self.assertEqual(owners[:4], [".", "com.", "amazon.com.", "www.amazon.com."], text)

    def test_cdig_map_draws_each_zone_cut_with_all_servers_of_the_zone(self):
        lines = self.cdig("+map", "gaia.cs.umass.edu").splitlines()
        zones = [line.strip() for line in lines if "|" not in line]
        names = [line.split()[0] for line in zones]
        self.assertEqual(
            names, [".", "edu.", "umass.edu.", "cs.umass.edu.", "gaia.cs.umass.edu."], lines
        )
        self.assertIn("NOERROR, 1 in the answer", zones[-1])
        of_cs = [line for line in lines if "dns.cs.umass.edu." in line]
        self.assertEqual(len(of_cs), 2, lines)
        for line in of_cs:
            self.assertRegex(line, r" \d+\.\d ms$")

    def test_cdig_why_tells_the_daemons_steps_below_the_answer(self):
        with Daemon() as fresh:
            text = self.cdig(f"+why={fresh.control}", "www.amazon.com", daemon=fresh)
        answer, _, steps = text.partition(";; WHY: ")
        self.assertIn("status: ", answer)
        self.assertTrue(steps.startswith("www.amazon.com. A\n"), text)
        self.assertIn(" of amazon.com. for www.amazon.com. IN A", steps)
        self.assertTrue(all(line.startswith(";;") for line in steps.splitlines()[1:-1]), text)

    def test_cdig_why_without_a_daemon_says_so_and_still_answers(self):
        text = self.cdig("+why=/nowhere/control.sock", "www.lab.example")
        self.assertIn("www.lab.example.", text)
        self.assertIn(";; WHY: cairnd does not run", text)
