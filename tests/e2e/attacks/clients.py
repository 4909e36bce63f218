"""Those who ask: one question and its answer, or streams of them at a rate, side by side."""

import collections
import heapq
import itertools
import select
import socket
import struct
import time
from dataclasses import dataclass, field

import message
import peers

SERVER = ("127.0.0.1", peers.PORT)
STAMPED = 35  # SO_TIMESTAMPNS: the kernel says when a datagram came
PATIENCE = 12.0  # BIND and Knot Resolver give up after 10 s


def ask(name, kind="A", patience=PATIENCE, source=None, server=SERVER, **how):
    """The reply to one datagram with `ms`, what it took; None where nothing came."""
    started = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        if source:
            udp.bind((source, 0))
        udp.connect(server)
        udp.settimeout(patience)
        try:
            udp.send(message.question(name, kind, number=4711, **how))
            reply = message.parse(udp.recv(65535))
        except (TimeoutError, ConnectionRefusedError):
            return None
    reply.ms = (time.monotonic() - started) * 1000
    return reply


def rcode(reply):
    return reply.rcode if reply else "silence"


@dataclass
class Load:
    """A stream of questions: (name, type) or octets with room for the id, at `rate` a second (0: all
    at once), and what came of it."""

    questions: object
    rate: float = 0
    source: str | None = None
    server: tuple = SERVER
    sent: int = 0
    answered: int = 0
    good: int = 0  # without an error, with an answer
    octets_sent: int = 0
    octets: int = 0
    rcodes: collections.Counter = field(default_factory=collections.Counter)
    ms: list = field(default_factory=list)
    arrivals: list = field(default_factory=list)  # (seconds, octets), as the kernel saw them
    addresses: list = field(default_factory=list)

    def share(self):
        return 100 * self.good / max(1, self.sent)

    def percentile(self, share):
        """Of the time that answers took; what was never answered took for ever."""
        took = sorted(self.ms) + [PATIENCE * 1000] * (self.sent - self.answered)
        return took[min(len(took) - 1, int(len(took) * share / 100))] if took else 0.0


class _Running:
    """A Load with its sockets: each has 65,536 ids, and ids are not used twice."""

    def __init__(self, load, now):
        self.load, self.questions = load, iter(load.questions)
        self.started, self.number, self.done = now, 0, False
        self.sockets, self.sent_at = [], {}

    def due(self, now):
        if self.done:
            return 0
        if not self.load.rate:
            return 64
        return min(64, int((now - self.started) * self.load.rate) + 1 - self.number)

    def next_due(self):
        return self.started + self.number / self.load.rate if self.load.rate else self.started

    def send(self, now):
        question = next(self.questions, None)
        if question is None:
            self.done = True
            return None
        opened = None
        if self.number >> 16 >= len(self.sockets):
            opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            opened.bind((self.load.source or "", 0))
            opened.connect(self.load.server)
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
            self.sockets.append(opened)
        number = self.number & 0xFFFF
        octets = question if isinstance(question, bytes) else message.question(*question)
        try:
            self.sockets[-1].send(struct.pack("!H", number) + octets[2:])
        except OSError:
            pass
        self.sent_at[len(self.sockets) - 1, number] = time.time()
        self.load.sent += 1
        self.load.octets_sent += len(octets)
        self.number += 1
        return opened

    def receive(self, which):
        load = self.load
        for _ in range(64):
            try:
                octets, more, _, _ = self.sockets[which].recvmsg(65535, 64)
            except OSError:
                return
            seconds, nanoseconds = struct.unpack("=qq", more[0][2])
            arrived = seconds + nanoseconds / 1e9
            load.octets += len(octets)
            load.arrivals.append((arrived, len(octets)))
            sent = self.sent_at.pop((which, octets[0] << 8 | octets[1]), None)
            if sent is None:
                continue
            load.answered += 1
            load.rcodes[octets[3] & 15] += 1
            load.good += octets[3] & 15 == 0 and octets[6:8] != b"\0\0"
            load.ms.append(max(0.0, arrived - sent) * 1000)
            load.addresses.append(octets[-4:])


def run(*loads, seconds=None, patience=PATIENCE, meanwhile=()):
    """Runs loads side by side until all is answered, or `patience` after the last question;
    `seconds` ends the sending. `meanwhile`: (seconds, function) done on the way."""
    started = time.monotonic()
    running = [_Running(load, started) for load in loads]
    meanwhile = sorted(((started + at, n, what) for n, (at, what) in enumerate(meanwhile)))
    poll, sockets = select.poll(), {}
    last = started
    while True:
        now = time.monotonic()
        while meanwhile and meanwhile[0][0] <= now:
            heapq.heappop(meanwhile)[2]()
        if seconds is not None and now - started > seconds:
            for each in running:
                each.done = True
        for each in running:
            for _ in range(each.due(now)):
                opened = each.send(now)
                if opened:
                    sockets[opened.fileno()] = (each, len(each.sockets) - 1)
                    poll.register(opened, select.POLLIN)
                if each.done:
                    break
                last = now
        sending = [each for each in running if not each.done]
        if not sending and not meanwhile:
            if now - last > patience or not any(each.sent_at for each in running):
                break
        wait = min([0.05, *(each.next_due() - now for each in sending)])
        for number, _ in poll.poll(max(0.0, wait) * 1000):
            each, which = sockets[number]
            each.receive(which)
    for each in running:
        for one in each.sockets:
            one.close()
    return loads[0] if len(loads) == 1 else loads


def names(pattern, kind="A", count=None):
    """Questions for pattern.format(0), (1) and so on."""
    numbers = itertools.count() if count is None else range(count)
    return ((pattern.format(n), kind) for n in numbers)
