"""Round-robin: over many answers each address of a name stands first equally often."""

import collections
import select
import struct
import unittest

import client
import message
from daemon import Daemon

ANSWERS = 10_000
IN_FLIGHT = 50
CLIENTS = 16  # sockets: the kernel spreads them over the workers


def first_addresses_udp(server, name, kind, answers):
    """How often each address stood first."""
    seen = collections.Counter()
    sockets = [client.udp_socket(server) for _ in range(CLIENTS)]
    octets = message.question(name, kind)
    sent = {udp: 0 for udp in sockets}
    for number in range(IN_FLIGHT):
        sockets[number % CLIENTS].send(octets)
        sent[sockets[number % CLIENTS]] += 1
    left = answers - IN_FLIGHT
    while seen.total() < answers:
        ready = select.select(sockets, [], [], client.PATIENCE)[0]
        if not ready:
            raise TimeoutError(f"{seen.total()} of {answers} answers")
        for udp in ready:
            seen[first_address(udp.recv(4096))] += 1
            if left:
                udp.send(octets)
                left -= 1
    for udp in sockets:
        udp.close()
    return seen


def first_addresses_tcp(server, name, kind, answers, connections=4, pipelined=50):
    seen = collections.Counter()
    octets = client.frame(message.question(name, kind)) * pipelined
    for _ in range(connections):
        with client.Stream(server) as stream:
            for _ in range(answers // connections // pipelined):
                stream.send(octets)
                for _ in range(pipelined):
                    seen[first_address(stream.receive())] += 1
    return seen


def first_address(octets):
    """The RDATA of the first record, of a reply whose first record belongs to its question."""
    at = octets.index(b"\0", 12) + 5
    owner, kind, _, _, length = struct.unpack("!3HIH", octets[at : at + 12])
    if owner != 0xC00C or kind not in (1, 28):
        raise ValueError("the first record is no address of the name that was asked for")
    return octets[at + 12 : at + 12 + length]


class Rotation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = Daemon(more="workers = 1").start()
        cls.two = Daemon(more="workers = 2").start()

    @classmethod
    def tearDownClass(cls):
        cls.one.__exit__()
        cls.two.__exit__()

    def check(self, seen, addresses, answers=ANSWERS):
        """Each within 1 % of its share."""
        self.assertEqual(seen.total(), answers)
        self.assertEqual(len(seen), addresses)
        share = answers / addresses
        for address, count in seen.items():
            self.assertAlmostEqual(count, share, delta=share / 100 + 1, msg=address.hex())

    def test_10000_answers_for_www_amazon_com_have_each_address_first_equally_often(self):
        self.check(first_addresses_udp(self.one.server, "www.amazon.com", "A", ANSWERS), 4)

    def test_10000_answers_with_IPv6_addresses_have_each_first_equally_often(self):
        self.check(first_addresses_udp(self.one.server, "www.amazon.com", "AAAA", ANSWERS), 2)

    def test_10000_answers_over_two_workers_have_each_address_first_equally_often(self):
        self.check(first_addresses_udp(self.two.server, "www.amazon.com", "A", ANSWERS), 4)

    def test_10000_answers_over_TCP_have_each_address_first_equally_often(self):
        self.check(first_addresses_tcp(self.two.server, "www.amazon.com", "A", ANSWERS), 4)

    def test_10000_answers_of_a_zone_of_our_own_have_each_address_first_equally_often(self):
        self.check(first_addresses_udp(self.one.server, "www.lab.example", "A", ANSWERS), 3)
        self.check(first_addresses_udp(self.two.server, "www.lab.example", "A", ANSWERS), 3)

    def test_every_answer_holds_every_address(self):
        for name, count in (("www.amazon.com", 4), ("www.lab.example", 3)):
            for _ in range(8):
                self.assertEqual(len(set(client.ask(self.one.server, name).addresses())), count)
