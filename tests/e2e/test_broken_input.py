"""What is broken on purpose changes nothing but counters: 10,000 datagrams and 1,000 streams."""

import contextlib
import random
import select
import socket
import struct
import time
import unittest

import client
import message
from daemon import Daemon

DATAGRAMS = 10_000
STREAMS = 1_000
SEED = 20261121
NAMES = ("www.amazon.com", "www.lab.example", "network.com", "assets.amazon.com")


def broken_datagrams(chance):
    """Mutations of good questions, headers without what they promise, and noise."""
    good = [message.question(name, kind, 1, size) for name in NAMES
            for kind in ("A", "TXT", "SOA") for size in (None, 1232)]  # fmt: skip
    for number in range(DATAGRAMS):
        way = number % 10
        octets = bytearray(chance.choice(good))
        if way == 0:
            octets = chance.randbytes(chance.randrange(0, 600))
        elif way == 1:
            octets = octets[: chance.randrange(len(octets))]
        elif way == 2:
            octets = struct.pack("!6H", number, 0x0100, *(chance.randrange(65536) for _ in range(4)))
        elif way == 3:  # a name of compression pointers
            pointers = bytes([0xC0, chance.randrange(64)]) * chance.randrange(1, 20)
            octets = octets[:12] + pointers + chance.randbytes(4)
        elif way == 4:
            octets += chance.randbytes(chance.randrange(1, 5000))
        else:
            for _ in range(chance.randrange(1, 6)):
                octets[chance.randrange(2, len(octets))] = chance.randrange(256)
        yield bytes(octets)


def broken_stream(server, chance, way):
    """One connection that misbehaves; None, or the socket that must be held open for a while."""
    good = message.question(chance.choice(NAMES), "A", 1)
    tcp = socket.create_connection(server, timeout=3)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        if way == 0:  # half a frame
            tcp.sendall(client.frame(good)[: chance.randrange(1, len(good) + 2)])
        elif way == 1:  # no length at all
            tcp.sendall(b"\0\0" * chance.randrange(1, 9))
        elif way == 2:  # a lie about the length
            tcp.sendall(struct.pack("!H", chance.randrange(len(good))) + good + chance.randbytes(9))
        elif way == 3:  # a promise of much
            tcp.sendall(b"\xff\xff" + good)
        elif way == 4:  # noise
            tcp.sendall(chance.randbytes(chance.randrange(1, 3000)))
        elif way == 5:  # a good question whose answer nobody waits for
            tcp.sendall(client.frame(good))
        if way in (5, 6):  # a reset
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if way == 7:  # one octet, then nothing: held until the server's patience is at its end
            tcp.sendall(b"\0")
            return tcp
    tcp.close()
    return None


class BrokenInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def answers(self):
        return [
            sorted(r.key() for r in client.ask(self.daemon.server, name).answer) for name in NAMES
        ]

    def settled_files(self, at_most):
        deadline = time.monotonic() + 6
        while self.daemon.files() > at_most and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.daemon.files()

    def check_that_nothing_changed(self, work):
        before = self.answers()
        time.sleep(0.2)  # upstream sockets of the first answers
        files, memory, stats = self.daemon.files(), self.daemon.memory_octets(), self.daemon.stats()
        work()
        self.assertIsNone(self.daemon.process.poll(), self.daemon.log.read_text()[-2000:])
        self.assertEqual(self.answers(), before)
        self.assertLessEqual(self.settled_files(files), files)
        self.assertLess(self.daemon.memory_octets() - memory, 16 << 20)
        return stats, self.daemon.stats()

    def wait_until_read(self, udp):
        """Not faster than the daemon reads: a good question behind the broken ones is answered."""
        good = message.question("www.lab.example", "A", 4711)
        udp.send(good)
        while select.select([udp], [], [], 1.0)[0]:
            with contextlib.suppress(ConnectionRefusedError):
                if udp.recv(65535)[:2] == good[:2]:
                    return

    def test_10000_broken_datagrams_change_nothing_but_counters(self):
        def work():
            with client.udp_socket(self.daemon.server) as udp:
                for number, octets in enumerate(broken_datagrams(random.Random(SEED))):
                    udp.send(octets)
                    if number % 50 == 0:
                        self.wait_until_read(udp)

        before, after = self.check_that_nothing_changed(work)
        for counter in ("ignored", "malformed"):
            self.assertGreater(after[counter], before[counter] + 1000, counter)
        self.assertIn("malformed", self.daemon.ctl("stats"))

    def test_1000_broken_streams_change_nothing_but_counters(self):
        def work():
            chance, held = random.Random(SEED), []
            for number in range(STREAMS):
                if stream := broken_stream(self.daemon.server, chance, number % 8):
                    held.append(stream)
                if len(held) > 20:  # fewer than one address may hold
                    held.pop(0).close()
            for stream in held:
                stream.close()

        self.check_that_nothing_changed(work)

    def test_a_client_that_drips_octets_does_not_keep_others_waiting(self):
        octets = client.frame(message.question("www.lab.example", "A", 3))
        with client.Stream(self.daemon.server) as slow:
            for at in range(len(octets)):
                slow.send(octets[at : at + 1])
                started = time.monotonic()
                client.ask_tcp(self.daemon.server, "www.lab.example")
                self.assertLess(time.monotonic() - started, 1.0)
            self.assertEqual(message.parse(slow.receive()).id, 3)
