"""Manners on the wire towards servers: streams that are kept and shared, what slow ones cost, ports
that tell nothing, and descriptors that run out."""

import collections
import contextlib
import os
import select
import socket
import struct
import threading
import time
import unittest
from pathlib import Path

import client
import message
from daemon import Daemon

STRANGER = "127.77.0.2"
ADDRESSES = (f"127.77.1.{number}" for number in range(1, 255))  # of servers, one for each test
CONFIG = """workers = 1
[resolver]
root-hints = "hints"
ipv6 = false
priming = false
deny-upstream = []
qname-minimization = "off"
"""
LATE = 1.2  # seconds: less than a resolver waits for an answer over TCP
FILES = 192  # descriptors: little more than what is reserved
UPSTREAM = 84  # what of them one worker may take for questions to servers


class Server:
    """The root, which answers every A itself, and over UDP only that TCP is to be used. The first
    label of a name says what it does: "late", "cut", "once", "drip", "udp", "silent"."""

    def __init__(self):
        self.connections = 0
        self.asked = collections.Counter()
        self.ports = {}  # of names that are asked over UDP
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address = next(ADDRESSES)
        self.tcp = socket.create_server((self.address, 53), backlog=200)
        self.udp.bind((self.address, 53))
        for work in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.tcp.shutdown(socket.SHUT_RDWR)
        self.tcp.close()
        self.udp.close()

    @staticmethod
    def answer(octets, truncated=False):
        end = octets.index(b"\0", 12) + 5
        head = octets[:2] + struct.pack("!5H", 0x8600 if truncated else 0x8400, 1, not truncated, 0, 0)
        record = b"\xc0\x0c" + struct.pack("!2HIH4B", 1, 1, 300, 4, 192, 0, 2, 80)
        return head + octets[12:end] + (b"" if truncated else record)

    def serve_udp(self):
        while True:
            try:
                octets, client_address = self.udp.recvfrom(4096)
            except OSError:
                return
            name = message.read_name(octets, 12)[0].lower()
            self.ports[name] = client_address[1]
            if not name.startswith("silent"):
                reply = self.answer(octets, truncated=not name.startswith("udp"))
                self.udp.sendto(reply, client_address)

    def serve_tcp(self):
        while True:
            try:
                stream, _ = self.tcp.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve_stream, args=(stream,), daemon=True).start()

    def serve_stream(self, stream):
        received, lock = b"", threading.Lock()

        def send(reply):
            with lock, contextlib.suppress(OSError):  # one that waits no more
                stream.sendall(client.frame(reply))

        with stream:
            while True:
                try:
                    octets = stream.recv(65536)
                except OSError:
                    return
                if not octets:
                    return
                received += octets
                while len(received) >= 2 and len(received) >= 2 + (size := int.from_bytes(received[:2], "big")):
                    question, received = received[2 : 2 + size], received[2 + size :]
                    name = message.read_name(question, 12)[0].lower()
                    self.asked[name] += 1
                    if name.startswith("late"):
                        threading.Timer(LATE, send, (self.answer(question),)).start()
                    elif name.startswith("cut") and self.asked[name] == 1:
                        return
                    elif name.startswith("drip"):
                        return self.drip(stream, client.frame(self.answer(question)))
                    else:
                        send(self.answer(question))
                    if name.startswith("once"):
                        return

    @staticmethod
    def drip(stream, octets):
        for octet in octets:
            try:
                stream.sendall(bytes([octet]))
            except OSError:
                return
            time.sleep(1)


