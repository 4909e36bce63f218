"""The hostile Internet: root, top-level domains, and every zone that a topic has declared.

A zone is a function from a question to what its servers do: octets are a reply, `Send` sends from
elsewhere or to elsewhere, `Later` waits, a list is all of it, `Drip` lets a stream drop by drop, `CLOSE`
ends it, None is silence. What a zone does not care about `honest` answers. All servers live in one process
of their own, apart from the clients, and every question that reaches one of them is written down: who
believes what is read from the answers, what an attack costs from here.
"""

import collections
import contextlib
import heapq
import itertools
import multiprocessing
import random
import selectors
import socket
import struct
import time
from dataclasses import dataclass, field

import packets
from packets import Asked, a, aaaa, below, ns, soa

ROOT = "45.0.0.1"
KEPT = 400_000  # questions written down
CLOSE = object()
FREEBIND = 15  # IP_FREEBIND: IPv6 does not take a local route for an address


@dataclass(frozen=True)
class Send:
    """Octets that go out as they are: from another address ("stray": from another port), to
    another port."""

    octets: bytes
    source: str = ""
    port: int = 0


@dataclass(frozen=True)
class Later:
    """Whatever a server does, after so many seconds; a function is called only then."""

    after: float
    what: object

    def now(self):
        return self.what() if callable(self.what) else self.what


@dataclass(frozen=True)
class Drip:
    octets: bytes
    every: float = 1.0


@dataclass(frozen=True)
class Seen:
    """A question that reached a server."""

    at: float
    address: str
    stream: bool
    port: int
    id: int
    case: bytes
    type: int
    cookie: bool
    name: str


@dataclass
class Zone:
    apex: str
    answer: object  # Asked -> what its server does
    addresses: list
    records: dict  # name below the apex ("" is the apex, "*" anything) -> records
    names: list  # of its servers, as the parent says
    glue: bool = True
    tcp: bool = True
    ttl: int = 300  # of its delegation
    children: dict = field(default_factory=dict)

    def referral(self, asked):
        glue = [glue_record(name, address)
                for name, address in zip(self.names, self.addresses) if self.glue]  # fmt: skip
        return asked.referral(self.apex, dict.fromkeys(self.names), glue, self.ttl)


ZONES = {}
SERVED = []  # those, and what answers for everything
_addresses = (f"45.1.{n >> 8}.{n & 255}" for n in itertools.count(1))


def glue_record(name, address):
    return (aaaa if ":" in address else a)(name, address)


def zone(apex, answer=None, records=None, addresses=1, **more):
    """Declares a zone; the zone above delegates it by itself. `addresses` is how many servers it
    has, or their addresses; records maps names to lists of packets.RR or to an address."""
    if isinstance(addresses, int):
        addresses = [next(_addresses) for _ in range(addresses)]
    names = more.pop("names", None) or [f"ns{n}.{apex}" for n in range(1, len(addresses) + 1)]
    made = Zone(apex, answer or honest, addresses, {}, names, **more)
    for name, data in (records or {}).items():
        owner = f"{name}.{apex}".strip(".") if name else apex
        made.records[owner] = [a(owner, data)] if isinstance(data, str) else data
    for name, address in zip(names, addresses):
        if below(name, apex):
            made.records.setdefault(name, []).append(glue_record(name, address))
    made.records.setdefault(apex, []).append(soa(apex))
    made.records[apex].extend(ns(apex, name) for name in dict.fromkeys(names))
    ZONES[apex] = made
    SERVED.append(made)
    parent = apex
    while parent:
        parent = parent.partition(".")[2]
        if parent in ZONES:
            ZONES[parent].children[apex] = made
            break
    return made


def impostor(answer):
    """A server that nobody delegates to: it answers for any name."""
    made = Zone("", answer, [next(_addresses)], {}, [])
    SERVED.append(made)
    return made


