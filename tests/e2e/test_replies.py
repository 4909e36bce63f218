"""What a reply looks like: its size, its flags, and who gets one."""

import subprocess
import time
import unittest

import client
import message
from daemon import Daemon

STRANGER = "203.0.113.5"  # not in the default access list; the test gives it to lo


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()
        cls.server = cls.daemon.server

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def test_a_TXT_of_20_kB_arrives_over_TCP(self):
        reply = client.ask_tcp(self.server, "big-20k.hosting.net", "TXT")
        self.assertEqual(reply.rcode, "NOERROR")
        self.assertGreater(sum(len(record.rdata) for record in reply.answer), 20_000)

    def test_what_does_not_fit_over_UDP_has_TC_and_nothing_half(self):
        reply = client.ask(self.server, "big-20k.hosting.net", "TXT", udp_size=4096)
        self.assertTrue(reply.truncated)
        self.assertEqual(reply.rcode, "NOERROR")
        self.assertIsNotNone(reply.opt, "EDNS is answered with EDNS (RFC 6891 section 6.1.1)")

    def test_a_client_without_EDNS_gets_512_octets_at_most(self):
        for name in ("big-1k.hosting.net", "big-4k.hosting.net", "crowd.hosting.net"):
            reply = client.ask(self.server, name, "A" if "crowd" in name else "TXT")
            self.assertLessEqual(reply.octets, 512, name)
            self.assertTrue(reply.truncated, name)
            self.assertIsNone(reply.opt)

    def test_the_size_that_a_client_offers_is_respected(self):
        whole = len(client.ask(self.server, "crowd.hosting.net", udp_size=1232).answer)
        self.assertEqual(whole, 60)
        for size in (512, 700, 900, 1100, 1232):
            reply = client.ask(self.server, "crowd.hosting.net", udp_size=size)
            self.assertLessEqual(reply.octets, size)
            self.assertEqual(reply.truncated, len(reply.answer) < whole)
            self.assertEqual(reply.truncated, size < 1000)

    def test_no_reply_over_UDP_is_longer_than_1232_octets(self):
        for name in ("big-1k.hosting.net", "big-4k.hosting.net", "big-20k.hosting.net"):
            reply = client.ask(self.server, name, "TXT", udp_size=65535)
            self.assertLessEqual(reply.octets, 1232)

    def test_our_own_zones_answer_with_authority_and_others_without(self):
        self.assertTrue(client.ask(self.server, "www.lab.example").authoritative)
        self.assertTrue(client.ask(self.server, "no.such.lab.example").authoritative)
        self.assertFalse(client.ask(self.server, "www.amazon.com").authoritative)

    def test_our_own_zone_says_what_is_not_there(self):
        missing = client.ask(self.server, "nothing.lab.example")
        self.assertEqual((missing.rcode, missing.authority[0].type), ("NXDOMAIN", message.SOA))
        empty = client.ask(self.server, "mail.lab.example", "AAAA")
        self.assertEqual((empty.rcode, empty.authority[0].type), ("NOERROR", message.SOA))
        self.assertEqual(empty.authority[0].ttl, 300)

    def test_an_alias_of_our_own_and_a_wildcard_are_answered(self):
        alias = client.ask(self.server, "shop.lab.example")
        self.assertEqual(alias.answer[0].names, ("www.lab.example.",))
        self.assertEqual(len(alias.addresses()), 3)
        wild = client.ask(self.server, "anything.dev.lab.example")
        self.assertEqual(wild.answer[0].owner, "anything.dev.lab.example.")

    def test_a_stranger_is_refused_also_for_what_is_cached_with_no_more_octets_than_he_sent(self):
        subprocess.run(["ip", "address", "add", f"{STRANGER}/32", "dev", "lo"], check=True)
        try:
            client.ask(self.server, "www.amazon.com")
            for name in ("www.amazon.com", "www.network.com", "www.lab.example"):
                reply = client.ask(self.server, name, source=STRANGER)
                self.assertEqual(reply.rcode, "REFUSED")
                self.assertFalse(reply.answer or reply.authority)
                self.assertLessEqual(reply.octets, len(message.question(name, "A")))
        finally:
            subprocess.run(["ip", "address", "del", f"{STRANGER}/32", "dev", "lo"], check=True)

    def test_a_reply_is_never_answered(self):
        octets = message.question("www.amazon.com", "A", number=7, flags=0x8180)
        with client.udp_socket(self.server) as udp:
            udp.send(octets)
            udp.send(message.question("www.lab.example", "A", number=8))
            self.assertEqual(message.parse(udp.recv(4096)).id, 8)
            udp.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                udp.recv(4096)

    def test_without_RD_only_what_is_known_is_answered(self):
        client.ask(self.server, "www.amazon.com")
        known = client.ask(self.server, "www.amazon.com", flags=0)
        self.assertEqual((known.rcode, len(known.answer)), ("NOERROR", 4))
        before = self.daemon.stats()["upstream_udp"]
        unknown = client.ask(self.server, "www.gazette.co.uk", flags=0)
        self.assertFalse(unknown.answer)
        self.assertEqual(self.daemon.stats()["upstream_udp"], before)

    def test_an_EDNS_version_that_nobody_knows_is_BADVERS(self):
        octets = bytearray(message.question("www.lab.example", "A", number=9, udp_size=1232))
        octets[-5] = 1
        with client.udp_socket(self.server) as udp:
            udp.send(octets)
            reply = message.parse(udp.recv(4096))
        self.assertEqual((reply.rcode, reply.opt.ttl >> 16 & 255, reply.answer), ("16", 0, []))

    def test_an_operation_that_nobody_knows_is_NOTIMP(self):
        for operation in (1, 2, 4, 5):
            reply = client.ask(self.server, "www.lab.example", flags=operation << 11)
            self.assertEqual(reply.rcode, "NOTIMP", f"opcode {operation}")

    def test_a_reply_leaves_from_the_address_that_was_asked(self):
        with Daemon(listen="0.0.0.0") as everywhere:
            for address in ("127.0.0.1", "127.0.0.7", "127.99.1.2"):
                # A connected socket takes no reply from another address.
                reply = client.ask((address, everywhere.port), "www.amazon.com")
                self.assertEqual(reply.rcode, "NOERROR")

    def wait_for_local_route(self, address):
        """The kernel adds it a moment after the address."""
        show = ["ip", "-6", "route", "show", "table", "local"]
        deadline = time.monotonic() + 5
        while address not in subprocess.run(show, capture_output=True, text=True).stdout:
            self.assertLess(time.monotonic(), deadline, f"no local route to {address}")
            time.sleep(0.01)

    def test_IPv6_clients_are_answered_from_the_address_that_they_asked(self):
        with Daemon(listen="[::]") as everywhere:
            subprocess.run(["ip", "address", "add", "fd00::7/128", "dev", "lo", "nodad"], check=True)
            self.wait_for_local_route("fd00::7")
            for address in ("::1", "fd00::7"):
                with self.subTest(address=address):
                    try:
                        reply = client.ask((address, everywhere.port), "www.network.com")
                    except TimeoutError:
                        self.fail(f"no reply; the daemon says {everywhere.stats()}")
                    self.assertEqual(reply.rcode, "NOERROR")
            stream = client.ask_tcp(("fd00::7", everywhere.port), "www.network.com")
            self.assertEqual(stream.rcode, "NOERROR")
