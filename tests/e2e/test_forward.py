"""Forward and stub zones, DNS64 and protection from rebinding: cairnd before Debian's Unbound, which
resolves in the lab, and before the lab's own authorities."""

import ipaddress
import unittest

from client import ask
from daemon import Daemon, run_to_end

WITNESS = "127.0.0.1:5301"  # Unbound, a recursor for this lab
AMAZON = {f"205.251.242.{last}" for last in (101, 102, 103, 104)}


def asked(reply):
    """Who was asked, in order."""
    steps = [step for step in reply["steps"] if step["kind"] == "asked"]
    return [f"{step['server']}:{step['port']}" for step in steps]


def addresses(reply):
    return {str(ipaddress.ip_address(r.rdata)) for r in reply.answer if r.type in (1, 28)}


class Forward(unittest.TestCase):
    def explain(self, daemon, name, kind="A"):
        reply = daemon.ask_control("explain", name=name, type=kind)
        self.assertTrue(reply["ok"], reply)
        return reply

    def test_a_forwarder_for_everything_is_the_only_one_who_is_asked(self):
        with Daemon(more=f'forward = ["{WITNESS}"]') as daemon:
            self.assertEqual(asked(self.explain(daemon, "www.amazon.com")), [WITNESS])
            self.assertEqual(addresses(ask(daemon.server, "www.amazon.com")), AMAZON)
            self.assertEqual(ask(daemon.server, "no.such.amazon.com").rcode, "NXDOMAIN")

    def test_a_forward_zone_is_forwarded_and_the_rest_is_resolved(self):
        more = f'forward = [{{ zone = "amazon.com", servers = ["{WITNESS}"] }}]'
        with Daemon(more=more) as daemon:
            self.assertEqual(asked(self.explain(daemon, "www.amazon.com")), [WITNESS])
            self.assertNotIn(WITNESS, asked(self.explain(daemon, "www.network.com")))

    def test_where_no_forwarder_answers_forward_first_resolves_and_forward_only_fails(self):
        dead = 'zone = "amazon.com", servers = ["127.0.0.1:5399"]'
        with Daemon(more=f"forward = [{{ {dead}, first = true }}]") as daemon:
            self.assertEqual(addresses(ask(daemon.server, "www.amazon.com")), AMAZON)
        with Daemon(more=f"forward = [{{ {dead} }}]") as daemon:
            self.assertEqual(ask(daemon.server, "www.amazon.com").rcode, "SERVFAIL")
            self.assertNotEqual(ask(daemon.server, "www.network.com").rcode, "SERVFAIL")

    def test_the_next_forwarder_answers_for_a_dead_one(self):
        servers = f'servers = ["127.0.0.1:5399", "{WITNESS}"]'
        more = f'forward = [{{ zone = ".", {servers}, order = "listed" }}]'
        with Daemon(more=more) as daemon:
            self.assertEqual(addresses(ask(daemon.server, "www.amazon.com")), AMAZON)

    def test_a_forwarder_may_have_a_name(self):
        more = 'forward = ["localhost:5301"]'
        with Daemon(more=more) as daemon:
            self.assertEqual(addresses(ask(daemon.server, "www.amazon.com")), AMAZON)

    def test_a_reload_takes_a_forward_zone_and_forgets_what_was_known_of_it(self):
        with Daemon() as daemon:
            self.assertEqual(addresses(ask(daemon.server, "www.amazon.com")), AMAZON)
            lines = daemon.config.read_text()
            daemon.config.write_text(
                f'forward = [{{ zone = "amazon.com", servers = ["{WITNESS}"] }}]\n' + lines
            )
            daemon.ctl("reload")
            self.assertEqual(asked(self.explain(daemon, "www.amazon.com")), [WITNESS])

    def test_a_forwarder_that_is_the_daemon_itself_is_refused_at_start(self):
        daemon = Daemon(port=5398, more='forward = ["127.0.0.1:5398"]')
        code, said = run_to_end(["-c", str(daemon.config)])
        self.assertEqual(code, 1, said)
        self.assertIn("where this resolver itself listens", said)

    def test_names_with_a_alone_are_translated_for_clients_with_ipv6_only(self):
        with Daemon(more='[resolver]\ndns64-prefix = "64:ff9b::/96"') as daemon:
            for _ in range(3):
                reply = ask(daemon.server, "ipv4only.arpa", "AAAA")
                self.assertEqual(addresses(reply), {"64:ff9b::c000:aa", "64:ff9b::c000:ab"})


if __name__ == "__main__":
    unittest.main()