def honest(asked):
    """What a server says that has nothing to hide (RFC 1034 section 4.3.2)."""
    here, name = asked.zone, asked.name
    cut = name
    while cut != here.apex and cut:
        child = here.children.get(cut)
        if child and not (cut == name and asked.type == packets.DS):
            gone = asked.world.knobs.get((cut, "revoked"))
            return asked.nothing() if gone else child.referral(asked)
        cut = cut.partition(".")[2]
    found = here.records.get(name)
    if found is None and not any(owner.endswith("." + name) for owner in here.records):
        star = name
        while found is None and star != here.apex and star:
            star = star.partition(".")[2]
            found = here.records.get("*." + star)
        if found is None:
            return asked.nothing()
        found = [record._replace(owner=name) for record in found]
    found = found or []
    wanted = [r for r in found if r.type == asked.type]
    wanted = wanted or [r for r in found if r.type == packets.CNAME]
    return asked.reply(wanted) if wanted else asked.nothing(packets.NOERROR)


zone("", addresses=[ROOT], names=["a.rootlab"], records={"a.rootlab": ROOT})
for _number, _name in enumerate(("com", "net", "org"), 1):
    zone(_name, addresses=[f"45.0.{_number}.1"])
# What every row may lean on: honest names, as many as one likes.
GOOD = zone("good.com", addresses=2, records={"*": "192.0.2.80"})


class World:
    """The servers, from the side of who measures: each method is a word to their process."""

    def __init__(self):
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=lambda: Servers(theirs).serve(), daemon=True)
        self.process.start()
        theirs.close()
        self.call("reset")

    def call(self, verb, *arguments):
        self.pipe.send((verb, arguments))
        return self.pipe.recv()

    def reset(self):
        """Forgets what was asked, and puts every knob back."""
        self.call("reset")

    def forget(self):
        """Forgets what was asked."""
        self.call("forget")

    def turn(self, of_zone, knob, value=True):
        """What `Asked.knob` says from now on."""
        self.call("turn", of_zone.apex, knob, value)

    def lose(self, share):
        """That share of all questions is lost on its way."""
        self.call("lose", share)

    def seen(self, *zones):
        """The questions that reached the servers of these zones (of all where none is named)."""
        wanted = {address for each in zones for address in each.addresses}
        return [Seen(*row) for row in self.call("seen", wanted)]

    def count(self, *zones):
        """How many questions that were, packets over UDP and messages over TCP."""
        return self.call("count", {address for each in zones for address in each.addresses})

    def connections(self, *zones):
        return self.call("connections", {address for each in zones for address in each.addresses})

    def stop(self):
        self.process.terminate()
        self.process.join()