class Upstream(unittest.TestCase):
    def setUp(self):
        self.fake = Server()
        self.daemon = Daemon(more=CONFIG, zones=False)
        hints = f". 3600 NS ns.fake.\nns.fake. 3600 A {self.fake.address}\n"
        (self.daemon.folder / "hints").write_text(hints)

    def tearDown(self):
        self.daemon.__exit__()
        self.fake.close()

    def start(self, **how):
        self.server = self.daemon.start(**how).server

    def expect_answers(self, names, within):
        started = time.monotonic()
        replies = client.ask_many(self.server, [(name, "A") for name in names])
        self.assertLess(time.monotonic() - started, within)
        self.check(names, replies)

    def check(self, names, replies):
        for name, reply in zip(names, replies, strict=True):
            self.assertIsNotNone(reply, name)
            self.assertEqual((reply.rcode, len(reply.answer)), ("NOERROR", 1), name)

    def ask_meanwhile(self, names):
        """A thread that asks, and the list that its replies come into, all at once."""
        replies = []
        waiting = threading.Thread(
            target=lambda: replies.extend(client.ask_many(self.server, [(n, "A") for n in names]))
        )
        waiting.start()
        self.addCleanup(waiting.join)
        return waiting, replies

    def settled_files(self):
        """The daemon's descriptors when none has come or gone for a while: it starts with more."""
        counts = []
        for _ in range(20):
            counts.append(self.daemon.files())
            if len(counts) >= 3 and len(set(counts[-3:])) == 1:
                break
            time.sleep(0.1)
        return counts[-1]

    def wait_until(self, happens, what):
        deadline = time.monotonic() + 5
        while not happens() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(happens(), what)

    def test_questions_that_follow_each_other_share_one_stream(self):
        self.start()
        for number in range(20):
            self.expect_answers([f"keep-{number}.example"], 1)
        self.assertEqual(self.fake.connections, 1)

    def test_100_questions_at_once_take_few_streams(self):
        self.start()
        self.expect_answers([f"keep-{number}.example" for number in range(100)], 3)
        self.assertLessEqual(self.fake.connections, 50)
        before = self.fake.connections
        self.expect_answers([f"more-{number}.example" for number in range(20)], 2)
        self.assertLessEqual(self.fake.connections, before + 1)

    def test_a_late_reply_does_not_hold_up_the_others_on_its_stream(self):
        self.start()
        self.expect_answers(["keep.example"], 1)
        waiting, replies = self.ask_meanwhile(["late.example"])
        self.wait_until(lambda: self.fake.asked["late.example."] > 0, "the question has come")
        self.expect_answers([f"keep-{number}.example" for number in range(10)], LATE)
        self.assertEqual(replies, [], "the late one was not waited for")
        waiting.join()
        self.check(["late.example"], replies)
        self.assertEqual(self.fake.connections, 1)

    def test_a_stream_that_ends_with_the_question_open_is_replaced(self):
        self.start()
        self.expect_answers(["keep.example"], 1)
        self.expect_answers(["cut.example"], 1)
        self.assertEqual((self.fake.connections, self.fake.asked["cut.example."]), (2, 2))

    def test_servers_that_close_after_one_answer_are_no_trouble(self):
        self.start()
        for number in range(10):
            self.expect_answers([f"once-{number}.example"], 1)
        self.expect_answers([f"once-at-once-{number}.example" for number in range(10)], 4)

    def test_an_idle_stream_is_closed_after_a_while(self):
        self.start()
        before = self.settled_files()
        self.expect_answers(["keep.example"], 1)
        self.assertEqual(self.daemon.files(), before + 1)
        time.sleep(7)
        self.assertEqual(self.daemon.files(), before)

    def test_60_answers_that_drip_cost_their_own_clients_time_and_nobody_elses(self):
        self.start()
        before = self.settled_files()
        names = [f"drip-{number}.example" for number in range(60)]
        started = time.monotonic()
        waiting, replies = self.ask_meanwhile(names)
        slowest = 0.0
        for number in range(20):
            asked = time.monotonic()
            self.expect_answers([f"udp-{number}.example"], 2)
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.05)
        waiting.join()
        took = time.monotonic() - started
        print(f"    drips over after {took:.2f} s, slowest other answer {1000 * slowest:.0f} ms")
        self.assertEqual({reply.rcode for reply in replies if reply}, {"SERVFAIL"})
        self.assertEqual(len([reply for reply in replies if reply]), 60)
        self.assertLess(took, 8)
        self.assertLess(slowest, 2)
        time.sleep(7)
        self.assertEqual(self.daemon.files(), before)

    def test_a_stranger_sees_no_difference_between_an_open_port_and_a_shut_one(self):
        self.start()
        waiting, _ = self.ask_meanwhile(["silent.example"])
        self.wait_until(lambda: "silent.example." in self.fake.ports, "the question has come")
        open_port = self.fake.ports["silent.example."]
        shut_port = open_port + 1 if open_port < 65535 else open_port - 1
        seen = []
        for port in (open_port, shut_port):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.bind((STRANGER, 53))
                stranger.connect(("127.0.0.1", port))
                stranger.send(b"guess")
                select.select([stranger], [], [], 0.3)
                seen.append(stranger.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        self.assertEqual(seen[0], seen[1])
        self.assertNotEqual(seen[0], 0, "neither was reported")
        waiting.join()

    def test_without_descriptors_what_is_cached_is_answered_and_the_rest_is_not_silence(self):
        self.start(command=("prlimit", f"--nofile={FILES}"))
        self.expect_answers(["udp-cached.example"], 1)
        before, most = self.settled_files(), 0
        names = [f"silent-{number}.example" for number in range(400)]
        spent = lambda: sum(os_times(self.daemon.process.pid))  # noqa: E731
        cpu = spent()
        started = time.monotonic()
        waiting, replies = self.ask_meanwhile(names)
        while time.monotonic() < started + 2:
            self.expect_answers(["udp-cached.example"], 2)
            most = max(most, self.daemon.files())
            time.sleep(0.02)
        print(f"    {before} files before, {most} at most")
        self.assertGreater(most, before + UPSTREAM // 2, "questions have used up their share")
        self.assertLessEqual(most, before + UPSTREAM + 10, "and what is reserved has stayed free")
        self.assertTrue(self.daemon.stats())
        waiting.join()
        self.assertEqual([reply.rcode for reply in replies if reply], ["SERVFAIL"] * 400)
        self.assertLess(spent() - cpu, 2)
        time.sleep(1)
        self.expect_answers(["udp-after.example"], 1)


def os_times(process):
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / ticks, int(fields[12]) / ticks
