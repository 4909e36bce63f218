"""TCP (RFC 7766): pipelined questions, answers out of order, an end for those who do nothing."""

import resource
import socket
import time
import unittest

import client
import message
from daemon import Daemon

import questions


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def test_50_questions_in_one_write_are_all_answered_once(self):
        asked = [(name, kind) for name, kind, rcode, _ in questions.load() if rcode == "NOERROR"]
        asked = asked[:50]
        octets = b"".join(
            client.frame(message.question(name, kind, number))
            for number, (name, kind) in enumerate(asked)
        )
        with client.Stream(self.daemon.server) as stream:
            stream.send(octets)
            replies = [message.parse(stream.receive()) for _ in asked]
        self.assertEqual(sorted(reply.id for reply in replies), list(range(50)))
        for reply in replies:
            self.assertEqual(reply.question[0].rstrip("."), asked[reply.id][0].rstrip("."))
            self.assertEqual(reply.rcode, "NOERROR")

    def test_a_slow_question_does_not_hold_up_those_behind_it(self):
        with client.Stream(self.daemon.server) as stream:
            stream.send(client.frame(message.question("www.all-dead.com", "A", 1)))
            stream.send(client.frame(message.question("www.lab.example", "A", 2)))
            started = time.monotonic()
            first = message.parse(stream.receive())
            self.assertEqual(first.id, 2)
            self.assertLess(time.monotonic() - started, 1.0)
            last = message.parse(stream.receive())
            self.assertEqual((last.id, last.rcode), (1, "SERVFAIL"))
            self.assertLess(time.monotonic() - started, 5.5)

    def test_a_question_cut_into_single_octets_is_answered(self):
        with client.Stream(self.daemon.server) as stream:
            for octet in client.frame(message.question("www.lab.example", "A", 5)):
                stream.send(bytes([octet]))
                time.sleep(0.002)
            self.assertEqual(message.parse(stream.receive()).id, 5)

    def test_a_connection_without_a_question_is_closed_after_3_seconds(self):
        with client.Stream(self.daemon.server) as stream:
            started = time.monotonic()
            self.assertIsNone(stream.receive())
            self.assertTrue(2.0 < time.monotonic() - started < 6.0, time.monotonic() - started)

    def test_a_connection_that_asks_no_more_is_closed_after_10_seconds(self):
        with client.Stream(self.daemon.server) as stream:
            stream.send(client.frame(message.question("www.lab.example", "A", 7)))
            self.assertEqual(message.parse(stream.receive()).id, 7)
            started = time.monotonic()
            stream.tcp.settimeout(15)
            self.assertIsNone(stream.receive())
            self.assertTrue(9.0 < time.monotonic() - started < 13.0, time.monotonic() - started)

    def test_one_client_may_hold_no_more_than_32_connections_and_others_get_theirs(self):
        daemon = Daemon()  # of its own: the ends of earlier tests' connections may still be unread
        self.addCleanup(daemon.__exit__)
        daemon.start()
        held = [client.Stream(daemon.server) for _ in range(80)]
        octets = client.frame(message.question("www.lab.example", "A", 6))
        answered = 0
        for stream in held:
            try:
                stream.send(octets)
                answered += stream.receive() is not None
            except (ConnectionError, TimeoutError):
                pass
        self.assertEqual(answered, 32)  # over all workers
        with client.Stream(daemon.server, source="127.0.0.2") as other:
            other.send(octets)
            self.assertEqual(message.parse(other.receive()).id, 6)
        for stream in held:
            stream.tcp.close()
        self.assertEqual(self.ask_when_noticed(daemon).rcode, "NOERROR")

    def test_10_000_idle_connections_of_500_clients_keep_nobody_out(self):
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1],) * 2)
        if limits[1] < 10_500:
            self.skipTest("the limit of open files is too low for this many")
        daemon = Daemon()
        self.addCleanup(daemon.__exit__)
        daemon.start()
        before = daemon.memory_octets()
        held = []
        self.addCleanup(lambda: [stream.close() for stream in held])
        slowest = 0.0
        for number in range(10_000):
            stream = socket.socket()
            stream.bind((f"127.1.{number % 500 // 250}.{number % 250 + 1}", 0))
            stream.setblocking(False)
            stream.connect_ex(daemon.server)
            held.append(stream)
            if number % 100 == 99:  # no more at once than the kernel keeps until they are taken
                started = time.monotonic()
                self.assertEqual(client.ask_tcp(daemon.server, "www.lab.example").rcode, "NOERROR")
                if number % 500 == 499:
                    with client.udp_socket(daemon.server) as udp:
                        udp.send(message.question("www.lab.example", "A", 8))
                        self.assertEqual(message.parse(udp.recv(4096)).rcode, "NOERROR")
                slowest = max(slowest, time.monotonic() - started)
        self.assertLess(slowest, 2.0)
        self.assertGreater(daemon.stats()["connections"], 1000)
        self.assertLess(daemon.memory_octets() - before, 64 << 20)

    def test_a_client_is_told_how_long_its_connection_may_be_idle(self):
        option = b"\0\x0b\0\0"  # edns-tcp-keepalive, empty (RFC 7828)
        octets = bytearray(message.question("www.lab.example", "A", 9, udp_size=1232))
        octets[-2:] = len(option).to_bytes(2, "big")
        with client.Stream(self.daemon.server) as stream:
            stream.send(client.frame(bytes(octets) + option))
            self.assertIn(b"\0\x0b\0\x02\0\x64", stream.receive())

    def ask_when_noticed(self, daemon):
        """The daemon hears of a closed connection when its worker next looks: not at once."""
        for _ in range(50):
            try:
                return client.ask_tcp(daemon.server, "www.lab.example")
            except ConnectionError:
                time.sleep(0.05)
        self.fail("connections that were closed still count")