class Servers:
    """The process of the servers: one loop over all sockets."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.selector = selectors.DefaultSelector()
        self.selector.register(pipe, selectors.EVENT_READ, self.command)
        self.numbers = itertools.count()
        self.chance = random.Random(4711)
        self.zones = collections.defaultdict(list)  # of an address, deepest first
        self.udp = {}
        self.reset()
        for each in SERVED:
            for address in each.addresses:
                self.zones[address].append(each)
                if address not in self.udp:
                    self.listen(address, each.tcp)
        for each in self.zones.values():
            each.sort(key=lambda zone: -len(zone.apex))
        self.stray = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # a port that is not 53

    def listen(self, address, tcp):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        udp = socket.socket(family, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        udp.setsockopt(socket.SOL_IP, FREEBIND, 1)
        udp.bind((address, 53))
        udp.setblocking(False)
        self.udp[address] = udp
        self.selector.register(udp, selectors.EVENT_READ, lambda: self.datagrams(address, udp))
        if tcp:
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_IP, FREEBIND, 1)
            listener.bind((address, 53))
            listener.listen(256)
            listener.setblocking(False)
            self.selector.register(listener, selectors.EVENT_READ,
                                   lambda: self.accept(address, listener))  # fmt: skip

    def serve(self):
        while True:
            pause = max(0.0, self.later[0][0] - time.monotonic()) if self.later else None
            for key, _ in self.selector.select(pause):
                if key.data() is CLOSE:
                    return
            if self.later and self.later[0][0] <= time.monotonic():
                heapq.heappop(self.later)[2]()  # one, so that no flood keeps questions waiting

    # Words from the other process.

    def command(self):
        try:
            verb, arguments = self.pipe.recv()
        except EOFError:
            return CLOSE
        self.pipe.send(getattr(self, verb)(*arguments))
        return None

    def reset(self):
        self.knobs, self.loss = {}, 0.0
        self.later = []  # (when, number, function)
        self.forget()

    def forget(self):
        self.log = collections.deque(maxlen=KEPT)
        self.questions, self.accepted = collections.Counter(), collections.Counter()

    def turn(self, apex, knob, value):
        self.knobs[apex, knob] = value

    def lose(self, share):
        self.loss = share

    def seen(self, wanted):
        return [row for row in self.log if not wanted or row[1] in wanted]

    def count(self, wanted):
        return sum(n for address, n in self.questions.items() if not wanted or address in wanted)

    def connections(self, wanted):
        return sum(n for address, n in self.accepted.items() if not wanted or address in wanted)

    # Questions.

    def datagrams(self, address, udp):
        for _ in range(64):
            try:
                octets, client = udp.recvfrom(65535)
            except BlockingIOError:
                return
            asked = self.note(octets, address, client, False)
            if asked and not (self.loss and self.chance.random() < self.loss):
                self.send(asked, udp, asked.zone.answer(asked))

    def note(self, octets, address, client, stream):
        """Writes a question down and finds the zone that it is for; None where it is none."""
        try:
            asked = Asked(octets, address, client, stream, self)
        except (IndexError, struct.error):
            return None
        self.questions[address] += 1
        self.log.append((time.monotonic(), address, stream, client[1], asked.id, asked.case(),
                         asked.type, asked.cookie, asked.name))  # fmt: skip
        asked.zone = next((z for z in self.zones[address] if below(asked.name, z.apex)), None)
        return asked if asked.zone else None

    def send(self, asked, udp, what):
        if isinstance(what, list):
            for each in what:
                self.send(asked, udp, each)
        elif isinstance(what, Later):
            self.at(what.after, lambda: self.send(asked, udp, what.now()))
        elif isinstance(what, bytes):
            if len(what) > asked.limit():
                what = asked.reply(tc=True)
            put(udp, what, asked.client)
        elif isinstance(what, Send):
            sender = self.udp[what.source] if what.source in self.udp else udp
            if what.source == "stray":
                sender = self.stray
            put(sender, what.octets, (asked.client[0], what.port or asked.client[1]))

    def at(self, after, function):
        heapq.heappush(self.later, (time.monotonic() + after, next(self.numbers), function))

    # Streams.

    def accept(self, address, listener):
        with contextlib.suppress(OSError):
            tcp, client = listener.accept()
            tcp.setblocking(False)
            self.accepted[address] += 1
            held = bytearray()
            self.selector.register(tcp, selectors.EVENT_READ,
                                   lambda: self.stream(address, tcp, client, held))  # fmt: skip

    def stream(self, address, tcp, client, held):
        try:
            octets = tcp.recv(65535)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        if not octets:
            self.close(tcp)
            return
        held += octets
        while len(held) >= 2 and len(held) >= 2 + (size := held[0] << 8 | held[1]):
            asked = self.note(bytes(held[2 : 2 + size]), address, client, True)
            del held[: 2 + size]
            if asked:
                self.write(tcp, asked.zone.answer(asked))

    def write(self, tcp, what):
        if isinstance(what, list):
            for each in what:
                self.write(tcp, each)
        elif what is CLOSE:
            self.close(tcp)
        elif isinstance(what, Drip):
            self.drip(tcp, struct.pack("!H", len(what.octets)) + what.octets, what.every)
        elif isinstance(what, Later):
            self.at(what.after, lambda: self.write(tcp, what.now()))
        elif what is not None:
            octets = what.octets if isinstance(what, Send) else what
            put_all(tcp, struct.pack("!H", len(octets)) + octets)

    def drip(self, tcp, octets, every):
        with contextlib.suppress(OSError):
            tcp.send(octets[:1])
            if octets[1:]:
                self.at(every, lambda: self.drip(tcp, octets[1:], every))

    def close(self, tcp):
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(tcp)
        tcp.close()


def put(udp, octets, client):
    with contextlib.suppress(OSError):
        udp.sendto(octets, client)


def put_all(tcp, octets):
    with contextlib.suppress(OSError):
        tcp.setblocking(True)
        tcp.settimeout(1.0)
        tcp.sendall(octets)
        tcp.setblocking(False)
